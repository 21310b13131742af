"""Running an app: sessions, the write gate, the read gate, history, clock and users."""
