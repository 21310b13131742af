"""The read gate: every query carries the reader's row predicate, hidden cells are never selected, masked ones are masked as they arrive."""
