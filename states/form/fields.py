"""The fields of a questionnaire as data, and the parsing of typed answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from states.characters import is_symbol, normalize_text
from states.exam import Area, Exam
from states.exam.rules import years_between
from states.form.numbers import month_text, parse_month, parse_number
from states.identity import visible_name
from states.list_search import Searchable
from states.records import Answers, Records
from states.texts import Problem, Text
from states.values import dataclass

SKIPPED = ""
"""Value of an optional field that the person skipped."""


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The exam, the day in its time zone, and the person's data besides the answers.

    The validity of an answer and its options depend on them.
    """

    exam: Exam
    today: date
    area: Area | None = None
    born: date | None = None
    education: tuple[Answers, ...] = ()

    @property
    def counts_to(self) -> date:
        """The day that full years count to: that of the exam's conditions; without them, today."""
        return self.exam.eligibility.reference if self.exam.eligibility else self.today

    @classmethod
    def of(cls, records: Records, exam: Exam, now: datetime) -> AnswerContext:
        """Return the context of this person's answers at ``now``."""
        person, application = records.person, records.application
        born = person.identity.born if person else ""
        return cls(
            exam,
            exam.today(now),
            exam.area(application.area) if application else None,
            date.fromisoformat(born) if born else None,
            person.education if person else (),
        )


class FieldKind(StrEnum):
    """The kinds of fields: CHOICE shows all options, SEARCH pages through them and searches.

    MULTI takes several options; RECORD refers to an education record.
    """

    TEXT = "text"
    NUMBER = "number"
    MONTH = "month"
    CHOICE = "choice"
    SEARCH = "search"
    MULTI = "multi"
    RECORD = "record"


class Option(Searchable, Protocol):
    """One option of a field, such as a part of an exam.

    Options with a ``name`` can be searched; the others have a text of the bot.
    """

    def display_name(self, locale: str) -> Text | str:
        """Return the name in this language."""
        ...


@dataclass(frozen=True, slots=True)
class LocalizedOption:
    """An option whose name is a text of the bot."""

    code: str
    text: Text
    name: str = ""
    name_en: str = ""

    def display_name(self, _locale: str) -> Text:
        """Return the text, which is translated when it is rendered."""
        return self.text


Options = Callable[[Answers, AnswerContext], Sequence[Option]]


def localized_options(key: str, *codes: str) -> Options:
    """Return fixed options whose names are the texts ``choice-KEY-CODE``."""
    made = tuple(
        LocalizedOption(code, Text(f"choice-{key.replace('_', '-')}-{code}")) for code in codes
    )
    return lambda _answers, _context: made


def named(chinese: str, english: str) -> Text:
    """Return a name of an exam's file as a text, in the language of whoever reads it."""
    return Text("named", {"zh": chinese, "en": english or chinese})


def own_name(option: Option, _context: AnswerContext, locale: str) -> Text | str:
    """Return the option's own name in this language."""
    return option.display_name(locale)


def always(_answers: Answers) -> bool:
    """Return True: the field is asked of everybody."""
    return True


