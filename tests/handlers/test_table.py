"""Whatever anybody sends, wherever they are: an answer every time, and never a dead end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from handlers.buttons import ANYWHERE, mark_of
from handlers.context import Picture
from handlers.table import ROUTES, SCREENS
from states import flow, groups
from states.flow import TRANSITIONS, Place
from states.form.fields import Kind
from states.form.pages import FIELDS
from states.groups import Choose, Form, Home, Photo, State, Welcome
from states.outcome import Erase
from states.photo import PhotoFacts
from states.records import Records, Stage
from states.texts import Problem, Text
from storage.blobs import Kept
from tests.handlers.candidates import (
    EXAM,
    LOCALES,
    OPEN,
    PORTRAIT,
    Standing,
    application,
    person,
    standings,
)
from tests.handlers.offline import (
    WORDS,
    After,
    Offline,
    buttons_of,
    edited,
    picture,
    presses,
    says,
    screen_of,
    sticker,
    taps,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C1")]

STANDINGS = {
    f"{locale}: {name}": standing
    for locale in LOCALES
    for name, standing in standings(locale).items()
}
everybody = pytest.mark.parametrize("standing", STANDINGS.values(), ids=STANDINGS.keys())

RTL = "\u202e\u2067刘玲\u200f\u2069"
TYPED = {
    "words": "你好",
    "ten thousand letters": "长" * 10_000,
    "emoji": "👩‍⚕️🏥👍🏽",
    "HTML": "<b>刘玲</b> & <a href='x'>",
    "right to left": RTL,
    "nothing visible": "\u200b\u2060",
    "digits": "99999919900307104X",
    "a month": "2019-07",
    "a lone slash": "/",
}
COMMANDS = (
    "/start",
    "/help",
    "/status",
    "/language",
    "/cancel",
    "/back",
    "/clock",
    "/profile",
    "/export",
    "/erase",
    "/nonsense",
)

Sending = Callable[[Standing], Mapping[str, Any]]


def typing(text: str) -> Sending:
    """Somebody types this."""
    return lambda at: says(at.now, text)


SENT: dict[str, Sending] = {
    **{name: typing(text) for name, text in TYPED.items()},
    **{name: typing(name) for name in COMMANDS},
    "a picture": lambda at: picture(at.now),
    "a sticker": lambda at: sticker(at.now),
    "an edited message": lambda at: edited(at.now, "刘玲"),
    "an old button": lambda at: presses(at.now, "c:00000000:qinghai"),
    "a forged button": lambda at: presses(at.now, "drop table people"),
    "a forged value": lambda at: presses(at.now, f"c:{_mark(at)}:../../etc"),
    "a forged line": lambda at: presses(at.now, f"e:{_mark(at)}:nothing"),
    "a forged place": lambda at: presses(at.now, f"g:{ANYWHERE}:nowhere"),
    "no data": lambda at: presses(at.now, ":"),
}
STEPS_TO_MENU = 3


def _mark(standing: Standing) -> str:
    return mark_of(standing.place.state, standing.place.at)


def allowed(before: Standing, after: After) -> set[State]:
    """Where somebody may be led: stay, the state's own ways, the menu, or what is due now."""
    due = flow.due(after.standing.records, EXAM, before.now).state
    return {before.place.state, Home.menu, due, *TRANSITIONS[before.place.state]}


def judge(before: Standing, after: After) -> None:
    """An answer, a place that may be led to, and a screen that can be drawn there."""
    outcome = after.outcome
    assert outcome.acts or outcome.toast, "no answer"
    assert after.standing.place.state in allowed(before, after)
    assert screen_of(after.standing).text
    for act in after.said:
        assert screen_of(replace(after.standing, place=Place(Home.menu, act.at)), act.screen).text


async def test_every_state_has_routes_a_screen_and_ways_on() -> None:
    for state in groups.ALL.values():
        assert state in ROUTES
        assert state.state in SCREENS
        assert state in TRANSITIONS


async def test_somebody_stands_in_every_state_and_at_every_question() -> None:
    places = [standing.place for standing in STANDINGS.values()]
    assert {place.state for place in places} == set(groups.ALL.values())
    assert {place.at["field"] for place in places if place.state is Form.asking} == set(FIELDS)


@everybody
@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_an_answer_whatever_is_sent(
    dispatching: Offline, standing: Standing, sent: Sending
) -> None:
    judge(standing, await dispatching.sends(standing, sent(standing)))


