"""The status at every stage: who has it, what to do and by when, and how long it usually takes."""

from __future__ import annotations

import re

import pytest

from handlers.candidate.progress.status import COUNT, HALF, MOST
from handlers.rendering import Overtaken, Process
from states.exam import last_minute
from states.fsm_states import Home
from states.progress.next_step import Position
from states.progress.outlook import Matter, Moment, Turn, outlook
from states.progress.process_steps import StepStatus
from states.texts import Text
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.people import EXAM, LOCALES, Standing
from tests.handlers.standings import standings
from tests.handlers.status_page import BY_LOCALE, PAGE, words, written

pytestmark = pytest.mark.row("B18", "C8")
ALL = standings("zh-CN")
CASES = BY_LOCALE["zh-CN"]


def said(standing: Standing, name: str = "status") -> set[str]:
    """The keys of what it says."""
    return {text.key for text in texts_of(screen_of(standing, name))}


def mark_of(standing: Standing, station: str) -> StepStatus:
    """How the picture shows a node."""
    picture = screen_of(standing, "status").picture
    assert isinstance(picture, Process)
    return next(mark for label, mark in picture.nodes if label.key == f"station-{station}")


@pytest.mark.parametrize(
    ("case", "turn", "sentence"),
    [
        ("submitted, on site, early", Turn.YOU, "接下来：请您本人到西宁考点办理报名确认"),
        ("submitted, on site, open", Turn.YOU, "现在请您本人到西宁考点办理报名确认"),
        ("submitted, online, open", Turn.STAFF, "现在由示例码头报名点审核您的材料"),
        ("confirmed, open", Turn.STAFF, "现在由西宁考点审核"),
        ("site-approved, open", Turn.STAFF, "现在由青海考区审核"),
        ("approved, fee published, open", Turn.YOU, "现在轮到您了：请缴费"),
        ("refused at submitted, open", Turn.YOU, "改好，并再次提交"),
    ],
)
def test_it_says_who_has_it(case: str, turn: Turn, sentence: str) -> None:
    standing = CASES[case]
    assert outlook(standing.records, EXAM, standing.now).turn is turn
    assert sentence in words(standing, "status", "zh-CN")


@pytest.mark.parametrize("case", ["submitted, online, open", "confirmed, early"])
def test_who_waits_for_the_staff_is_told_since_when(case: str) -> None:
    assert "2025年12月2日（周二）09:00 起在等这一步" in words(CASES[case], "status", "zh-CN")
    assert "waits-since" not in said(CASES["submitted, on site, open"])


@pytest.mark.parametrize("moment", Moment)
def test_a_step_that_has_not_begun_says_that_its_beginning_is_waited_for(moment: Moment) -> None:
    """From when the step may begin, and since when it is waited for, are two dates."""
    shown = words(CASES[f"confirmed, {moment}"], "status", "zh-CN")
    assert ("起在等这一步开始" in shown) is (moment is Moment.EARLY)
    assert ("这一步还没有开始" in shown) is (moment is Moment.EARLY)


def test_every_matter_at_every_moment_is_a_case() -> None:
    seen = {outlook(one.records, EXAM, one.now) for one in CASES.values()}
    found = {("draft" if one.is_draft else one.matter, one.moment) for one in seen}
    drafts = {Matter.FORM, Matter.PHOTO, Matter.MATERIALS, Matter.CHECK, Matter.SUBMIT}
    ended = {Matter.FINAL, Matter.REJECTED, Matter.EXPIRED}
    timed = {"draft", *Matter} - drafts - ended
    endless = {(matter, Moment.OPEN) for matter in ended}
    assert found == {(matter, moment) for matter in timed for moment in Moment} | endless
    assert drafts <= {one.matter for one in seen}


@pytest.mark.parametrize("locale", LOCALES)
def test_nobody_is_sent_to_what_is_not_open(locale: str) -> None:
    for case, standing in BY_LOCALE[locale].items():
        seen = outlook(standing.records, EXAM, standing.now)
        if seen.time is None or seen.moment is Moment.OPEN:
            continue
        bound = seen.time.opens if seen.moment is Moment.EARLY else last_minute(seen.time.closes)
        day = TRANSLATIONS.html(Text("value-now", {"value": EXAM.today(bound)}), locale)
        for screen in ("status", None):
            text = words(standing, screen, locale)
            assert re.findall("<b>(.*)</b>", day)[0] in text, case
            assert not re.search(_NOW, text)
            assert TRANSLATIONS.label(Text("button-resume"), locale) not in buttons(standing), case
            assert TRANSLATIONS.label(Text("button-refusal"), locale) not in buttons(standing), case


