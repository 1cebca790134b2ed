"""A scope is chosen from lists; that places can be typed as well is said once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from handlers.questions import listing
from states.staff_roles import Role, Scope
from storage.candidates.blobs import Blobs
from tests.factories import staff_member
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.process import started_process
from tests.storage.staff_members import KEYS, grant_all

ADMINISTRATOR = staff_member(9, Role.ADMINISTRATOR, Scope())
A = ADMINISTRATOR.telegram_id


@pytest_asyncio.fixture
async def chats(database: str) -> AsyncIterator[StaffChats]:
    """The chat of an administrator."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as made:
        await grant_all(process.db, ADMINISTRATOR)
        await process.work.refresh_staff()
        yield made


async def questions(chats: StaffChats, *places: str) -> list[str]:
    """The administrator invites a reviewer and taps these places; what is asked each time."""
    await chats.run(chats.router.goes(A, Action.GO, "invite"))
    said = []
    for code in (Role.SITE_REVIEWER, *places):
        await chats.deliver()
        shown = chats.messages(A)[-1]
        said.append(shown.text)
        (tapped,) = [one for one in shown.buttons if one.split(":", 2)[2] == code]
        await chats.run(chats.router.taps(A, tapped))
    return said


@pytest.mark.parametrize("most", [listing.SHOWN, 1], ids=["the sites fit", "each list is long"])
async def test_that_places_can_be_typed_is_said_once(
    chats: StaffChats, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SHOWN", most)
    _, area, site = await questions(chats, "beijing", "dongcheng")
    assert area.count("打") == 1
    assert "打" not in site
    assert "请选考点" in site
    assert ("下面是第 1–1 个" in site) is (most == 1)
