"""Telegram: updates in, messages out; the only package that knows python-telegram-bot."""
