"""python-telegram-bot as its examples show it: ConversationHandler, PicklePersistence, run_polling."""

from __future__ import annotations

import os
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ConversationHandler, MessageHandler, PicklePersistence, filters


async def start(update: Update, context: Any) -> int:
    """Ask the first question."""
    assert update.message is not None
    context.user_data["answers"] = []
    await update.message.reply_text("Q0 please answer")
    return 0


def step(number: int) -> Any:
    """Make the handler of one question."""

    async def handler(update: Update, context: Any) -> int:
        assert update.message is not None
        context.user_data.setdefault("answers", []).append(update.message.text)
        await update.message.reply_text(f"Q{number + 1} please answer")
        return ConversationHandler.END if number == 9 else number + 1

    return handler


def main() -> None:
    """Run until killed."""
    url, folder = sys.argv[1], sys.argv[2]
    application = (
        Application.builder()
        .token("42:" + "x" * 35)
        .base_url(f"{url}/bot")
        .persistence(PicklePersistence(os.path.join(folder, "state.pickle")))
        .build()
    )
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={n: [MessageHandler(filters.TEXT & ~filters.COMMAND, step(n))] for n in range(10)},
        fallbacks=[CommandHandler("start", start)],
        name="quiz",
        persistent=True,
    )
    application.add_handler(conversation)
    application.run_polling(allowed_updates=["message"], bootstrap_retries=-1)


main()
