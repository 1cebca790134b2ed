"""The ID number has an account already: the candidate opens a case about it.

Domain §1.1: who lost the Telegram account of their own registration moves it; who never registered
applies for the deletion of the other account. The candidate chooses the site that examines the
case, as they have no form yet. Nobody learns here who holds a number.
"""

from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.case_desk import place_of_case
from handlers.questions.listing import step_back
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.replies import ask, ask_again
from handlers.routing import Feature, Question, pressed
from handlers.update_context import Context
from states.fsm_states import Account, IdConflict
from states.progress.next_step import Position
from states.staff.cases import CaseKind
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.engine import act_counts

TRIES = 5
"""Numbers that an account can confirm in 24 hours, taken or free."""
NUMBER_CHECKED = "number-checked"
"""The act that counts (``storage.engine.act_counts``)."""
A_DAY = timedelta(days=1)
_KINDS = frozenset({CaseKind.NUMBER_TAKEN, CaseKind.ACCOUNT_MOVED})


async def too_often(context: Context) -> StepResult | None:
    """Return the refusal after ``TRIES`` numbers a day; else count this one, and return None.

    It comes before anything is looked up, and counts taken and free numbers alike: so nobody
    learns by trying which numbers are registered. An erasure keeps the count.
    """
    unit = context.unit
    since = context.now - A_DAY
    tries = await act_counts.total(unit.tx, unit.row.queue_key, NUMBER_CHECKED, since)
    if tries >= TRIES:
        return ask_again(context, Problem("problem-number-tries", {"limit": TRIES}))
    unit.count(NUMBER_CHECKED, context.now)
    return None


async def report(context: Context) -> StepResult:
    """Say that the number is taken."""
    context.unit.audit(AuditAction.NUMBER_TAKEN)
    return ask(context, Position(IdConflict.taken))


async def choose(_update: Update, context: Context) -> StepResult:
    """Take what happened with the number, and ask which site examines it."""
    kind = context.callback.value
    if kind not in _KINDS:
        return ask_again(context)
    return place_of_case.begin(context, CaseKind(kind))


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for the number or the kind of document again."""
    another = {"number": Account.number, "id_type": Account.id_type}.get(context.callback.value)
    return ask(context, Position(another)) if another else ask_again(context)


back = step_back({IdConflict.taken: Account.confirm})
"""Returns to the confirmation of the account."""


def render_taken(_view: View) -> Screen:
    """Say that the number has an account, and offer the next steps."""
    edits = rows(
        button("edit-number", Action.EDIT, "number"),
        button("edit-id-type", Action.EDIT, "id_type"),
        across=2,
    )
    mine = rows(
        button("account-moved", Action.CONFIRM, CaseKind.ACCOUNT_MOVED),
        button("mine", Action.CONFIRM, CaseKind.NUMBER_TAKEN),
    )
    return Screen((Text("claim-taken"),), (*mine, *edits, (BACK,)))


FEATURE = Feature(
    questions={
        IdConflict.taken: Question(
            render_taken,
            pressed(Action.CONFIRM, choose),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, back),
        ),
    },
)
