"""Eligibility by the shipped clauses: outcome, reason, and the first exam that waiting brings."""

from __future__ import annotations

from itertools import product
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.eligibility import (
    FACTS,
    Outcome,
    SubmittedAssessment,
    Target,
    agree,
    assess,
    at_submission,
    clauses_for,
    facts_of,
    find_eligibility_mistakes,
)
from states.exam import Clause, Eligibility, Exam
from states.exam.rules import NEVER, Facts, years_between
from states.texts import Argument, Mistake
from tests import factories
from tests.factories import EXAM

assert EXAM.eligibility is not None
RULES: Eligibility = EXAM.eligibility
PHYSICIAN = Target("medicine", "intermediate", "303", "qinghai")
NURSE = Target("nursing", "intermediate", "368", "qinghai")
TECHNICIAN = Target("technology", "junior", "206", "qinghai")
DOCTOR: Facts = {"practice": "clinical", "degree": "bachelor", "employer_kind": "hospital"}


@pytest.mark.parametrize(
    ("target", "facts", "outcome", "clause", "earliest"),
    [
        pytest.param(
            *(PHYSICIAN, {**DOCTOR, "registered": "2021-07", "residency_month": NEVER}),
            *(Outcome.YES, "attending-bachelor", None),
            id="a physician after four years",
        ),
        pytest.param(
            *(PHYSICIAN, {**DOCTOR, "registered": "2022-07", "residency_month": NEVER}),
            *(Outcome.NO, "attending-bachelor", 2027),
            id="a physician after three years",
        ),
        pytest.param(
            *(PHYSICIAN, {**DOCTOR, "registered": "2022-07", "residency_month": "2023-08"}),
            *(Outcome.YES, "attending-resident", None),
            id="the same after the residency",
        ),
        pytest.param(
            *(PHYSICIAN, {**DOCTOR, "degree": "master", "residency_month": NEVER}),
            *(Outcome.NO, "attending-resident", None),
            id="a master without the residency: no waiting helps",
        ),
        pytest.param(
            *(PHYSICIAN, {**DOCTOR, "registered": "2022-07"}),
            *(Outcome.OPEN, "attending-resident", None),
            id="the residency is not known yet",
        ),
        pytest.param(
            *(NURSE, {"degree": "college", "registered": "2015-07", "title": "junior"}),
            *(Outcome.OPEN, "nurse-mid-college", None),
            id="a nurse who has not said since when she has the title",
        ),
        pytest.param(
            NURSE,
            {"degree": "college", "registered": "2015-07", "title": "junior", "years": "6"},
            *(Outcome.YES, "nurse-mid-college", None),
            id="a nurse who has counted the years and not said the month",
        ),
        pytest.param(
            NURSE,
            {"degree": "college", "registered": "2015-07", "title": "junior", "years": "5"},
            *(Outcome.OPEN, "nurse-mid-college", None),
            id="a nurse whose sixth year may be full on the reference day",
        ),
        pytest.param(
            NURSE,
            {"degree": "college", "registered": "2015-07", "title": "junior", "years": "4"},
            *(Outcome.NO, "nurse-mid-college", None),
            id="a nurse who has counted too few years: without the month no exam is named",
        ),
        pytest.param(
            NURSE,
            {"degree": "college", "registered": "2015-07", "title": "junior", "titled": "2020-05"},
            *(Outcome.NO, "nurse-mid-college", 2027),
            id="a nurse half a year early",
        ),
        pytest.param(
            *(TECHNICIAN, {"degree": "college", "field_years": "3"}),
            *(Outcome.YES, "pt-junior-college", None),
            id="a technician after three years in the field",
        ),
        pytest.param(
            *(Target("nursing", "assistant"), {"degree": "college"}),
            *(Outcome.UNLISTED, None, None),
            id="no clause is known",
        ),
    ],
)
def test_the_assessment_names_its_clause_and_the_first_exam(
    target: Target, facts: Facts, outcome: Outcome, clause: str | None, earliest: int | None
) -> None:
    told = assess(RULES, target, facts)
    assert told.outcome is outcome
    assert (told.clause.code if told.clause else None) == clause
    assert told.earliest == earliest
    assert told.facts == facts
    assert told.version == RULES.version


