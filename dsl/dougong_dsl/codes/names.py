"""T2xx and T9xx: keys, names, structure, and what is not available yet."""
