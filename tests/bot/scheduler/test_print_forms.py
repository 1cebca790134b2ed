"""The job that prints: nobody gets a form of what they have changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from bot.core.open_storage import Storage
from bot.documents.printed_form import PrintedForm
from bot.media.job_wire import PrintedPdf
from bot.scheduler.print_forms import PrintForms
from states.records import Stage
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.jobs import JobKind, StoredJob
from tests.bot.people import EXAM, KEYRING, OPEN, TRANSLATIONS, application, person
from tests.bot.storages import storage_over
from tests.fakes.jobs import run_due

pytestmark = [pytest.mark.asyncio, pytest.mark.row("S14", "S17")]

OWNER = replace(person("zh-CN"), photo=None)
DRAFT = replace(application(), stage=Stage.DRAFT, photo=None)


@dataclass
class Press:
    """Sets forms; while it sets the first one, its candidate changes an answer."""

    storage: Storage
    set_forms: list[PrintedForm] = field(default_factory=list)

    async def keep(self, department: str) -> None:
        """The draft has this answer now."""
        changed = replace(DRAFT, answers={**DRAFT.answers, "department": department})
        async with self.storage.db.write() as tx:
            row = applications.as_row(KEYRING, changed)
            await tx.execute(self.storage.db.upsert(tables.applications), [row])

    async def set_form(self, form: PrintedForm, _portrait: bytes | None) -> PrintedPdf:
        """Return a PDF."""
        self.set_forms.append(form)
        if len(self.set_forms) == 1:
            await self.keep("外科")
        return PrintedPdf((), b"%PDF")


async def test_a_form_that_was_changed_while_it_was_set_is_set_anew(db: Database) -> None:
    """They have asked again for it, and a job that runs takes no second request."""
    press = Press(storage_over(db, KEYRING))
    async with db.write() as tx:
        await tx.execute(db.upsert(tables.people), [people.as_row(KEYRING, OWNER)])
        job = StoredJob(JobKind.PRINT, str(OWNER.id), OPEN, person_id=OWNER.id)
        await press.storage.jobs.enqueue(tx, [job])
    await press.keep("内科")
    job_of_prints = PrintForms(press.storage, EXAM, press.set_form, TRANSLATIONS.label, "bot")
    count = select(func.count()).select_from(tables.outbox)
    for told in (0, 1, 1):
        await run_due(press.storage, job_of_prints, OPEN)
        async with db.read() as connection:
            assert await connection.scalar(count) == told
    assert ["外科" in repr(one) for one in press.set_forms] == [False, True]
