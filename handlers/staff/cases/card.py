"""The card of a claimed case: all pages of the form, earlier decisions and notes in one message.

The portrait and the papers stand above it. The renderer builds both when the sender sends them;
only the holder of the claim sees their content.
"""

from __future__ import annotations

from handlers.callback_data import Action
from handlers.eligibility_lines import staff_assessment
from handlers.questions.answer_lines import identity_lines, staff_page_lines
from handlers.rendering import (
    BACK,
    Paragraph,
    Rows,
    Screen,
    View,
    button,
    rows,
)
from handlers.replies import replace_message
from handlers.routing import Feature, pressed, text
from handlers.staff.cases import history
from handlers.staff.cases.albums import ALBUM, NUMBER, album_items, albums, show_albums
from handlers.staff.cases.claimed_case import (
    candidate_view,
    case_head,
    renders_application,
    renders_claimed,
    requires_claim,
    show,
    step_to_claimed,
)
from handlers.staff.cases.papers import paper_buttons, paper_lines
from handlers.staff.cases.photo_opinion import photo_buttons, photo_lines
from handlers.staff.cases.refused_items import refusal_lines
from handlers.staff.cases.second_look_lines import card_buttons, request_lines
from handlers.staff.desks.duplicate_lines import hints
from handlers.update_context import Context
from states.characters import inert
from states.exam import last_minute
from states.form.education import RECORD
from states.form.fields import Field, FieldKind
from states.form.pages import APPLYING, CONTACT, EDUCATION, FORM, PERSON, PLACE, WORK
from states.form.questionnaire import Page
from states.fsm_states import Staff
from states.process import time_rules
from states.progress.next_step import Position
from states.records import PDF, Answers, Application
from states.staff.refusals import MAX_COMMENT_LENGTH
from states.step_result import ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.submissions.content import SubmittedContent
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import submissions
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import decisions, notes
from storage.staff.cases.cards import APPLICATION, card_slot
from storage.staff.cases.claims import ClaimedCase

NEXT = "next"
"""The value of the button that also takes the next case."""
PAGE = "page"
REST = "rest"
"""The part of the card that a long one has no room for."""
FILES = "files"
MORE = button("card-more", Action.SEE, REST)
WHOLE = button("card-whole", Action.BACK)
NOTES_SHOWN = 5


@requires_claim
async def see(context: Context, claimed: ClaimedCase) -> StepResult:
    """Show the rest of a long card in its place, or send the albums and the card anew."""
    part = context.callback.value
    if part == REST:
        return await show(context, claimed, Staff.card, **{PAGE: REST})
    if part != FILES:
        return await show(context, claimed, Staff.card)
    about, slot = {APPLICATION: str(claimed.application.id)}, card_slot(claimed.application.id)
    former, card = replace_message(ShowScreen(Staff.card.state or "", about, slot=slot))
    shown = show_albums(claimed.application, anew=True)
    return StepResult(Position(Staff.card, about), (former, *shown, card))


whole = step_to_claimed(Staff.card)
"""Shows the whole card."""


@requires_claim
async def add_note(context: Context, claimed: ClaimedCase) -> StepResult:
    """Store the note."""
    words = context.words
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


@renders_claimed
async def render(staff_view: StaffView, claimed: ClaimedCase) -> Screen:
    """Show the whole case, the most needed first; the rest has what the message has no room for."""
    view = candidate_view(staff_view, claimed)
    pairs = await hints(staff_view, claimed.person.id)
    photo, compares = await photo_lines(staff_view, claimed, pairs)
    papers = await paper_lines(staff_view, claimed)
    head = (*_head(view, claimed), *((pairs.lines,) if pairs.lines else ()))
    about_photo = photo_buttons(photo, compares=compares)
    about_files = (*about_photo, *paper_buttons(papers), *rows(*pairs.buttons))
    buttons = _buttons(view, claimed, about_files)
    earlier, noted = await _earlier(staff_view, view, claimed)
    then = await submissions.assessment(
        staff_view.connection,
        staff_view.keyring,
        claimed.application.id,
        claimed.application.revision,
    )
    decisive, others = _pages(view, APPLYING, EDUCATION, WORK), _pages(view, CONTACT, PERSON, PLACE)
    spare: tuple[Paragraph, ...] = (
        *earlier,
        *staff_assessment(view, then),
        *decisive,
        _files(view),
        *papers,
        *photo,
        *noted,
        *others,
    )
    if staff_view.data.get(PAGE) == REST:
        return Screen(head, ((WHOLE,), *buttons), spare=spare[::-1])
    return Screen(head, buttons, spare=spare, more=MORE)


def _head(view: View, claimed: ClaimedCase) -> tuple[Paragraph, ...]:
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
    key = "card-overdue" if span and view.now >= span.closes else "card-until"
    until = (Text(key, {"closes": last_minute(span.closes)}),) if span else ()
    identity = claimed.person.identity
    number = {"number": identity.id_number}
    look = claimed.second_look
    return (
        (head, *until),
        *(request_lines(view, look) if look else ()),
        Text("form-identity", {**identity_lines(identity), **number}),
    )


def _pages(view: View, *pages: Page) -> list[Paragraph]:
    """Return the pages with an answer."""
    titled = [
        (Text("summary-page", {"title": page.staff_title}), *staff_page_lines(view, page))
        for page in pages
    ]
    return [lines for lines in titled if len(lines) > 1]


