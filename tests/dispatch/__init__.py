"""Who gets a record: assigning, decision tables, pools."""
