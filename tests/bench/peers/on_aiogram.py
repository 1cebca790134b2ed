"""The form on aiogram: ``python -m tests.bench.peers.on_aiogram ADDRESS SCRIPT STORE``.

A state for each question, a handler for each question and kind of answer, answers in the FSM's
data. ``STORE`` is a Redis URL for RedisStorage; anything else means MemoryStorage. All defaults
but the number of connections to Redis: beyond redis-py's 100, updates fail and are lost.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup, Message

TOKEN = "4242:sandbox"
CONNECTIONS = {"max_connections": 1_000}


class Question:
    """What is said when this question has been answered, and the states around it."""

    def __init__(self, number: int, here: State | None, there: State | None, step: Any) -> None:
        self.name = f"answer{number}"
        self.here = here
        self.there = there
        self.says = [_message(call) for call in step["calls"] if call["method"] == "sendMessage"]
        assert len(self.says) + ("data" in step) == len(step["calls"]), "a call is not known here"

    async def typed(self, message: Message, state: FSMContext) -> None:
        """A text."""
        await self._keep(state, message.text or "")
        for says in self.says:
            await message.answer(**says)

    async def tapped(self, query: CallbackQuery, state: FSMContext) -> None:
        """A button."""
        await self._keep(state, query.data or "")
        await query.answer()
        if query.message is not None and not isinstance(query.message, InaccessibleMessage):
            for says in self.says:
                await query.message.answer(**says)

    async def _keep(self, state: FSMContext, answer: str) -> None:
        await state.update_data({self.name: answer})
        await state.set_state(self.there)


def _message(call: Any) -> dict[str, Any]:
    markup = InlineKeyboardMarkup.model_validate(call["params"]["reply_markup"])
    return {**call["params"], "reply_markup": markup}


def routed(steps: Sequence[Any]) -> Router:
    """The whole form; who has no state is at the first question."""
    states = [None, *(State(f"question{n}", "Form") for n in range(1, len(steps))), None]
    router = Router()
    for n, step in enumerate(steps):
        question = Question(n, states[n], states[n + 1], step)
        if "says" in step:
            router.message.register(question.typed, StateFilter(question.here))
        else:
            router.callback_query.register(question.tapped, StateFilter(question.here))
    return router


async def main(address: str, steps: Sequence[Any], store: str) -> None:
    """Poll until stopped."""
    is_redis = store.startswith(("redis://", "unix://"))
    storage: BaseStorage = MemoryStorage()
    if is_redis:
        storage = RedisStorage.from_url(store, connection_kwargs=CONNECTIONS)
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(routed(steps))
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    await dispatcher.start_polling(Bot(TOKEN, session=session))


if __name__ == "__main__":
    address, script, store = sys.argv[1:]
    asyncio.run(main(address, json.loads(Path(script).read_bytes())["steps"], store))
