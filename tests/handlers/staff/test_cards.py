"""One card of an application in a chat, and nothing of it after its claim, whatever is done.

A walk of two clerks on invented cases: a failure prints its seed and its last acts.
"""

from __future__ import annotations

import os
import random
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from states.codes import code_of
from states.records import IMAGE, PDF, MaterialFile, Person, Stage
from states.staff import RoleAssignment
from storage.candidates.blobs import Blobs
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.people import file_in, keep
from tests.storage.process import started_process
from tests.storage.staff_members import (
    CLERK,
    KEYS,
    OTHER_CLERK,
    PACE,
    candidate,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B9", "B10")

ACTS = int(os.environ.get("ACTS", "150"))
SEEDS = range(int(os.environ.get("SEED", "0")), int(os.environ.get("SEED", "0")) + 4)
CASES = range(1, 6)
A, B = CLERK.telegram_id, OTHER_CLERK.telegram_id
CLERKS = {A: CLERK, B: OTHER_CLERK}
TYPED = (
    *("你好", "请带原件再来", "长" * 600, "13800138000", "/back", "<b>刘</b>"),
    *("/start", "/staff", "/queue", "/find", "/cancel", "/help", "/nonsense"),
)


def _candidate(number: int) -> Person:
    """A candidate whose name no other text contains."""
    person = candidate(number)
    return replace(
        person, identity=replace(person.identity, name=f"考{'甲乙丙丁戊'[number - 1]}生")
    )


@dataclass(slots=True)
class Walk:
    """Two clerks and their cases. ``revisions`` counts how often a case came."""

    chats: StaffChats
    files: tuple[str, str]
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    revisions: Counter[int] = field(default_factory=Counter)
    old_buttons: list[str] = field(default_factory=list)
    acts: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    async def comes(self, number: int, stage: Stage = Stage.SUBMITTED) -> None:
        """A case comes, anew or in another stage; its candidate has papers."""
        self.revisions[number] += stage is Stage.SUBMITTED
        picture, scan = self.files
        materials = {
            "identity": (MaterialFile(picture, IMAGE, 9), MaterialFile(picture, IMAGE, 9)),
            "degree": (MaterialFile(scan, PDF, 9),),
        }
        filed = replace(
            waiting(number, stage, self.chats.clock.moment),
            revision=self.revisions[number],
            photo=picture,
            area="qinghai",
            materials=materials,
        )
        await keep(self.chats.process.db, _candidate(number))
        await file_in(self.chats.process.db, filed)

    # --- updates ----------------------------------------------------------------------------------

    def taps(self, who: int, data: str) -> dict[str, Any]:
        """A tap on a button that the chat shows or showed."""
        return self.chats.router.taps(who, data)

    def sends(self, who: int, **content: Any) -> dict[str, Any]:
        """A message that is no text."""
        update = self.chats.router.says(who, "")
        del update["message"]["text"]
        update["message"] |= content
        return update

    def photo(self, who: int, album: str = "") -> dict[str, Any]:
        """A photo, perhaps one of an album."""
        size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}
        together: dict[str, Any] = {"media_group_id": album} if album else {}
        return self.sends(who, photo=[size], **together)

    def sticker(self, who: int) -> dict[str, Any]:
        """A sticker."""
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        size = {"file_id": "s", "file_unique_id": "u", "width": 9, "height": 9}
        return self.sends(who, sticker={**kind, **size})

    def takes_next(self, who: int) -> dict[str, Any]:
        """The button "take the next one" of any message."""
        return self.chats.router.goes(who, Action.GO, "queue-next")

    def takes(self, who: int, number: int) -> dict[str, Any]:
        """The button of a case that a search found."""
        return self.chats.router.goes(who, Action.TAKE, str(waiting(number).id))

    def undoes(self, who: int, number: int) -> dict[str, Any]:
        """The button that undoes a decision."""
        return self.chats.router.goes(who, Action.UNDO, str(waiting(number).id))

    # --- whims ------------------------------------------------------------------------------------

    async def act(self) -> None:
        """One act of a clerk, of time or of the world."""
        mood = self.chance.random()
        if mood < 0.82:
            await self._clerk_acts(self.chance.choice((A, B)))
        elif mood < 0.92:
            await self._time_passes()
        else:
            await self._world_acts()

    async def _clerk_acts(self, who: int) -> None:
        chance, mood = self.chance, self.chance.random()
        shown = [data for one in self.chats.messages(who) for data in one.buttons]
        self.old_buttons += [data for data in shown if data not in self.old_buttons]
        newest = next((m.buttons for m in reversed(self.chats.messages(who)) if m.buttons), [])
        if newest and mood < 0.45:
            name, made = "button", [self.taps(who, chance.choice(newest))]
        elif self.old_buttons and mood < 0.55:
            name, made = "old button", [self.taps(who, chance.choice(self.old_buttons))]
        elif mood < 0.65:
            name, made = "take next", [self.takes_next(who)]
        elif mood < 0.72:
            name, made = "take", [self.takes(who, chance.choice(CASES))]
        elif mood < 0.74:
            name, made = "undo", [self.undoes(who, chance.choice(CASES))]
        elif mood < 0.80:
            code = code_of(waiting(chance.choice(CASES)).id)
            name, made = "find", [self.chats.router.says(who, t) for t in ("/find", code)]
        elif mood < 0.85:
            made = [chance.choice((self.photo, self.sticker))(who)]
            name = "photo or sticker"
        elif mood < 0.88:
            name, made = "album", [self.photo(who, "9"), self.photo(who, "9")]
        else:
            name, made = "typed", [self.chats.router.says(who, chance.choice(TYPED))]
        if chance.random() < 0.15:
            twin = {**made[-1], "update_id": next(self.chats.router.ids)}
            name, made = f"{name}, twice", [*made, twin]
        about = made[0].get("callback_query", made[0].get("message", {}))
        at = await self.chats.position(who)
        where = f"{at.state.state} {at.data.get('application', '')}"
        self.acts.append(f"{who} at {where}: {name} {about.get('data') or about.get('text', '')}")
        for update in made:
            await self.chats.run(update)

    async def _time_passes(self) -> None:
        by = self.chance.choice((timedelta(minutes=5), PACE.undo, PACE.idle))
        runs = self.chance.random() < 0.7
        self.acts.append(f"{by} pass, the scheduler {'runs' if runs else 'waits'}")
        self.chats.clock.moment += by
        if runs:
            await self.chats.scheduler_runs()

    async def _world_acts(self) -> None:
        number, who = self.chance.choice(CASES), self.chance.choice((A, B))
        mood = self.chance.random()
        if mood < 0.6:
            self.acts.append(f"{number} comes anew")
            await self.comes(number)
        elif mood < 0.8:
            stage = self.chance.choice((Stage.DRAFT, Stage.EXPIRED))
            self.acts.append(f"{number} becomes {stage}")
            await self.comes(number, stage)
        else:
            revoked = self.chance.choice((None, self.chats.clock.moment))
            self.acts.append(f"{who} is {'revoked' if revoked else 'there'}")
            await self.sits(replace(CLERKS[who], revoked_at=revoked))

    async def sits(self, assignment: RoleAssignment) -> None:
        """Somebody gets or loses a role."""
        await grant_all(self.chats.process.db, assignment)
        await self.chats.process.work.refresh_staff()

    # --- what holds -------------------------------------------------------------------------------

    async def check(self) -> None:
        """Deliver all, and look into both chats."""
        await self.chats.deliver()
        for who in CLERKS:
            held, cards = await self.chats.held(who), self.chats.cards(who)
            papers = self.chats.papers(who)
            assert set(cards) <= held, "a card without a claim"
            assert {about for about, _ in papers} <= held, "a paper without a claim"
            assert len(cards) <= 1, "two cards"
            assert not papers or cards, "papers without their card"
            assert {about for about, _ in papers} <= set(cards), "papers of another case"
            assert len(set(papers)) == len(papers), "a paper twice"
            if is_open := await self.chats.is_open(who):
                assert cards == [is_open], "an open case without its card"
            for one in self.chats.messages(who):
                if not one.card_of and not one.paper_of[0]:
                    assert not one.is_picture
                    assert not any(_candidate(n).identity.name in one.text for n in CASES), one


@pytest_asyncio.fixture
async def walk(sqlite_database: str) -> AsyncIterator[Walk]:
    """Two clerks of one point, and five cases that wait for them."""
    blobs = Blobs.at("memory://", KEYS)
    async with (
        started_process(sqlite_database) as process,
        staff_chats(process, blobs) as chats,
    ):
        files = (await blobs.put(64, b"picture"), await blobs.put(64, b"scan"))
        made = Walk(chats, files)
        for number in CASES:
            await made.comes(number)
        for assignment in CLERKS.values():
            await made.sits(assignment)
        yield made


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_chat_shows_only_the_open_case_whatever_is_done(walk: Walk, seed: int) -> None:
    walk.chance = random.Random(seed)
    for number in range(ACTS):
        try:
            await walk.act()
            if walk.chance.random() < 0.7:
                await walk.check()
            else:
                await walk.chats.send_one(walk.chance.choice((A, B)))
        except Exception as failure:
            failure.add_note(f"seed {seed}, act {number}:\n" + "\n".join(walk.acts))
            raise
    walk.chats.clock.moment += PACE.idle
    await walk.chats.scheduler_runs()
    await walk.check()
    assert not any(walk.chats.cards(who) + walk.chats.papers(who) for who in CLERKS)
