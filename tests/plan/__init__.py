"""Plans and their application."""