def _files(view: View) -> Paragraph:
    """Return how many files stand above; a material without any is named, too."""
    kept = view.application.materials
    lines = [
        Text(
            "card-files-line",
            {"name": one.display_name(view.locale), "count": len(kept.get(one.code, ()))},
        )
        for one in view.materials
    ]
    photo = Text("card-files-line", {"name": Text("item-photo"), "count": int(_has_photo(view))})
    head = Text("card-files") if view.materials else Text("card-portrait")
    return (head, photo, *lines)


def _has_photo(view: View) -> bool:
    return view.application.photo is not None


async def _earlier(
    view: StaffView, candidate: View, claimed: ClaimedCase
) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return earlier decisions with the last reasons and the changes since, and the notes."""
    application = claimed.application
    if not claimed.has_history:
        return [], []
    decided = await decisions.of_applications(view.connection, view.keyring, [application.id])
    noted = await notes.of_applications(view.connection, view.keyring, [application.id])
    earlier: list[Paragraph] = []
    if decided:
        lines = [history.decision_line(one) for one in decided]
        reasons = refusal_lines(candidate, decided[-1].refusal)
        earlier.append((Text("card-decided"), *lines, *reasons))
        changed = await _changed(view, candidate, decided[-1].revision)
        earlier.append((Text("card-changed"), *(changed or (Text("card-unchanged"),))))
    shown = [history.note_line(one) for one in noted[-NOTES_SHOWN:]]
    return earlier, [(Text("card-notes"), *shown)] if shown else []


async def _changed(view: StaffView, candidate: View, decided: int) -> tuple[Text, ...]:
    """Return what changed between the submission of a decision and the present one."""
    application = candidate.application
    numbers = {decided, application.revision}
    found = await submissions.contents(view.connection, view.keyring, application.id, numbers)
    then, now = found.get(decided), found.get(application.revision)
    return changes(candidate, then, now) if then and now else ()


def _changed_files(name: str, old: int, new: int) -> Text:
    """Return the line of a material with other files; an equal number is told once."""
    if old == new:
        return Text("card-change-files-same", {"name": name, "new": new})
    return Text("card-change-files", {"name": name, "old": old, "new": new})


def changes(view: View, then: SubmittedContent, now: SubmittedContent) -> tuple[Text, ...]:
    """Return a line for each answer, material and portrait that changed: old → new."""
    answers = [field for field in FORM.fields.values() if field.kind is not FieldKind.RECORD]
    fields = [
        Text(
            "card-change",
            {"name": field.name, "old": _shown(view, field, old), "new": _shown(view, field, new)},
        )
        for field, old, new in (
            *((one, then.answers, now.answers) for one in answers),
            *((one, then.record, now.record) for one in RECORD.fields.values()),
        )
        if new.get(field.key, "") != old.get(field.key, "")
    ]
    files = [
        _changed_files(
            material.display_name(view.locale),
            len(then.materials.get(material.code, ())),
            len(now.materials.get(material.code, ())),
        )
        for material in view.materials
        if _blobs(now, material.code) != _blobs(then, material.code)
    ]
    photo = [Text("card-change-photo")] if now.photo != then.photo else []
    return (*fields, *files, *photo)


def _blobs(content: SubmittedContent, code: str) -> list[str]:
    return [one.blob for one in content.materials.get(code, ())]


def _shown(view: View, field: Field, answers: Answers) -> Text | str:
    value = answers.get(field.key, "")
    if not value:
        return Text("card-no-answer")
    shown = field.display_value(value, answers, view.answer_context, view.locale)
    return inert(shown) if isinstance(shown, str) else shown


def _files_again(application: Application) -> Rows:
    """Return the button that sends the files again, named after what there is."""
    files = [one.file for album in albums(application) for one in album]
    if not files:
        return ()
    kinds = {file.kind for file in files if file is not None}
    if PDF in kinds:
        return ((button("card-files", Action.SEE, FILES),),)
    if kinds:
        return ((button("card-pictures", Action.SEE, FILES),),)
    return ((button("card-portrait", Action.SEE, FILES),),)


def _buttons(view: View, claimed: ClaimedCase, about_files: Rows) -> Rows:
    files = _files_again(view.application)
    others = (button("card-note", Action.ADD), button("card-return", Action.REMOVE))
    if claimed.second_look is not None:
        return (*card_buttons(), others, *files)
    return (
        (button("card-approve-next", Action.CONFIRM, NEXT),),
        (button("card-approve", Action.CONFIRM), button("card-refuse", Action.EDIT)),
        others,
        *files,
        *about_files,
    )


@renders_application
def render_noting(view: View, claimed: ClaimedCase) -> Screen:
    """Ask for the note, and say who reads it."""
    return Screen((case_head(claimed), Text("note-ask", {"limit": MAX_COMMENT_LENGTH})), ((BACK,),))


@renders_claimed
async def render_album(staff_view: StaffView, claimed: ClaimedCase) -> Screen:
    """Send an album.

    Raises:
        LookupError: the candidate removed its files.
    """
    shown = albums(claimed.application)
    number = int(staff_view.data[NUMBER])
    if number >= len(shown):
        raise LookupError("no such album")
    view = candidate_view(staff_view, claimed)
    return Screen((), album=await album_items(staff_view, view, shown[number]))


FEATURE = Feature(
    staff_routes={
        Staff.card: (
            pressed(Action.SEE, see),
            pressed(Action.ADD, step_to_claimed(Staff.noting)),
            pressed(Action.BACK, whole),
        ),
        Staff.noting: (pressed(Action.BACK, whole), text(add_note)),
    },
    desk_screens={Staff.card: render, Staff.noting: render_noting},
    staff_screens={ALBUM: render_album},
)
