"""``python -m bot audit``: whether the audit is as it was sealed, and what was done to somebody's
application. Both only read, and may be run beside the bot.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cyclopts import App

from bot import terminal
from bot.settings import Settings
from bot.terminal import complain, say, worded
from states.texts import Argument, Text

# Everything heavier is imported by the command that needs it, as in ``bot.__main__``.

if TYPE_CHECKING:
    from states.records import ApplicationId
    from storage.chain import Head
    from storage.db import Database
    from storage.history import Done
    from storage.inspection import Inspection
    from storage.secrets import Keyring

app = App(name="audit", help="操作记录的封存和查验 · the audit, which is sealed")

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{16,64})")


@app.command
def verify(*, head: str = "") -> int:
    """查验操作记录有没有被改过、删过 · whether the audit is as it was sealed; 1 if it is not.

    Parameters
    ----------
    head
        管理员收到的“条数:指纹” · COUNT:FINGERPRINT of a message that administrators got.
    """
    from storage.chain import Head
    from storage.inspection import inspect

    outside = None
    if head:
        given = _HEAD.fullmatch(re.sub(r"\s", "", head).lower())
        if given is None:
            complain("cli-audit-head-wrong")
            return 2
        outside = Head(int(given[1]), given[2])

    async def go() -> Inspection:
        async with _opened(settings) as (db, keyring), db.read() as connection:
            return await inspect(connection, keyring, outside)

    settings = terminal.settings()
    try:
        found = asyncio.run(go())
    except _refusals() as error:
        complain("cli-audit-refused", reason=str(error))
        return 2
    _tell(found, outside)
    return 1 if found.broken else 0


@app.command
def show(application: str) -> int:
    """列出一份报名的操作记录 · what was done to an application: when, by whom, what.

    Parameters
    ----------
    application
        报名编号（例如 2222-454），或者数据库里的编号 · its code (such as 2222-454), or the
        number that the database knows it by.
    """
    from bot import exam_files
    from states.exam import BadExam
    from storage import history

    meant = _meant(application)
    if not meant:
        complain("cli-audit-no-application", given=application)
        return 2

    async def go() -> list[Done]:
        async with _opened(settings) as (db, _), db.read() as connection:
            for one in meant:
                if found := await history.of_application(connection, one):
                    return found
        return []

    settings = terminal.settings()
    try:
        zone, done = exam_files.load(settings.exam).tz, asyncio.run(go())
    except BadExam as error:
        complain("cli-bad-exam", reason="\n".join(error.mistakes))
        return 2
    except _refusals() as error:
        complain("cli-audit-refused", reason=str(error))
        return 2
    if not done:
        complain("cli-audit-nothing", application=application)
        return 1
    for one in done:
        print(worded(_line(one, zone)))
    return 0


def _meant(given: str) -> list[ApplicationId]:
    """The applications that can be meant, the likeliest first.

    A code can be all digits: typed with its dash it is a code, without it first of all a number.
    """
    from states.codes import LARGEST, id_of
    from states.records import ApplicationId

    typed = given.strip()
    is_number = typed.isascii() and typed.isdecimal() and int(typed[:20]) < LARGEST
    by_code = id_of(typed)
    return [
        *([ApplicationId(int(typed))] if is_number else []),
        *([by_code] if by_code is not None else []),
    ]


def _tell(found: Inspection, outside: Head | None) -> None:
    """An inspection in words. Counts and ids are plain digits, to be copied and looked for."""
    broken, count = found.broken, str(found.head.seq)
    if broken:
        say("cli-audit-broken", count=count)
        place = {"seq": broken.seq, "row": broken.audit_id, "last": broken.last}
        args = {name: str("?" if value is None else value) for name, value in place.items()}
        say(f"cli-audit-flaw-{broken.flaw}", **args)
    elif found.head.seq:
        say("cli-audit-sound", count=count, head=f"{count}:{found.head.digest}")
    else:
        say("cli-audit-empty")
    if outside and not broken:
        say("cli-audit-witnessed")
    if found.unsealed:
        say("cli-audit-unsealed", count=str(found.unsealed))
    if broken:
        say("cli-audit-broken-next")


def _line(one: Done, zone: ZoneInfo) -> Text:
    entry = one.entry
    line: dict[str, Argument] = {
        "at": f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}",
        "who": _who(one),
        "deed": Text(f"deed-{entry.deed}"),
    }
    if not entry.detail:
        return Text("cli-audit-entry", line)
    return Text("cli-audit-entry-with", {**line, "detail": entry.detail})


def _who(one: Done) -> Text:
    account = str(one.entry.actor)
    if not one.entry.actor:
        return Text("cli-audit-bot")
    if not one.roles:
        return Text("cli-audit-account", {"account": account})
    roles = (worded(Text("cli-audit-role", {"role": role})) for role in one.roles)
    return Text("cli-audit-staff", {"account": account, "role": ", ".join(roles)})


def _refusals() -> tuple[type[Exception], ...]:
    """What ``_opened`` raises; the message says why."""
    from bot.stores import OldSchema
    from storage.db import Unavailable
    from storage.facts import WrongKeys
    from storage.secrets import BadKeys

    return (OldSchema, Unavailable, WrongKeys, BadKeys)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database, Keyring]]:
    """The database and its keys, to be read.

    Raises:
        OldSchema, WrongKeys, BadKeys: they do not fit the code or each other.
        Unavailable: there is no database, or it cannot be reached.
    """
    from bot.stores import keys_of, refuse_old
    from storage import facts
    from storage.db import Database, Unavailable

    file = settings.database_file
    if file is not None and not file.exists():  # opening it would make it
        raise Unavailable(worded(Text("doctor-no-database", {"file": str(file)})))
    keyring, db = keys_of(settings), Database(settings.database)
    try:
        await refuse_old(db)
        await facts.check_keys(db, keyring)
        yield db, keyring
    finally:
        await db.close()
