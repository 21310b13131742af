"""Connections, dialect differences, prepared texts, and what goes wrong with a database."""

from dougong.database.connection import Connection, Row
from dougong.database.database import Database
from dougong.database.errors import StaleSchema, Unavailable, UniqueViolation
from dougong.database.text import Dialect, Text, compile_text

__all__ = ["Connection", "Database", "Dialect", "Row", "StaleSchema", "Text", "Unavailable", "UniqueViolation", "compile_text"]
