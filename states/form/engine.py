"""Asks any form: what comes next, what came before, what an answer changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from states.form.fields import Around, Field
from states.form.pages import PAGES, Page
from states.records import Answers
from states.texts import Problem

SKIPPED = ""


def asked(answers: Answers, pages: Sequence[Page] = PAGES) -> list[Field]:
    """The fields that a person with these answers is asked, in order."""
    return [field for page in pages for field in page.fields if field.when(answers)]


def open_field(answers: Answers, pages: Sequence[Page] = PAGES) -> Field | None:
    """The first field that still wants an answer; None when the form is whole."""
    return next((field for field in asked(answers, pages) if field.key not in answers), None)


def before(answers: Answers, key: str, pages: Sequence[Page] = PAGES) -> Field | None:
    """The field that is asked before this one."""
    keys = [field.key for field in asked(answers, pages)]
    position = keys.index(key) if key in keys else 0
    return asked(answers, pages)[position - 1] if position else None


def answer(
    answers: Answers, field: Field, typed: str, around: Around, pages: Sequence[Page] = PAGES
) -> Answers | Problem:
    """The answers with this one taken, or why it cannot be; what no longer is asked goes."""
    value = field.take(typed, around)
    return value if isinstance(value, Problem) else settle({**answers, field.key: value}, pages)


def skip(answers: Answers, field: Field, pages: Sequence[Page] = PAGES) -> Answers | Problem:
    """The answers with this field left open on purpose; a required one cannot be."""
    if field.required:
        return Problem("problem-required", {"field": field.name})
    return settle({**answers, field.key: SKIPPED}, pages)


def settle(answers: Answers, pages: Sequence[Page] = PAGES) -> Answers:
    """Only the answers to what is asked: a changed answer takes what depended on it along."""
    kept = dict(answers)
    while gone := kept.keys() - {field.key for field in asked(kept, pages)}:
        kept = {key: value for key, value in kept.items() if key not in gone}
    return kept


@dataclass(frozen=True, slots=True)
class Position:
    """Where a question stands: "page 1 of 2, question 2 of 3" (both from 1)."""

    page: Page
    page_number: int
    pages: int
    number: int
    count: int


def position(answers: Answers, field: Field, pages: Sequence[Page] = PAGES) -> Position:
    """The place of a field among those that this person is asked."""
    at = next(n for n, page in enumerate(pages) if field in page.fields)
    shown = [f.key for f in pages[at].fields if f.when(answers) or f is field]
    return Position(pages[at], at + 1, len(pages), shown.index(field.key) + 1, len(shown))
