"""The language of Dougong: expressions, sentences, places and diagnostics. Knows nothing of the engine."""
