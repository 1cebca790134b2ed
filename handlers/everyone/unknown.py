"""Updates that no other feature takes: an explanation, and the question again."""

from dataclasses import replace

from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters

from handlers.replies import ask, ask_again
from handlers.routing import Feature, Route
from handlers.update_context import Context
from states.flow import Position
from states.state_groups import Welcome
from states.step_result import StepResult
from states.texts import Text


async def edited(_update: Update, context: Context) -> StepResult:
    """Explain how to change an answer: editing a message changes nothing."""
    return ask_again(context, Text("unknown-edited"))


async def outdated(_update: Update, context: Context) -> StepResult:
    """Answer a button of an earlier question, or one that the bot never made."""
    return replace(ask_again(context, Text("unknown-stale")), toast=Text("toast-stale"))


async def duplicate(_update: Update, context: Context) -> StepResult:
    """Answer a second tap on the button that led here."""
    return StepResult(toast=Text("toast-twice"))


async def unexpected(_update: Update, context: Context) -> StepResult:
    """Answer an update that the open question cannot take."""
    return ask_again(context, Text("unknown-kind"))


async def stranger(_update: Update, context: Context) -> StepResult:
    """Ask a stranger for the language."""
    context.unit.new_person(context.unit.row.queue_key)
    return ask(context, Position(Welcome.language))


STRANGER = Route(TypeHandler(Update, stranger))
ANYTHING = Route(TypeHandler(Update, unexpected))
OUTDATED = Route(TypeHandler(Update, outdated))
DUPLICATE = Route(TypeHandler(Update, duplicate))

FEATURE = Feature(anywhere=(Route(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited)),))
