"""One message of the chat has the buttons of the open question; the others read as a record."""

from __future__ import annotations

import pytest

from handlers.callback_data import ANYWHERE, CallbackData
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.conversation import Candidate, straight, to_the_end, winding
from tests.e2e.messages import Message
from tests.e2e.person import Person

CALLS = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery")
MOST_CALLS = 2.2
"""Calls of the Bot API for an answer to a question of the form."""


def asks(message: Message) -> bool:
    """Whether a message has a button of a question."""
    found = [CallbackData.parse(button.data) for button in message.buttons]
    return any(one and one.question_hash != ANYWHERE and not one.is_of_staff for one in found)


async def live(person: Person) -> list[Message]:
    """The messages with buttons of a question."""
    return [message for message in await person.from_bot() if asks(message)]


@pytest.mark.row("S7")
@pytest.mark.both_databases
@pytest.mark.parametrize("way", [straight, winding], ids=["straight", "winding"])
async def test_one_message_has_the_buttons_of_the_question(
    way: object, ling: Person, harness: Harness
) -> None:
    moves = [*(straight if way is straight else winding)(Candidate(1)), *to_the_end()]
    for move in moves:
        await move.effect(ling)
        await ling.sees(move.answer)
        await harness.settles()
        shown = [message.shown() for message in await live(ling)]
        assert len(shown) <= 1, shown


async def test_an_answer_costs_few_calls(ling: Person, harness: Harness) -> None:
    moves = straight(Candidate(1))
    for move in moves:
        await move.effect(ling)
        await ling.sees(move.answer)
    await harness.settles()
    calls = [call for call in harness.world.log() if call.method in CALLS]
    print(f"{len(calls) / len(moves):.2f} calls an answer")
    assert len(calls) <= MOST_CALLS * len(moves)


async def test_a_tapped_answer_stands_above_the_next_question(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    await scenes.gives_the_contact(ling)
    question = await ling.sees("报考哪一类")
    await ling.presses("护")
    await ling.sees("报考哪个级别")
    await ling.presses("中级")
    third = await ling.sees("报考哪个专业")
    assert third.id == question.id
    assert third.says(("✓ 专业类别：护", "✓ 报考级别：中级"))
    await ling.presses("上一步")
    second = await ling.sees("报考哪个级别")
    assert "✓ 报考级别" not in second.text, "the question that is open again has no answer above it"


async def test_a_tap_before_the_answer_to_start_leads_to_the_newest_message(
    ling: Person, harness: Harness
) -> None:
    """Ling wrote /start and tapped at once the question that she still saw."""
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    await scenes.gives_the_contact(ling)
    old = await ling.sees("报考哪一类")
    await ling.says("/start")
    await ling.taps(old, "护")
    await ling.sees("报考哪个级别")
    await harness.settles()
    newest = (await ling.from_bot())[-1]
    assert "报考哪个级别" in newest.text
    assert [message.id for message in await live(ling)] == [newest.id]


async def test_a_typed_answer_leaves_its_question_without_buttons(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    asked = await ling.sees("您的手机号码")
    await ling.says(scenes.PHONE)
    following = await ling.sees("固定电话")
    assert following.id > asked.id
    assert "✓ 手机：138 0013 8000" in following.text
    (still,) = [one for one in await ling.from_bot() if one.id == asked.id]
    assert (still.text, still.buttons) == (asked.text, ())


async def test_a_question_is_closed_after_a_restart(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    await harness.settles()
    await harness.stops()
    await harness.starts()
    await ling.says(scenes.PHONE)
    following = await ling.sees("固定电话")
    await harness.settles()
    assert [message.id for message in await live(ling)] == [following.id]


async def test_what_was_agreed_to_stays(ling: Person, harness: Harness) -> None:
    await scenes.meets_the_bot(ling)
    await harness.settles()
    (consent,) = [one for one in await ling.from_bot() if "同意我们这样使用" in one.text]
    assert not consent.buttons


async def test_why_is_answered_in_the_question(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    question = await ling.sees("您的手机号码")
    await ling.presses("为什么问？")
    answer = await ling.sees("考点都打这个号码")
    assert answer.id == question.id
