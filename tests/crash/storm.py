"""A storm: candidates and clerks at random, hostile acts, faults of Telegram and kills, all mixed.

Nobody here follows a script, and the judge knows no expected answer: it compares what the sandbox
saw with what the database holds, and the database with its audit (``tests.crash.storm_judge``).

    .venv/bin/python -m tests.crash.storm --minutes 60
    .venv/bin/python -m tests.crash.storm --minutes 60 --postgresql
    .venv/bin/python -m tests.crash.storm --minutes 60 --seed 7 --keep FOLDER

A seed repeats the acts, the faults and the moments of the kills; the machine's load is never the
same. So a run prints its seed, and ``--keep`` leaves the database and the bots' log behind.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

import aiohttp
from sqlalchemy import func, select

from bot.core.runtime import Failpoint
from bot.core.settings import SANDBOX_ADMINISTRATOR, Settings
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.updates.flood_gate import MOST_WAITING
from handlers.callback_data import ANYWHERE, DESK, Action, CallbackData
from states.submissions.application_codes import code_of
from storage.engine import schema, tables
from storage.engine.tables import InboxState
from tests import postgres
from tests.crash import storm_judge
from tests.crash.storm_judge import Happened
from tests.crash.storm_seed import CASES, CLERKS, seed, waiting
from tests.databases import opened
from tests.e2e import bot_settings
from tests.e2e.person import BOT
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import PooledProcess, ProcessPool, open_process_pool
from tests.e2e.process_pool_server import resident
from tests.factories import EXAM
from tests.photos import jpeg
from tests.storage.staff_members import candidate

CANDIDATES: Final = 8
FLOODER: Final = "flooder"
FLOODER_ID: Final = 9666
FLOOD: Final = MOST_WAITING + 100
"""Messages at once, so that the bot drops some."""
FAULTS: Final = ("429", "500", "timeout", "refuse", "redeliver", "shuffle", "delay")
METHODS: Final = ("getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery")
MOST_BEHIND: Final = MOST_WAITING // 2
"""Updates of all people that wait; each of the others has fewer, so that none is dropped."""
SETTLING: Final = 120.0
"""Seconds in which something has to get on after the last act, however slow the machine is."""
LIVES: Final = (0.5, 5.0)
"""Seconds that a bot lives, at least and at most."""
PICTURE: Final = jpeg(750, 1000)
# The identity is another one than that of the cases: the judge looks for theirs in every chat.
TEXTS: Final = (
    *("/start", "/help", "/cancel", "/back", "/status", "/language", "/profile", "/nonsense"),
    *("中文", "同意，开始", "何静", "居民身份证", "999999199108152022", "全部正确，确认"),
    *("青海", "西宁考点", "护理", "2019-07", "13800138000", "怎么缴费", "x" * 4000, "\u202e你"),
    *("/queue", "/staff", "/invite", "/find", "/bind", "/start inv_abc", "/erase", "<b>&amp;"),
    *("/export", "/start p" + "A" * 60, "/clock +2d", "/cases", "/broadcast", "/start 2222-454-00"),
)
MALFORMED: Final[tuple[tuple[str, Any], ...]] = (
    ("message", "a string"),
    ("message", {"message_id": 1, "from": {"id": FLOODER_ID}, "photo": [{"file_id": "x"}]}),
    ("callback_query", {"id": "1", "from": {"id": FLOODER_ID}, "data": ["no", "text"]}),
    ("callback_query", {"id": "1", "data": "x", "message": {"chat": 7}}),
    ("edited_message", {"message_id": "seven", "chat": {"id": FLOODER_ID, "type": "private"}}),
    ("my_chat_member", {"chat": {"id": FLOODER_ID}, "new_chat_member": None}),
)
"""Updates that Telegram would not send; they may be set aside, and end nothing."""


@dataclass(slots=True)
class Storm:
    """A sandbox with its people, the bot's plan, and what was done so far.

    ``dice`` are the random numbers of one part, so that no part changes those of another.
    """

    settings: Settings
    plan: BotPlan
    world: World
    http: aiohttp.ClientSession
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    malformed: set[int] = field(default_factory=set)
    waiting: int = 0

    def dice(self, part: str) -> Random:
        """The random numbers of one part of the storm."""
        return Random(f"{self.seed} {part}")

    async def plays(self, slug: str, is_clerk: bool, end: float) -> None:
        """Somebody acts until the end, sometimes faster than anything is answered.

        All wait once so much waits that the bot would drop some: of them it must lose nothing, on
        a slow machine as well.
        """
        dice = self.dice(slug)
        while monotonic() < end:
            if self.waiting < MOST_BEHIND:
                await self.act(slug, is_clerk, dice)
            await asyncio.sleep(dice.choice([0, 0.05, 0.2, 0.5]))

    async def act(self, slug: str, is_clerk: bool, dice: Random) -> None:
        """One act of a person; the sandbox refuses what no client can do."""
        chat = await self._call("GET", f"{slug}/chat?last=12")
        buttons = [
            (message["message_id"], button["callback_data"])
            for message in chat["messages"]
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", ())
            for button in row
            if "callback_data" in button
        ]
        kinds = ["press", "text", "forge", "replay", "edit", "photo", "odd"]
        kind = dice.choices(kinds, (58, 27, 4, 2, 3, 3, 3))[0]
        newest = chat["messages"][-1]["message_id"] if chat["messages"] else 1
        from_bot = [one["message_id"] for one in chat["messages"] if one["from"]["id"] == BOT]
        match kind:
            case "press" if buttons:
                # Mostly what is new: old buttons lead nowhere.
                message_id, data = dice.choice(buttons[-8:])
                await self._call("POST", f"{slug}/presses", message_id=message_id, data=data)
            case "forge" if from_bot:
                await self._call(
                    "POST", f"{slug}/presses", message_id=from_bot[-1], data=forged(dice)
                )
            case "replay" if from_bot:
                data = await self._button_of_somebody_else(slug, dice)
                await self._call("POST", f"{slug}/presses", message_id=from_bot[-1], data=data)
            case "edit":
                await self._call("POST", f"{slug}/edits", message_id=newest, text="anders")
            case "photo":
                form = aiohttp.FormData({"as": dice.choice(["photo", "document"])})
                content = dice.choice([PICTURE, PICTURE[:2000], b"%PDF-1.7 nothing"])
                form.add_field("file", content, filename="a.jpg", content_type="image/jpeg")
                await self._call("POST", f"{slug}/sends", form=form)
            case "odd":
                await self._call("POST", f"{slug}/{dice.choice(['sticker', 'voice'])}", x=1)
            case _:
                case_code = code_of(waiting(dice.randint(1, CASES)).id)
                texts = (*TEXTS, *(("/queue", case_code, "通过") if is_clerk else ()))
                await self._call("POST", f"{slug}/says", text=dice.choice(texts))
        self.done[kind] += 1

    async def _button_of_somebody_else(self, slug: str, dice: Random) -> str:
        """Return what a button in another chat carries, as a modified client may send it."""
        other = dice.choice([one for one in self.world.by_slug if one not in (slug, FLOODER)])
        chat = await self._call("GET", f"{other}/chat?last=12")
        found = [
            button["callback_data"]
            for message in chat["messages"]
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", ())
            for button in row
            if "callback_data" in button
        ]
        return str(dice.choice(found or ["nothing"]))

    async def floods(self, end: float) -> None:
        """One person sends more than the bot takes, and updates that nobody can read."""
        dice, person = self.dice(FLOODER), self.world.by_slug[FLOODER]
        while monotonic() < end:
            for number in range(FLOOD):
                self.world.says(person, f"/start {number}" if number % 3 else "你好")
            self.done["flood"] += FLOOD
            for _ in range(3):
                kind, body = dice.choice(MALFORMED)
                last = max(storm_judge.given(self.world))
                self.world.updates.add(kind, body)
                self.malformed |= {one for one in storm_judge.given(self.world) if one > last}
                self.done["malformed"] += 1
            await asyncio.sleep(min(dice.uniform(10, 30), max(0.0, end - monotonic())))

    async def watches(self, end: float) -> None:
        """Count what waits of all but the flooder, at Telegram and in the inbox."""
        undone = select(func.count()).where(
            tables.inbox.c.state == InboxState.WAITING, tables.inbox.c.queue_key != FLOODER_ID
        )
        flood = f"%{FLOODER_ID}%"
        async with opened(self.settings.database) as db:
            while monotonic() < end:
                async with db.read() as connection:
                    kept = await connection.scalar(undone) or 0
                ((pending,),) = self.world.archive.run(
                    "SELECT count(*) FROM updates WHERE CAST(body AS TEXT) NOT LIKE ?", flood
                )
                self.waiting = kept + pending
                await asyncio.sleep(0.2)

    async def breaks(self, end: float) -> None:
        """Telegram fails in every way that it can."""
        dice = self.dice("faults")
        while monotonic() < end:
            await asyncio.sleep(dice.uniform(0.5, 2))
            kind, method = dice.choice(FAULTS), dice.choice(METHODS)
            seconds = dice.choice([0.1, 1.0])
            await self._call("POST", "faults", kind=kind, method=method, seconds=seconds)
            self.done[kind] += 1

    async def kills(self, pool: ProcessPool, end: float) -> None:
        """Bots run and are killed at any moment; the last one stays until all is settled."""
        dice = self.dice("kills")
        while monotonic() < end:
            async with pool.runs(self.plan) as child:
                if dice.random() < 0.4:
                    blow = KillPoint(arrow=dice.choice([*Failpoint]), count=dice.randint(1, 20))
                    await child.kill_at(blow)
                await _lives(child, dice.uniform(*LIVES))
                self.done["failpoint"] += child.was_killed_at_failpoint
            self.done["kill"] += 1
        await self._call("DELETE", "faults")
        async with pool.runs(self.plan):
            await asyncio.sleep(1)
            await self.settles()

    async def settles(self) -> None:
        """Wait until nothing is left, or nothing gets on: the judge names what is left then."""
        fewest, since = await self.left(), monotonic()
        while fewest and monotonic() - since < SETTLING:
            await asyncio.sleep(0.2)
            if (now := await self.left()) < fewest:
                fewest, since = now, monotonic()

    async def left(self) -> int:
        """Count what is left to do and to send."""
        inbox, outbox = tables.inbox.c.state, tables.outbox.c.state
        async with opened(self.settings.database) as db, db.read() as connection:
            undone = select(func.count()).where(inbox == InboxState.WAITING)
            unsent = select(func.count()).where(outbox.in_(storm_judge.UNDONE))
            counts = [await connection.scalar(query) or 0 for query in (undone, unsent)]
        return len(self.world.updates) + sum(counts)

    async def _call(
        self, verb: str, path: str, form: aiohttp.FormData | None = None, **body: object
    ) -> Any:
        sent = {"data": form} if form else {"json": body} if body else {}
        url = f"{self.plan.address}/sandbox/{path}"
        async with self.http.request(verb, url, **sent) as response:
            return await response.json()


def forged(dice: Random) -> str:
    """Return the data of a button that the bot never made."""
    about = str(dice.choice([waiting(1).id, 0, 2**70, -1, "x" * 40, "../..", "\u202e", "%s"]))
    made = CallbackData(dice.choice([*Action]), about, dice.choice([DESK, ANYWHERE, "zzzz"])).pack()
    data = dice.choice([made, made[:3], made[::-1], f"{made}:{made}", "\x00", "😀" * 16, about])
    return data.encode()[:64].decode(errors="ignore") or "-"


async def _lives(child: PooledProcess, seconds: float) -> None:
    """Let a bot live for so long, or until it comes to its failpoint."""
    with suppress(TimeoutError):
        await child.wait_until_dead(seconds)
    assert child.alive or child.was_killed_at_failpoint, "a bot ended by itself"


async def storm(
    seconds: float, folder: Path, database: str, pool: ProcessPool, seed_number: int
) -> tuple[Counter[str], list[str]]:
    """Let it storm for so long; return how often each thing was done, and all that is wrong."""
    slugs = {f"c{n}": 9000 + n for n in range(1, CANDIDATES + 1)}
    clerks = {f"k{clerk.id}": clerk.telegram_id for clerk in CLERKS}
    quiet = {f"o{one}": candidate(one).telegram_id for one in range(1, CASES + 1)}
    quiet["admin"] = SANDBOX_ADMINISTRATOR
    names = slugs | clerks | quiet | {FLOODER: FLOODER_ID}
    world = World(None, people=[resident(*one) for one in names.items()], pacing=False)
    storm_judge.remember_updates(world)
    for slug in quiet:  # they hear of decisions and of troubles, and have to begin for that
        world.says(world.by_slug[slug], "/help")
    settings = bot_settings.at(folder, database)
    await seed(settings)
    async with (
        serving(world) as address,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        plan = BotPlan(data=folder, database=database, address=address, exam=EXAM)
        made = Storm(settings, plan, world, http, seed_number)
        end = monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for slug in (*slugs, *clerks):
                group.create_task(made.plays(slug, slug in clerks, end))
            group.create_task(made.floods(end))
            group.create_task(made.watches(end))
            group.create_task(made.breaks(end))
            group.create_task(made.kills(pool, end))
        happened = Happened(
            world,
            flooder=FLOODER_ID,
            malformed=frozenset(made.malformed),
            deaths=made.done["kill"],
            lost_answers=made.done["timeout"],
        )
        faults = await storm_judge.judge(settings, happened)
    world.close()
    return made.done, faults


@contextmanager
def _database(given: str, is_postgresql: bool) -> Iterator[str]:
    """The URL of a migrated database; empty for the folder's own SQLite file."""
    if not is_postgresql:
        yield given
        return
    with postgres.serving(postgres.CARELESS) as server:
        url = server.create("storm")
        asyncio.run(_migrate(url))
        yield url


async def _migrate(url: str) -> None:
    async with opened(url) as db:
        await schema.migrate(db)


def main() -> int:
    """Run a storm from the command line; 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--database", default="", help="URL of an empty database; else SQLite")
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own")
    parser.add_argument("--keep", type=Path, help="a new folder for the data and the log")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    if given.keep:
        given.keep.mkdir(parents=True)
    place = nullcontext(str(given.keep)) if given.keep else tempfile.TemporaryDirectory()
    with (
        place as name,
        _database(given.database, given.postgresql) as database,
        open_process_pool(Path(name) / "log") as pool,
    ):
        running = storm(given.minutes * 60, Path(name) / "data", database, pool, given.seed)
        done, faults = asyncio.run(running)
    print(dict(done))
    print(*(faults or ["✓ nothing lost, doubled, out of order, unanswered or left"]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
