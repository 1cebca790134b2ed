"""A storm: candidates and clerks at random, hostile acts, faults of Telegram and kills, all mixed.

Nobody here follows a script, and the judge knows no expected answer: it compares what the sandbox
saw with what the database holds, and the database with its audit.

    .venv/bin/python -m tests.crash.storm --minutes 60
    .venv/bin/python -m tests.crash.storm --minutes 60 --database postgresql://user@host/empty
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

import aiohttp
from sqlalchemy import func, select

from bot.core.open_storage import Storage, open_storage
from bot.core.settings import Settings
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.updates.flood_gate import MOST_WAITING
from handlers.callback_data import DESK, Action, CallbackData
from states.application_codes import code_of
from states.records import Application
from states.staff_roles import RoleAssignment
from states.step_result import Priority
from storage.audit import audit_log, replay
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.audit.verification import verify_chain
from storage.candidates import applications, people
from storage.engine import installation, tables
from storage.engine.encryption import Keyring
from storage.engine.ids import moment_of
from storage.engine.installation import Fact
from storage.engine.tables import InboxState
from storage.staff import invites, role_assignments
from tests.databases import opened
from tests.e2e import bot_settings
from tests.e2e.db_asserts import is_settled
from tests.e2e.person import BOT
from tests.e2e.process_plans import BotPlan
from tests.e2e.process_pool import ProcessPool, open_process_pool
from tests.e2e.process_pool_server import resident
from tests.e2e.wait import until
from tests.factories import EXAM, IDENTITY
from tests.photos import jpeg
from tests.storage.staff_members import CONFIRMING, SITE, candidate
from tests.storage.staff_members import waiting as case

CLERKS: Final = (SITE, replace(SITE, id=22, telegram_id=5022))
CANDIDATES: Final = 8
CASES: Final = 30
FAULTS: Final = ("429", "500", "timeout", "refuse", "redeliver", "shuffle", "delay")
METHODS: Final = ("getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery")
SENDS: Final = ("sendMessage", "sendPhoto", "sendDocument")
MOST_BEHIND: Final = MOST_WAITING // 2
"""Updates of all people that wait; each has fewer, so that none is dropped."""
SETTLING: Final = 120.0
"""Seconds in which everything must be done after the last act."""
TEXTS: Final = (
    *("/start", "/help", "/cancel", "/back", "/status", "/language", "/profile", "/nonsense"),
    *("中文", "同意，开始", "刘玲", "居民身份证", "99999919900307104X", "全部正确，确认"),
    *("青海", "西宁考点", "护理", "2019-07", "13800138000", "怎么缴费", "x" * 4000, "\u202e你"),
    *("/queue", "/staff", "/invite", "/find", "/bind", "/start inv_abc", "/erase", "<b>&amp;"),
)


def waiting(number: int) -> Application:
    """An application that a site without points confirms."""
    return case(number, point="")


@dataclass(slots=True)
class Storm:
    """A sandbox with its people, the bot's plan, and what was done so far."""

    settings: Settings
    plan: BotPlan
    http: aiohttp.ClientSession
    random: Random
    done: Counter[str] = field(default_factory=Counter)
    waiting: int = 0

    async def act(self, slug: str, is_clerk: bool) -> None:
        """One act of a person; the sandbox refuses what no client can do."""
        chat = await self._call("GET", f"{slug}/chat?last=12")
        buttons = [
            (message["message_id"], button["callback_data"])
            for message in chat["messages"]
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", ())
            for button in row
            if "callback_data" in button
        ]
        kind = self.random.choices(["press", "text", "forge", "edit", "photo"], (60, 28, 6, 3, 3))[
            0
        ]
        newest = chat["messages"][-1]["message_id"] if chat["messages"] else 1
        from_bot = [one["message_id"] for one in chat["messages"] if one["from"]["id"] == BOT]
        match kind:
            case "press" if buttons:
                # Mostly what is new: old buttons lead nowhere.
                message_id, data = self.random.choice(buttons[-8:])
                await self._call("POST", f"{slug}/presses", message_id=message_id, data=data)
            case "forge" if from_bot:
                about = str(self.random.choice([waiting(1).id, 0, 2**70, -1]))
                data = CallbackData(self.random.choice(list(Action)), about, DESK).pack()[:60]
                await self._call("POST", f"{slug}/presses", message_id=from_bot[-1], data=data)
            case "edit":
                await self._call("POST", f"{slug}/edits", message_id=newest, text="anders")
            case "photo":
                form = aiohttp.FormData({"as": self.random.choice(["photo", "document"])})
                content = self.random.choice([PICTURE, PICTURE[:2000], b"%PDF-1.7 nothing"])
                form.add_field("file", content, filename="a.jpg", content_type="image/jpeg")
                await self._call("POST", f"{slug}/sends", form=form)
            case _:
                case_code = code_of(waiting(self.random.randint(1, CASES)).id)
                texts = (*TEXTS, *(("/queue", case_code, "通过") if is_clerk else ()))
                await self._call("POST", f"{slug}/says", text=self.random.choice(texts))
        self.done[kind] += 1

    async def plays(self, slug: str, is_clerk: bool, end: float) -> None:
        """Somebody acts until the end, sometimes faster than anything is answered.

        All wait once so much waits that the bot would drop some: it must lose nothing here, on a
        slow machine as well (``tests/bot/updates/test_floods.py`` has the floods).
        """
        while monotonic() < end:
            if self.waiting < MOST_BEHIND:
                await self.act(slug, is_clerk)
            await asyncio.sleep(self.random.choice([0, 0.05, 0.2, 0.5]))

    async def watches(self, world: World, end: float) -> None:
        """Count what waits at Telegram and in the inbox."""
        undone = select(func.count()).where(tables.inbox.c.state == InboxState.WAITING)
        async with opened(self.settings.database) as db:
            while monotonic() < end:
                async with db.read() as connection:
                    kept = await connection.scalar(undone) or 0
                self.waiting = kept + len(world.updates)
                await asyncio.sleep(0.2)

    async def breaks(self, end: float) -> None:
        """Telegram fails in every way that it can."""
        while monotonic() < end:
            await asyncio.sleep(self.random.uniform(0.5, 2))
            kind, method = self.random.choice(FAULTS), self.random.choice(METHODS)
            seconds = self.random.choice([0.1, 1.0])
            await self._call("POST", "faults", kind=kind, method=method, seconds=seconds)
            self.done[kind] += 1

    async def kills(self, pool: ProcessPool, end: float) -> None:
        """Bots run and are killed at any moment; the last one stays until all is settled."""
        while monotonic() < end:
            async with pool.runs(self.plan):
                await asyncio.sleep(self.random.uniform(0.5, 5))
            self.done["kill"] += 1
        await self._call("DELETE", "faults")
        async with pool.runs(self.plan):
            await asyncio.sleep(1)
            async with asyncio.timeout(SETTLING):
                await until(self.is_settled)

    async def is_settled(self) -> bool:
        """Whether nothing is left to do or to send."""
        return await is_settled(self.settings)

    async def _call(
        self, verb: str, path: str, form: aiohttp.FormData | None = None, **body: object
    ) -> Any:
        sent = {"data": form} if form else {"json": body} if body else {}
        async with self.http.request(
            verb, f"{self.plan.address}/sandbox/{path}", **sent
        ) as response:
            return await response.json()


