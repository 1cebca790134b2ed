"""What nothing else understood: an answer all the same, and the question once more."""

from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters

from handlers.context import Context
from handlers.route import Feature, Route
from states.flow import Place
from states.groups import Welcome
from states.outcome import Outcome
from states.texts import Text


async def edited(_update: Update, context: Context) -> Outcome:
    """An edited message: what was answered stands; say how to change it."""
    return context.stay(Text("unknown-edited"))


async def stale(_update: Update, context: Context) -> Outcome:
    """A button of an earlier question, or one we never made."""
    shown = context.stay(Text("unknown-stale"))
    return Outcome(shown.place, shown.acts, toast=Text("toast-stale"))


async def twice(_update: Update, context: Context) -> Outcome:
    """The very button that led here, tapped again: once was enough."""
    return Outcome(toast=Text("toast-twice"))


async def unexpected(_update: Update, context: Context) -> Outcome:
    """Anything that the present question cannot take."""
    return context.stay(Text("unknown-kind"))


async def stranger(_update: Update, context: Context) -> Outcome:
    """Somebody we do not know yet, whatever they sent."""
    context.unit.new_person(context.unit.row.lane)
    return context.ask(Place(Welcome.language))


STRANGER = Route(TypeHandler(Update, stranger))
ANYTHING = Route(TypeHandler(Update, unexpected))
STALE = Route(TypeHandler(Update, stale))
TWICE = Route(TypeHandler(Update, twice))

FEATURE = Feature(
    anywhere=(Route(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited)),),
)
