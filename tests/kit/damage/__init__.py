"""Random damage to content, and a judge of what is said about it."""
