"""Any sheet of questions: what is asked next and before, and what an answer takes along."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.form.answer_context import AnswerContext
from states.form.engine import Page, Progress, Questionnaire
from states.form.fields import SKIPPED, Field, Kind, LocalizedOption, Option, localized
from states.records import Answers
from states.texts import Problem, Text
from tests.states.people import answer_context

AROUND = answer_context()
FEWER = settings(max_examples=50)
"""Each example is a whole sheet, and a dozen properties are told of it."""


def taken(answers: Answers | Problem) -> Answers:
    assert not isinstance(answers, Problem), answers
    return answers


# --- sheets of all shapes ------------------------------------------------------------------------

CODES = ("yes", "no")
MOST_FIELDS = 9


def when(place: int, other: int, code: str) -> Callable[[Answers], bool]:
    """Whether the earlier question was answered so; of no earlier one: always."""
    return lambda answers: other >= place or answers.get(f"q{other}") == code


def lists(
    place: int, other: int, code: str
) -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """Both codes; only this one if an earlier question was answered so; none if it was left out."""

    def options(answers: Answers, _answer_context: AnswerContext) -> Sequence[Option]:
        both = [LocalizedOption(one, Text("x"), one) for one in CODES]
        if other >= place or f"q{other}" not in answers:
            return both
        return [one for one in both if (one.code == code) or answers[f"q{other}"] != code]

    return options


Condition = tuple[int, str]


def linked(links: Sequence[tuple[Kind, bool, Condition, Condition]]) -> Questionnaire:
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


KINDS = [Kind.CHOICE, Kind.SEARCH, Kind.MULTI]
CONDITIONS = [(other, code) for other in range(MOST_FIELDS) for code in CODES]
LINKS = st.tuples(
    st.sampled_from(KINDS),
    st.booleans(),
    st.sampled_from(CONDITIONS),
    st.sampled_from(CONDITIONS),
)
SHEETS = st.lists(LINKS, min_size=1, max_size=MOST_FIELDS).map(linked)


WILD: st.SearchStrategy[dict[str, str]] = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(MOST_FIELDS + 2)]),
    st.sampled_from(["yes", "no", "yes no", "no yes", "maybe", "", " "]),
)


def keys(fields: Sequence[Field]) -> list[str]:
    return [field.key for field in fields]


@pytest.mark.row("B17")
@FEWER
@given(SHEETS, WILD)
def test_settling_leaves_answers_to_what_is_asked_and_is_settled_once(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    settled = questionnaire.normalize(answers, AROUND)
    assert questionnaire.normalize(settled, AROUND) == settled
    assert settled.keys() <= set(keys(questionnaire.asked(settled, AROUND)))
    for key, value in settled.items():
        field = questionnaire.fields[key]
        assert field.holds(value, settled, AROUND)
        assert value == answers.get(key) or value == field.only(settled, AROUND)


@pytest.mark.row("B17")
@FEWER
@given(SHEETS, WILD)
def test_an_answer_that_still_holds_is_never_lost(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    settled = questionnaire.normalize(answers, AROUND)
    for field in questionnaire.asked(settled, AROUND):
        value = answers.get(field.key)
        if value is not None and field.holds(value, settled, AROUND):
            assert settled[field.key] == value


@pytest.mark.row("B17")
@FEWER
@given(SHEETS, WILD, st.data())
def test_no_answer_ever_leaves_one_to_a_hidden_question(
    questionnaire: Questionnaire, answers: dict[str, str], data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(list(questionnaire.fields.values())))
    for after in (
        questionnaire.answer(answers, field, data.draw(st.sampled_from(CODES)), AROUND),
        questionnaire.skip(answers, field, AROUND),
        questionnaire.skip_rest(answers, field, AROUND),
    ):
        if not isinstance(after, Problem):
            assert after.keys() <= set(keys(questionnaire.asked(after, AROUND)))


@pytest.mark.row("B17")
@FEWER
@given(SHEETS, WILD, st.data())
def test_the_sheet_can_be_completed_from_anywhere(
    questionnaire: Questionnaire, wild: dict[str, str], data: st.DataObject
) -> None:
    answers = questionnaire.normalize(wild, AROUND)
    steps = 0
    while (field := questionnaire.open_field(answers, AROUND)) is not None:
        offered = [one.code for one in field.options(answers, AROUND)]
        code = data.draw(st.sampled_from(offered if field.required else [*offered, None]))
        answers = taken(
            questionnaire.skip(answers, field, AROUND)
            if code is None
            else questionnaire.answer(answers, field, code, AROUND)
        )
        steps += 1
        assert steps <= MOST_FIELDS, "a question comes back"
    assert answers.keys() == set(keys(questionnaire.asked(answers, AROUND)))


@FEWER
@given(SHEETS, WILD)
def test_what_answers_itself_is_never_the_next_question(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, AROUND)
    unanswered = questionnaire.open_field(answers, AROUND)
    assert unanswered is None or unanswered.only(answers, AROUND) is None


@FEWER
@given(SHEETS, WILD)
def test_back_walks_over_every_question_that_is_one_to_the_first(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, AROUND)
    asked = [
        one for one in questionnaire.asked(answers, AROUND) if one.only(answers, AROUND) is None
    ]
    if not asked:
        return
    way: list[Field | None] = [asked[-1]]
    while (here := way[-1]) is not None:
        way.append(questionnaire.before(answers, here.key, AROUND))
    assert way[-2::-1] == asked


@FEWER
@given(SHEETS, WILD)
def test_nothing_comes_before_what_is_not_asked(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, AROUND)
    hidden = questionnaire.fields.keys() - set(keys(questionnaire.asked(answers, AROUND)))
    for key in (*hidden, "no such field"):
        assert questionnaire.before(answers, key, AROUND) is None


@FEWER
@given(SHEETS, WILD)
def test_the_positions_count_through_each_page(
    questionnaire: Questionnaire, wild: dict[str, str]
) -> None:
    answers = questionnaire.normalize(wild, AROUND)
    asked = [
        one for one in questionnaire.asked(answers, AROUND) if one.only(answers, AROUND) is None
    ]
    for number, page in enumerate(questionnaire.pages, start=1):
        shown = [field for field in asked if field in page.fields]
        for place, field in enumerate(shown, start=1):
            at = questionnaire.progress(answers, field, AROUND)
            assert at == Progress(page, number, len(questionnaire.pages), place, len(shown))


@FEWER
@given(SHEETS, WILD)
def test_a_question_that_is_hidden_or_answers_itself_has_a_place_too(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    for page in questionnaire.pages:
        for field in page.fields:
            at = questionnaire.progress(answers, field, AROUND)
            assert at.page is page
            assert 1 <= at.number <= at.count <= len(page.fields)


@FEWER
@given(SHEETS, WILD)
def test_looking_changes_nothing_of_what_was_given(
    questionnaire: Questionnaire, answers: dict[str, str]
) -> None:
    before = dict(answers)
    for field in questionnaire.fields.values():
        questionnaire.answer(answers, field, "yes", AROUND)
        questionnaire.skip_rest(answers, field, AROUND)
        questionnaire.progress(answers, field, AROUND)
    assert answers == before


# --- leaving the rest of a page open -------------------------------------------------------------


def page(*required: bool) -> Questionnaire:
    """One page of yes-or-no questions, behind it another with one that can be left open."""
    fields = tuple(
        Field(f"q{n}", Kind.CHOICE, required=one, options=localized("x", *CODES))
        for n, one in enumerate(required)
    )
    other = Field("other", Kind.CHOICE, required=False, options=localized("x", *CODES))
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
    assert keys(questionnaire.optional_rest(answers, questionnaire.fields[at], AROUND)) == rest


def test_what_is_not_asked_is_no_rest() -> None:
    hidden = Field("q1", Kind.TEXT, when=lambda answers: answers.get("q0") == "yes")
    first = Field("q0", Kind.CHOICE, required=False, options=localized("x", *CODES))
    last = Field("q2", Kind.TEXT, required=False)
    questionnaire = Questionnaire((Page("one", (first, hidden, last)),))
    assert keys(questionnaire.optional_rest({}, first, AROUND)) == ["q2"]
    assert keys(questionnaire.optional_rest({"q0": "yes"}, first, AROUND)) == []


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
    assert questionnaire.skip_rest(answers, questionnaire.fields["q0"], AROUND) == after


def test_the_rest_cannot_be_left_open_together_with_what_is_required() -> None:
    questionnaire = page(True, False)
    refused = Problem("problem-required", {"field": Text("field-q0")})
    assert questionnaire.skip_rest({}, questionnaire.fields["q0"], AROUND) == refused
    assert questionnaire.skip({}, questionnaire.fields["q0"], AROUND) == refused
    left = questionnaire.skip({"q0": "yes"}, questionnaire.fields["q1"], AROUND)
    assert left == {"q0": "yes", "q1": SKIPPED}


# --- a list of one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "required", "codes", "only"),
    [
        (Kind.CHOICE, True, ["a"], "a"),
        (Kind.SEARCH, True, ["a"], "a"),
        (Kind.CHOICE, True, ["a", "b"], None),
        (Kind.CHOICE, True, [], None),
        (Kind.CHOICE, False, ["a"], None),
        (Kind.MULTI, True, ["a"], None),
        (Kind.RECORD, True, ["a"], None),
        (Kind.TEXT, True, [], None),
    ],
)
def test_a_list_with_one_thing_in_it_is_no_question(
    kind: Kind, required: bool, codes: list[str], only: str | None
) -> None:
    field = Field("one", kind, required=required, options=localized("one", *codes))
    questionnaire = Questionnaire((Page("page", (Field("first", Kind.TEXT), field)),))
    assert field.only({}, AROUND) == only
    assert questionnaire.normalize({"first": "甲乙"}, AROUND).get("one") == only


@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.SEARCH, Kind.MULTI])
def test_a_list_with_nothing_in_it_is_not_asked(kind: Kind) -> None:
    field = Field("one", kind)
    assert not field.is_asked({}, AROUND)
    assert Questionnaire((Page("page", (field,)),)).normalize({"one": "a"}, AROUND) == {}


def test_a_record_can_be_written_so_it_is_asked_without_any() -> None:
    assert Field("one", Kind.RECORD).is_asked({}, AROUND)


# --- lists that nobody should write --------------------------------------------------------------


def alternating(code: str, of: str) -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """One thing, unless the other question has an answer; then another."""
    return lambda answers, _answer_context: [
        LocalizedOption(f"{code}{len(answers.get(of, ''))}", Text("x"))
    ]


def wavering() -> Callable[[Answers, AnswerContext], Sequence[Option]]:
    """Each time it is asked, one thing more."""
    times = iter(range(10**6))
    return lambda _answers, _answer_context: [LocalizedOption(str(next(times)), Text("x"))]


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
def test_settling_ends_whatever_the_lists_are(
    options: Sequence[Callable[[Answers, AnswerContext], Sequence[Option]]], answers: Answers
) -> None:
    one, two = (
        Field(key, Kind.CHOICE, options=made)
        for key, made in zip(("one", "two"), options, strict=True)
    )
    questionnaire = Questionnaire((Page("page", (one, two)),))
    assert questionnaire.normalize(answers, AROUND).keys() <= {"one", "two"}


def test_two_lists_that_wait_for_each_other_settle_once() -> None:
    one = Field("one", Kind.CHOICE, options=alternating("a", "two"))
    two = Field("two", Kind.CHOICE, options=alternating("b", "one"))
    questionnaire = Questionnaire((Page("page", (one, two)),))
    settled = questionnaire.normalize({}, AROUND)
    assert settled == {"one": "a0", "two": "b2"}
    assert questionnaire.normalize(settled, AROUND) == settled


def test_a_thousand_questions_that_hang_on_one_another_settle_at_once() -> None:
    fields = tuple(
        Field(f"q{n}", Kind.CHOICE, when=when(n, n - 1, "yes") if n else lambda _: True,
              options=localized("x", *CODES))
        for n in range(1000)
    )  # fmt: skip
    questionnaire = Questionnaire((Page("page", fields),))
    answers = dict.fromkeys(questionnaire.fields, "yes")
    assert questionnaire.normalize(answers, AROUND) == answers
    assert questionnaire.normalize({**answers, "q0": "no"}, AROUND) == {"q0": "no"}


def test_every_page_is_found_by_its_key() -> None:
    questionnaire = page(True)
    assert [questionnaire.page(one.key) for one in questionnaire.pages] == list(questionnaire.pages)
    assert questionnaire.page("three") is None
    assert questionnaire.pages[0].title == Text("page-one")
