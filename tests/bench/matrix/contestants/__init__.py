"""The bots that are measured beside ours, each a program of its own."""
