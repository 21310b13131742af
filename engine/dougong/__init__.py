"""Dougong: a CRM that ops staff put together without code. `Engine.open` is the door for Python programs."""

__version__ = "0.1.0"
