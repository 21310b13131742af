"""What drives an engine from outside in time: the worker, the sweep of what is due, scenarios."""
