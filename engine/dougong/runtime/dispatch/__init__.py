"""Who gets a record, by which rule, and why."""
