"""Every name in an app's texts: where it is declared and used. What the language server shows and what a prefix for a building block renames."""
