"""Ling, who does one thing after the other: what she gets to see is judged every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.callback_data import ANYWHERE, Action, CallbackData
from handlers.update_context import Fetched
from states.fsm_states import State
from tests.fakes.router import (
    After,
    OfflineRouter,
    buttons_of,
    document,
    picture,
    presses,
    says,
    screen_of,
    taps,
)
from tests.handlers.all_screens import texts_of
from tests.handlers.people import Standing
from tests.handlers.possible_updates import check_reaction, mark


@dataclass(slots=True)
class CandidateDriver:
    """Her standing, the button that led there, and a screen that asked yes or no a minute ago."""

    router: OfflineRouter
    at: Standing
    was: str = ""
    aside: str = ""

    async def sends(self, body: Mapping[str, Any], file: Fetched | None = None) -> After:
        """Any update of hers, with what became of its file."""
        after = await self.router.sends(self.at, body, file=file, was=self.was, aside=self.aside)
        check_reaction(self.at, after)
        self.at, self.was = after.standing, after.was
        screen = after.aside.rpartition(" ")[2]
        seen = (self.at.now - timedelta(minutes=1)).timestamp()
        self.aside = f"{seen}/0 {screen}" if screen else ""
        return after

    async def says(self, text: str) -> After:
        """She types."""
        return await self.sends(says(self.at.now, text))

    async def taps(self, action: Action, value: str = "", *, times: int = 1) -> After:
        """She taps a button that she sees, perhaps twice as people do."""
        (button,) = {
            repr(one): one
            for one in buttons_of(self.at)
            if (one.callback.action, one.callback.value) == (action, value)
        }.values()
        body = taps(self.at, button)
        after = await self.sends(body)
        for _ in range(times - 1):
            after = await self.sends(body)
        return after

    async def forges(self, action: Action, value: str) -> After:
        """She makes a button up."""
        return await self.sends(
            presses(self.at.now, CallbackData(action, value, mark(self.at)).pack())
        )

    async def goes(self, target: str) -> After:
        """She taps a button that works anywhere."""
        return await self.sends(
            presses(self.at.now, CallbackData(Action.GO, target, ANYWHERE).pack())
        )

    async def sends_photo(self, file: Fetched | None, album: str = "") -> After:
        """A picture, perhaps of an album."""
        return await self.sends(picture(self.at.now, album), file)

    async def sends_file(self, file: Fetched | None) -> After:
        """A document."""
        return await self.sends(document(self.at.now), file)

    @property
    def state(self) -> State:
        """Her state."""
        return self.at.position.state

    @property
    def field(self) -> str:
        """The field of the question; empty without one."""
        return self.at.position.data.get("field", "")

    @property
    def sees(self) -> set[str]:
        """The keys of all that stands on her screen."""
        return {text.key for text in texts_of(screen_of(self.at))}

    def offered(self, action: Action) -> list[str]:
        """The values of the buttons of this kind that she sees, in order."""
        return [one.callback.value for one in buttons_of(self.at) if one.callback.action is action]
