"""T6xx: plans for a live app."""
