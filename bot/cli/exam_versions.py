"""``baoming exam apply``, ``revert`` and ``versions``: a running exam is changed and taken back."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot.cli import console
from bot.core import exam_files
from bot.core.settings import Refused, Settings, load_settings
from bot.core.workdays import is_workday
from states.exam import BadExam, CodesInUse, Exam, last_minute, missing_codes
from states.exam_changes import Difference, differences, moved_ends
from states.exam_linter import findings
from states.records import Stage
from states.texts import Argument, Text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.cli.writable_database import WritableDatabase
    from storage.engine.database import Connection
    from storage.engine.exam_versions import ExamVersion

SHOWN = 40
"""Differences that are printed; the others are counted."""


def apply(folder: str, *, yes: bool = False) -> int:
    """更改正在进行的考试：先检查，说明涉及谁，再确认 · change a running exam: checked, then asked.

    Parameters
    ----------
    folder
        改过的考试定义 · the changed definition: a folder or a file.
    yes
        不再询问 · do not ask.
    """
    settings = load_settings()
    try:
        exam = exam_files.load(folder)
    except BadExam as error:
        raise Refused(Text("cli-apply-bad"), *error.texts) from None
    change = console.run(partial(plan, settings, exam))
    return _confirmed(settings, change, yes=yes)


def revert(*, to: int | None = None, yes: bool = False) -> int:
    """收回最近一次更改，或恢复任何一个版本 · take the last change back, or restore any version.

    Parameters
    ----------
    to
        恢复这个版本（exam versions 里的编号），收回过的也行 · the number of a version, also of one
        that was taken back.
    yes
        不再询问 · do not ask.
    """
    settings = load_settings()
    if to is None:
        dropped = console.run(partial(drop_waiting, settings))
        if dropped is not None:
            console.say("cli-revert-dropped", number=dropped)
            return 0
    change = console.run(partial(plan_revert, settings, to))
    stored = _confirmed(settings, change, yes=yes)
    if not stored and change.takes_back is not None:
        console.say("cli-revert-again", number=change.takes_back)
    return stored


def versions() -> int:
    """列出定义的每个版本，哪个在用，哪个在等 · list the versions of the definition."""
    console.say_all(console.run(partial(list_versions, load_settings())))
    return 0


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is planned.

    It is from the exam in force, the version ``base`` (0: the files), to ``exam``. ``used`` counts
    the applications by their codes, ``stages`` by their stage. It ``takes_back`` a version, and the
    one that it restores had replaced the version ``replaces``.
    """

    before: Exam
    exam: Exam
    base: int
    used: Counter[CodesInUse]
    stages: Counter[Stage]
    takes_back: int | None = None
    replaces: int | None = None

    @property
    def differences(self) -> Sequence[Difference]:
        """The values that differ."""
        return list(differences(self.before, self.exam))


async def plan(settings: Settings, exam: Exam) -> Change:
    """Return what a definition would change.

    Raises:
        Refused: it is of another exam, loses codes in use, or changes nothing.
    """
    from storage.engine import exam_versions
    from storage.engine.exam_versions import VersionState

    async with _reading(settings) as (opened, connection):
        present = await exam_versions.in_state(
            connection, opened.keyring, opened.exam.key, VersionState.IN_FORCE
        )
        return await _planned(opened, connection, exam, present.number if present else 0)


async def plan_revert(settings: Settings, to: int | None = None) -> Change:
    """Return what taking the last change back would change; or restoring the version ``to``.

    Raises:
        Refused: there is no such version, or its definition lacks codes in use.
    """
    from bot.core.exam_in_force import exam_of
    from storage.engine import exam_versions
    from storage.engine.exam_versions import VersionState

    async with _reading(settings) as (opened, connection):
        known = await exam_versions.all_of(connection, opened.keyring, opened.exam.key)
        by_number = {one.number: one for one in known}
        present = next((one for one in known if one.state is VersionState.IN_FORCE), None)
        wanted = present.replaces if present is not None and to is None else to
        if present is None or wanted is None:
            raise Refused(Text("cli-revert-nothing"))
        restored = by_number.get(wanted)
        if restored is None:
            raise Refused(Text("cli-revert-unknown", {"number": wanted}))
        try:
            exam = exam_of(restored)
        except BadExam as error:
            raise Refused(Text("cli-apply-bad"), *error.texts) from None
        change = await _planned(opened, connection, exam, present.number)
        if to is not None:
            return change  # as any change: the next one that is taken back is this one
        return replace(change, takes_back=present.number, replaces=restored.replaces)


async def _planned(
    opened: WritableDatabase, connection: Connection, exam: Exam, base: int
) -> Change:
    from storage.candidates import applications

    if exam.key != opened.exam.key:
        raise Refused(Text("cli-apply-other", {"key": opened.exam.key, "other": exam.key}))
    used = await applications.count_by_codes(connection, exam.key)
    if dropped := missing_codes(exam, used):
        raise Refused(Text("cli-apply-dropped", {"codes": ", ".join(dropped)}))
    if exam == opened.exam:
        raise Refused(Text("cli-apply-same"))
    stages = await applications.count_by_stage(connection, exam.key)
    return Change(opened.exam, exam, base, used, stages)