MONTHS = st.builds("{}-{:02}".format, st.integers(2010, 2025), st.integers(1, 12)) | st.just(NEVER)
WHOLE = st.fixed_dictionaries(
    {
        "degree": st.sampled_from(("secondary", "college", "bachelor", "master", "doctor")),
        "practice": st.sampled_from(("none", "clinical", "dental", "public", "chinese")),
        "registered": MONTHS,
        "residency_month": MONTHS,
        "title": st.sampled_from(("none", "assistant", "junior", "physician")),
        "titled": MONTHS,
        "field_years": st.integers(0, 20).map(str),
        "employer_kind": st.sampled_from(("hospital", "primary")),
    }
)
TARGETS = st.sampled_from(
    [
        Target(one.category, one.level, one.code)
        for one in EXAM.catalogue
        if not one.discontinued and clauses_for(RULES, Target(one.category, one.level, one.code))
    ]
)


@settings(max_examples=300)
@given(TARGETS, WHOLE)
def test_waiting_until_the_earliest_exam_makes_it_yes_and_no_sooner(
    target: Target, facts: Facts
) -> None:
    told = assess(RULES, target, facts)
    assert told.outcome in {Outcome.YES, Outcome.NO}
    later = range(RULES.reference.year, RULES.reference.year + 60)
    yes = [year for year in later if _in(year, target, facts) is Outcome.YES]
    if told.outcome is Outcome.NO:
        assert told.lacking
        assert told.earliest == (yes[0] + RULES.year_offset if yes else None)


def _in(year: int, target: Target, facts: Facts) -> Outcome:
    rules = RULES.model_copy(update={"reference": RULES.reference.replace(year=year)})
    return assess(rules, target, facts).outcome


@settings(max_examples=300)
@given(TARGETS, WHOLE, st.sets(st.sampled_from(sorted(FACTS))))
def test_what_is_unknown_never_becomes_no(target: Target, whole: Facts, hidden: set[str]) -> None:
    known = {key: value for key, value in whole.items() if key not in hidden}
    sure = assess(RULES, target, known).outcome
    if sure in {Outcome.YES, Outcome.NO}:
        assert assess(RULES, target, whole).outcome is sure
    else:
        assert set(assess(RULES, target, known).unknown) <= hidden


@settings(max_examples=300)
@given(TARGETS, WHOLE, st.booleans())
def test_counted_years_never_say_other_than_the_month(
    target: Target, whole: Facts, is_early: bool
) -> None:
    """A candidate who counts before the reference day may have one year less than on it."""
    if whole["titled"] == NEVER:
        return
    has = max(0, years_between(whole["titled"], RULES.reference) - is_early)
    counted = {**whole, "years": str(has)}
    del counted["titled"]
    exact, told = assess(RULES, target, whole), assess(RULES, target, counted)
    assert told.outcome in (exact.outcome, Outcome.OPEN)
    if told.outcome is Outcome.OPEN:
        assert told.unknown == ("titled",)


def test_facts_are_the_answers_and_what_never_happened() -> None:
    answers = {"practice": "clinical", "residency": "no", "title": "none", "field_years": ""}
    assert facts_of(answers, {"degree": "bachelor-degree", "graduated": "2019-07"}) == {
        "practice": "clinical",
        "degree": "bachelor",
        "graduated": "2019-07",
        "residency_month": NEVER,
        "titled": NEVER,
        "title": "none",
    }


def test_every_level_of_the_exam_that_can_be_chosen_has_clauses() -> None:
    for category, level in product(EXAM.categories, EXAM.levels):
        if EXAM.specialties(category.code, level.code):
            assert clauses_for(RULES, Target(category.code, level.code)), (category, level)


def _with(**changes: object) -> Exam:
    first, *others = RULES.clauses
    changed = first.model_copy(update=changes)
    return EXAM.model_copy(
        update={"eligibility": RULES.model_copy(update={"clauses": (changed, *others)})}
    )


def test_the_shipped_clauses_are_sound() -> None:
    assert list(find_eligibility_mistakes(EXAM)) == []


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        pytest.param({"passes": {"degree": "doctor"}}, ("passes", "rule-says-no", {}), id="passes"),
        pytest.param({"passes": {}}, ("passes", "rule-says-unknown", {}), id="passes on nothing"),
        pytest.param({"fails": {"degree": "college"}}, ("fails", "rule-says-yes", {}), id="fails"),
        pytest.param(
            {"categories": ("law",)},
            ("categories", "unknown-code", {"code": "law", "list": "categories"}),
            id="category",
        ),
        pytest.param(
            {"specialties": ("999",)},
            ("specialties", "unknown-code", {"code": "999", "list": "catalogue"}),
            id="specialty",
        ),
    ],
)
def test_a_mistake_in_a_clause_is_found(
    changes: dict[str, object], mistake: tuple[str, str, dict[str, Argument]]
) -> None:
    key, rule, args = mistake
    told = Mistake(f"eligibility.clauses[0].{key}", rule, args)
    assert told in list(find_eligibility_mistakes(_with(**changes)))


