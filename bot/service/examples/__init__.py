"""Example conversations: tests, manual and demo in one. `bot.service.examples.commands` is the way in."""
