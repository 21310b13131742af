"""What falls due when: worked out again after every write, in the same transaction; `flow.sweep` does what is due."""