@pytest.mark.row("B20")
@everybody
async def test_an_answer_to_every_button_tapped_or_typed(
    dispatching: Offline, standing: Standing
) -> None:
    locale = standing.records.person.locale if standing.records.person else ""
    for button in buttons_of(standing):
        tapped = await dispatching.sends(standing, taps(standing, button))
        judge(standing, tapped)
        label = WORDS.label(button.label, locale)
        typed = await dispatching.sends(standing, says(standing.now, f" {label.upper()}！ "))
        judge(standing, typed)
        assert typed.envelope.press is not None, f"{label!r} typed is no press"
        assert tapped.envelope.press == typed.envelope.press.marked(
            tapped.envelope.press.mark if tapped.envelope.press else ""
        )
        assert typed.standing.place == tapped.standing.place


@everybody
async def test_a_button_tapped_twice_counts_once(dispatching: Offline, standing: Standing) -> None:
    for button in buttons_of(standing):
        first = await dispatching.sends(standing, taps(standing, button))
        if first.standing.place == standing.place or button.press.mark == ANYWHERE:
            continue
        again = await dispatching.sends(first.standing, taps(standing, button), was=first.was)
        assert again.outcome.acts == ()
        assert again.outcome.toast is not None
        assert again.standing.records == first.standing.records


@everybody
async def test_another_button_of_the_question_before_is_not_taken_for_a_double_tap(
    dispatching: Offline, standing: Standing
) -> None:
    """Whoever taps 青海 and then 山西 in the same message has not been heard twice: they are told
    that the question is over, and see where they are."""
    pressed = [button for button in buttons_of(standing) if button.press.mark != ANYWHERE]
    for one, other in pairwise(pressed):
        first = await dispatching.sends(standing, taps(standing, one))
        if first.standing.place == standing.place:
            continue
        after = await dispatching.sends(first.standing, taps(standing, other), was=first.was)
        judge(first.standing, after)
        assert after.leads == ["unknown-stale"]
        assert after.standing.place == first.standing.place


@everybody
async def test_the_menu_is_at_most_three_acts_away(
    dispatching: Offline, standing: Standing
) -> None:
    reached = [standing]
    for _ in range(STEPS_TO_MENU):
        if any(one.place.state is Home.menu for one in reached):
            return
        reached = [
            (await dispatching.sends(one, body)).standing
            for one in reached
            for body in [says(one.now, "/cancel"), *(taps(one, b) for b in buttons_of(one)[:4])]
        ]
    assert any(one.place.state is Home.menu for one in reached)


@everybody
async def test_out_and_back_in_finds_the_same_question(
    dispatching: Offline, standing: Standing
) -> None:
    """Leaving with /cancel loses no answer; the menu leads to what is due."""
    if standing.records.person is None or not standing.records.person.consent:
        return
    out = await dispatching.sends(standing, says(standing.now, "/cancel"))
    assert out.standing.place.state is Home.menu
    assert out.standing.records == standing.records
    back = await dispatching.sends(out.standing, presses(standing.now, f"g:{ANYWHERE}:resume"))
    assert back.standing.place == flow.due(standing.records, EXAM, standing.now)


@everybody
async def test_help_status_and_language_leave_people_where_they_are(
    dispatching: Offline, standing: Standing
) -> None:
    if standing.records.person is None:
        return
    for command in ("/help", "/status", "/language", "/profile", "/export", "/erase"):
        after = await dispatching.sends(standing, says(standing.now, command))
        assert after.standing == standing


@everybody
async def test_another_language_asks_the_same_question_in_it(
    dispatching: Offline, standing: Standing
) -> None:
    if standing.place.state is Welcome.language:
        return
    for locale in LOCALES:
        chosen = presses(standing.now, f"g:{ANYWHERE}:language-{locale}")
        after = await dispatching.sends(standing, chosen)
        assert after.standing.place == standing.place
        assert after.standing.records.person is not None
        assert after.standing.records.person.locale == locale


# --- strangers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_a_stranger_is_asked_for_the_language_whatever_they_send(
    dispatching: Offline, sent: Sending
) -> None:
    stranger = STANDINGS["en: stranger"]
    after = await dispatching.sends(stranger, sent(stranger))
    assert after.said[-1].screen in (Welcome.language.state, "help", "clock", "nothing-kept")
    assert after.standing.place.state is Welcome.language


