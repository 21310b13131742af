"""Records in parts: what must add up when a unit of work ends, when the whole may close, and splitting in one go."""
