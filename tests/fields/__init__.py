"""Field types."""
