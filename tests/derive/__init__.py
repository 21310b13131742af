"""What is derived from a model."""
