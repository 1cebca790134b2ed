"""The form on python-telegram-bot: ``python -m tests.bench.peers.on_ptb ADDRESS SCRIPT FOLDER``.

A ConversationHandler with a state and a handler for each question, answers in ``user_data``, both
kept by PicklePersistence in a file in FOLDER. All defaults.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

TOKEN = "4242:sandbox"
TOAST = "answerCallbackQuery"


class Question:
    """What is said when this question has been answered, and the state that follows."""

    def __init__(self, number: int, there: int, step: Any) -> None:
        self.name = f"answer{number}"
        self.there = there
        self.calls = [
            (call["method"], _params(call)) for call in step["calls"] if call["method"] != TOAST
        ]

    async def typed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """A text."""
        assert update.message is not None
        self._keep(context, update.message.text or "")
        await self._answer(update.message, context)
        return self.there

    async def tapped(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """A button."""
        query = update.callback_query
        assert query is not None
        assert isinstance(query.message, Message)
        self._keep(context, query.data or "")
        await query.answer()
        await self._answer(query.message, context)
        return self.there

    async def _answer(self, message: Message, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send, edit the tapped message, or take the buttons from the question before."""
        assert context.user_data is not None
        kept = context.user_data
        for method, params in self.calls:
            if method == "sendMessage":
                sent = await message.reply_text(**params)
                kept["former"], kept["question"] = kept.get("question"), sent.message_id
            elif method == "editMessageText":
                await message.edit_text(**params)
                kept["question"] = message.message_id
            else:
                await context.bot.edit_message_reply_markup(
                    chat_id=message.chat_id, message_id=kept["former"], **params
                )

    def _keep(self, context: ContextTypes.DEFAULT_TYPE, answer: str) -> None:
        assert context.user_data is not None
        context.user_data[self.name] = answer


def _params(call: Any) -> dict[str, Any]:
    params = dict(call["params"])
    if "reply_markup" in params:
        rows = params["reply_markup"]["inline_keyboard"]
        markup = [[InlineKeyboardButton(**button) for button in row] for row in rows]
        params["reply_markup"] = InlineKeyboardMarkup(markup)
    return params


def conversation(steps: Sequence[Any]) -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    """The whole form; the first answer opens the conversation."""
    handlers: list[Any] = []
    for n, step in enumerate(steps):
        question = Question(n, n + 1 if n + 1 < len(steps) else ConversationHandler.END, step)
        if "says" in step:
            handlers.append(MessageHandler(filters.TEXT, question.typed))
        else:
            handlers.append(CallbackQueryHandler(question.tapped))
    return ConversationHandler(
        entry_points=handlers[:1],
        states={n: [handler] for n, handler in enumerate(handlers) if n},
        fallbacks=[],
        name="form",
        persistent=True,
    )


def main(address: str, script: str, folder: str) -> None:
    """Poll until stopped."""
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{address}/bot")
        .persistence(PicklePersistence(Path(folder) / "form.pickle"))
        .build()
    )
    application.add_handler(conversation(json.loads(Path(script).read_bytes())["steps"]))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:4])
