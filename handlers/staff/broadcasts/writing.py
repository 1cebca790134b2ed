"""A member of the staff writes a broadcast: a text for each language, perhaps with a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import Action, number_of
from handlers.rendering import BACK, SKIP, Screen, button, rows
from handlers.replies import ask, ask_again
from handlers.routing import Feature, file, pressed, text
from handlers.staff import menu
from handlers.staff.broadcasts import confirm, progress, senders
from handlers.staff.broadcasts.compose import (
    DRAFT,
    LOCALE,
    draft_data,
    draft_of,
    save,
    writing_in,
)
from handlers.update_context import Context
from states.broadcasts import message
from states.broadcasts.message import AttachedFile, FileKind, Placeholder
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.step_result import StepResult
from states.texts import DEFAULT_LOCALE, LOCALES, Problem, Text
from storage.staff.access.staff_view import StaffView

CUT: Final = "cut"
"""The key of position data for when an app cut a text, in Unix seconds."""
CUT_SECONDS: Final = 5
"""Seconds in which the other parts of a text arrive that an app has cut."""


def placeholder_names(context: Context) -> dict[str, Placeholder]:
    """Return the placeholders by their names in all languages."""
    label = context.services.label
    return {
        label(Text(f"placeholder-{one}"), locale).casefold(): one
        for locale in LOCALES
        for one in Placeholder
    }


async def take_text(_update: Update, context: Context) -> StepResult:
    """Take the typed text of a language.

    An app cuts a text that is too long into several messages. None of them is the whole text. The
    second one would be taken for the text of the next language.
    """
    data, cut_at = context.position.data, number_of(context.position.data.get(CUT, ""))
    sent_at = int(context.now.timestamp())
    if message.is_cut(context.message.text or ""):
        cut = replace(context.position, data={**data, CUT: str(sent_at)})
        return ask(context, cut, _too_long())
    if cut_at and sent_at - cut_at <= CUT_SECONDS:  # the last part, since it is not full
        whole = {key: value for key, value in data.items() if key != CUT}
        return ask(context, replace(context.position, data=whole), _too_long())
    return await _take(context, context.words, None)


def _too_long() -> Problem:
    return Problem("problem-broadcast-cut", {"limit": message.MOST_TEXT})


async def take_file(_update: Update, context: Context) -> StepResult:
    """Take a photo or a document; its caption is the text."""
    sent = context.message
    if sent.photo:
        attached = AttachedFile(FileKind.PHOTO, sent.photo[-1].file_id)
    elif sent.document:
        attached = AttachedFile(FileKind.DOCUMENT, sent.document.file_id)
    else:
        return ask_again(context, Problem("problem-choice"))
    return await _take(context, sent.caption or "", attached)


async def _take(context: Context, typed: str, attached: AttachedFile | None) -> StepResult:
    draft, locale = await draft_of(context), context.position.data.get(LOCALE, DEFAULT_LOCALE)
    if draft is None:
        return menu.deny(context, "broadcast")
    written = draft.message
    if attached is not None:
        written = replace(written, file=attached)
        if not typed.strip():
            await save(context, replace(draft, message=written))
            return ask_again(context, Text("broadcast-file-kept"))
    pieces = message.parse(typed, placeholder_names(context))
    if isinstance(pieces, Problem):
        return ask_again(context, pieces)
    written = replace(written, texts={**written.texts, locale: pieces})
    if (problem := written.too_long()) is not None:
        return ask_again(context, problem)
    await save(context, replace(draft, message=written))
    return await _after(context, locale)


async def skip_language(_update: Update, context: Context) -> StepResult:
    """Leave a language out: its readers get the Chinese text."""
    draft, locale = await draft_of(context), context.position.data.get(LOCALE, DEFAULT_LOCALE)
    if draft is None or locale == DEFAULT_LOCALE:
        return ask_again(context, Problem("problem-broadcast-empty"))
    texts = {key: one for key, one in draft.message.texts.items() if key != locale}
    await save(context, replace(draft, message=replace(draft.message, texts=texts)))
    return await _after(context, locale)


async def keep_text(_update: Update, context: Context) -> StepResult:
    """Keep the text that a language has already."""
    draft, locale = await draft_of(context), context.position.data.get(LOCALE, DEFAULT_LOCALE)
    if draft is None or locale not in draft.message.texts:
        return ask_again(context, Problem("problem-broadcast-empty"))
    if (problem := draft.message.too_long()) is not None:  # a file came later
        return ask_again(context, problem)
    return await _after(context, locale)


async def drop_file(_update: Update, context: Context) -> StepResult:
    """Leave out the photo or document."""
    draft = await draft_of(context)
    if draft is None:
        return menu.deny(context, "broadcast")
    await save(context, replace(draft, message=replace(draft.message, file=None)))
    return ask_again(context, Text("broadcast-file-dropped"))


async def _after(context: Context, locale: str) -> StepResult:
    later = LOCALES[LOCALES.index(locale) + 1 :]
    if later:
        return ask(context, writing_in(context, later[0]))
    await _give_deadline(context)
    return ask(context, Position(Staff.planning, draft_data(context)))


async def _give_deadline(context: Context) -> None:
    """Plan a message that names the deadline against the nearest one: it is of no use later."""
    draft = await draft_of(context)
    if draft is None or draft.deadline is not None:
        return
    names_it = any(Placeholder.DEADLINE in pieces for pieces in draft.message.texts.values())
    nearest = confirm.deadlines(draft, context.exam, context.now)[:1] if names_it else []
    if nearest:
        await save(context, replace(draft, deadline=nearest[0]))


async def text_back(_update: Update, context: Context) -> StepResult:
    """Go back to the language before, or to the audience."""
    locale = context.position.data.get(LOCALE, DEFAULT_LOCALE)
    before = LOCALES[: LOCALES.index(locale)] if locale in LOCALES else ()
    if before:
        return ask(context, writing_in(context, before[-1]))
    return ask(context, Position(Staff.audience, draft_data(context)))


async def render_writing(view: StaffView) -> Screen:
    """Ask for the text of a language, and say which placeholders there are."""
    draft = await senders.of_view(view, view.data[DRAFT])
    if draft is None:
        return await menu.render_refused(view)
    locale = view.data.get(LOCALE, DEFAULT_LOCALE)
    limit = draft.message.limit
    asked = Text(f"broadcast-text-{locale.lower()}", {"limit": limit})
    kept = draft.message.file
    attached = (Text(f"broadcast-has-{kept.kind}"),) if kept else (Text("broadcast-may-attach"),)
    fills = tuple(
        Text(
            "broadcast-placeholder",
            {"name": Text(f"placeholder-{one}"), "about": Text(f"placeholder-{one}-about")},
        )
        for one in Placeholder
    )
    is_written = locale in draft.message.texts
    words = progress.excerpt(draft.message, locale)
    written = (Text("broadcast-written", {"words": words}),) if is_written else ()
    keep = button("broadcast-keep-text", Action.CONFIRM)
    skip = button("broadcast-drop-text", Action.SKIP) if is_written else SKIP
    more = (
        *((keep,) if is_written else ()),
        *((skip,) if locale != DEFAULT_LOCALE else ()),
        *((button("drop-file", Action.REMOVE),) if kept else ()),
        BACK,
    )
    return Screen(
        (asked, *written, *attached, (Text("broadcast-placeholders"), *fills)),
        rows(*more, across=2),
    )


FEATURE = Feature(
    staff_routes={
        Staff.writing: (
            pressed(Action.SKIP, skip_language),
            pressed(Action.CONFIRM, keep_text),
            pressed(Action.REMOVE, drop_file),
            pressed(Action.BACK, text_back),
            text(take_text),
            file(take_file, None),
        ),
    },
    desk_screens={Staff.writing: render_writing},
)