@pytest.mark.parametrize(
    "target",
    [
        "menu",
        "resume",
        "tell-me",
        "help",
        "help-photo",
        "status",
        "language",
        "profile",
        "export",
        "erase-yes",
    ],
)
async def test_a_stranger_with_a_button_of_another_life_is_answered(
    dispatching: Offline, target: str
) -> None:
    """The sandbox was reset, or the bot moved: the chat still shows the old buttons."""
    stranger = STANDINGS["en: stranger"]
    after = await dispatching.sends(stranger, presses(OPEN, f"g:{ANYWHERE}:{target}"))
    judge(stranger, after)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_stranger_who_names_a_language_has_chosen_it(
    dispatching: Offline, locale: str
) -> None:
    stranger = STANDINGS["en: stranger"]
    typed = {"zh-CN": "中文", "en": "english"}[locale]
    for body in (presses(OPEN, f"g:{ANYWHERE}:language-{locale}"), says(OPEN, typed)):
        after = await dispatching.sends(stranger, body)
        assert after.standing.place.state is Welcome.consent
        assert after.standing.records.person is not None
        assert after.standing.records.person.locale == locale


# --- pictures ------------------------------------------------------------------------------------


def _file(width: int, portrait: bool) -> Picture:
    kept = Kept(PORTRAIT, 65, "portrait", 60_000, OPEN)
    facts = PhotoFacts("JPEG", width, width * 4 // 3, 90_000, 1)
    return Picture(kept, kept if portrait else None, facts, compressed=True)


PICTURES: dict[str, tuple[Picture | Problem | None, list[str], str]] = {
    "a good one": (_file(900, portrait=True), [], "Photo:confirm"),
    "too small": (_file(200, portrait=False), ["problem-photo-pixels"], "Photo:waiting"),
    "no picture": (Problem("problem-photo-unknown"), ["problem-photo-unknown"], "Photo:waiting"),
    "not fetched": (None, ["photo-not-fetched"], "Photo:waiting"),
}


@pytest.mark.parametrize(("file", "leads", "state"), PICTURES.values(), ids=PICTURES.keys())
async def test_a_picture_is_judged_where_one_is_asked_for(
    dispatching: Offline, file: Picture | Problem | None, leads: list[str], state: str
) -> None:
    standing = STANDINGS["zh-CN: photo"]
    after = await dispatching.sends(standing, picture(OPEN), file=file)
    judge(standing, after)
    assert after.leads == leads
    assert after.standing.place.state.state == state


# --- the menu ------------------------------------------------------------------------------------

MENUS = {
    "menu, halfway": (["menu-open"], ["resume"]),
    "menu, account open": (["menu-open"], ["resume"]),
    "menu, submitted on site": (["menu-submitted"], []),
    "menu, submitted online, later": (["menu-submitted"], []),
    "menu, closed": (["menu-closed"], ["tell-me"]),
    "menu, closed, will be told": (["menu-closed", "menu-will-tell"], []),
    "menu, closed, account open": (["menu-closed"], ["resume", "tell-me"]),
}


@pytest.mark.parametrize(("name", "said", "ways"), [(n, *row) for n, row in MENUS.items()])
async def test_the_menu_says_whether_registration_is_open_and_what_there_is_to_do(
    name: str, said: list[str], ways: list[str]
) -> None:
    screen = screen_of(STANDINGS[f"zh-CN: {name}"])
    assert [text.key for text in screen.text[1:] if isinstance(text, Text)] == said
    assert [b.press.value for row in screen.buttons[:-1] for b in row] == ways


async def test_the_menu_names_the_last_minute_of_the_window() -> None:
    (_title, until) = screen_of(STANDINGS["zh-CN: menu, halfway"]).text
    assert isinstance(until, Text)
    assert WORDS.html(until, "zh-CN") == "报名正在进行，2025年12月15日 23:59 截止。"


# --- old messages --------------------------------------------------------------------------------


async def test_confirming_on_a_message_that_is_days_old_locks_the_identity_all_the_same(
    dispatching: Offline,
) -> None:
    """Of a message that is no longer accessible Telegram gives the number only."""
    standing = STANDINGS["zh-CN: confirm"]
    body = presses(standing.now, f"k:{_mark(standing)}:")
    shown = body["callback_query"]["message"]
    body["callback_query"]["message"] = {"chat": shown["chat"], "message_id": 7, "date": 0}
    old = await dispatching.sends(standing, body)
    judge(standing, old)
    assert old.standing.records.person is not None
    assert old.standing.records.person.number_hash


@pytest.mark.parametrize("name", ["number, resident_id", "number again, resident_id"])
@pytest.mark.parametrize("typed", ["99999919900307104X", "99999919900307104", "你好"])
async def test_what_was_typed_for_a_number_leaves_the_chat_right_or_wrong(
    dispatching: Offline, name: str, typed: str
) -> None:
    standing = STANDINGS[f"zh-CN: {name}"]
    after = await dispatching.sends(standing, says(standing.now, typed))
    assert [act for act in after.outcome.acts if isinstance(act, Erase)] == [Erase(7)]


# --- handing in ----------------------------------------------------------------------------------


async def _hands_in(dispatching: Offline, standing: Standing) -> After:
    after = await dispatching.sends(standing, presses(standing.now, f"S:{_mark(standing)}:"))
    judge(standing, after)
    return after


@pytest.mark.row("S10")
async def test_what_is_whole_is_handed_in_once_with_its_photo_and_moment(
    dispatching: Offline,
) -> None:
    after = await _hands_in(dispatching, STANDINGS["zh-CN: summary"])
    done = after.standing.records.application
    assert done is not None
    assert (done.stage, done.revision, done.photo) == (Stage.SUBMITTED, 1, PORTRAIT)
    assert done.submitted_at == OPEN
    assert [act.screen for act in after.said] == ["todo"]


async def test_after_the_last_minute_nothing_is_handed_in(dispatching: Offline) -> None:
    closes = EXAM.windows.registration.closes
    standing = STANDINGS["zh-CN: summary"]
    last = await _hands_in(dispatching, replace(standing, now=closes - timedelta(seconds=1)))
    late = await _hands_in(dispatching, replace(standing, now=closes))
    stages = [one.standing.records.application for one in (last, late)]
    assert [one.stage for one in stages if one] == [Stage.SUBMITTED, Stage.DRAFT]
    assert late.standing.place.state is Home.menu


@pytest.mark.parametrize("lacking", ["photo", "answer", "terms", "site"])
async def test_what_lacks_something_is_not_handed_in_but_asked_for(
    dispatching: Offline, lacking: str
) -> None:
    ling, draft = person("zh-CN", photo=PORTRAIT), application()
    known, state = {
        "photo": (Records(replace(ling, photo=None), draft), Photo.waiting),
        "answer": (Records(ling, replace(draft, answers={"practice": "none"})), Form.asking),
        "terms": (Records(ling, replace(draft, agreed="of last year")), Choose.notice),
        "site": (Records(ling, replace(draft, site="")), Choose.site),
    }[lacking]
    after = await _hands_in(dispatching, Standing(Place(Form.summary), known))
    assert after.standing.place.state is state
    assert after.standing.records == known
    assert after.leads == ["submit-not-yet"]


# --- the form ------------------------------------------------------------------------------------

WRONG = {
    "name": ["刘", "刘2", "·刘玲"],
    "number, resident_id": ["1", "999999199003071040", "x" * 18],
    "phone": ["1", "+14155552671", "01012345678"],
    "registered": ["2090-01", "1980-01", "soon", "2019-13"],
    "residency": ["2090-01", "soon"],
    "employer": ["x", "长" * 61],
    "department": ["x", "长" * 31],
    "practice": ["doctor"],
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "typed"), [(n, t) for n, ts in WRONG.items() for t in ts])
async def test_a_wrong_answer_is_explained_and_asked_again(
    dispatching: Offline, locale: str, name: str, typed: str
) -> None:
    standing = STANDINGS[f"{locale}: {name}"]
    after = await dispatching.sends(standing, says(standing.now, typed))
    assert after.standing.place == standing.place
    assert after.standing.records == standing.records
    assert after.leads[0].startswith("problem-")
    for lead in after.said[0].leads:
        assert WORDS.html(lead, locale)


