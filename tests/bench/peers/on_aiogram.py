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
TOAST = "answerCallbackQuery"
CONNECTIONS = {"max_connections": 1_000}


class Question:
    """What is said when this question has been answered, and the states around it."""

    def __init__(self, number: int, here: State | None, there: State | None, step: Any) -> None:
        self.name = f"answer{number}"
        self.here = here
        self.there = there
        self.calls = [
            (call["method"], _params(call)) for call in step["calls"] if call["method"] != TOAST
        ]

    async def typed(self, message: Message, state: FSMContext) -> None:
        """A text."""
        await self._keep(state, message.text or "")
        await self._answer(message, state, None)

    async def tapped(self, query: CallbackQuery, state: FSMContext) -> None:
        """A button."""
        await self._keep(state, query.data or "")
        await query.answer()
        if query.message is not None and not isinstance(query.message, InaccessibleMessage):
            await self._answer(query.message, state, query.message.message_id)

    async def _answer(self, message: Message, state: FSMContext, tapped: int | None) -> None:
        """Send, edit the tapped message, or take the buttons from the question before."""
        for method, params in self.calls:
            if method == "sendMessage":
                former = (await state.get_data()).get("question")
                sent = await message.answer(**params)
                await state.update_data(question=sent.message_id, former=former)
            elif method == "editMessageText":
                await message.edit_text(**params)
                await state.update_data(question=tapped)
            else:
                former = (await state.get_data())["former"]
                await message.bot.edit_message_reply_markup(  # type: ignore[union-attr]
                    chat_id=message.chat.id, message_id=former, **params
                )

    async def _keep(self, state: FSMContext, answer: str) -> None:
        await state.update_data({self.name: answer})
        await state.set_state(self.there)


def _params(call: Any) -> dict[str, Any]:
    params = dict(call["params"])
    if "reply_markup" in params:
        params["reply_markup"] = InlineKeyboardMarkup.model_validate(params["reply_markup"])
    return params


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
