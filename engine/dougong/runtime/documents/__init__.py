"""Documents made of records: filled in, numbered, kept, handed on."""
