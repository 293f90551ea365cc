"""simplematrixbotlib answering `!echo words` with the words, as its own example does; in an environment of its own.

Arguments: homeserver, Matrix id, password, folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

import simplematrixbotlib as botlib  # type: ignore[import-not-found]  # installed for the measurement only

url, user, password, folder = sys.argv[1:]
config = botlib.Config()
config.store_path = f"{folder}/store/"
bot = botlib.Bot(botlib.Creds(url, user, password, session_stored_file=f"{folder}/session"), config)


@bot.listener.on_startup
async def up(room_id: str) -> None:
    """Say that messages are read from here on."""
    Path(folder, "ready").touch()


@bot.listener.on_message_event
async def echo(room: object, message: object) -> None:
    """Answer."""
    match = botlib.MessageMatch(room, message, bot, "!")
    if match.is_not_from_this_bot() and match.prefix() and match.command("echo"):
        await bot.api.send_text_message(room.room_id, " ".join(match.args()))  # type: ignore[attr-defined]


bot.run()
