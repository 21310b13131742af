"""Scenarios played by hand: the same lines as in `dougong test`, done by clicking and typing in the pages as whoever acts."""
