"""Updates that no other feature takes: an explanation, and the question again.

Text that is neither an answer nor a request gets likely topics first, then the question again,
and in the end somebody to call.
"""

from dataclasses import replace

from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters

from handlers.callback_data import go
from handlers.everyone.help import HUMAN
from handlers.rendering import Screen, View, rows
from handlers.replies import ask, ask_again, count_up, show_screen, step_again
from handlers.routing import Feature, Route, text
from handlers.update_context import Context
from states.fsm_states import Account, Welcome
from states.progress.next_step import Position
from states.records import CONSENT_VERSION
from states.step_result import DeleteMessage, StepResult
from states.texts import Text

LOST = "lost"
ASKED = "asked-several"
TOPICS = "topics"
"""The key of position data with the targets that the lost screen offers, divided by blanks."""
UNCLEAR = "unclear"
"""The key of position data with the number of texts that were not understood."""
OFFERED = 4
USUAL = ("status", "help-changed", "help-payment", "help-human")
"""The targets offered where the text resembles nothing."""


async def outdated(_update: Update, context: Context) -> StepResult:
    """Answer a button of an earlier question, or one that the bot never made."""
    return replace(ask_again(context, Text("unknown-stale")), toast=Text("toast-stale"))


async def early(_update: Update, context: Context) -> StepResult:
    """Answer words that were sent before the question was shown; an ID number leaves the chat."""
    asks_number = context.position.state in (Account.number, Account.number_again)
    deleted = (DeleteMessage(context.message.message_id),) if asks_number else ()
    return ask_again(context, Text("unknown-early"), effects=deleted)


async def double_tap(_update: Update, context: Context) -> StepResult:
    """Answer a second tap on the button that led here."""
    return StepResult(toast=Text("toast-twice"))


async def stranger(_update: Update, context: Context) -> StepResult:
    """Ask a stranger for the language."""
    context.unit.new_person(context.unit.row.queue_key)
    return ask(context, Position(Welcome.language))


async def lost(_update: Update, context: Context) -> StepResult:
    """Answer text that the open question cannot take: topics, the question, then a contact.

    Before the consent there is nothing to ask about: the question itself comes again.
    """
    if context.person.consent != CONSENT_VERSION:
        how = "unknown-kind" if not context.person.locale else "consent-how"
        return replace(ask_again(context, Text(how)), understood=False)
    position, times = count_up(context.position, UNCLEAR)
    match times:
        case 1:
            shown = show_screen(LOST, data={TOPICS: " ".join(_likely(context))})
        case 2:
            shown = ask(context, position, Text("lost-again"))
        case _:
            is_named = context.view.area is not None
            often = Text("lost-often", {"is-named": "yes" if is_named else "no"})
            shown = show_screen(HUMAN, often)
    return StepResult(position, shown.effects, understood=False)


async def unusable(update: Update, context: Context) -> StepResult:
    """Ask the open question again: the update is of a kind that answers nothing here."""
    message = update.message
    is_spoken = message is not None and bool(message.voice or message.video_note or message.audio)
    return ask_again(context, Text("unknown-voice" if is_spoken else "unknown-kind"))


async def several(_update: Update, context: Context) -> StepResult:
    """Answer a question that asks for several things: a button to each answer."""
    asked = context.services.phrasebook.find_each(context.text)
    return show_screen(ASKED, data={TOPICS: " ".join(asked)})


def _likely(context: Context) -> list[str]:
    """Return the targets that the text resembles most, filled up with the usual ones."""
    likely = context.services.phrasebook.likely(context.text)
    return [*dict.fromkeys((*likely[: OFFERED - 1], *USUAL))][:OFFERED]


def render_lost(view: View) -> Screen:
    """Offer the likely topics, and the way back to the open question."""
    topics = rows(*(go(target) for target in view.data[TOPICS].split()), across=2)
    return Screen((Text("lost-first"),), (*topics, (go("here"),)))


def render_several(view: View) -> Screen:
    """Offer the answer to each part of a question, in its order."""
    topics = rows(*(go(target) for target in view.data[TOPICS].split()))
    return Screen((Text("asked-several"),), (*topics, (go("here"),)))


STRANGER = Route(TypeHandler(Update, stranger))
NOT_UNDERSTOOD = text(lost)
"""Takes any text that the open question cannot take."""
ANYTHING = Route(TypeHandler(Update, unusable))
"""Takes any other update that the open question cannot take."""
SEVERAL = Route(TypeHandler(Update, several))
OUTDATED = Route(TypeHandler(Update, outdated))
EARLY = Route(TypeHandler(Update, early))
DOUBLE_TAP = Route(TypeHandler(Update, double_tap))

EDITED = Route(
    MessageHandler(filters.UpdateType.EDITED_MESSAGE, step_again(Text("unknown-edited")))
)
"""Explains how to change an answer: editing a message changes nothing."""

FEATURE = Feature(
    anywhere=(EDITED,), buttons=(go("here"),), screens={LOST: render_lost, ASKED: render_several}
)
