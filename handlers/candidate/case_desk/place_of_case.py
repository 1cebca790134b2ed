"""The site that examines a case: the candidate chooses it, and the case opens there.

Somebody with a form has a site already. The accounts of both sides get a mark, and the colleagues
of the site a message. The account that is contested gets a warning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from telegram import Update

from handlers import place_lines
from handlers.callback_data import Action
from handlers.candidate.case_desk.case_outcome import CONTESTED
from handlers.questions.answer_lines import taken_line
from handlers.questions.listing import (
    area_routes,
    area_screen,
    choice_screen,
    leaves_part,
    look_up,
    whole_list,
)
from handlers.rendering import BACK, Screen, View
from handlers.replies import ask, ask_again
from handlers.routing import Feature, Question, pressed, text
from handlers.update_context import Context
from states.exam import Area, Site
from states.fsm_states import Correction, IdConflict
from states.progress.next_step import MENU, Position
from states.records import IMAGE, MaterialFile, OpenCase, Person
from states.staff import cases as rules
from states.staff.cases import CaseKind, IdentityChange
from states.step_result import DeleteMessage, EditScreen, Priority, ShowScreen, StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import people
from storage.candidates.cases import Case, end_contest, of_person, open_case, open_like
from storage.engine.jobs import JobKind, StoredJob
from storage.staff.cases import cards

KIND, PROOF = "kind", "proof"
"""Keys of position data: the kind of the case, and the scan that proves it."""
NEWS: Final = "case-news"
CLAIM_NEWS: Final = "claim-news"
"""The notices that a case waits for the staff: of the cases desk, and of a payment."""
GONE: Final = "case-gone"
"""The screen of a case whose candidate has erased everything."""


def begin(context: Context, kind: CaseKind, proof: str = "") -> StepResult:
    """Ask for the area whose site examines the case."""
    return ask(context, Position(IdConflict.area, _data(kind, proof)))


def _data(kind: str, proof: str) -> dict[str, str]:
    return {KIND: kind, **({PROOF: proof} if proof else {})}


def _take_area(context: Context, chosen: Area) -> StepResult:
    said = taken_line(Text("field-area"), chosen.display_name(context.person.locale))
    return ask(context, Position(IdConflict.site, {**_kept(context), "area": chosen.code}), said)


def _kept(context: Context) -> dict[str, str]:
    data = context.position.data
    return {key: data[key] for key in (KIND, PROOF) if key in data}


async def site(_update: Update, context: Context) -> StepResult:
    """Open the case at the tapped site."""
    area = context.position.data["area"]
    of_area, chosen = context.exam.area(area), context.exam.site(area, context.callback.value)
    if of_area is None or chosen is None:
        return ask_again(context, Problem("problem-choice"))
    return await open_at(context, of_area, chosen)


async def typed_site(_update: Update, context: Context) -> StepResult:
    """Open the case at the typed site."""
    of_area = context.exam.area(context.position.data["area"])
    if of_area is None:
        return ask_again(context, Problem("problem-choice"))
    found = look_up(context, of_area.sites, "site")
    return found if isinstance(found, StepResult) else await open_at(context, of_area, found)


async def open_at(
    context: Context, area: Area, site: Site, kind: CaseKind | None = None
) -> StepResult:
    """Open the case at a site, mark the accounts, and tell the staff and the contested account.

    Without ``kind`` the position data names it.
    """
    unit, keyring, person = context.unit, context.services.keyring, context.person
    kind = kind or CaseKind(context.position.data.get(KIND, CaseKind.NUMBER_TAKEN))
    identity, words = person.identity, ""
    if kind is CaseKind.IDENTITY and person.correction is not None:
        identity = person.correction
        words = IdentityChange(identity, _proof(context)).pack()
    number_hash = context.hash_number(identity)
    case = Case(
        unit.new_id(), kind, person.id, number_hash, area.code, site.code, context.now, words=words
    )
    if not await open_case(unit.tx, keyring, case):
        # A second case of the number does not open: the candidate goes to the site of the first.
        known = await open_like(unit.tx, keyring, case) or case
        of = context.exam.area(known.area)
        where = of.site(known.site) if of else None
        return ask(context, MENU, Text("claim-known", _site_args(context, where or site)))
    unit.audit(AuditAction.CASE_OPENED, f"{kind} {area.code}/{site.code}")
    unit.person = replace(person, open_case=OpenCase(kind, area.code, site.code, context.now))
    if kind is not CaseKind.IDENTITY:
        await _mark_owner(context, number_hash, case)
    unit.jobs.append(news_job(case, context.now))
    args = {**_site_args(context, site), "has-proof": "yes" if _proof(context) else "no"}
    return ask(context, MENU, Text(f"case-opened-{kind}", args))


def _proof(context: Context) -> MaterialFile | None:
    """Return the scan of the position data."""
    packed = context.position.data.get(PROOF, "")
    if not packed:
        return None
    blob, kind, size = packed.split(":")
    return MaterialFile(blob, kind or IMAGE, int(size))


async def _mark_owner(context: Context, number_hash: str, case: Case) -> None:
    """Mark and warn the account that holds the number: it may not be a stranger's."""
    unit, keyring = context.unit, context.services.keyring
    owner_id = await people.owner_of(unit.tx, number_hash)
    if owner_id is None or owner_id == context.person.id:
        return
    owner: Person = (await people.by_ids(unit.tx, keyring, [owner_id]))[owner_id]
    if owner.open_case is None:
        mark = OpenCase(rules.CONTESTED, case.area, case.site, context.now)
        await people.save(unit.tx, keyring, replace(owner, open_case=mark))
    data = {"area": case.area, "site": case.site, KIND: case.kind}
    warning = ShowScreen(CONTESTED, data, priority=Priority.NOTICE)
    unit.enqueue(warning, chat_id=owner.telegram_id)


