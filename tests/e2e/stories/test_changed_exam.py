"""An exam is changed while its bot runs: people are told once, and it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot.app import build
from bot.cli import exam_versions as command
from bot.core import exam_files, exam_in_force
from bot.core.settings import Refused
from bot.media.media_worker import MediaWorker
from states.exam import Exam
from storage.engine import exam_versions, tables
from storage.engine.exam_versions import VersionState
from storage.engine.row_macs import RowChanged
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person

pytestmark = pytest.mark.row("B14")

DAY = timedelta(days=1)
OFTEN = replace(FAST, tick_seconds=0.5)
TOLD = "截止时间改了，请以这里为准"


def later(days: int) -> Exam:
    """The exam whose registration and confirmation end so many days later."""
    windows = EXAM.windows
    longer = {
        name: getattr(windows, name).model_copy(
            update={"closes": getattr(windows, name).closes + days * DAY}
        )
        for name in ("registration", "confirmation")
    }
    return EXAM.model_copy(update={"windows": windows.model_copy(update=longer)})


def without_area(code: str) -> Exam:
    areas = tuple(area for area in EXAM.areas if area.code != code)
    employers = tuple(one for one in EXAM.employers if one.area != code)
    return EXAM.model_copy(update={"areas": areas, "employers": employers})


async def applies(harness: Harness, exam: Exam) -> int:
    change = await command.plan(harness.settings, exam)
    return await command.store(harness.settings, change)


async def reverts(harness: Harness) -> int:
    change = await command.plan_revert(harness.settings)
    return await command.store(harness.settings, change)


async def states(harness: Harness) -> list[VersionState]:
    """The states of all versions as they lie in the database."""
    query = text("SELECT state FROM exam_versions ORDER BY number")
    async with opened(harness.settings.database) as db, db.read() as connection:
        return [VersionState(one) for one in await connection.scalars(query)]


async def times(person: Person, words: str) -> int:
    return sum(one.says((words,)) for one in await person.from_bot())


async def test_an_installation_without_a_reader_has_not_changed_its_exam(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone that was just installed is not told of an ``exam apply`` that nobody ran."""
    await harness.stops()
    reads = not EXAM.papers.reads
    monkeypatch.setattr(MediaWorker, "reads", reads)
    await harness.starts()
    assert harness.bot.exam.papers.reads is reads
    assert not harness.bot.is_exam_changed


