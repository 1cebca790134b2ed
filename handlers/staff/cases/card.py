"""The card of an application, for whoever holds it: form by pages, portrait, papers, what was
decided before, what has changed since, and notes to colleagues.

It is drawn when it is sent, for somebody who holds it at that moment; else it shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate.account import identity_lines
from handlers.candidate.answer_lines import given
from handlers.rendering import BACK, Paper, Portrait, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.staff.cases import history
from handlers.staff.cases.claiming import (
    APPLICATION,
    application_of,
    below,
    render_lost,
    requires_claim,
    show,
)
from handlers.update_context import Context
from states.codes import code_of
from states.exam import Exam, Material
from states.form.engine import Page
from states.form.pages import FORM
from states.records import PDF, Application, MaterialFile, Records
from states.refusals import MAX_COMMENT_LENGTH
from states.state_groups import Staff
from states.step_result import ShowScreen, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.staff import claims, decisions, notes
from storage.staff.cards import paper_slot
from storage.staff.claims import ClaimedCase, NotClaimed
from storage.staff.decisions import ReviewedContent
from storage.staff.staff_view import StaffView

PAPER = "card-paper"
PHOTO = "photo"
PAGE = "page"
WHOLE = button("card-whole", Action.BACK)
"""From a page of the form to what was decided before and what colleagues noted."""


@requires_claim
async def see(context: Context, claimed: ClaimedCase) -> StepResult:
    """A page of the form in the card itself; the portrait or the files of a material above it."""
    part = context.callback.value
    if FORM.page(part) is not None:
        return await show(context, claimed, Staff.card, **{PAGE: part})
    chosen = [
        number for number, (code, _) in enumerate(papers(claimed.application)) if code == part
    ]
    if not chosen:
        return await show(context, claimed, Staff.card)
    effects = (
        ShowScreen(
            PAPER,
            {APPLICATION: str(claimed.application.id), "number": str(number)},
            slot=paper_slot(claimed.application.id, number),
        )
        for number in chosen
    )
    return await below(context, claimed, *effects)


@requires_claim
async def whole(context: Context, claimed: ClaimedCase) -> StepResult:
    """Back to the card."""
    return await show(context, claimed, Staff.card)


@requires_claim
async def note(context: Context, claimed: ClaimedCase) -> StepResult:
    """Wants to tell colleagues something."""
    return await show(context, claimed, Staff.noting)


@requires_claim
async def noted(context: Context, claimed: ClaimedCase) -> StepResult:
    """The note as typed."""
    words = context.text.strip()
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.noting, too_long(words))
    services, unit = context.envelope.services, context.unit
    await notes.add(unit.tx, services.keyring, claimed, unit.new_id(), words, context.now)
    context.audit_application(AuditAction.CASE_NOTED, claimed.application)
    return await show(context, claimed, Staff.card, Text("card-noted"))


def too_long(words: str) -> Problem:
    """What was typed does not fit."""
    return Problem("problem-words-long", {"count": len(words), "limit": MAX_COMMENT_LENGTH})


# --- what is seen --------------------------------------------------------------------------------


def papers(application: Application) -> list[tuple[str, MaterialFile | None]]:
    """Portrait and files in their order: the material's code, and the file; the portrait first."""
    files = [(code, one) for code, kept in application.materials.items() for one in kept]
    return [(PHOTO, None), *files]


async def read(view: StaffView) -> ClaimedCase:
    """What the reader holds.

    Raises:
        NotHeld: they do not hold it (any more).
    """
    application_id = application_of(view.data[APPLICATION])
    return await claims.read(
        view.connection, view.keyring, view.assignments, application_id, view.now, view.timings
    )


def viewed(view: StaffView, claimed: ClaimedCase) -> View:
    """The candidate's records, to be shown in the reader's language."""
    person = replace(claimed.person, locale=view.locale)
    return View(Records(person, claimed.application), view.exam, view.now, view.data)


async def render(staff_view: StaffView) -> Screen:
    """The card, or a page of the form in it."""
    try:
        held = await read(staff_view)
    except NotClaimed as refused:
        return await render_lost(replace(staff_view, data={**staff_view.data, "why": refused.why}))
    view = viewed(staff_view, held)
    page = FORM.page(staff_view.data.get(PAGE, ""))
    if page is None:
        return Screen((*_head(view, held), *await _before(staff_view, held)), _ways(view))
    shown = (Text("summary-page", {"title": page.title}), *lines(view, page))
    return Screen((*_head(view, held), shown), (*_ways(view), (WHOLE,)))


def _head(view: View, claimed: ClaimedCase) -> tuple[Text | tuple[Text, ...], ...]:
    """Which it is, where it stands, and whose: the number in full, to be held against the paper."""
    application = claimed.application
    where = view.point or view.site
    head = Text(
        "card-head",
        {
            "code": code_of(application.id),
            "desk": Text(f"desk-{claimed.desk}"),
            "place": where.display_name(view.locale) if where else "",
            "since": application.since or view.now,
            "revision": application.revision,
        },
    )
    identity = claimed.person.identity
    return head, Text("form-identity", {**identity_lines(identity), "number": identity.id_number})


