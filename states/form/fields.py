"""What a question is: fields as data, and how an answer given by a person becomes a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from states.form.answer_context import AnswerContext
from states.form.months import month_text, parse_month
from states.identity import normalize_text
from states.records import Answers
from states.search import find
from states.texts import Problem, Text

SKIPPED = ""
"""The value of a question that was left open on purpose."""


class FieldKind(StrEnum):
    """How a field is asked. A CHOICE is shown whole; a SEARCH leafs through its options, and finds
    what is typed; MULTI takes any of its options; a RECORD is one that the person keeps."""

    TEXT = "text"
    NUMBER = "number"
    MONTH = "month"
    CHOICE = "choice"
    SEARCH = "search"
    MULTI = "multi"
    RECORD = "record"


class Option(Protocol):
    """One of the things that can be answered; the parts of an exam are such.

    What has a ``name`` can be found by typing; what has none is called by words of ours.
    """

    @property
    def code(self) -> str:
        """What is kept."""
        ...

    @property
    def name(self) -> str:
        """Its Chinese name."""
        ...

    @property
    def name_en(self) -> str:
        """Its English name, if it has one."""
        ...

    def display_name(self, locale: str) -> Text | str:
        """What it is called, for a reader of this language."""
        ...


@dataclass(frozen=True, slots=True)
class LocalizedOption:
    """An option that is called by words of ours."""

    code: str
    text: Text
    name: str = ""
    name_en: str = ""

    def display_name(self, _locale: str) -> Text:
        """The words; whoever says them knows the language."""
        return self.text


Options = Callable[[Answers, AnswerContext], Sequence[Option]]


def localized_options(key: str, *codes: str) -> Options:
    """Options whose names are the words ``choice-KEY-CODE``, the same for everybody."""
    made = tuple(
        LocalizedOption(code, Text(f"choice-{key.replace('_', '-')}-{code}")) for code in codes
    )
    return lambda _answers, _answer_context: made


def always(_answers: Answers) -> bool:
    """The condition of a field that everybody is asked."""
    return True


def no_options(_answers: Answers, _answer_context: AnswerContext) -> Sequence[Option]:
    """The options of a field that has none."""
    return ()


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    Its words are found by its key: ``field-KEY`` (name), ``field-KEY-ask`` (question with an
    example) and ``field-KEY-why``, where ``_`` is a dash. ``when`` says from the answers so far
    whether it is asked at all; a question with options is asked only where there are some.
    ``lasting`` answers are still true in another year. ``least`` and ``most`` bound a text's length
    in characters, or a number; ``check`` is a rule of its own for what was typed, and ``read``
    turns a value into what people read.
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
    to_display: Callable[[str], str] = str

    @property
    def slug(self) -> str:
        """The key as it stands in the names of words."""
        return self.key.replace("_", "-")

    @property
    def name(self) -> Text:
        """What the field is called."""
        return Text(f"field-{self.slug}")

    @property
    def format(self) -> Text:
        """How an answer has to be written, spelled out for who failed twice."""
        if self.check is not None:
            return Text(f"format-{self.slug}")
        return Text(f"format-{self.kind}", {"least": self.minimum, "most": self.maximum})

    def option(self, value: str, answers: Answers, answer_context: AnswerContext) -> Option | None:
        """The option of this code."""
        return next(
            (one for one in self.options(answers, answer_context) if one.code == value), None
        )

    def find(self, typed: str, answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
        """The options that somebody may mean who typed this."""
        return find(typed, [one for one in self.options(answers, answer_context) if one.name])

    def is_asked(self, answers: Answers, answer_context: AnswerContext) -> bool:
        """Whether a person with these answers is asked this at all."""
        if not self.when(answers):
            return False
        return self.kind not in _OFFERED or bool(self.options(answers, answer_context))

    def parse(self, typed: str, answers: Answers, answer_context: AnswerContext) -> str | Problem:
        """The value of a typed or chosen answer, or why it cannot be one."""
        if self.check is not None:
            return self.check(typed)
        return _TAKERS[self.kind](self, typed, answers, answer_context)

    def is_valid(self, value: str, answers: Answers, answer_context: AnswerContext) -> bool:
        """Whether a kept value still is an answer: options change with other answers and files."""
        if value == SKIPPED:
            return not self.required
        if self.kind in _CHOSEN:
            return not isinstance(self.parse(value, answers, answer_context), Problem)
        return True

    def only_value(self, answers: Answers, answer_context: AnswerContext) -> str | None:
        """The value that needs no asking, since nothing else could be answered."""
        if not self.required or self.kind not in (FieldKind.CHOICE, FieldKind.SEARCH):
            return None
        options = self.options(answers, answer_context)
        return options[0].code if len(options) == 1 else None

    def display_value(
        self, value: str, answers: Answers, answer_context: AnswerContext, locale: str
    ) -> Text | str:
        """A value as people read it."""
        if value == SKIPPED:
            return Text("value-skipped")
        if self.kind is FieldKind.MULTI:
            called = {
                one.code: one.display_name(locale) for one in self.options(answers, answer_context)
            }
            return joined([called.get(code, code) for code in value.split()])
        option = self.option(value, answers, answer_context) if self.kind in _CHOSEN else None
        return option.display_name(locale) if option else self.to_display(value)


_CHOSEN = frozenset({FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI, FieldKind.RECORD})
_OFFERED = frozenset({FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI})
"""What is not asked where there is nothing to choose from; a record can still be written."""


def joined(items: Sequence[Text | str]) -> Text | str:
    """Several things in a row, at least one, with the language's own sign between them."""
    said, *rest = items
    for item in rest:
        said = Text("list-two", {"first": said, "second": item})
    return said


