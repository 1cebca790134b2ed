"""The ID number has an account already: the candidate says that it is theirs and opens a case.

Domain §1.1: the candidate applies for the deletion of the other account. They choose the site that
examines the case, as they have no form yet. Nobody learns here who holds a number.
"""

from dataclasses import replace
from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action
from handlers.questions.answer_lines import taken_line
from handlers.questions.listing import (
    area_routes,
    area_screen,
    choice_screen,
    look_up,
    step_back,
)
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.replies import ask, ask_again, step_to
from handlers.routing import Feature, Question, pressed, text
from handlers.update_context import Context
from states.exam import Area, Site
from states.fsm_states import Account, IdConflict
from states.next_step import MENU, Position
from states.step_result import StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates.cases import Case, CaseKind, open_case, open_like
from storage.engine import act_counts

TRIES = 5
"""Numbers that an account can confirm in 24 hours, taken or free."""
NUMBER_CHECKED = "number-checked"
"""The act that counts (``storage.engine.act_counts``)."""
A_DAY = timedelta(days=1)


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


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for the number or the kind of document again."""
    another = {"number": Account.number, "id_type": Account.id_type}.get(context.callback.value)
    return ask(context, Position(another)) if another else ask_again(context)


def _take_area(context: Context, chosen: Area) -> StepResult:
    said = taken_line(Text("field-area"), chosen.display_name(context.person.locale))
    return ask(context, Position(IdConflict.site, {"area": chosen.code}), said)


async def site(_update: Update, context: Context) -> StepResult:
    """Open the case at the tapped site."""
    of_area = context.exam.area(context.position.data["area"])
    chosen = of_area.site(context.callback.value) if of_area else None
    if of_area is None or chosen is None:
        return ask_again(context, Problem("problem-choice"))
    return await _open(context, of_area, chosen)


async def typed_site(_update: Update, context: Context) -> StepResult:
    """Open the case at the typed site."""
    of_area = context.exam.area(context.position.data["area"])
    if of_area is None:
        return ask_again(context, Problem("problem-choice"))
    found = look_up(context, of_area.sites, "site")
    return found if isinstance(found, StepResult) else await _open(context, of_area, found)


async def _open(context: Context, of_area: Area, chosen: Site) -> StepResult:
    person = context.person
    case = Case(
        id=context.unit.new_id(),
        kind=CaseKind.NUMBER_TAKEN,
        person_id=person.id,
        number_hash=context.hash_number(person.identity),
        area=of_area.code,
        site=chosen.code,
        opened_at=context.now,
    )
    if await open_case(context.unit.tx, context.services.keyring, case):
        context.unit.audit(AuditAction.CASE_OPENED, f"{of_area.code}/{chosen.code}")
        return ask(context, MENU, Text("claim-opened", _site_args(context, chosen)))
    # A second case of the number does not open: the candidate has to go to the site of the first.
    known = await open_like(context.unit.tx, context.services.keyring, case) or case
    area = context.exam.area(known.area)
    where = area.site(known.site) if area else None
    return ask(context, MENU, Text("claim-known", _site_args(context, where or chosen)))


def _site_args(context: Context, site: Site) -> dict[str, Argument]:
    name = site.display_name(context.person.locale)
    return {"site": name, "address": site.address, "contact": site.contact}


back = step_back(
    {
        IdConflict.taken: Account.confirm,
        IdConflict.area: IdConflict.taken,
        IdConflict.site: IdConflict.area,
    }
)
"""Shows the whole list, or asks the question before."""


def render_taken(_view: View) -> Screen:
    """Say that the number has an account, and offer the next steps."""
    edits = rows(
        button("edit-number", Action.EDIT, "number"),
        button("edit-id-type", Action.EDIT, "id_type"),
        across=2,
    )
    return Screen((Text("claim-taken"),), ((button("mine", Action.CONFIRM),), *edits, (BACK,)))


def render_area(view: View) -> Screen:
    """Ask for the area whose site examines the case."""
    return area_screen(view, Text("claim-area-ask"), BACK)


def render_site(view: View) -> Screen:
    """Ask for the site that examines the case."""
    of_area = view.exam.area(view.data["area"])
    sites = of_area.sites if of_area else ()
    return choice_screen(view, (), Text("claim-site-ask"), sites, BACK, across=2)


FEATURE = Feature(
    questions={
        IdConflict.taken: Question(
            render_taken,
            pressed(Action.CONFIRM, step_to(Position(IdConflict.area))),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, back),
        ),
        IdConflict.area: Question(
            render_area, pressed(Action.BACK, back), *area_routes(_take_area)
        ),
        IdConflict.site: Question(
            render_site,
            pressed(Action.CHOOSE, site, exclusive=True),
            pressed(Action.BACK, back),
            replace(text(typed_site), exclusive=True),
        ),
    },
)
