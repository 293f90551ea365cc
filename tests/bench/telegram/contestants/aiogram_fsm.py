"""aiogram as its examples show it: a router, states, MemoryStorage or RedisStorage."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

router = Router()
FIRST = "q0"
Quiz = type("Quiz", (StatesGroup,), {f"q{n}": State() for n in range(10)})


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_state(getattr(Quiz, FIRST))
    await state.set_data({})
    await message.answer("Q0 please answer")


def add(number: int) -> None:
    """Register the handler of one question."""

    @router.message(getattr(Quiz, f"q{number}"))
    async def handler(message: Message, state: FSMContext) -> None:
        await state.update_data({f"a{number}": message.text})
        await state.set_state(None if number == 9 else getattr(Quiz, f"q{number + 1}"))
        await message.answer(f"Q{number + 1} please answer")


for question in range(10):
    add(question)


async def main() -> None:
    """Run until killed."""
    url, redis = sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else ""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    storage: Any = MemoryStorage()
    if redis:
        from aiogram.fsm.storage.redis import RedisStorage

        storage = RedisStorage.from_url(redis)
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(router)
    await dispatcher.start_polling(Bot("42:" + "x" * 35, session=session), allowed_updates=["message"])


asyncio.run(main())
