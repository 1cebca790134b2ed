"""Any questionnaire: the next and the previous question, and the effects of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.form.fields import (
    SKIPPED,
    AnswerContext,
    Field,
    FieldKind,
    LocalizedOption,
    Option,
    localized_options,
)
from states.form.questionnaire import NormalizedAnswers, Page, Questionnaire, QuestionProgress
from states.records import Answers
from states.texts import Problem, Text
from tests.states.people import make_context

CONTEXT = make_context()
FEWER = settings(max_examples=50)
"""Each example is a whole questionnaire, and a dozen properties use them."""


def taken(answers: Answers | Problem) -> Answers:
    assert not isinstance(answers, Problem), answers
    return answers


# --- questionnaires of all shapes ----------------------------------------------------------------

CODES = ("yes", "no")
MOST_FIELDS = 9


def when(place: int, other: int, code: str) -> Callable[[Answers], bool]:
    """Whether the earlier question was answered so; of no earlier one: always."""
    return lambda answers: other >= place or answers.get(f"q{other}") == code


def lists(
    place: int, other: int, code: str
) -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """Both codes; only this one if an earlier question was answered so; none if it was left out."""

    def options(answers: Answers, _context: AnswerContext) -> Sequence[Option]:
        both = [LocalizedOption(one, Text("x"), one) for one in CODES]
        if other >= place or f"q{other}" not in answers:
            return both
        return [one for one in both if (one.code == code) or answers[f"q{other}"] != code]

    return options


Condition = tuple[int, str]


def linked(links: Sequence[tuple[FieldKind, bool, Condition, Condition]]) -> Questionnaire:
    """Up to nine questions, two a page, each of them leaning on an earlier one or on none."""
    fields = [
        Field(
            f"q{place}",
            kind,
            required=required,
            when=when(place, *asked),
            options=lists(place, *leans),
        )
        for place, (kind, required, asked, leans) in enumerate(links)
    ]
    pages = [tuple(fields[at : at + 2]) for at in range(0, len(fields), 2)]
    return Questionnaire(tuple(Page(f"p{at}", page) for at, page in enumerate(pages)))


KINDS = [FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI]
CONDITIONS = [(other, code) for other in range(MOST_FIELDS) for code in CODES]
LINKS = st.tuples(
    st.sampled_from(KINDS),
    st.booleans(),
    st.sampled_from(CONDITIONS),
    st.sampled_from(CONDITIONS),
)
QUESTIONNAIRES = st.lists(LINKS, min_size=1, max_size=MOST_FIELDS).map(linked)


WILD: st.SearchStrategy[dict[str, str]] = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(MOST_FIELDS + 2)]),
    st.sampled_from(["yes", "no", "yes no", "no yes", "maybe", "", " "]),
)


def keys(fields: Sequence[Field]) -> list[str]:
    return [field.key for field in fields]


@pytest.mark.row("B17")
@FEWER
@given(QUESTIONNAIRES, WILD)
def test_normalizing_leaves_answers_to_what_is_asked_and_changes_nothing_twice(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    normalized = questionnaire.normalize(answers, CONTEXT)
    assert questionnaire.normalize(normalized, CONTEXT) == normalized
    assert normalized.keys() <= set(keys(questionnaire.asked_fields(normalized, CONTEXT)))
    for key, value in normalized.items():
        field = questionnaire.fields[key]
        assert field.is_valid(value, normalized, CONTEXT)
        assert value == answers.get(key) or value == field.only_value(normalized, CONTEXT)


@pytest.mark.row("B17")
@FEWER
@given(QUESTIONNAIRES, WILD, st.sampled_from(["yes", "no", "yes no", "maybe"]))
def test_a_change_of_normalized_answers_is_one_of_any_others(
    questionnaire: Questionnaire, wild: dict[str, str], typed: str
) -> None:
    """The fields before the changed one are taken as they are; the result is the same."""
    known = questionnaire.normalize(wild, CONTEXT)
    plain, later = dict(known), replace(CONTEXT, today=CONTEXT.today + timedelta(days=1))
    for field in questionnaire.fields.values():
        for context in (CONTEXT, later):
            for change in (
                partial(questionnaire.answer, typed=typed),
                questionnaire.skip,
                questionnaire.skip_rest,
            ):
                quick = change(known, field=field, context=context)
                whole = change(plain, field=field, context=context)
                assert quick == whole
                if isinstance(quick, NormalizedAnswers) and isinstance(whole, NormalizedAnswers):
                    assert [*quick] == [*whole]
                    assert quick.first_unanswered is whole.first_unanswered
                    assert quick.normalized_by == whole.normalized_by


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_a_copy_of_normalized_answers_is_read_as_any_others(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    """``dataclasses.asdict`` copies answers by their type."""
    known = questionnaire.normalize(wild, CONTEXT)
    assert isinstance(known, NormalizedAnswers)
    copy = NormalizedAnswers(known.items())
    assert questionnaire.first_unanswered(copy, CONTEXT) is known.first_unanswered
    assert questionnaire.normalize(copy, CONTEXT) == known


@pytest.mark.row("B17")
@FEWER
@given(QUESTIONNAIRES, WILD)
def test_an_answer_that_still_holds_is_never_lost(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    normalized = questionnaire.normalize(answers, CONTEXT)
    for field in questionnaire.asked_fields(normalized, CONTEXT):
        value = answers.get(field.key)
        if value is not None and field.is_valid(value, normalized, CONTEXT):
            assert normalized[field.key] == value


@pytest.mark.row("B17")
@FEWER
@given(QUESTIONNAIRES, WILD, st.data())
def test_no_answer_ever_leaves_one_to_a_hidden_question(
    questionnaire: Questionnaire, answers: dict[str, str], data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(list(questionnaire.fields.values())))
    for after in (
        questionnaire.answer(answers, field, data.draw(st.sampled_from(CODES)), CONTEXT),
        questionnaire.skip(answers, field, CONTEXT),
        questionnaire.skip_rest(answers, field, CONTEXT),
    ):
        if not isinstance(after, Problem):
            assert after.keys() <= set(keys(questionnaire.asked_fields(after, CONTEXT)))


@pytest.mark.row("B17")
@FEWER
@given(QUESTIONNAIRES, WILD, st.data())
def test_the_questionnaire_can_be_completed_from_anywhere(
    questionnaire: Questionnaire, wild: dict[str, str], data: st.DataObject
) -> None:
    answers = questionnaire.normalize(wild, CONTEXT)
    steps = 0
    while (field := questionnaire.first_unanswered(answers, CONTEXT)) is not None:
        offered = [one.code for one in field.options(answers, CONTEXT)]
        code = data.draw(st.sampled_from(offered if field.required else [*offered, None]))
        answers = taken(
            questionnaire.skip(answers, field, CONTEXT)
            if code is None
            else questionnaire.answer(answers, field, code, CONTEXT)
        )
        steps += 1
        assert steps <= MOST_FIELDS, "a question comes back"
    assert answers.keys() == set(keys(questionnaire.asked_fields(answers, CONTEXT)))


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_what_answers_itself_is_never_the_next_question(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, CONTEXT)
    unanswered = questionnaire.first_unanswered(answers, CONTEXT)
    assert unanswered is None or unanswered.only_value(answers, CONTEXT) is None


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_back_walks_over_every_question_that_is_one_to_the_first(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, CONTEXT)
    asked = [
        one
        for one in questionnaire.asked_fields(answers, CONTEXT)
        if one.only_value(answers, CONTEXT) is None
    ]
    if not asked:
        return
    way: list[Field | None] = [asked[-1]]
    while (here := way[-1]) is not None:
        way.append(questionnaire.previous_field(answers, here.key, CONTEXT))
    assert way[-2::-1] == asked


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_nothing_comes_before_what_is_not_asked(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, CONTEXT)
    hidden = questionnaire.fields.keys() - set(keys(questionnaire.asked_fields(answers, CONTEXT)))
    for key in (*hidden, "no such field"):
        assert questionnaire.previous_field(answers, key, CONTEXT) is None


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_the_positions_count_through_each_page(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, CONTEXT)
    asked = [
        one
        for one in questionnaire.asked_fields(answers, CONTEXT)
        if one.only_value(answers, CONTEXT) is None
    ]
    for page in questionnaire.pages:
        shown = [field for field in asked if field in page.fields]
        for place, field in enumerate(shown, start=1):
            at = questionnaire.progress(answers, field, CONTEXT)
            assert at == QuestionProgress(place, len(shown))


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_a_question_that_is_hidden_or_answers_itself_has_a_place_too(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    for page in questionnaire.pages:
        for field in page.fields:
            at = questionnaire.progress(answers, field, CONTEXT)
            assert 1 <= at.number <= at.count <= len(page.fields)


@FEWER
@given(QUESTIONNAIRES, WILD)
def test_looking_changes_nothing_of_what_was_given(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    before = dict(answers)
    for field in questionnaire.fields.values():
        questionnaire.answer(answers, field, "yes", CONTEXT)
        questionnaire.skip_rest(answers, field, CONTEXT)
        questionnaire.progress(answers, field, CONTEXT)
    assert answers == before


# --- leaving the rest of a page open -------------------------------------------------------------


def page(*required: bool) -> Questionnaire:
    """One page of yes-or-no questions, behind it another with one that can be left open."""
    fields = tuple(
        Field(f"q{n}", FieldKind.CHOICE, required=one, options=localized_options("x", *CODES))
        for n, one in enumerate(required)
    )
    other = Field("other", FieldKind.CHOICE, required=False, options=localized_options("x", *CODES))
    return Questionnaire((Page("one", fields), Page("two", (other,))))


@pytest.mark.parametrize(
    ("required", "answers", "at", "rest"),
    [
        ((False, False, False), {}, "q0", ["q1", "q2"]),
        ((False, False, False), {}, "q1", ["q2"]),
        ((False, False, False), {}, "q2", []),
        ((False, False, False), {"q1": "yes"}, "q0", ["q2"]),
        ((False, False, False), {"q1": ""}, "q0", ["q2"]),
        ((False, False, True), {}, "q0", []),
        ((False, False, True), {"q2": "yes"}, "q0", ["q1"]),
        ((True, False, False), {}, "q0", ["q1", "q2"]),
        ((False, True, False), {"q1": "no", "q2": "no"}, "q0", []),
    ],
)
def test_the_rest_of_a_page_can_be_left_open_unless_something_of_it_is_required(
    required: tuple[bool, ...], answers: Answers, at: str, rest: list[str]
) -> None:
    questionnaire = page(*required)
    assert keys(questionnaire.optional_rest(answers, questionnaire.fields[at], CONTEXT)) == rest


def test_what_is_not_asked_is_no_rest() -> None:
    hidden = Field("q1", FieldKind.TEXT, when=lambda answers: answers.get("q0") == "yes")
    first = Field("q0", FieldKind.CHOICE, required=False, options=localized_options("x", *CODES))
    last = Field("q2", FieldKind.TEXT, required=False)
    questionnaire = Questionnaire((Page("one", (first, hidden, last)),))
    assert keys(questionnaire.optional_rest({}, first, CONTEXT)) == ["q2"]
    assert keys(questionnaire.optional_rest({"q0": "yes"}, first, CONTEXT)) == []


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ({}, {"q0": "", "q1": "", "q2": ""}),
        ({"q1": "yes"}, {"q0": "", "q1": "yes", "q2": ""}),
        ({"q0": "yes", "other": "no"}, {"q0": "", "q1": "", "q2": "", "other": "no"}),
    ],
)
def test_leaving_the_rest_open_keeps_what_was_answered(answers: Answers, after: Answers) -> None:
    questionnaire = page(False, False, False)
    assert questionnaire.skip_rest(answers, questionnaire.fields["q0"], CONTEXT) == after


def test_the_rest_cannot_be_left_open_together_with_what_is_required() -> None:
    questionnaire = page(True, False)
    refused = Problem("problem-required", {"field": Text("field-q0")})
    assert questionnaire.skip_rest({}, questionnaire.fields["q0"], CONTEXT) == refused
    assert questionnaire.skip({}, questionnaire.fields["q0"], CONTEXT) == refused
    left = questionnaire.skip({"q0": "yes"}, questionnaire.fields["q1"], CONTEXT)
    assert left == {"q0": "yes", "q1": SKIPPED}


# --- a list of one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "required", "codes", "only"),
    [
        (FieldKind.CHOICE, True, ["a"], "a"),
        (FieldKind.SEARCH, True, ["a"], "a"),
        (FieldKind.CHOICE, True, ["a", "b"], None),
        (FieldKind.CHOICE, True, [], None),
        (FieldKind.CHOICE, False, ["a"], None),
        (FieldKind.MULTI, True, ["a"], None),
        (FieldKind.RECORD, True, ["a"], None),
        (FieldKind.TEXT, True, [], None),
    ],
)
def test_a_list_with_one_thing_in_it_is_no_question(
    kind: FieldKind, required: bool, codes: list[str], only: str | None
) -> None:
    field = Field("one", kind, required=required, options=localized_options("one", *codes))
    questionnaire = Questionnaire((Page("page", (Field("first", FieldKind.TEXT), field)),))
    assert field.only_value({}, CONTEXT) == only
    assert questionnaire.normalize({"first": "甲乙"}, CONTEXT).get("one") == only


@pytest.mark.parametrize("kind", [FieldKind.CHOICE, FieldKind.SEARCH, FieldKind.MULTI])
def test_a_list_with_nothing_in_it_is_not_asked(kind: FieldKind) -> None:
    field = Field("one", kind)
    assert not field.is_asked({}, CONTEXT)
    assert Questionnaire((Page("page", (field,)),)).normalize({"one": "a"}, CONTEXT) == {}


def test_a_record_can_be_written_so_it_is_asked_without_any() -> None:
    assert Field("one", FieldKind.RECORD).is_asked({}, CONTEXT)


# --- lists that nobody should write --------------------------------------------------------------


def alternating(code: str, of: str) -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """One thing, unless the other question has an answer; then another."""
    return lambda answers, _context: [
        LocalizedOption(f"{code}{len(answers.get(of, ''))}", Text("x"))
    ]


def wavering() -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """Each time it is asked, one thing more."""
    times = iter(range(10**6))
    return lambda _answers, _context: [LocalizedOption(str(next(times)), Text("x"))]


@pytest.mark.parametrize(
    "options",
    [
        (alternating("a", "two"), alternating("bb", "one")),
        (alternating("a", "one"), alternating("b", "two")),
        (
            lambda answers, _: [] if "two" in answers else [LocalizedOption("a", Text("x"))],
            lambda answers, _: [LocalizedOption("b", Text("x"))] if "one" in answers else [],
        ),
        (wavering(), wavering()),
    ],
    ids=["each other", "themselves", "turn about", "wavering"],
)
@pytest.mark.parametrize("answers", [{}, {"one": "a", "two": "b"}, {"two": "b0"}, {"one": ""}])
def test_normalizing_ends_whatever_the_lists_are(
    options: Sequence[Callable[[Answers, AnswerContext], Sequence[Option]]], answers: Answers
) -> None:
    one, two = (
        Field(key, FieldKind.CHOICE, options=made)
        for key, made in zip(("one", "two"), options, strict=True)
    )
    questionnaire = Questionnaire((Page("page", (one, two)),))
    assert questionnaire.normalize(answers, CONTEXT).keys() <= {"one", "two"}


def test_two_lists_that_wait_for_each_other_are_normalized_once() -> None:
    one = Field("one", FieldKind.CHOICE, options=alternating("a", "two"))
    two = Field("two", FieldKind.CHOICE, options=alternating("b", "one"))
    questionnaire = Questionnaire((Page("page", (one, two)),))
    normalized = questionnaire.normalize({}, CONTEXT)
    assert normalized == {"one": "a0", "two": "b2"}
    assert questionnaire.normalize(normalized, CONTEXT) == normalized


def test_a_thousand_questions_that_hang_on_one_another_are_normalized_at_once() -> None:
    fields = tuple(
        Field(f"q{n}", FieldKind.CHOICE, when=when(n, n - 1, "yes") if n else lambda _: True,
              options=localized_options("x", *CODES))
        for n in range(1000)
    )  # fmt: skip
    questionnaire = Questionnaire((Page("page", fields),))
    answers = dict.fromkeys(questionnaire.fields, "yes")
    assert questionnaire.normalize(answers, CONTEXT) == answers
    assert questionnaire.normalize({**answers, "q0": "no"}, CONTEXT) == {"q0": "no"}


def test_every_page_is_found_by_its_key() -> None:
    questionnaire = page(True)
    assert [questionnaire.page(one.key) for one in questionnaire.pages] == list(questionnaire.pages)
    assert questionnaire.page("three") is None
    assert questionnaire.pages[0].title == Text("page-one")
