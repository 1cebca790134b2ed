"""The form on python-telegram-bot: ``python -m tests.bench.peers.on_ptb ADDRESS SCRIPT FOLDER``.

A ConversationHandler with a state and a handler for each question, answers in ``user_data``, both
kept by PicklePersistence in a file in FOLDER. All defaults.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
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


class Question:
    """What is said when this question has been answered, and the state that follows."""

    def __init__(self, number: int, there: int, step: Any) -> None:
        self.name = f"answer{number}"
        self.there = there
        self.says = [_message(call) for call in step["calls"] if call["method"] == "sendMessage"]
        assert len(self.says) + ("data" in step) == len(step["calls"]), "a call is not known here"

    async def typed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """A text."""
        assert update.message is not None
        self._keep(context, update.message.text or "")
        for says in self.says:
            await update.message.reply_text(**says)
        return self.there

    async def tapped(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """A button."""
        query = update.callback_query
        assert query is not None
        assert update.effective_chat is not None
        self._keep(context, query.data or "")
        await query.answer()
        for says in self.says:
            await update.effective_chat.send_message(**says)
        return self.there

    def _keep(self, context: ContextTypes.DEFAULT_TYPE, answer: str) -> None:
        assert context.user_data is not None
        context.user_data[self.name] = answer


def _message(call: Any) -> dict[str, Any]:
    rows = call["params"]["reply_markup"]["inline_keyboard"]
    markup = InlineKeyboardMarkup([[InlineKeyboardButton(**b) for b in row] for row in rows])
    return {**call["params"], "reply_markup": markup}


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
