"""The definition that is in force: that of the files, or since a change the one in the database.

A change is stored by the command line and taken up at a start of the bot, before anything else
runs, in one transaction: after a kill the exam is either the old one or the new one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from states.exam import BadExam, Exam, missing_codes, read_exam
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications
from storage.engine import exam_versions
from storage.engine.database import Connection, Database
from storage.engine.encryption import Keyring
from storage.engine.exam_versions import ExamVersion, VersionState
from storage.engine.ids import RowIds

MAX_WHY = 200

log = structlog.get_logger("exam")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """The exam in force after a start.

    ``changed`` is the version that came in force, ``refused`` one that could not.
    """

    exam: Exam
    changed: ExamVersion | None = None
    refused: ExamVersion | None = None


def content_of(exam: Exam) -> str:
    """Return a definition as it is stored."""
    return exam.model_dump_json()


def exam_of(version: ExamVersion) -> Exam:
    """Return the definition of a stored version.

    Raises:
        BadExam: this program no longer understands it.
    """
    try:
        return read_exam(json.loads(version.content))
    except BadExam as error:
        number = version.number
        stored = [replace(one, path=f"versions[{number}].{one.path}") for one in error.mistakes]
        raise BadExam(stored) from None


async def exam_in_force(connection: Connection, keyring: Keyring, of_files: Exam) -> Exam:
    """Return the definition in force of the exam with this key.

    Raises:
        BadExam: this program no longer understands the stored one.
    """
    version = await exam_versions.in_state(connection, keyring, of_files.key, VersionState.IN_FORCE)
    return exam_of(version) if version is not None else of_files


async def take_up(
    db: Database, keyring: Keyring, ids: RowIds, of_files: Exam, now: datetime
) -> TakenUp:
    """Put the version that waits in force, or refuse it; return the exam in force.

    Nothing may run that writes applications.

    Raises:
        BadExam: this program no longer understands the version in force.
    """
    async with db.write() as tx:
        present = await exam_in_force(tx, keyring, of_files)
        waiting = await exam_versions.in_state(tx, keyring, of_files.key, VersionState.WAITING)
        if waiting is None:
            return TakenUp(present)
        exam, why = await _judged(tx, waiting)
        if exam is None:
            refused = replace(waiting, state=VersionState.REFUSED, why=why[:MAX_WHY], taken_at=now)
            await exam_versions.save(tx, keyring, refused)
            await _audit(tx, keyring, ids, AuditAction.EXAM_CHANGE_REFUSED, refused, now)
            log.warning("change of the exam refused", version=waiting.number, reason=why)
            return TakenUp(present, refused=refused)
        before = await exam_versions.in_state(tx, keyring, of_files.key, VersionState.IN_FORCE)
        if before is not None:
            await exam_versions.save(tx, keyring, replace(before, state=VersionState.REPLACED))
        changed = replace(waiting, state=VersionState.IN_FORCE, taken_at=now)
        await exam_versions.save(tx, keyring, changed)
        await _audit(tx, keyring, ids, AuditAction.EXAM_CHANGED, changed, now)
        log.info("exam changed", version=waiting.number)
        return TakenUp(exam, changed=changed)


async def _judged(tx: Connection, waiting: ExamVersion) -> tuple[Exam | None, str]:
    """Return the exam of a version, or None and why it cannot come in force."""
    try:
        exam = exam_of(waiting)
    except BadExam as error:
        return None, "; ".join(map(str, error.mistakes))
    dropped = missing_codes(exam, await applications.codes_in_use(tx, exam.key))
    return (None, ", ".join(dropped)) if dropped else (exam, "")


async def _audit(
    tx: Connection,
    keyring: Keyring,
    ids: RowIds,
    action: AuditAction,
    version: ExamVersion,
    now: datetime,
) -> None:
    entries: Sequence[AuditEntry] = [
        AuditEntry(ids.next(), now, CLOCK, action, detail=version.audit_detail)
    ]
    await audit_log.add(tx, keyring, entries)
