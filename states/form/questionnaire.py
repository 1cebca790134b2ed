"""The engine of questionnaires: next and previous question, effects of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from states.form.fields import SKIPPED, AnswerContext, Field
from states.records import Answers
from states.texts import Problem, Text


@dataclass(frozen=True, slots=True)
class Page:
    """Fields that belong together, asked one after the other."""

    key: str
    fields: tuple[Field, ...]

    @property
    def title(self) -> Text:
        """The title of the page."""
        return Text(f"page-{self.key}")

    @property
    def staff_title(self) -> Text:
        """The title of the page on a card and on the printed form, which others read."""
        return Text(f"card-page-{self.key}")


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """The place of a question on its page: question 2 of 3 (from 1)."""

    number: int
    count: int


class NormalizedAnswers(dict[str, str]):
    """Valid answers, the questionnaire and context of their check, and the first field left.

    A copy is of this type and knows neither of them (``dataclasses.asdict``).
    """

    normalized_by: tuple[Questionnaire, AnswerContext] | None = None
    first_unanswered: Field | None = None


@dataclass(frozen=True)
class Questionnaire:
    """Pages that are answered together: the form, or an education record."""

    pages: tuple[Page, ...]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by key, in order."""
        return {field.key: field for page in self.pages for field in page.fields}

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """The index of a field's page, by the key of the field."""
        return {field.key: n for n, page in enumerate(self.pages) for field in page.fields}

    def page(self, key: str) -> Page | None:
        """Return the page of this key."""
        return next((page for page in self.pages if page.key == key), None)

    def page_of(self, key: str) -> Page:
        """Return the page of a field.

        Raises:
            KeyError: no page has it.
        """
        return self.pages[self._numbers[key]]

    def asked_fields(self, answers: Answers, context: AnswerContext) -> list[Field]:
        """Return the fields that a person with these answers is asked, in order."""
        return [field for field in self.fields.values() if field.is_asked(answers, context)]

    def first_unanswered(self, answers: Answers, context: AnswerContext) -> Field | None:
        """Return the first field without a valid answer; None if the questionnaire is complete."""
        if self._has_normalized(answers, context):
            return answers.first_unanswered
        for field in self.fields.values():
            if field.is_asked(answers, context):
                value = answers.get(field.key)
                if value is None or not field.is_valid(value, answers, context):
                    return field
        return None

    def previous_field(self, answers: Answers, key: str, context: AnswerContext) -> Field | None:
        """Return the field that was asked before this one, leaving out answers without a choice."""
        earlier: Field | None = None
        for field in self.asked_fields(answers, context):
            if field.key == key:
                return earlier
            if field.only_value(answers, context) is None:
                earlier = field
        return None

    def answer(
        self, answers: Answers, field: Field, typed: str, context: AnswerContext
    ) -> Answers | Problem:
        """Return the normalized answers with this one, or the problem of what was typed."""
        value = field.parse(typed, answers, context)
        if isinstance(value, Problem):
            return value
        return self._change(answers, {field.key: value}, context)

    def skip(
        self, answers: Answers, field: Field, context: AnswerContext, rest: Iterable[Field] = ()
    ) -> Answers | Problem:
        """Return the normalized answers with these fields skipped; a required one cannot be."""
        if field.required:
            return Problem("problem-required", {"field": field.name})
        return self._change(answers, {one.key: SKIPPED for one in (field, *rest)}, context)

    def skip_rest(
        self, answers: Answers, field: Field, context: AnswerContext
    ) -> Answers | Problem:
        """Skip this field and the ``optional_rest`` of its page."""
        return self.skip(answers, field, context, self.optional_rest(answers, field, context))

    def optional_rest(self, answers: Answers, field: Field, context: AnswerContext) -> list[Field]:
        """Return the unanswered fields after this one on its page, if all are optional."""
        page = self.pages[self._numbers[field.key]]
        behind = page.fields[page.fields.index(field) + 1 :]
        rest = [one for one in behind if one.key not in answers and one.is_asked(answers, context)]
        return [] if any(one.required for one in rest) else rest

    def normalize(self, answers: Answers, context: AnswerContext) -> Answers:
        """Return the valid answers to the asked fields, with those that leave no choice filled in.

        An answer goes if another one, or a new exam file, made it invalid. A field depends only on
        those before it, so one pass suffices.
        """
        return self._normalize(NormalizedAnswers(), answers, self.fields.values(), context)

    def _change(self, answers: Answers, new: Answers, context: AnswerContext) -> Answers:
        """Return the normalized answers with new ones; those before the first new one stay."""
        changed = {**answers, **new}
        fields, known = [*self.fields.values()], NormalizedAnswers()
        if self._has_normalized(answers, context):
            first = next(n for n, one in enumerate(fields) if one.key in new)
            for field in fields[:first]:
                if field.key in answers:
                    known[field.key] = answers[field.key]
                elif field is answers.first_unanswered:
                    known.first_unanswered = field
            fields = fields[first:]
        return self._normalize(known, changed, fields, context)

    def _has_normalized(
        self, answers: Answers, context: AnswerContext
    ) -> TypeGuard[NormalizedAnswers]:
        return isinstance(answers, NormalizedAnswers) and answers.normalized_by == (self, context)

    def _normalize(
        self,
        normalized: NormalizedAnswers,
        answers: Answers,
        fields: Iterable[Field],
        context: AnswerContext,
    ) -> NormalizedAnswers:
        """Add the answers of these fields to normalized ones of the fields before."""
        normalized.normalized_by = self, context
        for field in fields:
            if not field.is_asked(normalized, context):
                continue
            value = answers.get(field.key)
            if value is None or not field.is_valid(value, normalized, context):
                value = field.only_value(normalized, context)
            if value is not None:
                normalized[field.key] = value
            elif normalized.first_unanswered is None:
                normalized.first_unanswered = field
        return normalized

    def progress(self, answers: Answers, field: Field, context: AnswerContext) -> QuestionProgress:
        """Return the place of a field among the fields of its page that this person is asked."""
        shown = [
            one.key
            for one in self.page_of(field.key).fields
            if one is field
            or (one.is_asked(answers, context) and one.only_value(answers, context) is None)
        ]
        return QuestionProgress(shown.index(field.key) + 1, len(shown))
