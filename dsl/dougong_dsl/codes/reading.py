"""T1xx: files and YAML."""
