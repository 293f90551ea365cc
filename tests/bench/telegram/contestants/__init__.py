"""Bots that ask the same ten questions, each in the way its library's own documentation shows."""
