"""Field types: one class in one file each, one registry."""