@pytest.mark.parametrize("key", FIELDS)
async def test_every_question_says_why_and_only_optional_ones_can_be_skipped(
    dispatching: Offline, key: str
) -> None:
    standing = STANDINGS[f"zh-CN: {key}"]
    why = await dispatching.sends(standing, says(standing.now, "为什么问"))
    assert why.leads == [f"field-{key}-why"]
    assert why.standing.place == standing.place
    skipped = await dispatching.sends(standing, presses(OPEN, f"s:{_mark(standing)}:"))
    if FIELDS[key].required:
        assert skipped.leads == ["problem-required"]
    else:
        assert skipped.standing.records.application is not None
        assert skipped.standing.records.application.answers[key] == ""


@pytest.mark.row("B20")
@pytest.mark.parametrize("key", [key for key in FIELDS if FIELDS[key].kind is Kind.CHOICE])
async def test_a_choice_is_typed_in_either_language(dispatching: Offline, key: str) -> None:
    standing = STANDINGS[f"en: {key}"]
    for value in FIELDS[key].choices:
        for locale in LOCALES:
            label = WORDS.label(FIELDS[key].label(value), locale)
            after = await dispatching.sends(standing, says(OPEN, label))
            assert after.standing.records.application is not None
            assert after.standing.records.application.answers[key] == value
