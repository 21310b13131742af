"""What a definition means: resolved, typed and frozen. `resolve` makes it, nobody changes it."""
