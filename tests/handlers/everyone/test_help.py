"""The help's topics: everybody can read them, from anywhere, and stays where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.callback_data import ANYWHERE, Action
from handlers.everyone.help import (
    ACTS,
    CHANGED,
    ELIGIBILITY,
    HUMAN,
    IDENTITY,
    LATER,
    OTHERS,
    PAYMENT,
    TOPICS,
)
from handlers.everyone.unknown import UNCLEAR
from handlers.outlook_lines import asking_button, can_withdraw
from handlers.payment_lines import is_due
from handlers.rendering import Screen, View
from states.fsm_states import Corrections, Home, Photo
from states.progress import next_step
from states.progress.next_step import MENU, Position
from states.progress.outlook import Matter, Moment, outlook
from states.records import Records, Stage
from states.step_result import ShowScreen
from states.texts import Text
from tests.fakes.router import (
    TRANSLATIONS,
    OfflineRouter,
    presses,
    says,
    screen_of,
)
from tests.handlers.all_screens import texts_of
from tests.handlers.people import ANSWERS, EXAM, LOCALES, OPEN, Standing, application, person
from tests.handlers.possible_updates import EACH_ONCE, STANDINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDED = {Matter.TICKET, Matter.EXPIRED, Matter.FINAL, Matter.REJECTED}
topics = pytest.mark.parametrize("topic", TOPICS)


def values(screen: Screen) -> list[str]:
    """Return the targets of a screen's buttons."""
    return [button.callback.value for row in screen.buttons for button in row]


def resuming(standing: Standing) -> list[str]:
    """The way back to a question, where one can be answered now."""
    can_go_on = next_step.due(standing.records, EXAM, standing.now) != next_step.MENU
    return ["resume"] if can_go_on else []


@pytest.mark.row("B20")
@topics
async def test_a_topic_is_read_from_anywhere_and_leaves_people_where_they_are(
    router: OfflineRouter, topic: str
) -> None:
    typed = [TRANSLATIONS.label(Text(f"button-{topic}"), locale) for locale in LOCALES]
    for name, standing in list(EACH_ONCE.items())[TOPICS.index(topic) :: len(TOPICS)]:
        tap = presses(standing.now, f"g:{ANYWHERE}:{topic}")
        for body in (tap, *(says(standing.now, label) for label in typed)):
            after = await router.sends(standing, body)
            assert after.outcome.effects == (ShowScreen(topic),), name
            assert after.outcome.position is None
            assert after.standing == standing


@pytest.mark.parametrize("topic", [one for one in TOPICS if one != ELIGIBILITY])
async def test_an_answer_names_the_contact_and_leads_on(topic: str) -> None:
    for name, standing in EACH_ONCE.items():
        screen = screen_of(standing, topic)
        *own, said, contact = screen.text
        application = standing.records.application
        is_chosen = application is not None and application.area != ""
        has_own = topic == PAYMENT and is_chosen
        assert bool(own) is has_own, name
        assert isinstance(said, Text)
        assert said.key == topic
        assert isinstance(contact, Text)
        assert contact.key == ("help-contact" if is_chosen else "help-contact-none"), name
        view = View(standing.records, EXAM, standing.now, {})
        acts = [ACTS[topic]] if topic in ACTS and application is not None else []
        known = standing.records.person
        if topic == IDENTITY and known is not None and known.number_hash is not None:
            acts = [ACTS[topic]]  # of an account that is locked before an application is begun
        if acts == ["withdraw"] and not can_withdraw(view):
            # a button that cannot withdraw is a dead one; a late change may be asked for then
            acts = [one.callback.value for one in asking_button(view) if topic == CHANGED]
        if topic == PAYMENT and is_due(view):
            acts = ["pay", "paid"]
        assert values(screen) == [*acts, "help", *resuming(standing), "status"]


async def test_a_confirmed_candidate_who_wants_to_change_gets_the_button_to_ask_for_it() -> None:
    known = replace(application(revision=1), stage=Stage.CONFIRMED)
    screen = screen_of(Standing(MENU, Records(person("zh-CN"), known)), CHANGED)
    assert "late-change" in values(screen)
    assert "withdraw" not in values(screen)


@pytest.mark.parametrize(
    ("area", "site", "key", "said"),
    [
        ("tianjin", "heping", "help-payment-here", "2月4日"),
        ("qinghai", "xining", "help-payment-mobile", "2月13日"),
        ("shanxi", "taiyuan", "help-payment-none", "不在网上缴费"),
    ],
)
async def test_how_to_pay_begins_with_the_own_area(
    area: str, site: str, key: str, said: str
) -> None:
    known = application(area=area, answers={**ANSWERS, "site": site, "point": ""})
    standing = Standing(MENU, Records(person("zh-CN"), known))
    first = screen_of(standing, PAYMENT).text[0]
    assert isinstance(first, Text)
    assert first.key == key
    assert said in TRANSLATIONS.html(first, "zh-CN")


async def test_how_to_pay_asks_nobody_to_pay_who_has_paid_or_cannot_pay_any_more() -> None:
    paying = {f"help-payment-{how}" for how in ("here", "here-open", "mobile", "desktop")}
    met = set[Matter]()
    for name, standing in STANDINGS.items():
        application = standing.records.application
        if application is None or not application.area:
            continue
        seen = outlook(standing.records, EXAM, standing.now)
        is_missed = seen.matter is Matter.PAYMENT and seen.moment is Moment.OVER
        if is_missed or seen.matter in ENDED:
            met.add(seen.matter)
            assert not paying & _keys(standing, PAYMENT), name
    assert met == {*ENDED, Matter.PAYMENT}


