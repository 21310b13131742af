"""How fast Dougong is, as ratios against two hand-written programs that keep the same promises. Run as `python -m bench`."""