def _confirmed(settings: Settings, change: Change, *, yes: bool) -> int:
    """Say what a change does, ask, and store it."""
    console.say_all(described(change))
    if not yes:
        if not sys.stdin.isatty():
            raise Refused(Text("cli-apply-needs-yes"))
        print(console.localized(Text("cli-apply-question")), end=" ", flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes", "是"):
            console.say("cli-apply-left")
            return 1
    number = console.run(partial(store, settings, change))
    console.say("cli-apply-stored", number=number)
    return 0


def described(change: Change) -> Iterator[Text]:
    """Yield what a change does, and to how many."""
    changed = change.differences
    for one in changed[:SHOWN]:
        touched = sum(count for codes, count in change.used.items() if one.touches(codes))
        yield Text(
            "cli-exam-difference",
            {
                "path": one.path,
                "count": touched,
                "before": one.before or "–",
                "after": one.after or "–",
            },
        )
    if len(changed) > SHOWN:
        yield Text("cli-apply-more", {"count": len(changed) - SHOWN})
    total = change.used.total()
    yield Text("cli-exam-differences", {"count": len(changed), "applications": total})
    for moved in moved_ends(change.before, change.exam):
        count = sum(change.stages[stage] for stage in moved.stages)
        args: dict[str, Argument] = {
            "before": last_minute(moved.before),
            "after": last_minute(moved.after),
            "count": count,
        }
        yield Text(f"cli-apply-moved-{moved.window}", args)
    known = {(one.path, one.rule) for one in findings(change.before, is_workday)}
    for finding in findings(change.exam, is_workday):
        if (finding.path, finding.rule) not in known:
            yield Text("cli-apply-suspicion", {"path": finding.path, "text": finding.text})


async def store(settings: Settings, change: Change) -> int:
    """Store a change for the bot to take up, and return its number; nothing else is done yet.

    The first change also keeps the definition of the files, so that it can be taken back.

    Raises:
        Refused: the exam was changed meanwhile.
    """
    from bot.cli.writable_database import writable_database
    from bot.core.exam_in_force import content_of
    from storage.audit.audit_log import AuditAction
    from storage.engine import exam_versions
    from storage.engine.exam_versions import ExamVersion, VersionState

    key = change.exam.key
    async with writable_database(settings) as opened, opened.db.write() as tx:
        keyring = opened.keyring
        present = await exam_versions.in_state(tx, keyring, key, VersionState.IN_FORCE)
        if (present.number if present else 0) != change.base or opened.exam != change.before:
            raise Refused(Text("cli-apply-meanwhile"))
        number = await exam_versions.next_number(tx, key)
        if present is None:
            present = ExamVersion(
                opened.ids.next(),
                key,
                number,
                VersionState.IN_FORCE,
                content_of(change.before),
                opened.now,
                taken_at=opened.now,
            )
            await exam_versions.add(tx, keyring, present)
            number += 1
        waiting = await exam_versions.in_state(tx, keyring, key, VersionState.WAITING)
        if waiting is not None:
            await exam_versions.save(tx, keyring, replace(waiting, state=VersionState.DROPPED))
        version = ExamVersion(
            opened.ids.next(),
            key,
            number,
            VersionState.WAITING,
            content_of(change.exam),
            opened.now,
            replaces=present.number if change.takes_back is None else change.replaces,
            takes_back=change.takes_back,
        )
        await exam_versions.add(tx, keyring, version)
        await opened.record(tx, AuditAction.EXAM_CHANGE_STORED, version.audit_detail)
        return number


async def drop_waiting(settings: Settings) -> int | None:
    """Drop the version that waits for the bot, and return its number; None if none waits."""
    from bot.cli.writable_database import writable_database
    from storage.audit.audit_log import AuditAction
    from storage.engine import exam_versions
    from storage.engine.exam_versions import VersionState

    async with writable_database(settings) as opened, opened.db.write() as tx:
        waiting = await exam_versions.in_state(
            tx, opened.keyring, opened.exam.key, VersionState.WAITING
        )
        if waiting is None:
            return None
        dropped = replace(waiting, state=VersionState.DROPPED)
        await exam_versions.save(tx, opened.keyring, dropped)
        await opened.record(tx, AuditAction.EXAM_CHANGE_DROPPED, dropped.audit_detail)
        return waiting.number


async def list_versions(settings: Settings) -> list[Text]:
    """Return a line a version, oldest first."""
    from storage.engine import exam_versions

    async with _reading(settings) as (opened, connection):
        known = await exam_versions.all_of(connection, opened.keyring, opened.exam.key)
    return [_line(one) for one in known] or [Text("cli-versions-none")]


def _line(version: ExamVersion) -> Text:
    state = Text(f"cli-version-{version.state}", {"why": version.why})
    args: dict[str, Argument] = {
        "number": version.number,
        "made": version.made_at,
        "state": state,
    }
    if version.takes_back is not None:
        return Text("cli-version-takes-back", {**args, "back": version.takes_back})
    return Text("cli-version", args)


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[tuple[WritableDatabase, Connection]]:
    """Open the database beside a bot that runs, for reading.

    Raises:
        Refused: no bot was ever started, or the database cannot be used.
    """
    from bot.cli.writable_database import writable_database

    async with writable_database(settings) as opened, opened.db.read() as connection:
        yield opened, connection
