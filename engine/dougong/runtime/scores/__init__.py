"""Points that actions gave, and why a record has the score that it has."""
