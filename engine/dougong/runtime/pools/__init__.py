"""Pools: records that nobody has, who may claim them, how they come back."""
