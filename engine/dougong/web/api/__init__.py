"""The HTTP API under /api/v1: one module per thing a client can ask for. Errors are problem documents (RFC 9457)."""
