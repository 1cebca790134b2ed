"""One card of an application in a chat, and nothing of it after its claim, whatever is done.

A walk of two clerks on invented cases: a failure prints its seed and its last acts.
"""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from handlers.staff.oversight.statistics import CHART
from states.records import IMAGE, PDF, MaterialFile, Person, Stage
from states.staff_roles import RoleAssignment, Scope
from states.submissions.application_codes import code_of
from storage.candidates.blobs import Blobs
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.people import FILLED, file_in, keep
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

ACTS = int(os.environ.get("ACTS", "120"))
SEEDS = range(int(os.environ.get("SEED", "0")), int(os.environ.get("SEED", "0")) + 4)
CASES = range(1, 6)
A, B = CLERK.telegram_id, OTHER_CLERK.telegram_id
POINT = Scope("tianjin", "heping", "heping-1")
"""A point of an area that confirms online: its applications have papers."""
CLERKS = {one.telegram_id: replace(one, scope=POINT) for one in (CLERK, OTHER_CLERK)}
LONG = {"address": "址" * 2400, "email": "e" * 1700}
"""Answers that a card has no room for."""
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
    """Two clerks and their cases.

    ``revisions`` counts how often a case came; ``seen`` are the buttons that were shown.
    """

    chats: StaffChats
    files: tuple[str, str]
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    revisions: Counter[int] = field(default_factory=Counter)
    seen: dict[str, None] = field(default_factory=dict)
    acts: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    async def come(self, *numbers: int, stage: Stage = Stage.SUBMITTED) -> None:
        """Cases come, anew or in another stage; their candidates have papers."""
        self.revisions.update(numbers if stage is Stage.SUBMITTED else ())
        picture, scan = self.files
        materials = {
            "identity": (MaterialFile(picture, IMAGE, 9), MaterialFile(picture, IMAGE, 9)),
            "degree": (MaterialFile(scan, PDF, 9),),
        }
        filed = [
            replace(
                waiting(number, stage, self.chats.clock.moment),
                revision=self.revisions[number],
                photo=picture,
                area=POINT.area,
                answers={**FILLED.answers, "site": POINT.site, "point": POINT.point, **LONG},
                materials=materials,
            )
            for number in numbers
        ]
        await keep(self.chats.process.db, *map(_candidate, numbers))
        await file_in(self.chats.process.db, *filed)

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

    def says(self, text: str) -> dict[str, Any]:
        """The first clerk types."""
        return self.chats.router.says(A, text)

    def buttons(self) -> list[str]:
        """The buttons of the first clerk's newest message that has some."""
        shown = [one.buttons for one in self.chats.messages(A) if one.buttons]
        return shown[-1] if shown else []

    def steps(self, step: str) -> dict[str, Any]:
        """The first clerk types a command, or taps the button of an action and value."""
        if step.startswith("/"):
            return self.says(step)
        action, _, value = step.partition(":")
        shown = [data for one in self.chats.messages(A) for data in one.buttons]
        for data in shown:
            its_action, _, its_value = data.split(":", 2)
            if its_action == action and value in ("*", its_value):
                return self.taps(A, data)
        raise LookupError(f"no button {step} among {shown}")

    async def ends(self, ending: str) -> None:
        """Every claim ends in this way; the chats show nothing more of its case."""
        if ending == "revoked":
            now = self.chats.clock.moment
            await self.sits(*(replace(one, revoked_at=now) for one in CLERKS.values()))
        elif ending == "withdrawn":
            await self.come(*CASES, stage=Stage.DRAFT)
        else:
            self.chats.clock.moment += PACE.idle
        if ending == "a colleague takes it":
            await self.chats.run(self.takes(B, 1))
            await self.check()
            assert waiting(1).id not in self.chats.cards(A)
            self.chats.clock.moment += PACE.idle
        await self.chats.scheduler_runs()
        await self.check()
        for who in CLERKS:
            assert self.chats.cards(who) + self.chats.papers(who) == []
        self.chats.clock.moment += PACE.undo
        await self.chats.scheduler_runs()
        if ending == "revoked":
            await self.sits(*CLERKS.values())
        await self.come(*CASES)

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
        newest = next((m.buttons for m in reversed(self.chats.messages(who)) if m.buttons), [])
        if newest and mood < 0.45:
            name, made = "button", [self.taps(who, chance.choice(newest))]
        elif self.seen and mood < 0.55:
            name, made = "old button", [self.taps(who, chance.choice(list(self.seen)))]
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
            await self.come(number)
        elif mood < 0.8:
            stage = self.chance.choice((Stage.DRAFT, Stage.EXPIRED))
            self.acts.append(f"{number} becomes {stage}")
            await self.come(number, stage=stage)
        else:
            revoked = self.chance.choice((None, self.chats.clock.moment))
            self.acts.append(f"{who} is {'revoked' if revoked else 'there'}")
            await self.sits(replace(CLERKS[who], revoked_at=revoked))

    async def sits(self, *assignments: RoleAssignment) -> None:
        """Somebody gets or loses a role."""
        await grant_all(self.chats.process.db, *assignments)
        await self.chats.process.work.refresh_staff()

    # --- what holds -------------------------------------------------------------------------------

    async def check(self) -> None:
        """Deliver all, and look into both chats."""
        await self.chats.deliver()
        self.seen |= dict.fromkeys(data for one in self.chats.messages(A) for data in one.buttons)
        for who in CLERKS:
            held, cards = await self.chats.held(who), self.chats.cards(who)
            valid = await self.chats.held(who, valid=True)
            papers = self.chats.papers(who)
            assert set(cards) <= held, "a card without a claim"
            assert {about for about, _ in papers} <= held, "a paper without a claim"
            assert len(cards) <= 1, "two cards"
            assert {about for about, _ in papers} & valid <= set(cards), "papers without their card"
            assert len(set(papers)) == len(papers), "a paper twice"
            if (about := await self.chats.asked_about(who)) in valid:
                assert cards == [about], "an open case without its card"
            for one in self.chats.messages(who):
                if not one.card_of and not one.paper_of[0]:
                    assert not one.is_picture or one.effect.screen == CHART
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
        await made.come(*CASES)
        await made.sits(*CLERKS.values())
        yield made