def lines(view: View, page: Page) -> tuple[Text, ...]:
    """What was answered on a page."""
    answers, answer_context = view.application.answers, view.answer_context
    asked = [field for field in FORM.asked_fields(answers, answer_context) if field in page.fields]
    return given(asked, answers, answer_context, view.locale)


async def _before(view: StaffView, claimed: ClaimedCase) -> tuple[tuple[Text | str, ...], ...]:
    """Earlier decisions, what has changed since the last one, and notes."""
    application = claimed.application
    decided = await decisions.of_applications(view.connection, view.keyring, [application.id])
    noted = await notes.of_applications(view.connection, view.keyring, [application.id])
    said: list[tuple[Text | str, ...]] = []
    if decided:
        told = [await history.said(view, one) for one in decided]
        said.append((Text("card-decided"), *told))
        changed = changes(application, decided[-1].reviewed, view)
        said.append((Text("card-changed"), *(changed or (Text("card-unchanged"),))))
    if noted:
        words = [await history.noted(view, one) for one in noted[-5:]]
        said.append((Text("card-notes"), *words))
    return tuple(said)


def changes(
    application: Application, seen: ReviewedContent, view: StaffView
) -> tuple[Text | str, ...]:
    """By name, the answers, materials and portrait that are not what they were."""
    now = ReviewedContent.of(application)
    fields = [
        field.name
        for key, field in FORM.fields.items()
        if now.answers.get(key, "") != seen.answers.get(key, "")
    ]
    codes = {*now.files, *seen.files}
    files = [
        material.display_name(view.locale)
        for material in asked_of(view.exam, application)
        if material.code in codes
        and list(now.files.get(material.code, ())) != list(seen.files.get(material.code, ()))
    ]
    photo = [Text("item-photo")] if now.photo != seen.photo else []
    return (*fields, *files, *photo)


def asked_of(exam: Exam, application: Application) -> Iterable[Material]:
    """The materials that the application's area asks for."""
    area = exam.area(application.area)
    return area.materials if area else ()


def _ways(view: View) -> tuple[tuple[Button, ...], ...]:
    pages = [Button(page.title, CallbackData(Action.SEE, page.key)) for page in FORM.pages]
    photo = [button("card-photo", Action.SEE, PHOTO)] if view.application.photo else []
    files = [
        Button(
            Text(
                "button-card-material", {"name": one.display_name(view.locale), "count": str(count)}
            ),
            CallbackData(Action.SEE, one.code),
        )
        for one in asked_of(view.exam, view.application)
        if (count := len(view.application.materials.get(one.code, ())))
    ]
    return (
        *rows(*pages, *photo, *files, across=2),
        (button("card-approve", Action.CONFIRM), button("card-refuse", Action.EDIT)),
        (button("card-note", Action.ADD), button("card-return", Action.REMOVE)),
    )


async def render_noting(view: StaffView) -> Screen:
    """What a note is for, and who reads it."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text("note-ask", {"code": code, "limit": MAX_COMMENT_LENGTH}),), ((BACK,),))


async def render_paper(view: StaffView) -> Screen:
    """The portrait, or a file of a material, with what it is.

    Raises:
        LookupError: there is no such file.
    """
    try:
        held = await read(view)
    except NotClaimed as refused:
        return await render_lost(replace(view, data={**view.data, "why": refused.why}))
    number = int(view.data["number"])
    code, file = papers(held.application)[number]
    if file is None:
        if held.application.photo is None:
            raise LookupError("no photo")
        return Screen((Text("item-photo"),), picture=Portrait(held.application.photo))
    asked = {
        one.code: one.display_name(view.locale) for one in asked_of(view.exam, held.application)
    }
    of_it = [n for n, (other, _) in enumerate(papers(held.application)) if other == code]
    said = Text(
        "card-paper",
        {
            "name": asked.get(code, code),
            "number": str(of_it.index(number) + 1),
            "count": str(len(of_it)),
        },
    )
    if file.kind == PDF:
        return Screen((said,), document=Paper(file.blob))
    return Screen((said,), picture=Portrait(file.blob))


FEATURE = Feature(
    staff_routes={
        Staff.card: (
            pressed(Action.SEE, see, alone=True),
            pressed(Action.ADD, note, alone=True),
            pressed(Action.BACK, whole, alone=True),
        ),
        Staff.noting: (pressed(Action.BACK, whole, alone=True), text(noted, alone=True)),
    },
    staff_screens={
        Staff.card: render,
        Staff.noting: render_noting,
        PAPER: render_paper,
    },
)
