"""Why a question is asked, for who asks it in their own words, at any question."""

from collections.abc import Mapping

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.filling import account, education, form
from handlers.everyone import start
from handlers.replies import ask_again
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.fsm_states import Choose, Education, Form, Materials, Photo, State
from states.step_result import StepResult
from states.texts import Text

REASONS: Mapping[State, Text] = {
    **account.REASONS,
    Choose.area: Text("why-area"),
    Choose.notice: Text("why-terms"),
    Photo.waiting: Text("why-photo"),
    Photo.confirm: Text("why-photo"),
    Materials.listing: Text("why-materials"),
    Materials.adding: Text("why-materials"),
}


async def explain(update: Update, context: Context) -> StepResult:
    """Give the reason of the open question, and ask it again; without a question show the menu."""
    state = context.position.state
    if state is Form.asking:
        return await form.ASKING.why(update, context)
    if state is Education.asking:
        return await education.ASKING.why(update, context)
    if (reason := REASONS.get(state)) is not None:
        return ask_again(context, reason)
    return await start.start(update, context)


FEATURE = Feature(anywhere=(pressed(Action.GO, explain, "why"),))
