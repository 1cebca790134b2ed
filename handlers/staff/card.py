"""The card of an application, for whoever holds it: form by pages, portrait, papers, what was
decided before, what has changed since, and notes to colleagues.

It is drawn when it is sent, for somebody who holds it at that moment; else it shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.buttons import Button, Press, Verb
from handlers.candidate.account import identity_lines
from handlers.candidate.lines import given
from handlers.context import Context
from handlers.route import Feature, pressed, text
from handlers.screens import BACK, Paper, Portrait, Screen, View, button, rows
from handlers.staff import history
from handlers.staff.holding import (
    APPLICATION,
    application_of,
    below,
    draw_lost,
    holding,
    show,
)
from states.codes import code_of
from states.drafts import MOST_WORDS
from states.exam import Exam, Material
from states.form.engine import Page
from states.form.pages import FORM
from states.groups import Staff
from states.outcome import Outcome, Say
from states.records import PDF, Application, MaterialFile, Records
from states.texts import Problem, Text
from storage import claims, notes, verdicts
from storage.audit import Deed
from storage.cards import paper_slot
from storage.claims import Held, NotHeld
from storage.look import Look
from storage.verdicts import Seen

PAPER = "card-paper"
PHOTO = "photo"
PAGE = "page"
WHOLE = button("card-whole", Verb.BACK)
"""From a page of the form to what was decided before and what colleagues noted."""


@holding
async def see(context: Context, held: Held) -> Outcome:
    """A page of the form in the card itself; the portrait or the files of a material above it."""
    part = context.press.value
    if FORM.page(part) is not None:
        return await show(context, held, Staff.card, **{PAGE: part})
    chosen = [number for number, (code, _) in enumerate(papers(held.application)) if code == part]
    if not chosen:
        return await show(context, held, Staff.card)
    acts = (
        Say(
            PAPER,
            {APPLICATION: str(held.application.id), "number": str(number)},
            slot=paper_slot(held.application.id, number),
        )
        for number in chosen
    )
    return await below(context, held, *acts)


@holding
async def whole(context: Context, held: Held) -> Outcome:
    """Back to the card."""
    return await show(context, held, Staff.card)


@holding
async def note(context: Context, held: Held) -> Outcome:
    """Wants to tell colleagues something."""
    return await show(context, held, Staff.noting)


@holding
async def noted(context: Context, held: Held) -> Outcome:
    """The note as typed."""
    words = context.text.strip()
    if len(words) > MOST_WORDS:
        return await show(context, held, Staff.noting, too_long(words))
    office, unit = context.envelope.office, context.unit
    await notes.add(unit.tx, office.keyring, held, unit.new_id(), words, context.now)
    context.did_about(Deed.CASE_NOTED, held.application)
    return await show(context, held, Staff.card, Text("card-noted"))


def too_long(words: str) -> Problem:
    """What was typed does not fit."""
    return Problem("problem-words-long", {"count": len(words), "limit": MOST_WORDS})


# --- what is seen --------------------------------------------------------------------------------


def papers(application: Application) -> list[tuple[str, MaterialFile | None]]:
    """Portrait and files in their order: the material's code, and the file; the portrait first."""
    files = [(code, one) for code, kept in application.materials.items() for one in kept]
    return [(PHOTO, None), *files]


async def read(look: Look) -> Held:
    """What the reader holds.

    Raises:
        NotHeld: they do not hold it (any more).
    """
    application_id = application_of(look.at[APPLICATION])
    return await claims.read(
        look.connection, look.keyring, look.seats, application_id, look.now, look.pace
    )


def viewed(look: Look, held: Held) -> View:
    """The candidate's records, to be shown in the reader's language."""
    person = replace(held.person, locale=look.locale)
    return View(Records(person, held.application), look.exam, look.now, look.at)


async def draw(look: Look) -> Screen:
    """The card, or a page of the form in it."""
    try:
        held = await read(look)
    except NotHeld as refused:
        return await draw_lost(replace(look, at={**look.at, "why": refused.why}))
    view = viewed(look, held)
    page = FORM.page(look.at.get(PAGE, ""))
    if page is None:
        return Screen((*_head(view, held), *await _before(look, held)), _ways(view))
    shown = (Text("summary-page", {"title": page.title}), *lines(view, page))
    return Screen((*_head(view, held), shown), (*_ways(view), (WHOLE,)))


