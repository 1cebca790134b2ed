"""A change asked for in own words: it opens the question, and changes nothing itself.

Before submitting, the words name the question ("我的手机号要改"). After a refusal the refused items
open. Later the topic says how a submitted application is changed.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, go
from handlers.candidate.filling.form import ASKING
from handlers.replies import ask, ask_again, show_screen
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.changes import corrections
from states.form.pages import FORM
from states.fsm_states import Corrections, Form
from states.progress.next_step import MENU, Position
from states.records import Stage
from states.step_result import StepResult
from states.texts import Text

CHANGE = go("change-answer")
CHANGED = "help-changed"


async def change(_update: Update, context: Context) -> StepResult:
    """Open the question that the words name, the refused items, or the topic."""
    application = context.unit.application
    if corrections.is_open(application, context.exam, context.now):
        return ask(context, Position(Corrections.listing))
    if application is None or application.stage is not Stage.DRAFT or context.due == MENU:
        return show_screen(CHANGED)
    key = context.services.replies.field_in(context.text or context.person.typed)
    if key in application.answers and key in _asked(context):
        return ask(context, ASKING.position(key, edited=True))
    if context.due.state is Form.summary:
        return ask(context, context.due, Text("change-which"))
    return ask_again(context, Text("change-later"))


def _asked(context: Context) -> set[str]:
    answers = context.own_application.answers
    return {field.key for field in FORM.asked_fields(answers, context.answer_context)}


FEATURE = Feature(anywhere=(pressed(Action.GO, change, CHANGE.callback.value),), buttons=(CHANGE,))
