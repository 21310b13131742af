"""T3xx: expressions and their types."""
