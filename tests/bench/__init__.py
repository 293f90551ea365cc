"""Measurements, never assertions: `make bench`. Contestants run round-robin in one run; figures are medians."""
