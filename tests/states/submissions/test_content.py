"""Submissions: equal contents have equal bytes, changed ones another code, and at most 99."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.changes import area_change
from states.form.education import RECORD
from states.form.fields import AnswerContext
from states.process.lifecycle import Event, NonStaffActor, apply_event, is_allowed
from states.records import Application, ApplicationId, Identity, MaterialFile, Records, Stage
from states.submissions.application_codes import code_of
from states.submissions.content import (
    MAX_CHANGES,
    Submission,
    SubmissionHistory,
    SubmittedContent,
    next_submission,
    parse_code,
)
from states.submissions.print_verification import VerdictKind, judge_code, judge_print
from states.texts import Problem, Text
from tests import factories

FIRST = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
WHOM = Text("help-contact-none")
APPLICATION = ApplicationId(65)
TEXTS = st.text(max_size=12)
ANSWERS = st.dictionaries(TEXTS, TEXTS, max_size=4)
FILES = st.lists(
    st.builds(MaterialFile, TEXTS, TEXTS, st.integers(0, 2**40)), min_size=1, max_size=3
).map(tuple)
CONTENTS = st.builds(
    SubmittedContent,
    exam=TEXTS,
    form_version=st.integers(1, 9),
    area=TEXTS,
    identity=st.builds(Identity, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
    answers=ANSWERS,
    record=ANSWERS,
    photo=st.none() | TEXTS,
    materials=st.dictionaries(TEXTS, FILES, max_size=3),
)


def keyed(kind: str, data: bytes) -> str:
    return f"{kind}:{data.hex()}"


def submission(changes: int, number: int = 0) -> Submission:
    return Submission(number or changes, changes, f"h{changes}", FIRST)


# --- content -------------------------------------------------------------------------------------


@given(CONTENTS)
def test_the_canonical_bytes_hold_the_whole_content(content: SubmittedContent) -> None:
    assert SubmittedContent.parse(content.canonical()) == content


@given(CONTENTS, st.randoms())
def test_the_order_of_answers_does_not_matter(content: SubmittedContent, chance: object) -> None:
    assert isinstance(chance, random.Random)
    items, files = list(content.answers.items()), list(content.materials.items())
    chance.shuffle(items)
    chance.shuffle(files)
    shuffled = replace(content, answers=dict(items), materials=dict(files))
    assert shuffled.canonical() == content.canonical()


@given(CONTENTS, CONTENTS)
def test_different_contents_have_different_bytes(
    one: SubmittedContent, other: SubmittedContent
) -> None:
    assert (one == other) is (one.canonical() == other.canonical())


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        SubmittedContent.parse(b'{"format":99}')


def test_the_content_is_what_the_candidate_submits() -> None:
    records = (factories.education(degree="college"), factories.education())
    person = factories.person(education=records)
    answers = factories.answers("qinghai")
    context = AnswerContext.of(
        Records(person, factories.application("qinghai")), factories.EXAM, FIRST
    )
    application = factories.application(
        "qinghai", answers={**answers, "education": "2", "unknown": "x"}, photo="f" * 64
    )
    content = SubmittedContent.of(person, application, context)
    assert content.record == records[1]
    assert set(content.record) == set(RECORD.fields)
    assert "unknown" not in content.answers
    assert content.answers["site"] == application.site
    before = content.hash(keyed)
    added = replace(person, education=(*records, factories.education(school="另一所学校")))
    assert SubmittedContent.of(added, application, context).hash(keyed) == before
    for changed in (
        replace(application, photo="e" * 64),
        replace(application, answers={**application.answers, "mobile": "13900139000"}),
        replace(application, answers={**application.answers, "education": "1"}),
        replace(application, materials={"degree": factories.material_files(1, "scan-image")}),
    ):
        assert SubmittedContent.of(person, changed, context).hash(keyed) != before


def test_a_draft_without_answers_has_a_content() -> None:
    content = SubmittedContent.of(
        factories.person(), factories.application("qinghai"), factories.around(area="qinghai")
    )
    assert content.record == {}


# --- the code ------------------------------------------------------------------------------------


def test_the_first_submission_has_the_digits_01() -> None:
    first = next_submission(None, "a", FIRST, WHOM)
    assert first == Submission(1, 1, "a", FIRST)
    assert isinstance(first, Submission)
    assert first.code(APPLICATION) == f"{code_of(APPLICATION)}-01"


def test_unchanged_content_keeps_its_digits_and_changed_content_does_not() -> None:
    digits, last = [], None
    for content in "aaabba":
        made = next_submission(last, content, FIRST, WHOM)
        assert isinstance(made, Submission)
        digits.append((made.number, made.changes))
        last = made
    assert digits == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3)]


def test_the_hundredth_changed_content_is_refused_with_whom_to_ask() -> None:
    last = submission(MAX_CHANGES)
    refused = next_submission(last, "another", FIRST, WHOM)
    assert isinstance(refused, Problem)
    assert refused.args == {"limit": 99, "whom": WHOM}
    assert isinstance(next_submission(last, last.content_hash, FIRST, WHOM), Submission)


@given(st.integers(1, 2**63 - 1).map(ApplicationId), st.integers(1, 99))
def test_a_code_is_read_as_it_is_printed(application_id: ApplicationId, changes: int) -> None:
    code = submission(changes).code(application_id)
    assert parse_code(code) == (application_id, changes)
    assert parse_code(code.lower().replace("-", " ")) == (application_id, changes)


@pytest.mark.parametrize(
    ("typed", "changes"), [("2222-454-10", 10), ("2222-454-1O", 10), ("2222454 o l", 1)]
)
def test_letters_that_look_like_digits_are_digits_at_the_end(typed: str, changes: int) -> None:
    assert parse_code(typed) == (APPLICATION, changes)


@pytest.mark.parametrize(
    "typed",
    ["", "01", "2222-454", "2222-455-01", "2222-454-00", "2222-454-AB", "2222-454-٠١", "二"],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert parse_code(typed) is None


# --- which code is current -----------------------------------------------------------------------


PERSON = factories.person(education=(factories.education(),))
FORMS = {area: factories.answers(area) for area in ("qinghai", "shanxi", "tianjin")}
PHONES = ("13800138000", "13900139000", "13700137000")


@cache
def _hash(area: str, answers: tuple[tuple[str, str], ...], photo: str | None) -> str:
    application = factories.application(area, answers=dict(answers), photo=photo)
    context = AnswerContext.of(Records(PERSON, application), factories.EXAM, FIRST)
    return SubmittedContent.of(PERSON, application, context).hash(keyed)


def content_hash(application: Application) -> str:
    """Return the hash of what would be submitted now."""
    return _hash(application.area, tuple(application.answers.items()), application.photo)


class Life:
    """One application that its candidate submits, withdraws, amends and moves, by our rules."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.now = FIRST
        self.application = factories.application(
            "qinghai", answers=FORMS["qinghai"], photo="f" * 64
        )
        self.history = SubmissionHistory()
        self.printed: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        return self.application.stage is Stage.DRAFT

    def does(self, event: Event) -> bool:
        """Move the application by an event of its candidate; return whether that is allowed."""
        rules = (event, factories.EXAM, self.now)
        if not is_allowed(self.application, *rules, NonStaffActor.CANDIDATE):
            return False
        self.application = apply_event(self.application, *rules, by=NonStaffActor.CANDIDATE)
        return True

    def submit(self) -> None:
        past, content = self.history.submissions, content_hash(self.application)
        made = next_submission(past[-1] if past else None, content, self.now, WHOM)
        if isinstance(made, Submission) and self.does(Event.SUBMIT):
            self.history = SubmissionHistory((*past, made))
            self.printed[made.code(APPLICATION)] = content

    def withdraw(self) -> None:
        if self.does(Event.WITHDRAW):
            self.history = replace(self.history, withdrawn_at=self.now)

    def amend(self) -> None:
        if self.is_open:
            answers = {**self.application.answers, "mobile": self.chance.choice(PHONES)}
            self.application = replace(self.application, answers=answers)

    def change_area(self) -> None:
        area = self.chance.choice([*FORMS])
        if not self.is_open or area == self.application.area:
            return
        self.application = area_change.move(self.application, area)
        if not area_change.has_content(self.application):
            self.application = replace(self.application, answers=FORMS[area])

    def undo(self) -> None:
        """Go back to the former area, which is exactly as it was left."""
        former = self.application.former
        if self.is_open and former is not None:
            before = self.application
            self.application = area_change.go_back(before)
            assert (self.application.area, self.application.answers) == (
                former.area,
                former.answers,
            )
            assert area_change.go_back(self.application) == before

    def step(self) -> None:
        self.now += timedelta(minutes=1)
        getattr(self, self.chance.choice(["submit", "withdraw", "amend", "undo", "change_area"]))()


