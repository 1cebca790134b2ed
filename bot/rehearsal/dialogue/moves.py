"""Moves of one person in a chat: what they tap or type at a question, as Telegram writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.rehearsal.dialogue.offline_router import NAME
from bot.rehearsal.played_storage import BOT
from bot.rehearsal.samples import load_samples
from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, question_hash_of
from handlers.questions.doubts import TYPED
from handlers.registry import SCREENS
from handlers.rendering import DOUBT, View
from handlers.update_context import Fetched
from states.form.fields import HAS_OPTIONS, SKIPPED, Field, FieldKind
from states.form.questionnaire import Questionnaire
from states.progress.next_step import Position
from states.records import Answers

LOCALE: Final = "zh-CN"
_BETWEEN: Final = ", "


@dataclass(frozen=True, slots=True)
class Move:
    """One act: the body of its update, and the file that the bot has fetched for it."""

    body: dict[str, Any]
    file: Fetched | None = None


def says(text: str) -> Move:
    """Return typed words."""
    return Move({"message": {"text": text}})


def goes(target: str) -> Move:
    """Return a tap on a button that works anywhere."""
    return _pressed(CallbackData(Action.GO, target, ANYWHERE).pack())


def sends(kind: str, file: Fetched) -> Move:
    """Return a photo or a document."""
    sent: dict[str, Any] = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
    if kind == "photo":
        return Move({"message": {"photo": [{**sent, "width": 1, "height": 1}]}}, file)
    return Move({"message": {"document": {**sent, "file_name": "sample.pdf"}}}, file)


def tap(view: View, position: Position, action: Action, value: str | None = None) -> Move | None:
    """Return a tap on the first such button of the present question; None if it shows none."""
    for button in buttons_of(view, position):
        if button.callback.action is action and value in (None, button.callback.value):
            return _pressed(button.callback.pack(question_hash_of(position.state, position.data)))
    return None


def buttons_of(view: View, position: Position) -> list[Button]:
    """Return the buttons of the present question, in reading order."""
    screen = SCREENS[position.state.state or ""](view)
    return [button for row in screen.buttons for button in row]


def answer_to(
    questionnaire: Questionnaire,
    wanted: Answers,
    answers: Answers,
    view: View,
    position: Position,
) -> Move | None:
    """Return the answer to a question of a questionnaire; None if the rules have none for it.

    An option is tapped where a button shows it, else typed by its name; all else is typed.
    """
    field = questionnaire.fields[position.data["field"]]
    value = wanted.get(field.key, "1" if field.kind is FieldKind.RECORD else None)
    if value is None:
        return None
    if DOUBT in position.data:
        return tap(view, position, Action.CHOOSE, TYPED)
    if value == SKIPPED:
        return tap(view, position, Action.SKIP, "")
    if field.kind is not FieldKind.MULTI:
        shown = tap(view, position, Action.CHOOSE, value)
        if shown is not None:
            return shown
    return says(_typed(field, value, answers, view))


def _typed(field: Field, value: str, answers: Answers, view: View) -> str:
    if field.kind not in HAS_OPTIONS:
        return field.to_display(value)
    codes = value.split() if field.kind is FieldKind.MULTI else [value]
    options = {one.code: one for one in field.options(answers, view.answer_context)}
    return _BETWEEN.join(
        f"{options[code].display_name(LOCALE)}" for code in codes if code in options
    )


def _pressed(data: str) -> Move:
    return Move({"callback_query": {"data": data}})


def written(move: Move, chat: int, number: int, now: datetime) -> dict[str, Any]:
    """Return the update of a move, with all that Telegram writes around it."""
    sender = {"id": chat, "is_bot": False, "first_name": load_samples().candidate}
    around = {
        "message_id": number,
        "date": int(now.timestamp()),
        "chat": {"id": chat, "type": "private", "first_name": load_samples().candidate},
    }
    if "message" in move.body:
        return {"message": {**around, "from": sender, **move.body["message"]}}
    bot = {"id": BOT, "is_bot": True, "first_name": NAME, "username": NAME}
    shown = {**around, "from": bot, "text": "…"}
    query = {"id": str(number), "from": sender, "chat_instance": "1", "message": shown}
    return {"callback_query": {**query, **move.body["callback_query"]}}
