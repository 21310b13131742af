"""T4xx: field lines, moves, grants, events."""
