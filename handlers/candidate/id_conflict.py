"""The ID number has an account already: whoever says that it is theirs has a case opened.

Domain §1.1: who finds their number taken applies for that account's deletion. Which site looks
into it is said by the candidate, as no form has been begun. Nobody learns here who holds a number.
"""

from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action
from handlers.questions.listing import FOUND, chosen_by, look_up
from handlers.rendering import BACK, OUT, WHOLE, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.update_context import Context
from states.exam import Area, Site
from states.flow import MENU, Position
from states.state_groups import Account, Claim
from states.step_result import StepResult
from states.texts import Argument, Problem, Text
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction
from storage.candidates.cases import Case, CaseKind, open_case, open_like

TRIES = 5
A_DAY = timedelta(days=1)


async def refuse(context: Context) -> StepResult:
    """The number is taken. After so many tries a day not even that is said any more."""
    if await is_over(context):
        return context.stay(Problem("problem-number-tries", {"limit": TRIES}))
    context.unit.audit(AuditAction.NUMBER_TAKEN)
    return context.ask(Position(Claim.taken))


async def is_over(context: Context) -> bool:
    """Whether this account has tried taken numbers too often in a day, as whoever it was then."""
    since = context.now - A_DAY
    tries = await audit_log.count(
        context.unit.tx, context.unit.row.queue_key, AuditAction.NUMBER_TAKEN, since
    )
    return tries >= TRIES


async def mine(_update: Update, context: Context) -> StepResult:
    """It is theirs: where is it to be settled?"""
    return context.ask(Position(Claim.area))


async def edit(_update: Update, context: Context) -> StepResult:
    """It was mistyped, or is of another document."""
    another = {"number": Account.number, "id_type": Account.id_type}.get(context.callback.value)
    return context.ask(Position(another)) if another else context.stay()


async def area(_update: Update, context: Context) -> StepResult:
    """The area of the candidate's employer."""
    chosen = context.exam.area(context.callback.value)
    return _take_area(context, chosen) if chosen else context.stay(Problem("problem-choice"))


async def find_area(_update: Update, context: Context) -> StepResult:
    """An area that was typed."""
    return look_up(context, context.exam.areas, _take_area)


def _take_area(context: Context, chosen: Area) -> StepResult:
    return context.ask(Position(Claim.site, {"area": chosen.code}))


async def site(_update: Update, context: Context) -> StepResult:
    """The site that looks into it."""
    of_area = context.exam.area(context.position.data["area"])
    chosen = of_area.site(context.callback.value) if of_area else None
    if of_area is None or chosen is None:
        return context.stay(Problem("problem-choice"))
    return await _open(context, of_area, chosen)


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
    if await open_case(context.unit.tx, case):
        context.unit.audit(AuditAction.CASE_OPENED, f"{of_area.code}/{chosen.code}")
        return context.ask(MENU, Text("claim-opened", _told(context, chosen)))
    # Who asks again elsewhere has to go where it is looked into, and not where they asked.
    known = await open_like(context.unit.tx, case) or case
    area = context.exam.area(known.area)
    where = area.site(known.site) if area else None
    return context.ask(MENU, Text("claim-known", _told(context, where or chosen)))


def _told(context: Context, where: Site) -> dict[str, Argument]:
    """Where to go, as arguments of a message."""
    name = where.display_name(context.person.locale)
    return {"site": name, "address": where.address, "contact": where.contact}


async def back(_update: Update, context: Context) -> StepResult:
    """To the whole list, or to the question before."""
    if context.callback.value == WHOLE or FOUND in context.position.data:
        return context.change(Position(context.position.state))
    before = {Claim.taken: Account.confirm, Claim.area: Claim.taken, Claim.site: Claim.area}
    return context.ask(Position(before[context.position.state]))


def render_taken(_view: View) -> Screen:
    """That the number cannot be used, and what can be done."""
    mended = rows(
        button("edit-number", Action.EDIT, "number"),
        button("edit-id-type", Action.EDIT, "id_type"),
        across=2,
    )
    return Screen((Text("claim-taken"),), ((button("mine", Action.CONFIRM),), *mended, (BACK,)))


def render_area(view: View) -> Screen:
    """Asks for the area whose site looks into it."""
    areas = rows(*chosen_by(view, view.exam.areas), across=2)
    back = OUT if FOUND in view.data else BACK
    return Screen((Text("claim-area-ask"),), (*areas, (back,)), format=Text("format-search"))


def render_site(view: View) -> Screen:
    """Asks for the site."""
    of_area = view.exam.area(view.data["area"])
    sites = rows(*chosen_by(view, of_area.sites if of_area else ()), across=2)
    return Screen((Text("claim-site-ask"),), (*sites, (BACK,)))


FEATURE = Feature(
    routes={
        Claim.taken: (
            pressed(Action.CONFIRM, mine),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, back),
        ),
        Claim.area: (pressed(Action.CHOOSE, area), pressed(Action.BACK, back), text(find_area)),
        Claim.site: (pressed(Action.CHOOSE, site, alone=True), pressed(Action.BACK, back)),
    },
    screens={
        Claim.taken: render_taken,
        Claim.area: render_area,
        Claim.site: render_site,
    },
)
