"""The items of an application that can be refused, and the lines of a refusal."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.rendering import Paragraph, View
from states.form.pages import FORM
from states.records import Fault, Part, Refusal
from states.staff.refusals import RefusalDraft
from states.texts import Text


def names(view: View) -> Mapping[str, Text | str]:
    """Return the name of everything that can be refused by itself, by ``part:code``."""
    answers, answer_context = view.application.answers, view.answer_context
    fields = {
        f"{Part.FIELD}:{one.key}": one.name for one in FORM.asked_fields(answers, answer_context)
    }
    papers = {
        f"{Part.MATERIAL}:{one.code}": one.display_name(view.locale) for one in view.materials
    }
    return {**fields, **papers, f"{Part.PHOTO}:": Text("item-photo")}


def fault_line(view: View, fault: Fault) -> Text:
    """Return an item and its reason in a line."""
    field = FORM.fields.get(fault.code) if fault.part is Part.FIELD else None
    once = field.name if field else fault.code
    called = names(view).get(f"{fault.part}:{fault.code}", once)
    args = {"item": called, "words": fault.words}
    if not fault.reason:
        return Text("flaw-words", args)
    args["reason"] = Text(f"reason-{fault.reason}")
    return Text("flaw-both" if fault.words else "flaw-reason", args)


def draft_lines(view: View, draft: RefusalDraft) -> tuple[Paragraph, ...]:
    """Return the refused items as one paragraph, and the words about the whole."""
    lines = tuple(fault_line(view, fault) for fault in draft.faults)
    words = words_lines(draft.words)
    return (*((lines,) if lines else ()), *words)


def refusal_lines(view: View, refusal: Refusal | None) -> tuple[Text, ...]:
    """Return the refused items with their reasons, and the words about the whole."""
    if refusal is None:
        return ()
    return (*(fault_line(view, fault) for fault in refusal.faults), *words_lines(refusal.words))


def words_lines(words: str) -> tuple[Text, ...]:
    """Return the line of words about the whole, if there are any."""
    return (Text("refusing-words", {"words": words}),) if words else ()