# --- each state, each kind of input ---------------------------------------------------------------

WAYS: dict[str, tuple[str, ...]] = {
    "the card": (),
    "the rest of a long card": ("v:rest",),
    "papers anew": ("v:files",),
    "a note": ("a:",),
    "a draft": ("e:",),
    "fields": ("e:", "p:contact"),
    "a reason": ("e:", "p:photo:"),
    "words": ("e:", "a:"),
    "a whole refusal": ("e:", "p:photo:", "c:*", "v:"),
    "the decision": ("k:",),
    "no question": ("/staff",),
    "a search": ("/find",),
}
"""From a card to each state: the action and value of a button, or a command."""


def _says(text: str, walk: Walk) -> list[dict[str, Any]]:
    return [walk.says(text)]


INPUTS: dict[str, Callable[[Walk], list[dict[str, Any]]]] = {
    "words": lambda walk: [walk.says("请带原件")],
    "words too long": lambda walk: [walk.says("长" * 600)],
    **{one: partial(_says, one) for one in TYPED if one.startswith("/")},
    "a photo": lambda walk: [walk.photo(A)],
    "an album": lambda walk: [walk.photo(A, "9"), walk.photo(A, "9")],
    "a sticker": lambda walk: [walk.sticker(A)],
    "take next": lambda walk: [walk.takes_next(A)],
    "take next, twice": lambda walk: [walk.takes_next(A), walk.takes_next(A)],
    "another case": lambda walk: [walk.takes(A, 2)],
    "another case and back": lambda walk: [walk.takes(A, 2), walk.takes_next(A)],
    "a case of a colleague": lambda walk: [walk.takes(A, 3)],
    "undo": lambda walk: [walk.undoes(A, 1)],
    "each button": lambda walk: [walk.taps(A, data) for data in walk.buttons()],
    "each button, twice": lambda walk: [
        walk.taps(A, data) for data in walk.buttons() for _ in range(2)
    ],
    "old buttons": lambda walk: [walk.taps(A, data) for data in list(walk.seen)[::5]],
}


ENDINGS = ("idle", "revoked", "withdrawn", "a colleague takes it")
LAST = [*INPUTS][::4]
"""The inputs after which the claims end in any case."""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_each_input_in_each_state_leaves_one_card_and_its_end_leaves_none(
    walk: Walk, way: tuple[str, ...]
) -> None:
    endings = itertools.cycle(ENDINGS)
    for name, made in INPUTS.items():
        try:
            if waiting(3).id not in await walk.chats.held(B):
                await walk.chats.run(walk.takes(B, 3))
            await walk.chats.run(walk.takes(A, 1))
            for step in way:
                await walk.check()
                await walk.chats.run(walk.steps(step))
            await walk.check()
            for update in made(walk):
                await walk.chats.run(update)
                if not name.startswith(("each", "old")):
                    await walk.check()
            await walk.check()
            if waiting(1).id not in await walk.chats.held(A) or name in LAST:
                await walk.ends(next(endings))
        except Exception as failure:
            failure.add_note(name)
            raise


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
