"""Connections and kept texts."""
