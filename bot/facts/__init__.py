"""Regimes, forms, grounds, authorities, deadlines: typed, dated, sourced – and the providers that dialogs name."""