PICTURE: Final = jpeg(750, 1000)


async def seed(settings: Settings) -> None:
    """The roles of two clerks and cases that wait for them, as a bot would have written them."""
    async with open_storage(settings, EXAM) as storage:
        ahead = int((CONFIRMING - datetime.now(UTC)).total_seconds())
        filed = [waiting(number) for number in range(1, CASES + 1)]
        owners = [replace(candidate(number), bot_id=BOT) for number in range(1, CASES + 1)]
        async with storage.db.write() as tx:
            await installation.write(tx, Fact.CLOCK_OFFSET, str(ahead))
            for table, rows in (
                (tables.people, [people.as_row(storage.keyring, one) for one in owners]),
                (tables.applications, [applications.as_row(storage.keyring, o) for o in filed]),
            ):
                await tx.execute(table.insert(), rows)
            for clerk in CLERKS:
                await role_assignments.grant(tx, storage.keyring, replace(clerk, bot_id=BOT))
            entries = [
                *(_granted(storage, clerk) for clerk in CLERKS),
                *(
                    AuditEntry(
                        storage.ids.next(),
                        CONFIRMING,
                        owner.telegram_id,
                        AuditAction.SUBMITTED,
                        owner.id,
                        one.id,
                        f"{one.revision}",
                    )
                    for one, owner in zip(filed, owners, strict=True)
                ),
            ]
            await audit_log.add(tx, storage.keyring, entries)


def _granted(storage: Storage, clerk: RoleAssignment) -> AuditEntry:
    detail = f"{clerk.id} {invites.detail(clerk.role, clerk.scope)}"
    return AuditEntry(storage.ids.next(), CONFIRMING, 0, AuditAction.ROLE_GRANTED, detail=detail)


