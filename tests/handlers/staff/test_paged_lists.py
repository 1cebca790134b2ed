"""Paging of the staff's lists by their buttons: invitations, the cases desk, and forged numbers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from handlers.registry import DESK_SCREENS
from handlers.staff.list_parts import LISTS
from states.records import PersonId
from states.staff.cases import CaseKind
from states.staff_roles import Invite, Role, RoleAssignment, Scope
from storage.candidates import cases
from storage.candidates.cases import Case
from storage.staff.access import invites
from tests.factories import staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.storage.people import keep
from tests.storage.process import BOT, StorageProcess
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    SITE,
    candidate,
    grant_all,
)

pytestmark = pytest.mark.row("B9", "B27")

HEAD = staff_member(12, Role.ADMINISTRATOR, Scope())
COUNT = 23
SHOWN = 10
BEYOND = ("900", "22", "-5", "x", "", "9" * 40)
"""Numbers of rows that no button names."""


@dataclass(slots=True)
class PagedList:
    """A list of 23 rows, its reader, and how all but the first rows end."""

    router: BatchRouter
    screen: str
    reader: RoleAssignment
    first_line: str
    shorten: Callable[[int], Awaitable[None]]

    async def opened(self) -> list[str]:
        """Open the list."""
        return await self._shown(self.router.goes(self.reader.telegram_id, Action.GO, self.screen))

    async def part(self, begins: str, who: RoleAssignment | None = None) -> list[str]:
        """Tap the button to a part."""
        reader = (who or self.reader).telegram_id
        return await self._shown(self.router.goes(reader, Action.PART, f"{self.screen}:{begins}"))

    async def _shown(self, update: dict[str, object]) -> list[str]:
        return (await self.router.drawn(await self.router.run(update))).splitlines()


def rows_of(lines: list[str]) -> list[int]:
    """Return the numbers of the rows that a message shows."""
    return [int(found[1]) for one in lines if (found := re.match(r"(\d+)\. ", one))]


def turns_of(lines: list[str]) -> str:
    """Return the arrows below a list."""
    return "".join(one for one in lines if one in {"←", "→"})


async def _invitations(process: StorageProcess, router: BatchRouter) -> PagedList:
    async with process.db.write() as tx:
        for number in range(1, COUNT + 1):
            until = CONFIRMING + timedelta(days=1, minutes=number)
            made = Invite(
                number, BOT, Role.POINT_CLERK, SITE.scope, HEAD.telegram_id, CONFIRMING, until
            )
            await invites.make(tx, KEYS, made, f"{invites.PREFIX}{number}")

    async def shorten(left: int) -> None:
        async with process.db.write() as tx:
            for number in range(left + 1, COUNT + 1):
                assert await invites.end(tx, KEYS, number, CONFIRMING)

    return PagedList(router, "invites", HEAD, "待处理的邀请", shorten)


async def _cases(process: StorageProcess, router: BatchRouter) -> PagedList:
    await keep(process.db, *(candidate(number) for number in range(1, COUNT + 1)))
    made = [
        Case(
            number,
            CaseKind.NUMBER_TAKEN,
            PersonId(64 * number),
            f"{number:064}",
            "qinghai",
            "xining",
            CONFIRMING,
        )
        for number in range(1, COUNT + 1)
    ]
    async with process.db.write() as tx:
        for one in made:
            await cases.add(tx, KEYS, one)

    async def shorten(left: int) -> None:
        async with process.db.write() as tx:
            for one in made[left:]:
                await cases.save(tx, KEYS, replace(one, closed_at=CONFIRMING))

    return PagedList(router, "cases", SITE, "件等您办", shorten)


@pytest_asyncio.fixture(params=[_invitations, _cases], ids=["invitations", "cases"])
async def paged(
    request: pytest.FixtureRequest, process: StorageProcess
) -> AsyncIterator[PagedList]:
    """A list of three parts."""
    async with batch_router(process) as router:
        await grant_all(process.db, HEAD, SITE, CLERK)
        await process.work.refresh_staff()
        yield await request.param(process, router)


def test_each_list_is_a_screen_of_the_desk() -> None:
    assert LISTS <= DESK_SCREENS


async def test_the_buttons_lead_through_the_parts_and_back(paged: PagedList) -> None:
    first = await paged.opened()
    assert rows_of(first) == [*range(1, 11)]
    assert turns_of(first) == "→"
    second = await paged.part("10")
    assert rows_of(second) == [*range(11, 21)]
    assert turns_of(second) == "←→"
    last = await paged.part("20")
    assert rows_of(last) == [21, 22, 23]
    assert turns_of(last) == "←"
    assert paged.first_line in last[0]
    assert str(COUNT) in last[0], "each part says how many there are"


async def test_a_part_that_became_empty_leads_to_the_last_one(paged: PagedList) -> None:
    await paged.shorten(12)
    shown = await paged.part("20")
    assert rows_of(shown) == [11, 12]
    assert turns_of(shown) == "←"


async def test_a_list_without_a_row_says_so(paged: PagedList) -> None:
    await paged.shorten(0)
    shown = await paged.part("20")
    assert rows_of(shown) == []
    assert turns_of(shown) == ""
    assert paged.first_line not in shown[0]


@pytest.mark.parametrize("begins", BEYOND)
async def test_a_forged_number_shows_a_part(paged: PagedList, begins: str) -> None:
    rows = rows_of(await paged.part(begins))
    assert rows == ([21, 22, 23] if begins in {"900", "22"} else [*range(1, SHOWN + 1)])


async def test_nobody_else_reads_a_part(paged: PagedList) -> None:
    shown = await paged.part("10", CLERK)
    assert rows_of(shown) == []
    assert "不在您的角色和负责范围内" in shown[0]


async def test_a_forged_list_is_denied(paged: PagedList) -> None:
    for screen in ("card", "queue", ""):
        forged = replace(paged, screen=screen)
        assert "不在您的角色和负责范围内" in (await forged.part("10"))[0]
