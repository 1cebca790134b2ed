"""``baoming audit`` verifies the sealed audit log, and prints the history of an application.

Both commands only read, and may run beside the bot.
"""

from __future__ import annotations

import asyncio
import re

from cyclopts import App

from bot.cli import audit_details, console
from bot.cli.console import localized, say
from bot.core.database import open_database
from bot.core.settings import Refused, load_settings
from states.exam import Exam
from states.records import ApplicationId
from states.submissions.application_codes import MAX_ID, id_of
from states.texts import Argument, Text
from storage.audit import audit_log, replay
from storage.audit.audit_log import HistoryEntry
from storage.audit.chain import ChainHead
from storage.audit.chain_verification import Verification, verify_chain
from storage.audit.replay import Difference

app = App(name="audit")

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{16,64})")


@app.command
def verify(*, head: str = "") -> int:
    """查验操作记录，并与数据逐项核对 · whether the audit is as sealed and the data agree; 1 if not.

    Parameters
    ----------
    head
        管理员收到的“条数:指纹” · COUNT:FINGERPRINT of a message that administrators got.
    """
    outside = None
    if head:
        given = _HEAD.fullmatch(re.sub(r"\s", "", head).lower())
        if given is None:
            raise Refused(Text("cli-audit-head-wrong"), code=2)
        outside = ChainHead(int(given[1]), given[2])

    async def verify_database() -> tuple[Verification, list[Difference]]:
        async with open_database(settings) as opened, opened.db.read() as connection:
            found = await verify_chain(connection, opened.keyring, outside)
            return found, await replay.differences(connection, opened.keyring)

    settings = load_settings()
    found, differences = asyncio.run(verify_database())
    _print(found, outside)
    for one in differences:
        say("cli-audit-difference", kind=one.kind, table=one.table, row=str(one.row_id))
    return 1 if found.broken or differences else 0


@app.command
def show(application: str) -> int:
    """列出一份报名的操作记录 · what was done to an application: when, by whom, what.

    Parameters
    ----------
    application
        报名编号（例如 2222-454），或者数据库里的编号 · its code (such as 2222-454), or the
        number that the database knows it by.
    """
    possible = _possible(application)
    if not possible:
        raise Refused(Text("cli-audit-no-application", {"given": application}), code=2)

    async def read() -> list[HistoryEntry]:
        async with open_database(settings) as opened, opened.db.read() as connection:
            for one in possible:
                if found := await audit_log.history_of(connection, one):
                    return found
        return []

    settings = load_settings()
    exam, done = console.exam(settings), asyncio.run(read())
    if not done:
        raise Refused(Text("cli-audit-nothing", {"application": application}))
    for one in done:
        print(localized(_line(one, exam)))
    return 0


def _possible(given: str) -> list[ApplicationId]:
    """Return the applications that ``given`` may name, the likeliest first.

    A code may be all digits: with its dash it is a code, without it more likely an id.
    """
    typed = given.strip()
    is_number = typed.isascii() and typed.isdecimal() and int(typed[:20]) < MAX_ID
    by_code = id_of(typed)
    return [
        *([ApplicationId(int(typed))] if is_number else []),
        *([by_code] if by_code is not None else []),
    ]


def _print(found: Verification, outside: ChainHead | None) -> None:
    """Print the result. Counts and ids are plain digits, so that people can copy them."""
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


def _line(one: HistoryEntry, exam: Exam) -> Text:
    entry = one.entry
    line: dict[str, Argument] = {
        "at": f"{entry.at.astimezone(exam.tz):%Y-%m-%d %H:%M:%S %z}",
        "who": _who(one),
        "deed": Text(entry.label),
    }
    detail = audit_details.words_of(entry, exam, console.locale())
    if not detail:
        return Text("cli-audit-entry", line)
    return Text("cli-audit-entry-with", {**line, "detail": detail})


def _who(one: HistoryEntry) -> Text:
    account = str(one.entry.actor)
    if not one.entry.actor:
        return Text("cli-audit-bot")
    if not one.roles:
        return Text("cli-audit-account", {"account": account})
    roles = (localized(Text("cli-audit-role", {"role": role})) for role in one.roles)
    return Text("cli-audit-staff", {"account": account, "role": ", ".join(roles)})
