"""A suite that every app folder of the project has to pass; nobody writes it anew for a template."""
