"""Requests in people's own words: they open a place, never act, and never take an answer away."""

from __future__ import annotations

import pytest

from bot.delivery.i18n import load_replies
from handlers.callback_data import ANYWHERE
from handlers.candidate.print_form import WAITING
from handlers.everyone.unknown import ASKED, LOST, TOPICS
from states.fsm_states import Form, Home, Welcome
from states.own_words.intents import Intent
from states.own_words.reply_words import Reply
from states.step_result import DeleteMessage, ShowScreen
from tests.fakes.router import OfflineRouter, presses, says
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.possible_updates import EACH_ONCE, STANDINGS
from tests.states.own_words.test_intents import PHRASEBOOK

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST_PHRASE = {one.name: text for text, one in reversed(PHRASEBOOK.examples) if one is not None}


@pytest.mark.row("B25")
@pytest.mark.parametrize("intent", PHRASEBOOK.intents, ids=lambda intent: intent.name)
async def test_an_intent_opens_and_never_acts(router: OfflineRouter, intent: Intent) -> None:
    for name, standing in EACH_ONCE.items():
        if standing.records.person is None:
            continue  # any update makes a stranger known
        after = await router.sends(standing, presses(standing.now, f"g:{ANYWHERE}:{intent.target}"))
        unit = after.envelope.unit
        assert after.standing.records == standing.records, name
        assert unit.audit_entries == [], name
        assert unit.files == [], name
        assert unit.dropped_blobs == [], name


@pytest.mark.row("B25")
@pytest.mark.parametrize("intent", PHRASEBOOK.intents, ids=lambda intent: intent.name)
async def test_where_only_buttons_answer_a_request_opens_what_its_button_opens(
    router: OfflineRouter, intent: Intent
) -> None:
    standing = STANDINGS["zh-CN: menu, submitted on site"]
    tapped = await router.sends(standing, presses(standing.now, f"g:{ANYWHERE}:{intent.target}"))
    typed = await router.sends(standing, says(standing.now, FIRST_PHRASE[intent.name]))
    toast_in_words = (ShowScreen(WAITING),)  # the tap on "print" is answered by a toast
    assert typed.outcome.effects == (tapped.outcome.effects or toast_in_words)
    assert typed.envelope.unit.jobs == tapped.envelope.unit.jobs
    assert typed.standing.position.state == tapped.standing.position.state


@pytest.mark.row("B25")
@pytest.mark.parametrize(
    ("name", "text", "screen"),
    [
        ("zh-CN: employer", "我要换考区", None),
        ("zh-CN: mobile", "撤回", "withdraw"),
        ("en: mobile", "how do I pay?", "help-payment"),
        ("zh-CN: consent", "隐私", "profile"),
    ],
)
async def test_an_answer_goes_before_a_request_and_a_request_before_a_problem(
    router: OfflineRouter, name: str, text: str, screen: str | None
) -> None:
    standing = STANDINGS[name]
    after = await router.sends(standing, says(standing.now, text))
    screens = [effect.screen for effect in after.said]
    if screen is None:
        assert len(screens) == 1
    else:
        assert screens == [screen]
        assert after.standing == standing


@pytest.mark.row("B25")
@pytest.mark.parametrize("kind", Reply)
async def test_a_reply_that_no_button_takes_is_no_request(
    router: OfflineRouter, kind: Reply
) -> None:
    standing = STANDINGS["zh-CN: mobile"]
    places = {Form.asking.state, Home.menu.state}  # the question, the one before it, or for later
    for word in load_replies().words[kind]:
        if PHRASEBOOK.find_example(word) is None:
            after = await router.sends(standing, says(standing.now, word))
            assert {effect.screen for effect in after.said} <= places, word


@pytest.mark.row("B25")
async def test_three_times_not_understood_leads_to_a_person(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: menu, submitted on site"])
    first = await ling.says("嗯嗯嗯")
    assert [effect.screen for effect in first.said] == [LOST]
    assert len(first.said[0].data[TOPICS].split()) == 4
    again = await ling.says("哈哈哈")
    assert again.header_lines == ["lost-again"]
    often = await ling.says("呵呵呵")
    assert [effect.screen for effect in often.said] == ["help-human"]
    assert often.header_lines == ["lost-often"]
    await ling.goes("here")
    assert ling.state is Home.menu


async def test_wrong_photos_are_no_words_that_were_not_understood(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo, wrong 3"])
    first = await ling.says("嗯嗯嗯")
    assert [effect.screen for effect in first.said] == [LOST]


async def test_before_the_consent_the_question_itself_comes_again(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: consent"])
    for _ in range(4):
        again = await ling.says("刘玲")
        assert [effect.screen for effect in again.said] == [Welcome.consent.state]


async def test_the_lost_screen_offers_what_the_text_resembles(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: menu, submitted on site"])
    after = await ling.says("隔壁床那位昨天也收到过一张准考什么的")
    assert after.said[0].data[TOPICS].split()[0] in {one.target for one in PHRASEBOOK.intents}


async def test_a_request_at_an_id_number_still_deletes_the_message(router: OfflineRouter) -> None:
    name = next(name for name in STANDINGS if name.startswith("zh-CN: number, resident_id"))
    standing = STANDINGS[name]
    after = await router.sends(standing, says(standing.now, "怎么缴费 99999919900307"))
    assert [effect.screen for effect in after.said] == ["help-payment"]
    wrong = await router.sends(standing, says(standing.now, "99999919900307"))
    deletions = [one for one in wrong.outcome.effects if isinstance(one, DeleteMessage)]
    kept = [one for one in after.outcome.effects if isinstance(one, DeleteMessage)]
    assert len(kept) == len(deletions) == 1


@pytest.mark.parametrize("command", ["/cancel", "/back"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_after_submitting_cancel_and_back_say_that_they_change_nothing(
    router: OfflineRouter, locale: str, command: str
) -> None:
    for name, way in (
        ("submitted on site", ["submitted-withdraw"]),
        ("at confirmed on site", ["submitted-change"]),
        ("at registered on site", []),
    ):
        standing = STANDINGS[f"{locale}: menu, {name}"]
        after = await router.sends(standing, says(standing.now, command))
        assert after.header_lines == [f"{command[1:]}-submitted", *way], name
        assert after.standing == standing


@pytest.mark.row("B25")
@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("怎么缴费？准考证什么时候打印？", ["help-payment", "help-exam"]),
        ("我的照片没有通过怎么办；还有怎么改手机号", ["help-photo", "change-answer"]),
        ("How do I pay? And also when is the exam?", ["help-payment", "help-exam"]),
    ],
)
async def test_each_part_of_a_question_has_its_own_answer(
    router: OfflineRouter, text: str, targets: list[str]
) -> None:
    standing = STANDINGS["zh-CN: menu, submitted on site"]
    after = await router.sends(standing, says(standing.now, text))
    assert [one.screen for one in after.said] == [ASKED]
    assert after.said[0].data[TOPICS].split() == targets
    assert after.standing.records == standing.records


@pytest.mark.row("B25")
@pytest.mark.parametrize(
    "text", ["你好？怎么缴费", "什么时候确认？在哪里确认？带什么？", "怎么缴费？怎么缴费？"]
)
async def test_one_thing_asked_twice_or_after_a_greeting_is_one_thing(
    router: OfflineRouter, text: str
) -> None:
    standing = STANDINGS["zh-CN: menu, submitted on site"]
    after = await router.sends(standing, says(standing.now, text))
    assert [one.screen for one in after.said] in (["help-payment"], ["visit"])
