"""A candidate applies for the correction of a locked name or ID number, with a proof.

Domain §1.1: nobody corrects these alone; the office that saw the document does. The bot keeps the
right items encrypted with the person, and deletes the messages with numbers.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, go
from handlers.candidate.case_desk import place_of_case
from handlers.candidate.case_desk.place_of_case import PROOF
from handlers.candidate.files import uploads
from handlers.candidate.filling.account import read_name
from handlers.case_lines import case_lines, closed_screen, identity_changes
from handlers.questions.answer_lines import identity_lines
from handlers.questions.doubts import TYPED, taken
from handlers.rendering import BACK, WHOLE, Screen, View, button, fixed, rows
from handlers.replies import ask, ask_again, reject, show_screen, without_doubt
from handlers.routing import ExpectedFile, Feature, Question, file, pressed, text
from handlers.update_context import Context, Scan
from states.fsm_states import Correction, State
from states.identity import IdNumber, IdType, check_id_number
from states.progress.next_step import MENU, Position
from states.records import Identity
from states.staff.cases import CaseKind
from states.step_result import DeleteMessage, StepResult
from states.texts import Problem, Text

TARGET = "correct-identity"
NOT_LOCKED = "correct-not-locked"
WAITS = "correct-waits"
NUMBER, NAME = "number", "name"


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask which item is wrong; one case at a time."""
    person = context.person
    if person.number_hash is None:
        return show_screen(NOT_LOCKED)
    if person.open_case is not None:
        return show_screen(WAITS)
    return ask(context, Position(Correction.item))


async def choose(_update: Update, context: Context) -> StepResult:
    """Ask for the right item."""
    states = {NAME: Correction.name, NUMBER: Correction.number}
    state = states.get(context.callback.value)
    return ask(context, Position(state)) if state else ask_again(context)


async def name(_update: Update, context: Context) -> StepResult:
    """Take the right name."""
    value = read_name(context)
    return value if isinstance(value, StepResult) else _keep_name(context, value)


async def name_as_typed(_update: Update, context: Context) -> StepResult:
    """Take the right name that was asked back."""
    typed = taken(context)
    return _keep_name(context, typed) if typed else ask_again(context)


def _keep_name(context: Context, value: str) -> StepResult:
    if value == context.person.identity.name:
        return reject(context, Problem("problem-correct-same"))
    return _keep(context, replace(context.person.identity, name=value))


async def number(_update: Update, context: Context) -> StepResult:
    """Take the right number once; the position keeps only its hash."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return reject(context, checked, effects=_deleted(context))
    if checked.number == context.person.identity.id_number:
        return reject(context, Problem("problem-correct-same"), effects=_deleted(context))
    first = context.hash_number(replace(context.person.identity, id_number=checked.number))
    again = Position(Correction.number_again, {"first": first})
    return ask(context, again, effects=_deleted(context))


async def number_again(_update: Update, context: Context) -> StepResult:
    """Take the number a second time; where the two differ, ask for both again."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return reject(context, checked, effects=_deleted(context))
    identity = replace(context.person.identity, id_number=checked.number)
    if context.hash_number(identity) != context.position.data.get("first"):
        differs = Problem("problem-number-differs")
        return ask(context, Position(Correction.number), differs, effects=_deleted(context))
    if checked.sex and checked.born:
        identity = replace(identity, sex=checked.sex, born=checked.born.isoformat())
    return _keep(context, identity, effects=_deleted(context))


def _keep(context: Context, right: Identity, effects: tuple[DeleteMessage, ...] = ()) -> StepResult:
    """Keep the right items, and ask for the proof."""
    context.unit.person = replace(context.person, correction=right)
    return ask(context, Position(Correction.proof), effects=effects)


def _check(context: Context) -> IdNumber | Problem:
    today = context.exam.today(context.now)
    return check_id_number(IdType(context.person.identity.id_type), context.text, today)


def _deleted(context: Context) -> tuple[DeleteMessage, ...]:
    return (DeleteMessage(context.message.message_id),)


async def take_proof(_update: Update, context: Context) -> StepResult:
    """Keep the scan of the document, and show the whole once more."""
    scan = context.envelope.file
    if isinstance(scan, Problem):
        return reject(context, scan)
    if not isinstance(scan, Scan):
        return ask_again(context, Text("scan-not-fetched"))
    kept = scan.kept
    context.unit.files.append(kept)
    uploads.note(context, scan)
    packed = f"{kept.name}:{kept.kind}:{kept.size}"
    review = Position(Correction.review, {PROOF: packed})
    return ask(context, review, Text("correct-proof-kept"), *uploads.about_pages(context, scan))


