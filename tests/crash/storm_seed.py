"""What a storm begins with: the roles of two clerks, and cases that wait for them."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Final

from bot.core.open_storage import Storage, open_storage
from bot.core.settings import Settings
from states.records import Application
from states.staff_roles import RoleAssignment
from states.submissions.content import Submission
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people, submissions
from storage.candidates.blobs import StoredFile
from storage.candidates.submissions import StoredSubmission
from storage.engine import installation, tables
from storage.engine.installation import Fact
from storage.staff.access import invites, role_assignments
from tests.e2e.person import BOT
from tests.factories import EXAM
from tests.photos import jpeg
from tests.storage.people import content_of
from tests.storage.staff_members import CONFIRMING, SITE, candidate
from tests.storage.staff_members import waiting as case

CLERKS: Final = (SITE, replace(SITE, id=22, telegram_id=5022))
CASES: Final = 30
PORTRAIT: Final = jpeg(358, 441)


def waiting(number: int) -> Application:
    """An application that a site without points confirms."""
    return replace(case(number, point=""), materials={})


async def seed(settings: Settings) -> None:
    """Write them as a bot would have written them."""
    async with open_storage(settings, EXAM) as storage:
        ahead = int((CONFIRMING - datetime.now(UTC)).total_seconds())
        owners = [replace(candidate(number), bot_id=BOT) for number in range(1, CASES + 1)]
        photos = {one.id: await storage.blobs.put(one.id, PORTRAIT) for one in owners}
        owners = [replace(one, photo=photos[one.id]) for one in owners]
        filed = [
            replace(waiting(number), photo=photos[owner.id])
            for number, owner in enumerate(owners, start=1)
        ]
        files = [
            asdict(StoredFile(name, owner, "portrait", len(PORTRAIT), CONFIRMING, 358, 441))
            for owner, name in photos.items()
        ]
        async with storage.db.write() as tx:
            await installation.write(tx, Fact.CLOCK_OFFSET, str(ahead))
            for table, rows in (
                (tables.people, [people.as_row(storage.keyring, one) for one in owners]),
                (tables.applications, [applications.as_row(storage.keyring, o) for o in filed]),
                (tables.blobs, files),
            ):
                await tx.execute(table.insert(), rows)
            await submissions.add(tx, storage.keyring, [_submission(storage, o) for o in filed])
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


def _submission(storage: Storage, one: Application) -> StoredSubmission:
    content = content_of(one)
    made = Submission(one.revision, 1, content.hash(storage.keyring.hash), CONFIRMING)
    return StoredSubmission(one.id, made, content)


def _granted(storage: Storage, clerk: RoleAssignment) -> AuditEntry:
    detail = f"{clerk.id} {invites.detail(clerk.role, clerk.scope)}"
    return AuditEntry(storage.ids.next(), CONFIRMING, 0, AuditAction.ROLE_GRANTED, detail=detail)
