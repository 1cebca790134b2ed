"""A refusal is put together: item by item, with a quick reason or in words, and looked over.

What it says so far lies sealed in the claim's row (``storage/claims.py``); the place only says at
which item somebody is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.buttons import Button, Press, Verb
from handlers.context import Context
from handlers.route import Feature, pressed, text
from handlers.screens import BACK, Screen, StaffDrawing, View, button, rows
from handlers.staff.card import PAGE, asked_of, read, too_long, viewed, whole
from handlers.staff.holding import draw_lost, holding, show
from states.drafts import MOST_FAULTS, MOST_WORDS, Draft
from states.form.fields import Field
from states.form.pages import FORM
from states.groups import Staff
from states.outcome import Outcome
from states.records import Fault, Part
from states.review import REASONS
from states.texts import Problem, Text
from storage import claims
from storage.claims import Held, NotHeld
from storage.look import Look

ITEM = "item"
"""In a place: what is being refused, as ``part:code``."""


@holding
async def begin(context: Context, held: Held) -> Outcome:
    """From the card, or back to the whole of what is refused."""
    return await show(context, held, Staff.refusing)


@holding
async def pick(context: Context, held: Held) -> Outcome:
    """A page, to pick lines of it; or at once a material, the photo, or a line."""
    value = context.press.value
    if FORM.page(value) is not None:
        return await show(context, held, Staff.picking, **{PAGE: value})
    if _item(context, held, value) is None:
        return await show(context, held, Staff.refusing)
    part, code = _parted(value)
    if held.draft.is_full and held.draft.fault(part, code) is None:
        full = Problem("problem-faults-many", {"limit": MOST_FAULTS})
        return await show(context, held, Staff.refusing, full)
    return await show(context, held, Staff.reasoning, **{ITEM: value})


@holding
async def reason(context: Context, held: Held) -> Outcome:
    """One of the quick reasons."""
    part, code = _parted(context.at.at.get(ITEM, ""))
    if context.press.value not in REASONS[part]:
        return await show(context, held, Staff.refusing)
    return await _write(context, held, held.draft.naming(part, code, reason=context.press.value))


@holding
async def in_words(context: Context, held: Held) -> Outcome:
    """Why, as typed, beside the quick reason if there is one."""
    words, item = context.text.strip(), context.at.at.get(ITEM, "")
    if len(words) > MOST_WORDS:
        return await show(context, held, Staff.reasoning, too_long(words), **{ITEM: item})
    part, code = _parted(item)
    return await _write(context, held, held.draft.naming(part, code, words=words))


@holding
async def let_pass(context: Context, held: Held) -> Outcome:
    """This item is not refused after all."""
    return await _write(context, held, held.draft.without(*_parted(context.at.at.get(ITEM, ""))))


@holding
async def word(context: Context, held: Held) -> Outcome:
    """Wants to say something about the whole."""
    return await show(context, held, Staff.wording)


@holding
async def worded(context: Context, held: Held) -> Outcome:
    """Something about the whole, as typed."""
    words = context.text.strip()
    if len(words) > MOST_WORDS:
        return await show(context, held, Staff.wording, too_long(words))
    return await _write(context, held, replace(held.draft, words=words))


async def _write(context: Context, held: Held, draft: Draft) -> Outcome:
    await claims.write(context.unit.tx, context.envelope.office.keyring, held, draft, context.now)
    return await show(context, held, Staff.refusing)


def _parted(item: str) -> tuple[Part, str]:
    """Part and code of an item; it was checked when its place was entered."""
    part, _, code = item.partition(":")
    return (Part(part), code) if part in {one.value for one in Part} else (Part.PHOTO, "")


def _item(context: Context, held: Held, value: str) -> Text | str | None:
    """What an item is called; None where the application has no such item."""
    person = replace(held.person, locale=context.locale)
    view = View(
        replace(context.unit.records, person=person, application=held.application),
        context.exam,
        context.now,
    )
    return names(view).get(value)


# --- what is seen --------------------------------------------------------------------------------


def names(view: View) -> Mapping[str, Text | str]:
    """All that can be refused by itself, as ``part:code``, and what it is called."""
    answers, around = view.application.answers, view.around
    fields = {f"{Part.FIELD}:{one.key}": one.name for one in FORM.asked(answers, around)}
    papers = {
        f"{Part.MATERIAL}:{one.code}": one.called(view.locale)
        for one in asked_of(view.exam, view.application)
    }
    return {**fields, **papers, f"{Part.PHOTO}:": Text("item-photo")}


def fault_line(view: View, fault: Fault) -> Text:
    """An item and why, in a line."""
    called = names(view).get(f"{fault.part}:{fault.code}", fault.code)
    args = {"item": called, "words": fault.words}
    if not fault.reason:
        return Text("flaw-words", args)
    args["reason"] = Text(f"reason-{fault.reason}")
    return Text("flaw-both" if fault.words else "flaw-reason", args)


def drawn(drawing: Callable[[View, Held], Screen]) -> StaffDrawing:
    """A drawing for whoever holds the application; what else there is to be seen is nothing."""

    async def draw(look: Look) -> Screen:
        try:
            held = await read(look)
        except NotHeld as refused:
            return await draw_lost(replace(look, at={**look.at, "why": refused.why}))
        return drawing(viewed(look, held), held)

    return draw


def draw_refusing(view: View, held: Held) -> Screen:
    """What is refused so far; where more can be picked; and on to the look over it."""
    draft = held.draft
    said = tuple(fault_line(view, one) for one in draft.faults)
    about = (Text("refusing-words", {"words": draft.words}),) if draft.words else ()
    nothing = () if said or about else (Text("refusing-nothing"),)
    pages = [Button(page.title, Press(Verb.PICK, page.key)) for page in FORM.pages]
    items = [
        _ticked(draft, item, name)
        for item, name in names(view).items()
        if not item.startswith(Part.FIELD)
    ]
    on = () if draft.is_empty else (button("look-over", Verb.SEE),)
    return Screen(
        (Text("refusing-head"), *([said] if said else []), *about, *nothing),
        (*rows(*pages, *items, across=2), (button("refusing-words", Verb.ADD),), on, (BACK,)),
    )


def draw_picking(view: View, held: Held) -> Screen:
    """The lines of a page, each to be refused by itself.

    Raises:
        LookupError: there is no such page.
    """
    page = FORM.page(view.at[PAGE])
    if page is None:
        raise LookupError("no such page")
    asked = [one for one in FORM.asked(view.application.answers, view.around) if one in page.fields]
    picks = [_ticked(held.draft, f"{Part.FIELD}:{one.key}", _valued(view, one)) for one in asked]
    head = Text("picking-head", {"title": page.title})
    return Screen((head,), (*rows(*picks), (BACK,)))


def draw_reasoning(view: View, held: Held) -> Screen:
    """Why this item is refused: a quick reason, or words."""
    item = view.at[ITEM]
    part, code = _parted(item)
    fault = held.draft.fault(part, code)
    now = () if fault is None else (fault_line(view, fault),)
    reasons = [Button(Text(f"reason-{one}"), Press(Verb.CHOOSE, one)) for one in REASONS[part]]
    gone = () if fault is None else (button("let-pass", Verb.REMOVE),)
    ask = Text("reasoning-ask", {"item": names(view).get(item, code), "limit": MOST_WORDS})
    return Screen((ask, *now), (*rows(*reasons), gone, (BACK,)))


def draw_wording(_view: View, held: Held) -> Screen:
    """What the candidate should know besides."""
    now = (Text("value-now", {"value": held.draft.words}),) if held.draft.words else ()
    return Screen((Text("wording-ask", {"limit": MOST_WORDS}), *now), ((BACK,),))


def _valued(view: View, field: Field) -> Text | str:
    value = view.application.answers.get(field.key, "")
    if not value:
        return field.name
    shown = field.shown(value, view.application.answers, view.around, view.locale)
    return Text("picking-line", {"field": field.name, "value": shown})


def _ticked(draft: Draft, item: str, name: Text | str) -> Button:
    part, code = _parted(item)
    is_refused = draft.fault(part, code) is not None
    label = Text("button-refused-item" if is_refused else "button-item", {"item": name})
    return Button(label, Press(Verb.PICK, item))


FEATURE = Feature(
    staff_routes={
        Staff.card: (pressed(Verb.EDIT, begin, alone=True),),
        Staff.refusing: (
            pressed(Verb.PICK, pick, alone=True),
            pressed(Verb.ADD, word, alone=True),
            pressed(Verb.BACK, whole, alone=True),
        ),
        Staff.picking: (
            pressed(Verb.PICK, pick, alone=True),
            pressed(Verb.BACK, begin, alone=True),
        ),
        Staff.reasoning: (
            pressed(Verb.CHOOSE, reason, alone=True),
            pressed(Verb.REMOVE, let_pass, alone=True),
            pressed(Verb.BACK, begin, alone=True),
            text(in_words, alone=True),
        ),
        Staff.wording: (pressed(Verb.BACK, begin, alone=True), text(worded, alone=True)),
    },
    staff_screens={
        Staff.refusing: drawn(draw_refusing),
        Staff.picking: drawn(draw_picking),
        Staff.reasoning: drawn(draw_reasoning),
        Staff.wording: drawn(draw_wording),
    },
)
