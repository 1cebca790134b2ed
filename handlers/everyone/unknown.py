"""What nothing else understood: an answer all the same, and the question once more."""

from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters

from handlers.routing import Feature, Route
from handlers.update_context import Context
from states.flow import Position
from states.state_groups import Welcome
from states.step_result import StepResult
from states.texts import Text


async def edited(_update: Update, context: Context) -> StepResult:
    """An edited message: what was answered stands; say how to change it."""
    return context.stay(Text("unknown-edited"))


async def outdated(_update: Update, context: Context) -> StepResult:
    """A button of an earlier question, or one we never made."""
    shown = context.stay(Text("unknown-stale"))
    return StepResult(shown.position, shown.effects, toast=Text("toast-stale"))


async def duplicate(_update: Update, context: Context) -> StepResult:
    """The very button that led here, tapped again: once was enough."""
    return StepResult(toast=Text("toast-twice"))


async def unexpected(_update: Update, context: Context) -> StepResult:
    """Anything that the present question cannot take."""
    return context.stay(Text("unknown-kind"))


async def stranger(_update: Update, context: Context) -> StepResult:
    """Somebody we do not know yet, whatever they sent."""
    context.unit.new_person(context.unit.row.queue_key)
    return context.ask(Position(Welcome.language))


STRANGER = Route(TypeHandler(Update, stranger))
ANYTHING = Route(TypeHandler(Update, unexpected))
OUTDATED = Route(TypeHandler(Update, outdated))
DUPLICATE = Route(TypeHandler(Update, duplicate))

FEATURE = Feature(
    anywhere=(Route(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited)),),
)
