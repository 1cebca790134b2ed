"""The 429 for a bot that sends too fast."""

import pytest

from bot.sandbox.rules.pacing import BURST, CHAT_BURST, Pacing
from bot.sandbox.rules.refusals import Refusal
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE, Person
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import MovedClock

pytestmark = pytest.mark.row("B22")


class TestPacing:
    def test_one_chat_takes_a_burst_and_then_one_a_second(self, clock: MovedClock) -> None:
        pacing = Pacing(clock)
        for _ in range(int(CHAT_BURST)):
            pacing.pass_or_refuse(1)
        with pytest.raises(Refusal) as refused:
            pacing.pass_or_refuse(1)
        assert (refused.value.code, refused.value.retry_after) == (429, 1)
        pacing.pass_or_refuse(2)
        clock.forward(1)
        pacing.pass_or_refuse(1)
        with pytest.raises(Refusal):
            pacing.pass_or_refuse(1)

    def test_all_chats_take_thirty_a_second_after_a_burst(self, clock: MovedClock) -> None:
        pacing = Pacing(clock)
        for chat in range(int(BURST)):
            pacing.pass_or_refuse(chat)
        with pytest.raises(Refusal):
            pacing.pass_or_refuse(-1)
        clock.forward(1)
        for chat in range(1000, 1030):
            pacing.pass_or_refuse(chat)
        with pytest.raises(Refusal):
            pacing.pass_or_refuse(1030)

    def test_an_album_counts_its_pictures(self, clock: MovedClock) -> None:
        pacing = Pacing(clock)
        pacing.pass_or_refuse(1, 8)
        with pytest.raises(Refusal) as refused:
            pacing.pass_or_refuse(1, 5)
        assert refused.value.retry_after == 3

    def test_idle_chats_are_forgotten_and_busy_ones_are_not(self, clock: MovedClock) -> None:
        pacing = Pacing(clock)
        for chat in range(5000):
            pacing.pass_or_refuse(chat)
            clock.forward(0.05)
        for _ in range(int(CHAT_BURST)):
            pacing.pass_or_refuse(9999)
        with pytest.raises(Refusal):
            pacing.pass_or_refuse(9999)

    async def test_over_http(self, bot: Caller, clock: MovedClock) -> None:
        paced = World(None, clock=clock)
        ling: Person = PEOPLE[0]
        paced.says(ling, "/start")
        async with serving(paced) as base:
            caller = Caller(bot.session, base)
            for _ in range(int(CHAT_BURST)):
                assert (await caller("sendMessage", chat_id=ling.id, text="a")).result
            reply = await caller("sendMessage", chat_id=ling.id, text="a")
            assert reply.refusal == (429, "Too Many Requests: retry after 1")
            assert reply.body["parameters"] == {"retry_after": 1}
            assert paced.complaints() == []
            assert (await caller("sendChatAction", chat_id=ling.id, action="typing")).result
        paced.close()
