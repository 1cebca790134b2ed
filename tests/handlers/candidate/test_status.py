"""The status at every stage: who has it, what to do and by when, and how long it usually takes."""

from __future__ import annotations

import pytest

from handlers.candidate.status import COUNT, HALF, MOST
from handlers.rendering import Process
from states.fsm_states import Home
from states.next_step import Position
from states.process_steps import StepStatus
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.people import Standing
from tests.handlers.standings import standings

pytestmark = pytest.mark.row("B18", "C8")
ALL = standings("zh-CN")


def said(standing: Standing, name: str = "status") -> set[str]:
    """The keys of what it says."""
    return {text.key for text in texts_of(screen_of(standing, name))}


def mark_of(standing: Standing, station: str) -> StepStatus:
    """How the picture shows a node."""
    picture = screen_of(standing, "status").picture
    assert isinstance(picture, Process)
    return next(mark for label, mark in picture.nodes if label.key == f"station-{station}")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("menu, at submitted on site", "who-visit"),
        ("menu, at submitted online", "who-point"),
        ("menu, at confirmed online", "who-site"),
        ("menu, at site-approved online", "who-area"),
        ("menu, at approved on site", "who-you"),
        ("refused, submitted online", "who-you"),
    ],
)
def test_it_says_who_has_it(name: str, who: str) -> None:
    assert {one for one in said(ALL[name]) if one.startswith("who-")} == {who}


@pytest.mark.row("S21")
def test_the_first_review_is_not_taken_for_the_last() -> None:
    passed = ALL["menu, at site-approved on site"]
    assert "waits-area-review" in said(passed)
    assert (mark_of(passed, "site-review"), mark_of(passed, "area-review")) == (
        StepStatus.DONE,
        StepStatus.CURRENT,
    )


@pytest.mark.row("S22")
def test_where_nothing_is_paid_online_it_says_registered_and_whom_to_ask() -> None:
    free, paying = ALL["menu, at registered free"], ALL["menu, at registered on site"]
    assert {"status-registered", "registered-fee"} <= said(free)
    assert "registered-next" in said(paying)
    assert mark_of(free, "registered") is StepStatus.DONE


@pytest.mark.parametrize("stage", ["submitted", "confirm-refused", "review-refused", "approved"])
def test_what_was_given_up_says_why_since_when_and_whom_to_ask(stage: str) -> None:
    gone = ALL[f"menu, gave up {stage} on site"]
    assert {f"abandoned-at-{stage}", "abandoned-mend", "help-contact"} <= said(gone)
    assert "reinstated-until" in said(ALL[f"menu, back at {stage} on site"])


def test_a_refusal_is_red_and_leads_to_its_reasons() -> None:
    refused = ALL["refused, confirmed online"]
    assert mark_of(refused, "site-review") is StepStatus.REFUSED
    assert {"status-refused-site-review", "refused-mend", "button-refusal"} <= said(refused)
    assert "refused-final" in said(ALL["refused, confirmed online, for good"])
    assert "refused-over" in said(ALL["refused, confirmed online, too late"])


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({HALF: "5", MOST: "60", COUNT: "40"}, "一半的人等了不到 5 小时，十个人里有九个不到 3 天"),
        ({COUNT: ""}, "暂时没有可参考"),
    ],
)
def test_it_says_how_long_that_usually_takes_or_that_it_cannot(
    known: dict[str, str], sentence: str
) -> None:
    waiting = ALL["menu, at confirmed on site"]
    at = Standing(Position(Home.menu, known), waiting.records, waiting.now)
    usual = [text for text in texts_of(screen_of(at, "status")) if text.key.startswith("usual")]
    assert sentence in TRANSLATIONS.html(usual[0], "zh-CN")
    assert not {"usual", "usual-unknown"} & said(waiting)
