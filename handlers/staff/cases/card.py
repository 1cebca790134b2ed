"""The card of a claimed case: the form by pages, portrait, papers, earlier decisions and notes.

The renderer builds it when the sender sends it; only the holder of the claim sees its content.
"""

from __future__ import annotations

from handlers.callback_data import Action, Button, CallbackData
from handlers.questions.answer_lines import identity_lines, page_lines
from handlers.rendering import BACK, Portrait, Screen, View, button, file_screen, rows
from handlers.replies import replace_message
from handlers.routing import Feature, pressed, text
from handlers.staff.cases import history
from handlers.staff.cases.claimed_case import (
    application_of,
    candidate_view,
    renders_application,
    renders_claimed,
    requires_claim,
    show,
    step_to_claimed,
)
from handlers.update_context import Context
from states import time_rules
from states.application_codes import code_of
from states.exam import last_minute
from states.form.pages import FORM
from states.fsm_states import Staff
from states.next_step import Position
from states.records import Application, MaterialFile
from states.refusals import MAX_COMMENT_LENGTH
from states.step_result import ShowScreen, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.staff import decisions, notes
from storage.staff.cards import APPLICATION, card_slot, paper_slot
from storage.staff.claims import ClaimedCase
from storage.staff.decisions import ReviewedContent
from storage.staff.staff_view import StaffView

PAPER = "card-paper"
PHOTO = "photo"
PAGE = "page"
WHOLE = button("card-whole", Action.BACK)
"""From a page of the form to the earlier decisions and the notes."""


@requires_claim
async def see(context: Context, claimed: ClaimedCase) -> StepResult:
    """Show a page of the form in the card, or send a material's files or the portrait above it."""
    part = context.callback.value
    if FORM.page(part) is not None:
        return await show(context, claimed, Staff.card, **{PAGE: part})
    chosen = [
        number for number, (code, _) in enumerate(papers(claimed.application)) if code == part
    ]
    if not chosen:
        return await show(context, claimed, Staff.card)
    about, slot = {APPLICATION: str(claimed.application.id)}, card_slot(claimed.application.id)
    shown = [
        effect
        for number in chosen
        for effect in replace_message(
            ShowScreen(
                PAPER,
                {**about, "number": str(number)},
                slot=paper_slot(claimed.application.id, number),
            )
        )
    ]
    former, card = replace_message(ShowScreen(Staff.card.state or "", about, slot=slot))
    return StepResult(Position(Staff.card, about), (former, *shown, card))


whole = step_to_claimed(Staff.card)
"""Shows the whole card."""


@requires_claim
async def add_note(context: Context, claimed: ClaimedCase) -> StepResult:
    """Store the note."""
    words = context.text.strip()
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.noting, too_long(words))
    services, unit = context.services, context.unit
    await notes.add(
        unit.tx,
        services.keyring,
        claimed.application.id,
        claimed.assignment,
        unit.new_id(),
        words,
        context.now,
    )
    context.audit_application(AuditAction.CASE_NOTED, claimed.application)
    return await show(context, claimed, Staff.card, Text("card-noted"))


def too_long(words: str) -> Problem:
    """Return the problem of a text that is too long."""
    return Problem("problem-words-long", {"count": len(words), "limit": MAX_COMMENT_LENGTH})


def papers(application: Application) -> list[tuple[str, MaterialFile | None]]:
    """Return the portrait, then the files in their order: the material's code, and the file."""
    files = [(code, one) for code, kept in application.materials.items() for one in kept]
    return [(PHOTO, None), *files]


@renders_claimed
async def render(staff_view: StaffView, claimed: ClaimedCase) -> Screen:
    """Show the card, or a page of the form in it."""
    view = candidate_view(staff_view, claimed)
    page = FORM.page(staff_view.data.get(PAGE, ""))
    if page is None:
        text = (*_head(view, claimed), *await _before(staff_view, view, claimed))
        return Screen(text, _buttons(view))
    lines = (Text("summary-page", {"title": page.title}), *page_lines(view, page))
    return Screen((*_head(view, claimed), lines), (*_buttons(view), (WHOLE,)))