def check(life: Life) -> None:
    """At most one code is current, none of a draft, and it prints the present content."""
    history = life.history
    assert life.application.revision == len(history.submissions)
    verdicts = {one.number: judge_print(one.number, history) for one in history.submissions}
    current = {
        one.code(APPLICATION)
        for one in history.submissions
        if verdicts[one.number].kind is VerdictKind.CURRENT
    }
    if life.is_open:
        assert current == set()
        assert history.current_code(APPLICATION) is None
        return
    assert current == {history.current_code(APPLICATION)}
    (code,) = current
    assert life.printed[code] == content_hash(life.application)
    assert len(history.submissions) <= 1 or all(
        verdicts[one.number].kind is VerdictKind.REPLACED
        for one in history.submissions
        if one.code(APPLICATION) != code
    )
    for one in history.submissions:
        assert judge_code(one.changes, history) == verdicts[one.number]


def live(seed: int, steps: int = 16) -> None:
    life = Life(random.Random(seed))
    for _step in range(steps):
        life.step()
        check(life)


@pytest.mark.row("B12", "S17")
def test_at_most_one_code_is_current_in_any_sequence() -> None:
    for seed in range(10_000):
        live(seed)


def test_a_long_life_ends_at_the_hundredth_change() -> None:
    life = Life(random.Random(7))
    for _step in range(6_000):
        life.step()
    check(life)
    assert life.history.submissions[-1].changes == MAX_CHANGES


def test_a_history_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        SubmissionHistory((submission(2), submission(1)))
