"""The terminal as a channel: plain text, JSON lines, or a pleasant window."""
