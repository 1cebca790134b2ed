"""The printed form (报名表, guide, part 2, note 7): what stands on it.

It is made of the submitted content alone, so the same submission always prints the same. Pages,
questions and their order are the form's own. ``bot/documents/typesetting.py`` sets it as a PDF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, TypeAlias

from handlers import place_lines
from states.exam import Area, Confirmation, Exam, last_minute
from states.form.education import RECORD
from states.form.fields import SKIPPED, AnswerContext, Field, FieldKind
from states.form.pages import (
    FORM,
    PERSON,
    PLACE,
)
from states.form.papers_to_bring import to_bring
from states.form.questionnaire import Page, Questionnaire
from states.identity import IdType
from states.process.time_rules import TimeSpan
from states.records import Answers
from states.submissions.content import SubmittedContent
from states.texts import Text

Localize = Callable[[Text | str], str]
Pair: TypeAlias = "tuple[str, str]"
"""A label and its value."""
Row: TypeAlias = "tuple[Pair, ...]"
"""One pair across the page, or two beside each other."""

_HALF_LINE: Final = 28
"""Columns of a value that fits in half of the page; a Chinese character takes two."""
_SKIPPED: Final = "—"
"""Printed for a skipped question: nobody can write an answer there later."""


@dataclass(frozen=True, slots=True)
class PrintStamp:
    """The submission that is printed; a draft has only the moment of its print.

    ``code`` is the verification code, ``link`` the address in the QR code.
    """

    at: datetime
    number: int = 0
    code: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the form."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FixedWords:
    """The words that stand on every form; their texts are ``print-KEY``."""

    heading: str
    code: str
    void: str
    photo: str
    no_photo: str
    qr: str
    no_qr: str
    draft: str
    signature: str
    pledge: str
    signed_by: str
    employer: str
    true_copy: str
    seal: str
    responsible: str
    day: str
    bring: str


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """All that is printed, as plain values, so that another process can set it.

    ``state`` says which submission it is. A draft has no ``stamp.link``.
    """

    locale: str
    stamp: PrintStamp
    exam: str
    name: str
    state: str
    words: FixedWords
    sections: tuple[Section, ...]
    visit: Section
    bring: tuple[str, ...]

    @property
    def is_draft(self) -> bool:
        """Whether the content is not submitted."""
        return not self.stamp.link

    def data(self) -> Iterator[str]:
        """Yield the texts that come from people or from the exam file."""
        yield from (self.exam, self.name)
        for section in (*self.sections, self.visit):
            for row in section.rows:
                yield from (value for _label, value in row)


def printed_form(
    content: SubmittedContent,
    exam: Exam,
    confirming: TimeSpan,
    stamp: PrintStamp,
    localize: Localize,
    locale: str,
) -> PrintedForm:
    """Return the form of a submission or, without a link in its stamp, of a draft.

    Args:
        confirming: when the application can be confirmed.
        localize: formats a text as plain text in ``locale``.

    Raises:
        LookupError: the exam has no such area, or a label is missing.
    """
    area = exam.area(content.area)
    if area is None:
        raise LookupError(f"no area {content.area!r}")
    writer = _Writer(content, exam, area, stamp, localize, locale)
    return PrintedForm(
        locale,
        stamp,
        exam.display_name(locale),
        content.identity.name,
        writer.state(),
        writer.words(),
        tuple(writer.sections()),
        writer.visit(confirming),
        tuple(writer.bring()),
    )


class _Writer:
    """Makes the labels and values of one form in one language."""

    def __init__(
        self,
        content: SubmittedContent,
        exam: Exam,
        area: Area,
        stamp: PrintStamp,
        localize: Localize,
        locale: str,
    ) -> None:
        born = content.identity.born
        self._content = content
        self._area = area
        self._stamp = stamp
        self._localize = localize
        self._locale = locale
        self._exam = exam
        self._context = AnswerContext(
            exam, exam.today(stamp.at), area, date.fromisoformat(born) if born else None
        )

    def state(self) -> str:
        """Return which submission it is, or that it is a draft."""
        at, number = self._stamp.at, self._stamp.number
        if not self._stamp.link:
            return self._localize(Text("print-state-draft", {"at": at}))
        key = "print-state-first" if number == 1 else "print-state-again"
        return self._localize(Text(key, {"at": at, "number": number, "earlier": number - 1}))

    def words(self) -> FixedWords:
        """Return the words that stand on every form."""
        keys = (field.name.replace("_", "-") for field in fields(FixedWords))
        return FixedWords(*(self._localize(Text(f"print-{key}")) for key in keys))

    def sections(self) -> Iterator[Section]:
        """Yield the pages of the form, and the materials if there are any."""
        for page in FORM.pages:
            yield Section(self._localize(page.staff_title), _rows(self._page(page)))
        if self._content.materials:
            yield Section(self._localize(Text("print-materials")), _rows(self._materials()))

    def _page(self, page: Page) -> Iterator[Pair]:
        if page is PLACE:
            yield self._localize(Text("item-area")), self._area.display_name(self._locale)
        if page is PERSON:
            yield from self._identity()
        answers = self._content.answers
        for field in FORM.asked_fields(answers, self._context):
            if field not in page.fields:
                continue
            if field.kind is FieldKind.RECORD and self._content.record:
                yield from self._answers(RECORD, self._content.record)
            else:
                yield self._answer(field, answers)

    def _identity(self) -> Iterator[Pair]:
        """Yield the items that the guide locks (part 3, note 1)."""
        identity = self._content.identity
        id_type = IdType(identity.id_type) if identity.id_type else None
        values: dict[str, Text | str] = {
            "name": identity.name,
            "sex": Text(f"sex-{identity.sex}") if identity.sex else "",
            "id-type": id_type.label if id_type else "",
            "id-number": identity.id_number,
            "born": identity.born,
            "nationality": id_type.nationality if id_type else "",
        }
        for name, value in values.items():
            yield self._localize(Text(f"item-{name}")), self._localize(value)

    def _answers(self, questionnaire: Questionnaire, answers: Answers) -> Iterator[Pair]:
        for field in questionnaire.asked_fields(answers, self._context):
            yield self._answer(field, answers)

    def _answer(self, field: Field, answers: Answers) -> Pair:
        """Return a question and its answer; an open one is blank."""
        value = answers.get(field.key)
        shown: Text | str = ""
        if value == SKIPPED:
            shown = _SKIPPED
        elif value is not None:
            shown = field.display_value(value, answers, self._context, self._locale)
        return self._localize(field.name), self._localize(shown)

    def _materials(self) -> Iterator[Pair]:
        names = {one.code: one.display_name(self._locale) for one in self._area.materials}
        for code, files in self._content.materials.items():
            count = Text("print-files", {"count": len(files)})
            yield names.get(code, code), self._localize(count)

    def visit(self, confirming: TimeSpan) -> Section:
        """Return how, when and where the application is confirmed."""
        answers = self._content.answers
        site = self._area.site(answers.get("site", ""))
        where = (site and site.point(answers.get("point", ""))) or site or self._area
        days = {
            "opens": self._exam.today(confirming.opens),
            "closes": self._exam.today(last_minute(confirming.closes)),
        }
        values: dict[str, Text | str] = {
            "when": Text("print-days", days),
            "where": where.display_name(self._locale),
            "contact": place_lines.contact(where, self._locale),
            "address": "" if isinstance(where, Area) else where.address,
        }
        pairs = [
            (self._localize(Text(f"print-{name}")), self._localize(value))
            for name, value in values.items()
            if value
        ]
        title = Text(f"print-confirm-{self._area.confirmation}")
        return Section(self._localize(title), _rows(pairs))

    def bring(self) -> Iterator[str]:
        """Yield what to bring; nothing where the area confirms online."""
        if self._area.confirmation is Confirmation.ON_SITE:
            for key in to_bring(self._content.answers):
                yield self._localize(Text(f"print-bring-{key}"))


def _rows(pairs: Iterable[Pair]) -> tuple[Row, ...]:
    """Return the pairs in order, two a row where both values are short."""
    rows: list[Row] = []
    open_row = False
    for pair in pairs:
        is_short = _columns(pair[1]) <= _HALF_LINE
        if open_row and is_short:
            rows[-1] = (*rows[-1], pair)
            open_row = False
        else:
            rows.append((pair,))
            open_row = is_short
    return tuple(rows)


def _columns(text: str) -> int:
    """Return the width of a text in columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