async def end_cases(context: Context) -> None:
    """End the open cases of a candidate who erases everything: the staff's cards say so."""
    unit, keyring = context.unit, context.services.keyring
    for case in await of_person(unit.tx, keyring, context.person.id):
        if case.closed_at is not None:
            continue
        await end_contest(unit.tx, keyring, case)
        gone = {KIND: str(case.kind), "area": case.area, "site": case.site}
        scan, card = cards.proof_slot(case.id), cards.case_slot(case.id)
        for chat_id in sorted(await cards.chats_with(unit.tx, [scan])):
            unit.enqueue(DeleteMessage(slot=scan), chat_id=chat_id)
        for chat_id in sorted(await cards.chats_with(unit.tx, [card])):
            unit.enqueue(EditScreen(GONE, card, gone), chat_id=chat_id)


def news_job(case: Case, now: datetime) -> StoredJob:
    """Return the job that tells those who decide of a new case: its payload says that news is due.

    The same job applies the decision later.
    """
    return StoredJob(JobKind.CASE, str(case.id), now, payload=NEWS.encode())


def news_of(case: Case) -> ShowScreen:
    """Return the notice that a case waits for the staff."""
    name = CLAIM_NEWS if case.kind is CaseKind.PAYMENT else NEWS
    return ShowScreen(name, {"case": str(case.id)}, slot=name, priority=Priority.NOTICE)


def _site_args(context: Context, site: Site) -> dict[str, Argument]:
    locale = context.person.locale
    where = place_lines.address(site, locale)
    contact = place_lines.contact(site, locale)
    return {"site": site.display_name(locale), "address": where, "contact": contact}


async def back(_update: Update, context: Context) -> StepResult:
    """Show the whole list, or ask the question before."""
    if leaves_part(context):
        return ask(context, whole_list(context))
    kept = _kept(context)
    if context.position.state is IdConflict.site:
        return ask(context, Position(IdConflict.area, kept))
    if kept.pop(KIND, "") == CaseKind.IDENTITY:
        return ask(context, Position(Correction.review, kept))
    return ask(context, Position(IdConflict.taken))


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
