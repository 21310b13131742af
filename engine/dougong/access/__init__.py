"""Who may what: the grants of a set of roles become one predicate in SQL and one in Python per object and action."""