async def bring_proof(_update: Update, context: Context) -> StepResult:
    """Go on without a scan: the candidate shows the document at the site."""
    return ask(context, Position(Correction.review))


async def apply(_update: Update, context: Context) -> StepResult:
    """Open the case at the site of the form; without a form, ask for the site."""
    application, data = context.unit.application, context.position.data
    if context.person.correction is None or context.person.open_case is not None:
        return ask(context, MENU)
    proof = data.get(PROOF, "")
    area = context.exam.area(application.area) if application else None
    site = area.site(application.site) if area and application else None
    if area is None or site is None:
        return place_of_case.begin(context, CaseKind.IDENTITY, proof)
    return await place_of_case.open_at(context, area, site, CaseKind.IDENTITY)


_BEFORE: dict[State, State] = {
    Correction.name: Correction.item,
    Correction.number: Correction.item,
    Correction.number_again: Correction.number,
    Correction.proof: Correction.item,
    Correction.review: Correction.proof,
}


async def back(_update: Update, context: Context) -> StepResult:
    """Ask the question before; from the first one, leave for the menu."""
    if context.callback.value == WHOLE:
        return ask(context, without_doubt(context.position))
    before = _BEFORE.get(context.position.state)
    return ask(context, Position(before) if before is not None else MENU)


def render_item(view: View) -> Screen:
    """Show the locked items, and ask which one is wrong."""
    identity = view.person.identity
    known = identity_lines(identity)
    args = {"name": known["name"], "number": known["number"], "idtype": known["idtype"]}
    items = (
        button("correct-name", Action.CHOOSE, NAME),
        button("correct-number", Action.CHOOSE, NUMBER),
    )
    return Screen((Text("correct-item-ask", args),), (*rows(*items, across=2), (BACK,)))


def render_name(_view: View) -> Screen:
    """Ask for the right name."""
    return Screen((Text("correct-name-ask"),), ((BACK,),), format=Text("format-name"))


def render_number(view: View) -> Screen:
    """Ask for the right number."""
    shape = {"shape": IdType(view.person.identity.id_type).shape}
    return Screen((Text("correct-number-ask", shape),), ((BACK,),))


def render_number_again(view: View) -> Screen:
    """Ask for it once more."""
    spelled = Text("format-id-number", {"shape": IdType(view.person.identity.id_type).shape})
    return Screen((Text("account-number-again-ask"),), ((BACK,),), format=spelled)


def render_proof(_view: View) -> Screen:
    """Ask for a scan of the document, or offer to show it at the site."""
    later = button("correct-bring", Action.SKIP)
    return Screen((Text("correct-proof-ask"),), ((later,), (BACK,)))


def render_review(view: View) -> Screen:
    """Show old → new, the proof, and who decides."""
    old, new = view.person.identity, view.person.correction
    if new is None:
        return Screen((Text("correct-nothing"),), rows(go("profile"), go("menu"), across=2))
    proof = Text("correct-with-scan" if PROOF in view.data else "correct-with-original")
    text = (Text("correct-review"), identity_changes(old, new), proof, Text("correct-until"))
    return Screen(text, ((button("correct-apply", Action.CONFIRM),), (BACK,)))


def render_waits(view: View) -> Screen:
    """Say that a case is open already, and what it is."""
    if view.person.is_closed:
        return closed_screen(view)
    return Screen((Text("correct-waits"), *case_lines(view)), rows(go("status"), go("menu")))


FEATURE = Feature(
    anywhere=(pressed(Action.GO, begin, TARGET),),
    questions={
        Correction.item: Question(
            render_item, pressed(Action.CHOOSE, choose), pressed(Action.BACK, back)
        ),
        Correction.name: Question(
            render_name,
            pressed(Action.BACK, back),
            pressed(Action.CHOOSE, name_as_typed, TYPED),
            text(name),
        ),
        Correction.number: Question(render_number, pressed(Action.BACK, back), text(number)),
        Correction.number_again: Question(
            render_number_again, pressed(Action.BACK, back), text(number_again)
        ),
        Correction.proof: Question(
            render_proof,
            pressed(Action.SKIP, bring_proof),
            pressed(Action.BACK, back),
            file(take_proof, ExpectedFile.SCAN),
        ),
        Correction.review: Question(
            render_review,
            pressed(Action.CONFIRM, apply, exclusive=True),
            pressed(Action.BACK, back),
        ),
    },
    buttons=(go(TARGET),),
    screens={
        NOT_LOCKED: fixed(Text("correct-not-locked"), buttons=rows(go("resume"), go("menu"))),
        WAITS: render_waits,
    },
)