async def test_who_stops_reads_the_end_of_what_they_fill_in_and_no_other() -> None:
    met = set[object]()
    for name, standing in STANDINGS.items():
        (said,) = (one for one in screen_of(standing, LATER).text if _is(one, LATER))
        assert isinstance(said, Text)
        seen, closes = outlook(standing.records, EXAM, standing.now), said.args["closes"]
        met.add(said.args["end"])
        if said.args["end"] == "none":
            continue
        assert isinstance(closes, datetime)
        assert closes > standing.now - timedelta(minutes=1), name
        assert closes.astimezone(EXAM.tz).strftime("%H:%M") != "00:00", name
        is_new = seen.is_draft or seen.matter is Matter.BEGIN
        assert is_new or seen.matter in (Matter.CORRECTION, Matter.CHANGE), name
    assert met == {"submit", "again", "none"}


async def test_of_a_correction_nobody_reads_the_time_left_to_register() -> None:
    wanted = [one for one in STANDINGS.values() if one.position.state is Corrections.listing]
    assert wanted
    for standing in wanted:
        early = replace(standing, now=EXAM.windows.registration.closes - timedelta(hours=5))
        at = replace(early, position=Position(Photo.waiting, {}))
        if outlook(at.records, EXAM, at.now).is_draft:
            continue
        assert not {"left-days", "left-hours", "left-minutes"} & _keys(at, None)


def _keys(standing: Standing, screen: str | None) -> set[str]:
    return {one.key for one in texts_of(screen_of(standing, screen))}


def _is(one: object, key: str) -> bool:
    return isinstance(one, Text) and one.key == key


@pytest.mark.parametrize("name", ["en: stranger", "zh-CN: employer"])
async def test_other_topics_leads_back_to_the_help_tapped_or_typed(
    router: OfflineRouter, name: str
) -> None:
    standing = STANDINGS[name]
    labels = [TRANSLATIONS.label(OTHERS.label, locale) for locale in LOCALES]
    for body in (presses(OPEN, OTHERS.callback.pack()), *(says(OPEN, label) for label in labels)):
        after = await router.sends(standing, body)
        assert after.outcome.effects == (ShowScreen("help"),)
        assert after.standing == standing


async def test_the_help_offers_every_topic_and_what_it_offered_before() -> None:
    for standing in STANDINGS.values():
        screen = screen_of(standing, "help")
        assert screen.text[0] == Text("help-text")
        assert values(screen) == [*TOPICS, *resuming(standing), "status", "profile"]
        pressed = [button.callback for row in screen.buttons for button in row]
        assert {(press.action, press.question_hash) for press in pressed} == {(Action.GO, ANYWHERE)}


async def test_a_topic_that_we_never_had_is_no_topic(router: OfflineRouter) -> None:
    for name in ("en: stranger", "en: employer"):
        standing = STANDINGS[name]
        after = await router.sends(standing, presses(OPEN, f"g:{ANYWHERE}:help-nothing"))
        assert [effect.screen for effect in after.said] == [standing.position.state.state]
        assert after.standing.position == standing.position


@pytest.mark.parametrize("locale", LOCALES)
async def test_help_points_to_nothing_that_is_not_there(locale: str) -> None:
    """In no state a sentence names a command that is refused, or a contact that cannot come."""
    for name, standing in STANDINGS.items():
        known = standing.records
        if known.person is None or not name.startswith(locale):
            continue
        view = View(known, EXAM, standing.now)
        is_over = standing.now >= EXAM.windows.registration.closes
        is_draft = known.application is None or known.application.stage is Stage.DRAFT
        changed, human = screen_of(standing, CHANGED), screen_of(standing, HUMAN)
        said = [TRANSLATIONS.html(text, locale) for text in texts_of(changed)]
        may_withdraw = can_withdraw(view) or (is_draft and not is_over)
        withdrawing = TRANSLATIONS.label(Text("button-withdraw"), locale)
        assert any(f"“{withdrawing}”" in one for one in said) is may_withdraw, name
        may_ask = may_withdraw or bool(asking_button(view))
        assert any("/change" in one for one in said) is may_ask, name
        for text in texts_of(human):
            if text.key == "help-contact-none":
                assert text.args["is-over"] == ("yes" if is_over else "no"), name
        correcting = "correct-identity" in values(screen_of(standing, "help-identity"))
        assert correcting or known.person.number_hash is None, name


@pytest.mark.parametrize(("name", "is_named"), [("menu, closed", "yes"), ("exam", "no")])
async def test_who_is_not_understood_is_sent_to_nobody_unnamed(
    router: OfflineRouter, name: str, is_named: str
) -> None:
    lost = Position(Home.menu, {UNCLEAR: "2"})
    standing = replace(STANDINGS[f"zh-CN: {name}"], position=lost)
    after = await router.sends(standing, says(standing.now, "嗯嗯嗯"))
    (shown,) = after.said
    assert [(one.key, one.args) for one in shown.header_lines] == [
        ("lost-often", {"is-named": is_named})
    ]
