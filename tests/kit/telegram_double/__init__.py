"""A strict stand-in for a Bot API server, over HTTP on loopback, with a list of violations that has to stay empty."""

from tests.kit.telegram_double.server import Fault, TelegramDouble

__all__ = ["Fault", "TelegramDouble"]