def _take_text(
    field: Field, typed: str, _answers: Answers, _answer_context: AnswerContext
) -> str | Problem:
    value = normalize_text(typed)
    if len(value) < field.minimum:
        return Problem("problem-text-short", {"limit": field.minimum, "field": field.name})
    if len(value) > field.maximum:
        return Problem(
            "problem-text-long", {"limit": field.maximum, "count": len(value), "field": field.name}
        )
    return value


_NUMBER = re.compile(r"(\d{1,4})\s*(?:年|岁|years?)?")
_CHINESE_NUMBER = re.compile("([一二两三四五六七八九])?(十)?([一二三四五六七八九])?(?:年|岁)?")
_NUMERALS = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}


def parse_number(typed: str) -> int | None:
    """A whole number, in digits or up to 99 in Chinese numerals, with or without 年.

    >>> parse_number("１２年"), parse_number("十五"), parse_number("二十年")
    (12, 15, 20)
    """
    text = normalize_text(typed).casefold()
    if digits := _NUMBER.fullmatch(text):
        return int(digits[1])
    if text in ("零", "〇", "零年"):
        return 0
    written = _CHINESE_NUMBER.fullmatch(text)
    if written is None or not any(written.groups()):
        return None
    tens, ten, ones = written.groups()
    if not ten:
        return _NUMERALS[tens or ones] if not (tens and ones) else None
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def _take_number(
    field: Field, typed: str, _answers: Answers, _answer_context: AnswerContext
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


def _take_month(
    field: Field, typed: str, _answers: Answers, answer_context: AnswerContext
) -> str | Problem:
    parsed = parse_month(typed, answer_context.today)
    if parsed is None:
        return Problem("problem-month-format", {"field": field.name})
    first = date(*parsed, 1)
    if first > answer_context.today:
        return Problem("problem-month-future", {"field": field.name, "typed": month_text(first)})
    if answer_context.born is not None and first <= answer_context.born:
        return Problem("problem-month-unborn", {"field": field.name, "typed": month_text(first)})
    return month_text(first)


def _take_option(
    field: Field, typed: str, answers: Answers, answer_context: AnswerContext
) -> str | Problem:
    # What a person types is matched against labels, and looked for, before it comes here.
    known = field.option(typed, answers, answer_context)
    return known.code if known else Problem("problem-choice", {"field": field.name})


def _take_several(
    field: Field, typed: str, answers: Answers, answer_context: AnswerContext
) -> str | Problem:
    wanted = set(typed.split())
    codes = [option.code for option in field.options(answers, answer_context)]
    chosen = [code for code in codes if code in wanted]
    if not chosen or len(chosen) != len(wanted):
        return Problem("problem-several", {"field": field.name})
    return " ".join(chosen)


_TAKERS: Mapping[FieldKind, Callable[[Field, str, Answers, AnswerContext], str | Problem]] = {
    FieldKind.TEXT: _take_text,
    FieldKind.NUMBER: _take_number,
    FieldKind.MONTH: _take_month,
    FieldKind.CHOICE: _take_option,
    FieldKind.SEARCH: _take_option,
    FieldKind.MULTI: _take_several,
    FieldKind.RECORD: _take_option,
}
