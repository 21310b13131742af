"""Connections, dialect differences, prepared texts, and what goes wrong with a database."""