def _head(view: View, claimed: ClaimedCase) -> tuple[Text | tuple[Text, ...], ...]:
    """Return the code, the desk, the place and the identity, with the full ID number to compare."""
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
    span = time_rules.stage_span(application, view.exam)
    until = (Text("card-until", {"closes": last_minute(span.closes)}),) if span else ()
    identity = claimed.person.identity
    return (head, *until), Text(
        "form-identity", {**identity_lines(identity), "number": identity.id_number}
    )


async def _before(
    view: StaffView, candidate: View, claimed: ClaimedCase
) -> tuple[tuple[Text | str, ...], ...]:
    """Return earlier decisions, the changes since the last one, and notes."""
    application = claimed.application
    if not claimed.has_history:
        return ()
    decided = await decisions.of_applications(view.connection, view.keyring, [application.id])
    noted = await notes.of_applications(view.connection, view.keyring, [application.id])
    paragraphs: list[tuple[Text | str, ...]] = []
    if decided:
        lines = [history.decision_line(one) for one in decided]
        paragraphs.append((Text("card-decided"), *lines))
        changed = changes(candidate, decided[-1].reviewed)
        paragraphs.append((Text("card-changed"), *(changed or (Text("card-unchanged"),))))
    if noted:
        lines = [history.note_line(one) for one in noted[-5:]]
        paragraphs.append((Text("card-notes"), *lines))
    return tuple(paragraphs)


def changes(view: View, seen: ReviewedContent) -> tuple[Text | str, ...]:
    """Return the names of answers, materials and portrait that changed."""
    now = ReviewedContent.of(view.application)
    fields = [
        field.name
        for key, field in FORM.fields.items()
        if now.answers.get(key, "") != seen.answers.get(key, "")
    ]
    codes = {*now.files, *seen.files}
    files = [
        material.display_name(view.locale)
        for material in view.materials
        if material.code in codes
        and list(now.files.get(material.code, ())) != list(seen.files.get(material.code, ()))
    ]
    photo = [Text("item-photo")] if now.photo != seen.photo else []
    return (*fields, *files, *photo)


def _buttons(view: View) -> tuple[tuple[Button, ...], ...]:
    pages = [Button(page.title, CallbackData(Action.SEE, page.key)) for page in FORM.pages]
    photo = [button("card-photo", Action.SEE, PHOTO)] if view.application.photo else []
    files = [
        Button(
            Text(
                "button-card-material", {"name": one.display_name(view.locale), "count": str(count)}
            ),
            CallbackData(Action.SEE, one.code),
        )
        for one in view.materials
        if (count := len(view.application.materials.get(one.code, ())))
    ]
    return (
        *rows(*pages, *photo, *files, across=2),
        (button("card-approve", Action.CONFIRM), button("card-refuse", Action.EDIT)),
        (button("card-note", Action.ADD), button("card-return", Action.REMOVE)),
    )


async def render_noting(view: StaffView) -> Screen:
    """Ask for the note, and say who reads it."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text("note-ask", {"code": code, "limit": MAX_COMMENT_LENGTH}),), ((BACK,),))


@renders_application
def render_paper(view: View, claimed: ClaimedCase) -> Screen:
    """Send the portrait or a file of a material.

    Raises:
        LookupError: the candidate removed it.
    """
    number = int(view.data["number"])
    code, file = papers(claimed.application)[number]
    if file is None:
        if claimed.application.photo is None:
            raise LookupError("no photo")
        return Screen((Text("item-photo"),), picture=Portrait(claimed.application.photo))
    names = {one.code: one.display_name(view.locale) for one in view.materials}
    same = [n for n, (other, _) in enumerate(papers(claimed.application)) if other == code]
    place = {"number": str(same.index(number) + 1), "count": str(len(same))}
    return file_screen((Text("card-paper", {"name": names.get(code, code), **place}),), file)


FEATURE = Feature(
    staff_routes={
        Staff.card: (
            pressed(Action.SEE, see),
            pressed(Action.ADD, step_to_claimed(Staff.noting)),
            pressed(Action.BACK, whole),
        ),
        Staff.noting: (pressed(Action.BACK, whole), text(add_note)),
    },
    staff_screens={Staff.card: render, Staff.noting: render_noting, PAPER: render_paper},
)
