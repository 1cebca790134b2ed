"""Submissions: equal contents have equal bytes, changed ones another code, and at most 99."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.application_codes import code_of
from states.form.education import RECORD
from states.form.fields import AnswerContext
from states.records import ApplicationId, Identity, MaterialFile, Records
from states.submissions import (
    MAX_CHANGES,
    Submission,
    SubmissionHistory,
    SubmittedContent,
    parse_code,
    submit,
)
from states.texts import Problem, Text
from states.verification import VerdictKind, judge_code, judge_print
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
    first = submit(None, "a", FIRST, WHOM)
    assert first == Submission(1, 1, "a", FIRST)
    assert isinstance(first, Submission)
    assert first.code(APPLICATION) == f"{code_of(APPLICATION)}-01"


def test_unchanged_content_keeps_its_digits_and_changed_content_does_not() -> None:
    digits, last = [], None
    for content in "aaabba":
        made = submit(last, content, FIRST, WHOM)
        assert isinstance(made, Submission)
        digits.append((made.number, made.changes))
        last = made
    assert digits == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3)]


def test_the_hundredth_changed_content_is_refused_with_whom_to_ask() -> None:
    last = submission(MAX_CHANGES)
    refused = submit(last, "another", FIRST, WHOM)
    assert isinstance(refused, Problem)
    assert refused.args == {"limit": 99, "whom": WHOM}
    assert isinstance(submit(last, last.content_hash, FIRST, WHOM), Submission)


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


class Life:
    """One application that submits, withdraws, amends, undoes, and changes its area."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.now = FIRST
        self.content, self.snapshots = 0, [0]
        self.history = SubmissionHistory()
        self.printed: dict[str, int] = {}

    @property
    def is_open(self) -> bool:
        return self.history.current is None

    def submit(self) -> None:
        if not self.is_open:
            return
        past = self.history.submissions
        made = submit(past[-1] if past else None, f"content {self.content}", self.now, WHOM)
        if isinstance(made, Problem):
            return
        self.history = SubmissionHistory((*past, made))
        self.printed[made.code(APPLICATION)] = self.content

    def withdraw(self) -> None:
        if not self.is_open:
            self.history = replace(self.history, withdrawn_at=self.now)

    def amend(self) -> None:
        if self.is_open:
            self.snapshots.append(self.content)
            self.content = self.chance.randrange(6)

    change_area = amend

    def undo(self) -> None:
        if self.is_open:
            self.content = self.snapshots.pop() if self.snapshots else self.content

    def step(self) -> None:
        self.now += timedelta(minutes=1)
        getattr(self, self.chance.choice(["submit", "withdraw", "amend", "undo", "change_area"]))()


def check(life: Life) -> None:
    """At most one code is current, none of a draft, and it prints the present content."""
    history = life.history
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
    assert life.printed[code] == life.content
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