def test_a_code_of_two_clauses_is_found() -> None:
    code = RULES.clauses[1].code
    other = "eligibility.clauses[0].code"
    told = Mistake.of("eligibility.clauses[1].code", "duplicate", other=other, code=code)
    assert told in list(find_eligibility_mistakes(_with(code=code)))


@pytest.mark.parametrize(
    ("rule", "mistake"),
    [
        pytest.param(
            {"fact": "height", "at_least": 2}, ("none-of", {"given": "height"}), id="fact"
        ),
        pytest.param(
            {"fact": "degree", "among": ["college", "batchelor"]},
            ("unknown-code", {"list": "degree", "code": "batchelor"}),
            id="code",
        ),
    ],
)
def test_a_rule_over_unknown_words_is_found(
    rule: object, mistake: tuple[str, dict[str, str]]
) -> None:
    changed = Clause.model_validate({**RULES.clauses[0].model_dump(), "rule": rule})
    name, args = mistake
    of_rule = [
        one
        for one in find_eligibility_mistakes(_with(rule=changed.rule))
        if (one.path, one.rule) == ("eligibility.clauses[0].rule", name)
    ]
    assert any(args.items() <= one.args.items() for one in of_rule)


def test_an_exam_without_clauses_has_none_to_check() -> None:
    without = EXAM.model_copy(update={"eligibility": None})
    assert list(find_eligibility_mistakes(without)) == []


# --- as it stood at a submission -----------------------------------------------------------------

LATER = RULES.model_copy(update={"version": "2027-1", "clauses": RULES.clauses[:1]})
"""Rules of a later year, with one clause alone."""


def at(target: Target, facts: Facts) -> SubmittedAssessment:
    return SubmittedAssessment(assess(RULES, target, facts), target, RULES.reference, RULES.digest)


@settings(max_examples=300)
@given(TARGETS, WHOLE, st.sets(st.sampled_from(sorted(FACTS))))
def test_a_stored_assessment_needs_no_rules_to_be_read(
    target: Target, whole: Facts, hidden: set[str]
) -> None:
    stored = at(target, {key: value for key, value in whole.items() if key not in hidden})
    read = SubmittedAssessment.parse(stored.pack())
    assert read == stored
    assert agree(read.by_rules_of(RULES), read.assessment)


def test_other_rules_say_something_else_of_the_same_facts() -> None:
    stored = at(NURSE, {"degree": "college", "registered": "2015-07", "title": "junior"})
    assert not agree(stored.by_rules_of(LATER), stored.assessment)
    assert stored.by_rules_of(LATER).outcome is Outcome.UNLISTED
    assert stored.assessment.clause is not None
    assert stored.assessment.clause.code == "nurse-mid-college"


def test_the_digest_changes_with_each_word_of_the_rules_and_not_otherwise() -> None:
    first, *others = RULES.clauses
    reworded = first.model_copy(update={"name": f"{first.name}。"})
    changed = RULES.model_copy(update={"clauses": (reworded, *others)})
    assert changed.digest != RULES.digest
    assert RULES.model_copy().digest == RULES.digest
    assert Eligibility.model_validate_json(RULES.model_dump_json(by_alias=True)) == RULES


def test_an_application_without_level_or_record_is_not_assessed() -> None:
    context = factories.around(EXAM, "qinghai", factories.education())
    whole = factories.application("qinghai", answers=factories.answers("qinghai"))
    assert at_submission(EXAM, whole, context) is not None
    unfinished = factories.application("qinghai", answers={"category": "nursing"})
    assert at_submission(EXAM, unfinished, context) is None
    without = EXAM.model_copy(update={"eligibility": None})
    assert at_submission(without, whole, context) is None


@pytest.mark.measured
def test_an_assessment_takes_less_than_a_millisecond(capsys: pytest.CaptureFixture[str]) -> None:
    targets = [
        Target(one.category, one.level, one.code) for one in EXAM.catalogue if not one.discontinued
    ]
    facts = {**DOCTOR, "registered": "2022-07", "title": "junior", "titled": "2020-05"}
    rounds = []
    for _ in range(5):
        began = perf_counter()
        for target in targets:
            assess(RULES, target, facts)
        rounds.append((perf_counter() - began) / len(targets) * 1000)
    with capsys.disabled():
        print(f"\n{min(rounds):.3f} ms an assessment, {len(RULES.clauses)} clauses")
    assert min(rounds) < 1