def no_options(_answers: Answers, _context: AnswerContext) -> Sequence[Option]:
    """Return no options."""
    return ()


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    Its texts are ``field-KEY`` (name), ``field-KEY-ask`` (question with an example) and
    ``field-KEY-why``, with a dash for each ``_``. ``when`` decides from the earlier answers whether
    it is asked. ``lasting`` answers stay valid in other years. ``minimum`` and ``maximum`` bound a
    number, or a text's length in characters. ``check`` replaces the parser of the kind, ``tidy``
    normalizes a text, and ``to_display`` makes a value readable.

    ``describe`` names an option so that it cannot be confused with one of another list.
    ``unlisted`` is the key of the text field for what the list lacks. ``since`` is the key of the
    month that a number of years counts from: where it is known, the years are offered. A text
    ``has_digits`` where one without any hardly answers: the number of a certificate.
    """

    key: str
    kind: FieldKind
    required: bool = True
    when: Callable[[Answers], bool] = always
    options: Options = no_options
    lasting: bool = True
    minimum: int = 2
    maximum: int = 60
    check: Callable[[str], str | Problem] | None = None
    tidy: Callable[[str], str] = normalize_text
    to_display: Callable[[str], str] = str
    describe: Callable[[Option, AnswerContext, str], Text | str] = own_name
    unlisted: str = ""
    since: str = ""
    has_digits: bool = False

    @property
    def slug(self) -> str:
        """The key as part of Fluent keys."""
        return self.key.replace("_", "-")

    @property
    def name(self) -> Text:
        """The name of the field."""
        return Text(f"field-{self.slug}")

    @property
    def format(self) -> Text:
        """The format of an answer in detail, shown after two invalid ones."""
        if self.check is not None:
            return Text(f"format-{self.slug}")
        return Text(f"format-{self.kind}", {"least": self.minimum, "most": self.maximum})

    def option(self, value: str, answers: Answers, context: AnswerContext) -> Option | None:
        """Return the option of this code."""
        return next((one for one in self.options(answers, context) if one.code == value), None)

    def is_asked(self, answers: Answers, context: AnswerContext) -> bool:
        """Return whether a person with these answers is asked this field."""
        if not self.when(answers):
            return False
        return self.kind not in _NEEDS_OPTIONS or bool(self.options(answers, context))

    def parse(self, typed: str, answers: Answers, context: AnswerContext) -> str | Problem:
        """Return the value of a typed or chosen answer, or its problem."""
        if self.check is not None:
            return self.check(typed)
        return _PARSERS[self.kind](self, typed, answers, context)

    def is_valid(self, value: str, answers: Answers, context: AnswerContext) -> bool:
        """Return whether a stored value is still valid: its options may have changed."""
        if value == SKIPPED:
            return not self.required
        if self.kind in HAS_OPTIONS:
            return not isinstance(self.parse(value, answers, context), Problem)
        return True

    def only_value(self, answers: Answers, context: AnswerContext) -> str | None:
        """Return the value of the only option of a required field; None if there is a choice."""
        if not self.required or self.kind not in (FieldKind.CHOICE, FieldKind.SEARCH):
            return None
        options = self.options(answers, context)
        return options[0].code if len(options) == 1 else None

    def display_value(
        self, value: str, answers: Answers, context: AnswerContext, locale: str
    ) -> Text | str:
        """Return a value for people to read."""
        if value == SKIPPED:
            return Text("value-skipped")
        if self.kind is FieldKind.MULTI:
            names = {one.code: one.display_name(locale) for one in self.options(answers, context)}
            return joined([names.get(code, code) for code in value.split()])
        if self.kind is FieldKind.NUMBER:  # each number of the form counts years
            return Text("value-years", {"years": int(value)})
        option = self.option(value, answers, context) if self.kind in HAS_OPTIONS else None
        return option.display_name(locale) if option else self.to_display(value)

    def counted_years(self, answers: Answers, context: AnswerContext) -> int | None:
        """Return the full years since the answered month; None where it is not known."""
        month = answers.get(self.since) if self.since else None
        if not month:
            return None
        return max(self.minimum, min(years_between(month, context.counts_to), self.maximum))

    def said_back(
        self, value: str, answers: Answers, context: AnswerContext, locale: str
    ) -> Text | str:
        """Return a value as it is said back: an option as ``describe`` names it."""
        option = self.option(value, answers, context) if self.kind in HAS_OPTIONS else None
        if option is not None:
            return self.describe(option, context, locale)
        return self.display_value(value, answers, context, locale)


HAS_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI, FieldKind.RECORD})
_NEEDS_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI})
"""Kinds that are not asked without options; a record can still be added."""


def joined(items: Sequence[Text | str]) -> Text | str:
    """Return at least one item, joined by the separator of the language."""
    text, *rest = items
    for item in rest:
        text = Text("list-two", {"first": text, "second": item})
    return text


def _parse_text(
    field: Field, typed: str, _answers: Answers, _context: AnswerContext
) -> str | Problem:
    value = field.tidy(typed)
    if len(value) < field.minimum:
        return Problem("problem-text-short", {"limit": field.minimum, "field": field.name})
    if len(value) > field.maximum:
        return Problem(
            "problem-text-long", {"limit": field.maximum, "count": len(value), "field": field.name}
        )
    if symbol := next(filter(is_symbol, value), None):
        return Problem(
            "problem-text-character", {"char": visible_name(symbol), "field": field.name}
        )
    return value


def _parse_number(
    field: Field, typed: str, _answers: Answers, _context: AnswerContext
) -> str | Problem:
    number = parse_number(typed)
    limits: dict[str, int | Text] = {
        "least": field.minimum,
        "most": field.maximum,
        "field": field.name,
    }
    if number is None:
        return Problem("problem-number-format", limits)
    if not field.minimum <= number <= field.maximum:
        return Problem("problem-number-range", {**limits, "typed": number})
    return str(number)


def _parse_month(
    field: Field, typed: str, _answers: Answers, context: AnswerContext
) -> str | Problem:
    parsed = parse_month(typed, context.today)
    if parsed is None:
        return Problem("problem-month-format", {"field": field.name})
    first = date(*parsed, 1)
    if first > context.today:
        return Problem("problem-month-future", {"field": field.name, "typed": month_text(first)})
    if context.born is not None and first <= context.born:
        return Problem("problem-month-unborn", {"field": field.name, "typed": month_text(first)})
    return month_text(first)


def _parse_option(
    field: Field, typed: str, answers: Answers, context: AnswerContext
) -> str | Problem:
    # The caller has already matched typed text to an option's code.
    known = field.option(typed, answers, context)
    return known.code if known else Problem("problem-choice", {"field": field.name})


def _parse_multi(
    field: Field, typed: str, answers: Answers, context: AnswerContext
) -> str | Problem:
    wanted = set(typed.split())
    codes = [option.code for option in field.options(answers, context)]
    chosen = [code for code in codes if code in wanted]
    if not chosen or len(chosen) != len(wanted):
        return Problem("problem-several", {"field": field.name})
    return " ".join(chosen)


_PARSERS: Mapping[FieldKind, Callable[[Field, str, Answers, AnswerContext], str | Problem]] = {
    FieldKind.TEXT: _parse_text,
    FieldKind.NUMBER: _parse_number,
    FieldKind.MONTH: _parse_month,
    FieldKind.CHOICE: _parse_option,
    FieldKind.SEARCH: _parse_option,
    FieldKind.MULTI: _parse_multi,
    FieldKind.RECORD: _parse_option,
}
