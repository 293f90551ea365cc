"""One file per command of `optout-bot`."""