@pytest.mark.both_databases
async def test_a_moved_deadline_is_told_once_and_taken_back(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await harness.stops()
    await harness.starts(options=OFTEN)
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_photo(ling)
    for moved, shown in (("+6d", "12月8日（周一）09:"), ("+2h", "12月8日（周一）11:")):
        await admin.says(f"/clock {moved}")
        await admin.sees(shown)
        await harness.bot.scheduler.tick()
    await ling.sees("提醒：这件事还等着您办")
    change = await command.plan(harness.settings, later(5))
    said = {one.key: one.args for one in command.described(change)}
    assert said["cli-apply-moved-registration"]["count"] == 1
    assert said["cli-apply-moved-confirmation"]["count"] == 0
    assert await command.store(harness.settings, change) == 2
    running = await harness.restarts()
    assert running.exam.windows.registration.closes == later(5).windows.registration.closes
    assert running.is_exam_changed
    assert await states(harness) == [VersionState.REPLACED, VersionState.IN_FORCE]
    await running.scheduler.tick()
    await ling.sees(TOLD, "2025年12月20日（周六）23:59")
    await admin.sees("考试定义已更改", "第 2 版")
    await harness.stops()
    await harness.starts()
    assert harness.bot.exam.windows.registration.closes == later(5).windows.registration.closes
    await harness.bot.scheduler.tick()
    assert await times(ling, TOLD) == 1
    assert await times(admin, "考试定义已更改") == 1

    assert await reverts(harness) == 3
    running = await harness.restarts()
    assert running.exam.windows == EXAM.windows
    await admin.sees("第 3 版")
    await harness.settles()
    with pytest.raises(Refused, match="cli-revert-nothing"):
        await command.plan_revert(harness.settings)
    entries = (await database_summary(harness.settings)).audit_entries
    assert entries[0]["exam-change-stored"] + entries[0]["exam-changed"] == 4
    lines = await command.list_versions(harness.settings)
    assert [one.key for one in lines] == ["cli-version", "cli-version", "cli-version-takes-back"]


@pytest.mark.both_databases
async def test_what_was_taken_back_is_restored_by_its_number_and_taken_back_again(
    harness: Harness,
) -> None:
    await harness.stops()
    assert await applies(harness, later(2)) == 2
    await harness.starts()
    await harness.stops()
    assert await reverts(harness) == 3
    await harness.starts()
    await harness.stops()
    with pytest.raises(Refused, match="cli-revert-unknown"):
        await command.plan_revert(harness.settings, 9)
    with pytest.raises(Refused, match="cli-apply-same"):
        await command.plan_revert(harness.settings, 1)
    again = await command.plan_revert(harness.settings, 2)
    assert {one.key for one in command.described(again)} >= {"cli-apply-moved-registration"}
    assert await command.store(harness.settings, again) == 4
    running = await harness.starts()
    assert running.exam.windows == later(2).windows
    await harness.stops()
    assert await reverts(harness) == 5, "and the way back is open, as after any change"
    assert (await harness.starts()).exam.windows == EXAM.windows


@pytest.mark.both_databases
async def test_a_bad_change_is_refused_and_changes_nothing(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    await harness.settles()
    for exam, why in (
        (without_area("qinghai"), "cli-apply-dropped"),
        (EXAM.model_copy(update={"key": "nurses-2026"}), "cli-apply-other"),
        (exam_files.load("health-2026"), "cli-apply-same"),
    ):
        with pytest.raises(Refused, match=why):
            await applies(harness, exam)
    assert await states(harness) == []
    await harness.bot.scheduler.tick()
    assert not harness.bot.stopped.done()


async def test_a_second_change_replaces_one_that_waits_and_a_stale_plan_is_refused(
    harness: Harness,
) -> None:
    await harness.stops()
    stale = await command.plan(harness.settings, later(1))
    assert await applies(harness, later(2)) == 2
    assert await applies(harness, later(3)) == 3
    waits = [VersionState.IN_FORCE, VersionState.DROPPED, VersionState.WAITING]
    assert await states(harness) == waits
    running = await harness.starts()
    assert running.exam.windows == later(3).windows
    with pytest.raises(Refused, match="cli-apply-meanwhile"):
        await command.store(harness.settings, stale)


async def test_a_change_that_is_not_in_force_yet_is_dropped(harness: Harness) -> None:
    await harness.stops()
    await applies(harness, later(2))
    assert await command.drop_waiting(harness.settings) == 2
    assert await command.drop_waiting(harness.settings) is None
    running = await harness.starts()
    assert running.exam.windows == EXAM.windows


async def test_an_area_that_is_chosen_meanwhile_keeps_the_old_exam(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await harness.stops()
    assert await applies(harness, without_area("qinghai")) == 2
    await _chosen_meanwhile(harness, ling)
    running = await harness.starts()
    assert running.exam.area("qinghai") is not None
    assert await states(harness) == [VersionState.IN_FORCE, VersionState.REFUSED]
    await admin.sees("考试定义的更改没有生效", "qinghai")


async def _chosen_meanwhile(harness: Harness, ling: Person) -> None:
    """Somebody takes up an area between the command and the start: the change waits aside."""
    waiting = update(tables.exam_versions).where(tables.exam_versions.c.number == 2)
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(waiting.values(state="aside"))
    await harness.starts()
    await scenes.comes_to_the_photo(ling)
    await harness.settles()
    await harness.stops()
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(waiting.values(state="waiting"))


@pytest.mark.both_databases
@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
async def test_a_kill_leaves_the_old_exam_or_the_new_one(
    moment: str, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_harness(tmp_path, database) as harness:
        await harness.starts()
        await harness.stops()
        await applies(harness, later(4))
        with monkeypatch.context() as killing:
            _kill(killing, is_late=moment == "after the commit")
            with pytest.raises(Killed):
                await harness.starts()
        between = await states(harness)
        is_new = moment == "after the commit"
        new = [VersionState.REPLACED, VersionState.IN_FORCE]
        old = [VersionState.IN_FORCE, VersionState.WAITING]
        assert between == (new if is_new else old)
        running = await harness.starts()
        assert running.exam.windows == later(4).windows
        assert await states(harness) == new


class Killed(BaseException):
    """The process ends here."""


def _kill(monkeypatch: pytest.MonkeyPatch, *, is_late: bool) -> None:
    """End the start within the transaction of the change, or right after it."""

    async def dies(*_args: object) -> None:
        raise Killed

    if is_late:
        monkeypatch.setattr("bot.core.open_storage.check_codes", dies)
    else:
        monkeypatch.setattr(exam_in_force, "_audit", dies)


async def test_a_version_that_was_changed_without_the_keys_does_not_start(
    harness: Harness,
) -> None:
    await harness.stops()
    await applies(harness, later(2))
    forged = update(tables.exam_versions).where(tables.exam_versions.c.number == 2)
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(forged.values(content=later(9).model_dump_json()))
    with pytest.raises(RowChanged):
        async with build(harness.settings, EXAM, harness.address, harness.options):
            pass
    assert exam_versions.VersionState.WAITING in await states(harness)


def ending_at(closes: datetime) -> Exam:
    """The exam whose confirmation ends at this moment."""
    confirmation = EXAM.windows.confirmation.model_copy(update={"closes": closes})
    windows = EXAM.windows.model_copy(update={"confirmation": confirmation})
    return EXAM.model_copy(update={"windows": windows})


async def test_nobody_is_given_up_within_a_day_of_a_moved_deadline(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await harness.stops()
    await harness.starts(options=OFTEN)
    await scenes.meets_the_bot(admin)
    await scenes.registers(ling)
    soon = EXAM.windows.confirmation.opens + timedelta(hours=8)
    await applies(harness, ending_at(soon))
    assert (await harness.restarts()).exam.windows.confirmation.closes == soon
    await admin.says("/clock +26h")
    await admin.sees("12月3日")
    await harness.bot.scheduler.tick()
    await admin.sees("截止时间改过，到期前不足 24 小时")
    stage = text("SELECT stage FROM applications")
    async with opened(harness.settings.database) as db, db.read() as connection:
        assert await connection.scalar(stage) == "submitted"