def _head(view: View, held: Held) -> tuple[Text | tuple[Text, ...], ...]:
    """Which it is, where it stands, and whose: the number in full, to be held against the paper."""
    application = held.application
    where = view.point or view.site
    head = Text(
        "card-head",
        {
            "code": code_of(application.id),
            "desk": Text(f"desk-{held.desk}"),
            "place": where.called(view.locale) if where else "",
            "since": application.since or view.now,
            "revision": application.revision,
        },
    )
    identity = held.person.identity
    return head, Text("form-identity", {**identity_lines(identity), "number": identity.id_number})


def lines(view: View, page: Page) -> tuple[Text, ...]:
    """What was answered on a page."""
    answers, around = view.application.answers, view.around
    asked = [field for field in FORM.asked(answers, around) if field in page.fields]
    return given(asked, answers, around, view.locale)


async def _before(look: Look, held: Held) -> tuple[tuple[Text | str, ...], ...]:
    """Earlier decisions, what has changed since the last one, and notes."""
    application = held.application
    decided = await verdicts.of_applications(look.connection, look.keyring, [application.id])
    noted = await notes.of_applications(look.connection, look.keyring, [application.id])
    said: list[tuple[Text | str, ...]] = []
    if decided:
        told = [await history.said(look, one) for one in decided]
        said.append((Text("card-decided"), *told))
        changed = changes(application, decided[-1].seen, look)
        said.append((Text("card-changed"), *(changed or (Text("card-unchanged"),))))
    if noted:
        words = [await history.noted(look, one) for one in noted[-5:]]
        said.append((Text("card-notes"), *words))
    return tuple(said)


def changes(application: Application, seen: Seen, look: Look) -> tuple[Text | str, ...]:
    """By name, the answers, materials and portrait that are not what they were."""
    now = Seen.of(application)
    fields = [
        field.name
        for key, field in FORM.fields.items()
        if now.answers.get(key, "") != seen.answers.get(key, "")
    ]
    codes = {*now.files, *seen.files}
    files = [
        material.called(look.locale)
        for material in asked_of(look.exam, application)
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
    pages = [Button(page.title, Press(Verb.SEE, page.key)) for page in FORM.pages]
    photo = [button("card-photo", Verb.SEE, PHOTO)] if view.application.photo else []
    files = [
        Button(
            Text("button-card-material", {"name": one.called(view.locale), "count": str(count)}),
            Press(Verb.SEE, one.code),
        )
        for one in asked_of(view.exam, view.application)
        if (count := len(view.application.materials.get(one.code, ())))
    ]
    return (
        *rows(*pages, *photo, *files, across=2),
        (button("card-approve", Verb.CONFIRM), button("card-refuse", Verb.EDIT)),
        (button("card-note", Verb.ADD), button("card-return", Verb.REMOVE)),
    )


async def draw_noting(look: Look) -> Screen:
    """What a note is for, and who reads it."""
    code = code_of(application_of(look.at[APPLICATION]))
    return Screen((Text("note-ask", {"code": code, "limit": MOST_WORDS}),), ((BACK,),))


async def draw_paper(look: Look) -> Screen:
    """The portrait, or a file of a material, with what it is.

    Raises:
        LookupError: there is no such file.
    """
    try:
        held = await read(look)
    except NotHeld as refused:
        return await draw_lost(replace(look, at={**look.at, "why": refused.why}))
    number = int(look.at["number"])
    code, file = papers(held.application)[number]
    if file is None:
        if held.application.photo is None:
            raise LookupError("no photo")
        return Screen((Text("item-photo"),), picture=Portrait(held.application.photo))
    asked = {one.code: one.called(look.locale) for one in asked_of(look.exam, held.application)}
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
            pressed(Verb.SEE, see, alone=True),
            pressed(Verb.ADD, note, alone=True),
            pressed(Verb.BACK, whole, alone=True),
        ),
        Staff.noting: (pressed(Verb.BACK, whole, alone=True), text(noted, alone=True)),
    },
    staff_screens={
        Staff.card: draw,
        Staff.noting: draw_noting,
        PAPER: draw_paper,
    },
)
