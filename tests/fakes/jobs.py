"""Run one job at a moment that a test sets, whenever its own next run is due."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from bot.core.open_storage import Storage
from bot.core.runtime import no_failpoint
from bot.scheduler.scheduler import EVERY, Job, JobRun
from storage.engine.jobs import JobTaken, StoredJob


async def stored_job(storage: Storage, kind: str) -> StoredJob:
    """The row of a periodic job."""
    (job,) = await storage.jobs.next([kind], 1)
    return job


async def run_job(storage: Storage, job: Job, now: datetime) -> JobRun:
    """Run a periodic job as the scheduler does; its errors are raised, unless another ran first."""
    await storage.jobs.start([job.kind], now)
    stored = await stored_job(storage, job.kind)
    run = JobRun(storage, stored, now, timedelta(seconds=EVERY), no_failpoint)
    with suppress(JobTaken):
        await job.run(run)
        await run.finish()
    return run


async def run_due(storage: Storage, job: Job, now: datetime) -> int:
    """Run the one-off jobs of a kind that are due, each once; return how many there were."""
    due = [one for one in await storage.jobs.next([job.kind], 100) if one.run_at <= now]
    for stored in due:
        run = JobRun(storage, stored, now, timedelta(seconds=EVERY), no_failpoint)
        with suppress(JobTaken):
            await job.run(run)
            await run.finish()
    return len(due)
