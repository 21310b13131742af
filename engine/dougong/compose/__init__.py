"""What an app stands on: building blocks and templates found, united and changed key by key, each key knowing where it comes from."""
