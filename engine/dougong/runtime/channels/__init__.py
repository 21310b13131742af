"""Ways out of the app: a channel takes a message and the key of its delivery. E-mail is the first; an inbox needs none, it is a table."""