_NOW = "现在(由|请|轮到)|(papers|changed|again|it|yourself) now|your turn"


def buttons(standing: Standing) -> set[str]:
    """The labels below status and menu."""
    shown = (screen_of(standing, name) for name in ("status", None))
    return {
        TRANSLATIONS.label(one.label, standing.person.locale)
        for screen in shown
        for row in screen.buttons
        for one in row
    }


def test_menu_and_status_say_the_same() -> None:
    for case, standing in CASES.items():
        menu, status = screen_of(standing).text[1:], screen_of(standing, "status").text
        if standing.records.application is not None:  # the step that the picture shows
            status = (*status[:1], *status[2:])
        assert list(menu) == list(status[: len(menu)]), case


@pytest.mark.parametrize("case", [name for name in CASES if name.endswith(", over")])
def test_after_the_end_there_is_somebody_to_ask_unless_all_is_done(case: str) -> None:
    is_done = case.startswith(("nothing begun", "registered"))
    assert ("help-contact" in said(CASES[case])) is not is_done


def test_who_did_not_submit_is_told_once_and_not_after_they_did() -> None:
    missed = said(CASES["draft, over"], "told-missed")
    assert {"status-missed", "now-draft-over", "help-contact"} <= missed
    for case in ("draft, early", "submitted, on site, early", "nothing begun, over"):
        with pytest.raises(Overtaken):
            screen_of(CASES[case], "told-missed")


def test_the_fee_and_the_way_to_pay_are_said_where_they_are_known() -> None:
    known = words(CASES["approved, fee published, open"], "status", "zh-CN")
    assert "每科 70 元，您报 4 科，共 280 元（" in known
    assert "示例金额" not in known
    assert "考点或考区核对后，会在这里标记" in known
    sample = words(CASES["approved, fee not published, open"], "status", "zh-CN")
    assert "每科 65 元，您报 4 科，共 260 元（示例金额，以考区公布的为准）" in sample
    assert "考区：0971\u20110000000" in sample
    over = words(CASES["approved, fee published, over"], "status", "zh-CN")
    assert "不会自动作废" in over


@pytest.mark.row("S24")
def test_where_a_phone_does_not_do_one_is_told_to_pay_at_a_computer() -> None:
    for moment in ("early", "open"):
        assert "pay-computer" in said(CASES[f"approved, at a computer, {moment}"])
        assert "pay-computer" not in said(CASES[f"approved, fee published, {moment}"])


@pytest.mark.parametrize(
    ("refused_at", "place"),
    [("submitted", "西宁考点"), ("confirmed", "西宁考点"), ("site-approved", "青海考区")],
)
def test_a_refusal_names_the_place_that_refused(refused_at: str, place: str) -> None:
    final = CASES[f"refused at {refused_at}, for good"]
    assert f"请联系{place}" in words(final, "status", "zh-CN")


@pytest.mark.row("S21")
def test_the_first_review_is_not_taken_for_the_last() -> None:
    passed = ALL["menu, at site-approved on site"]
    assert "now-area-review-open" in said(passed)
    assert (mark_of(passed, "site-review"), mark_of(passed, "area-review")) == (
        StepStatus.DONE,
        StepStatus.CURRENT,
    )


@pytest.mark.row("S22")
def test_where_nothing_is_paid_online_it_says_registered_and_whom_to_ask() -> None:
    free, paying = ALL["menu, at registered free"], ALL["menu, at registered on site"]
    assert {"status-registered", "registered-fee"} <= said(free)
    assert "now-ticket-early" in said(paying)
    assert mark_of(free, "registered") is StepStatus.DONE


@pytest.mark.parametrize("stage", ["submitted", "confirm-refused", "review-refused", "approved"])
def test_what_was_given_up_says_why_since_when_and_whom_to_ask(stage: str) -> None:
    gone = ALL[f"menu, gave up {stage} on site"]
    assert {f"abandoned-at-{stage}", "abandoned-mend", "help-contact"} <= said(gone)
    assert "reinstated-until" in said(ALL[f"menu, back at {stage} on site"])


def test_a_refusal_is_red_and_leads_to_its_reasons() -> None:
    refused = ALL["refused, confirmed online"]
    assert mark_of(refused, "site-review") is StepStatus.REFUSED
    assert {"status-refused-site-review", "now-correction-open", "button-refusal"} <= said(refused)
    assert "refused-final" in said(ALL["refused, confirmed online, for good"])
    assert "now-correction-over" in said(ALL["refused, confirmed online, too late"])


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


def test_the_page_is_made_from_the_cases() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written(page), "run: make statuses"
