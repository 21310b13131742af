"""Scenarios: stories of an app, played in memory on a virtual clock."""
