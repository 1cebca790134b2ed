"""``baoming jobs`` lists the jobs, and starts those again that were set aside.

The commands work beside a running bot; its Scheduler reads the change within half a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial

from cyclopts import App

from bot.cli import console
from bot.cli.writable_database import writable_database
from bot.core.settings import Refused, Settings, load_settings
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.engine import jobs
from storage.engine.jobs import StoredJob

app = App(name="jobs")


@app.command(name="list")
def everything() -> int:
    """列出定时工作：种类、编号、状态、下次时间 · list the jobs: kind, key, state, next run."""
    return _print(partial(list_jobs, load_settings()))


@app.command
def retry(kind: str, key: str | None = None) -> int:
    """重新开始失败的工作 · start failed jobs again.

    Parameters
    ----------
    kind
        名单里的种类 · its kind in the list.
    key
        名单里的编号；不写就是这一种类的全部 · its key in the list; without it all of the kind.
    """
    return _print(partial(retry_jobs, load_settings(), kind, key))


async def list_jobs(settings: Settings) -> list[Text]:
    """List the jobs that are not done, the next one first, one a line.

    Raises:
        Refused: the database cannot be read.
    """
    async with writable_database(settings) as opened, opened.db.read() as connection:
        found = await jobs.unfinished(connection)
    return [_line(job) for job in found] or [Text("cli-jobs-none")]


async def retry_jobs(settings: Settings, kind: str, key: str | None) -> list[Text]:
    """Make failed jobs due; the running bot takes them up.

    Raises:
        Refused: no failed job has this kind and key, or the database cannot be written.
    """
    async with writable_database(settings) as opened, opened.db.write() as connection:
        found = await jobs.retry(connection, kind, key, opened.now)
        if not found:
            raise Refused(Text("cli-jobs-no-job", {"kind": kind, "key": key or ""}))
        detail = kind if key is None else f"{kind} {key}".strip()
        await opened.record(connection, AuditAction.JOB_RETRIED, detail)
    return [Text("cli-jobs-retried", {"kind": job.kind, "key": job.key}) for job in found]


def _line(job: StoredJob) -> Text:
    known = {"kind": job.kind, "key": job.key, "attempts": str(job.attempts)}
    state = Text(f"cli-jobs-{job.state}")
    return Text(
        "cli-jobs-line", {**known, "state": state, "at": job.run_at, "error": job.error or ""}
    )


def _print(work: Callable[[], Coroutine[None, None, list[Text]]]) -> int:
    console.say_all(console.run(work))
    return 0