async def judge(settings: Settings, world: World) -> None:
    """Compare what Telegram saw, what is stored, and what the audit says.

    Raises:
        AssertionError: something is lost, doubled, out of order, unanswered or left in a chat.
    """
    keyring = Keyring.of_file(settings.keys_file, create=False)
    async with opened(settings.database) as db, db.read() as connection:
        query = select(tables.inbox.c.update_id, tables.inbox.c.state)
        states = dict(map(tuple, await connection.execute(query)))
        assert set(states.values()) == {InboxState.DONE}, "an update was set aside, or waits"
        assert max(states) - min(states) + 1 == len(states), "an update is lost"
        assert not len(world.updates), "an update is not acknowledged"
        found = await verify_chain(connection, keyring)
        assert found.broken is None
        assert await replay.differences(connection, keyring) == [], "effect and audit differ"
        rows = select(tables.outbox.c.chat_id, tables.outbox.c.message_id, tables.outbox.c.id)
        replies = rows.where(
            tables.outbox.c.priority == Priority.REPLY, tables.outbox.c.message_id.is_not(None)
        )
        sent: dict[tuple[int, int], int] = {}
        for chat, message, row_id in await connection.execute(replies.order_by("id")):
            sent.setdefault((chat, message), row_id)  # later rows edit the message
        held = select(tables.role_assignments.c.telegram_id, func.count()).join(
            tables.claims, tables.claims.c.assignment_id == tables.role_assignments.c.id
        )
        claims = await connection.execute(held.group_by(tables.role_assignments.c.telegram_id))
        holders: dict[int, int] = dict(map(tuple, claims))
    _check_order(world, sent)
    for person in world.people.values():
        chat = world.chat(person, None)
        said = [one for one in chat if one["from"]["id"] != BOT]
        answers = [one["message_id"] for one in chat if one["from"]["id"] == BOT]
        if said:
            assert max(answers, default=0) > said[-1]["message_id"], f"{person.slug}: unanswered"
        # A copy of which a kill or a lost answer left no id stays: Telegram cannot be asked for it.
        cards = sum(
            IDENTITY.id_number in f"{one}" and IDENTITY.name in f"{one}"
            for one in chat
            if one["from"]["id"] == BOT and (person.id, one["message_id"]) in sent
        )
        assert cards <= holders.get(person.id, 0), f"{person.slug}: a card is left"
    assert world.complaints() == [], world.complaints()


def _check_order(world: World, sent: dict[tuple[int, int], int]) -> None:
    """Each chat got its new messages in the order of their rows."""
    last: Counter[int] = Counter()
    for call in world.log():
        if not call.ok or call.method not in SENDS or call.chat_id is None:
            continue
        row = sent.get((call.chat_id, call.result_or_error["message_id"]))
        # No row: it was sent once more after a kill. A younger row: it edited such a copy.
        if row is not None and moment_of(row).timestamp() <= call.at:
            assert row > last[call.chat_id], f"out of order in chat {call.chat_id}"
            last[call.chat_id] = row


async def storm(
    seconds: float, folder: Path, database: str, pool: ProcessPool, seed_number: int
) -> Counter[str]:
    """Let it storm for so long, and judge; return how often each thing was done."""
    slugs = {f"c{n}": 9000 + n for n in range(1, CANDIDATES + 1)}
    clerks = {f"k{clerk.id}": clerk.telegram_id for clerk in CLERKS}
    everybody = [resident(slug, number) for slug, number in (slugs | clerks).items()]
    world = World(None, people=everybody, pacing=False)
    settings = bot_settings.at(folder, database)
    await seed(settings)
    async with (
        serving(world) as address,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        plan = BotPlan(data=folder, database=database, address=address, exam=EXAM)
        made = Storm(settings, plan, http, Random(seed_number))
        end = monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for slug in (*slugs, *clerks):
                group.create_task(made.plays(slug, slug in clerks, end))
            group.create_task(made.watches(world, end))
            group.create_task(made.breaks(end))
            group.create_task(made.kills(pool, end))
        await judge(settings, world)
    world.close()
    return made.done


def main() -> None:
    """Run a storm from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="URL of an empty database; else SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, open_process_pool(Path(name) / "log") as pool:
        folder = Path(name) / "data"
        running = storm(given.minutes * 60, folder, given.database, pool, given.seed)
        print(dict(asyncio.run(running)))


if __name__ == "__main__":
    main()
