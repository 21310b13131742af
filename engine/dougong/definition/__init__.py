"""What an author may write: pydantic models over written values, and the JSON Schema that editors use."""
