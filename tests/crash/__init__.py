"""Kill the bot again and again, and count what was lost, repeated or out of order."""
