"""Updates that no other feature takes: an explanation, and the question again."""

from dataclasses import replace

from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters

from handlers.replies import ask, ask_again, step_again
from handlers.routing import Feature, Route
from handlers.update_context import Context
from states.fsm_states import Account, Welcome
from states.next_step import Position
from states.step_result import DeleteMessage, StepResult
from states.texts import Text


async def outdated(_update: Update, context: Context) -> StepResult:
    """Answer a button of an earlier question, or one that the bot never made."""
    return replace(ask_again(context, Text("unknown-stale")), toast=Text("toast-stale"))


async def early(_update: Update, context: Context) -> StepResult:
    """Answer words that were sent before the question was shown; an ID number leaves the chat."""
    asks_number = context.position.state in (Account.number, Account.number_again)
    deleted = (DeleteMessage(context.message.message_id),) if asks_number else ()
    return ask_again(context, Text("unknown-early"), effects=deleted)


async def duplicate(_update: Update, context: Context) -> StepResult:
    """Answer a second tap on the button that led here."""
    return StepResult(toast=Text("toast-twice"))


async def stranger(_update: Update, context: Context) -> StepResult:
    """Ask a stranger for the language."""
    context.unit.new_person(context.unit.row.queue_key)
    return ask(context, Position(Welcome.language))


STRANGER = Route(TypeHandler(Update, stranger))
ANYTHING = Route(TypeHandler(Update, step_again(Text("unknown-kind"))))
"""Takes any update that the open question cannot take."""
OUTDATED = Route(TypeHandler(Update, outdated))
EARLY = Route(TypeHandler(Update, early))
DUPLICATE = Route(TypeHandler(Update, duplicate))

EDITED = Route(
    MessageHandler(filters.UpdateType.EDITED_MESSAGE, step_again(Text("unknown-edited")))
)
"""Explains how to change an answer: editing a message changes nothing."""

FEATURE = Feature(anywhere=(EDITED,))
