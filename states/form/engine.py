"""Asks any sheet of questions: what comes next, what came before, what an answer changes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from states.form.answer_context import AnswerContext
from states.form.fields import SKIPPED, Field
from states.records import Answers
from states.texts import Problem, Text


@dataclass(frozen=True, slots=True)
class Page:
    """Questions that belong together, asked one after the other."""

    key: str
    fields: tuple[Field, ...]

    @property
    def title(self) -> Text:
        """What the page is called."""
        return Text(f"page-{self.key}")


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """Where a question stands: "page 1 of 2, question 2 of 3" (both from 1)."""

    page: Page
    page_number: int
    pages: int
    number: int
    count: int


class NormalizedAnswers(dict[str, str]):
    """Answers that all hold, as ``judged`` by one sheet; ``open`` is the first question left."""

    __slots__ = ("context", "first_unanswered")

    context: tuple[Questionnaire, AnswerContext]
    first_unanswered: Field | None


@dataclass(frozen=True)
class Questionnaire:
    """Pages of questions that are answered together."""

    pages: tuple[Page, ...]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All questions by their keys, in order."""
        return {field.key: field for page in self.pages for field in page.fields}

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """By the key of a question, the number (from 0) of its page."""
        return {field.key: n for n, page in enumerate(self.pages) for field in page.fields}

    def page(self, key: str) -> Page | None:
        """The page of this key."""
        return next((page for page in self.pages if page.key == key), None)

    def asked_fields(self, answers: Answers, answer_context: AnswerContext) -> list[Field]:
        """The fields that a person with these answers is asked, in order."""
        return [field for field in self.fields.values() if field.is_asked(answers, answer_context)]

    def first_unanswered(self, answers: Answers, answer_context: AnswerContext) -> Field | None:
        """The first field that still wants an answer; None when the sheet is whole."""
        if isinstance(answers, NormalizedAnswers) and answers.context == (self, answer_context):
            return answers.first_unanswered
        for field in self.fields.values():
            if field.is_asked(answers, answer_context):
                value = answers.get(field.key)
                if value is None or not field.is_valid(value, answers, answer_context):
                    return field
        return None

    def previous_field(
        self, answers: Answers, key: str, answer_context: AnswerContext
    ) -> Field | None:
        """The field that is asked before this one, leaving out what answers itself."""
        earlier: Field | None = None
        for field in self.asked_fields(answers, answer_context):
            if field.key == key:
                return earlier
            if field.only_value(answers, answer_context) is None:
                earlier = field
        return None

    def answer(
        self, answers: Answers, field: Field, typed: str, answer_context: AnswerContext
    ) -> Answers | Problem:
        """The answers with this one taken, or why it cannot be; what no longer is asked goes."""
        value = field.parse(typed, answers, answer_context)
        if isinstance(value, Problem):
            return value
        return self.normalize({**answers, field.key: value}, answer_context)

    def skip(
        self, answers: Answers, field: Field, answer_context: AnswerContext
    ) -> Answers | Problem:
        """The answers with this field left open on purpose; a required one cannot be."""
        if field.required:
            return Problem("problem-required", {"field": field.name})
        return self.normalize({**answers, field.key: SKIPPED}, answer_context)

    def skip_rest(
        self, answers: Answers, field: Field, answer_context: AnswerContext
    ) -> Answers | Problem:
        """``skip``, and the same for all of the page that can be left open and has no answer."""
        left = {one.key: SKIPPED for one in self.optional_rest(answers, field, answer_context)}
        return self.skip({**answers, **left}, field, answer_context)

    def optional_rest(
        self, answers: Answers, field: Field, answer_context: AnswerContext
    ) -> list[Field]:
        """The unanswered questions behind this one on its page, if all can be left open."""
        page = self.pages[self._numbers[field.key]]
        behind = page.fields[page.fields.index(field) + 1 :]
        rest = [
            one
            for one in behind
            if one.key not in answers and one.is_asked(answers, answer_context)
        ]
        return [] if any(one.required for one in rest) else rest

    def normalize(self, answers: Answers, answer_context: AnswerContext) -> Answers:
        """Only the answers to what is asked, and those that nobody has to give.

        A changed answer takes what depended on it along, and so does a file that no longer offers
        what was chosen; a list with one thing in it is no question. A question depends on those
        before it, so each is judged once, by what was settled before it.
        """
        settled = NormalizedAnswers()
        settled.context, settled.first_unanswered = (self, answer_context), None
        for field in self.fields.values():
            if not field.is_asked(settled, answer_context):
                continue
            value = answers.get(field.key)
            if value is None or not field.is_valid(value, settled, answer_context):
                value = field.only_value(settled, answer_context)
            if value is not None:
                settled[field.key] = value
            elif settled.first_unanswered is None:
                settled.first_unanswered = field
        return settled

    def progress(
        self, answers: Answers, field: Field, answer_context: AnswerContext
    ) -> QuestionProgress:
        """The place of a field among those that this person is asked."""
        at = self._numbers[field.key]
        page = self.pages[at]
        shown = [
            one.key
            for one in page.fields
            if one is field
            or (
                one.is_asked(answers, answer_context)
                and one.only_value(answers, answer_context) is None
            )
        ]
        return QuestionProgress(
            page, at + 1, len(self.pages), shown.index(field.key) + 1, len(shown)
        )
