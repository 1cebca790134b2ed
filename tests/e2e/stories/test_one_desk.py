"""One message of a staff chat has the buttons of the desk."""

from __future__ import annotations

import pytest

from handlers.callback_data import Action, CallbackData
from states.staff_roles import Role, Scope
from tests.e2e.bot import Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, grant_role
from tests.e2e.stories.test_clerks_day import comes_to_the_window, wait_for_a_clerk

pytestmark = pytest.mark.row("B9", "C6")

DIGEST = "有报名在等您办理"
POINT = Scope("tianjin", "heping", "heping-1")
CALLS = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery")
MOST_CALLS = 2.2
"""Calls of the Bot API for an act at the desk, without the pictures of a case."""
TAKES = ("领取下一份", "照片和材料（在卡片上方）")
GOES_ON = ("继续办手上这一份", "照片和材料（在卡片上方）")
REFUSES = (
    ("❌ 不通过…", "哪里不通过"),
    ("学历学位证书", "为什么不通过"),
    ("缺页，或没有拍全", "缺页，或没有拍全"),
    ("看一遍再发出", "考生会看到这些"),
    ("❌ 确定不通过", "您决定不通过"),
)
APPROVES = ("✅ 通过并领取下一份", "照片和材料（在卡片上方）")
STRAIGHT = (("/queue", "待办队列"), TAKES, *REFUSES, TAKES, APPROVES, *REFUSES)
WINDING = (
    ("/queue", "待办队列"),
    TAKES,
    *REFUSES,
    TAKES,
    ("/queue", "您手上有一份"),
    GOES_ON,
    ("/find", "要找哪一份报名"),
    ("/staff", "您的工作角色"),
    ("待办队列", "您手上有一份"),
    GOES_ON,
    ("写备注", "备注"),
    ("请看原件", "请看原件"),
    APPROVES,
    ("退回队列", "待办队列"),
    ("/language", "请选择语言"),
    ("/queue", "待办队列"),
)
"""Acts of a clerk, typed or tapped, each with words of the newest answer."""


def of_desk(message: Message) -> bool:
    """Whether a message has buttons of the desk.

    Those of a decision stay until it counts, and a digest only leads to the queue.
    """
    if DIGEST in message.text:
        return False
    found = [CallbackData.parse(button.data) for button in message.buttons]
    actions = {one.action for one in found if one is not None and one.is_of_staff}
    return bool(actions) and Action.UNDO not in actions


async def opens_the_desk(harness: Harness, admin: Person) -> Person:
    """Four cases wait for a clerk, who is there."""
    await wait_for_a_clerk(harness, "tianjin", {"site": "heping", "point": "heping-1"})
    await grant_role(harness, CLERK, Role.POINT_CLERK, POINT)
    await comes_to_the_window(admin)
    return harness.person("clerk")


async def acts(clerk: Person, said: str) -> None:
    """Tap the newest button of this label, or type the words."""
    if any(one.button(said) for one in await clerk.from_bot()):
        await clerk.presses(said)
    else:
        await clerk.says(said)


@pytest.mark.both_databases
@pytest.mark.parametrize("moves", [STRAIGHT, WINDING], ids=["straight", "winding"])
async def test_one_message_has_the_buttons_of_the_desk(
    moves: tuple[tuple[str, str], ...], harness: Harness, admin: Person
) -> None:
    clerk = await opens_the_desk(harness, admin)
    for said, answer in moves:
        await acts(clerk, said)
        await clerk.sees_now(answer)
        await harness.settles()
        shown = [one.shown() for one in await clerk.from_bot() if of_desk(one)]
        assert len(shown) <= 1, f"after {said}: {shown}"


async def test_an_act_at_the_desk_costs_few_calls(harness: Harness, admin: Person) -> None:
    clerk = await opens_the_desk(harness, admin)
    await harness.settles()
    before = len(harness.world.log())
    for said, answer in STRAIGHT:
        await acts(clerk, said)
        await clerk.sees_now(answer)
        await harness.settles()
    calls = [call.method for call in harness.world.log()[before:] if call.method in CALLS]
    print(f"{len(calls) / len(STRAIGHT):.2f} calls an act")
    assert len(calls) <= MOST_CALLS * len(STRAIGHT)


async def test_after_a_restart_the_queue_still_loses_its_buttons(
    harness: Harness, admin: Person
) -> None:
    clerk = await opens_the_desk(harness, admin)
    await clerk.says("/queue")
    queue = await clerk.sees_now("4 份待办")
    await harness.settles()
    await harness.stops()
    await harness.starts()
    await clerk.says("/staff")
    await clerk.sees_now("您的工作角色")
    await harness.settles()
    (former,) = [one for one in await clerk.from_bot() if one.id == queue.id]
    assert (former.text, former.buttons) == (queue.text, ())
