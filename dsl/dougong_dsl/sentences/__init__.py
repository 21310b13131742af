"""One-line sentences (field line, move, grant, event) read into the same written values that their long YAML form gives."""
