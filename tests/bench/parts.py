"""Where our bot's CPU goes: what it was at, looked up each millisecond of CPU that it used."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

EVERY = 0.001
REST = "event loop, tasks and the rest"
OWNERS = {
    "calls to Telegram, with their HTTP": ("bot/api/",),
    "hearing updates": ("bot/updates/polling.py", "bot/updates/intake.py"),
    "what an update means: routes, steps, states": ("bot/updates/router.py",),
    "drawing what is said: pages, words, buttons": ("bot/delivery/renderer.py",),
    "database: rows, encryption, SQLAlchemy, driver": (
        "storage/",
        "/sqlalchemy/",
        "/aiosqlite/",
        "/asyncpg/",
    ),
    "order: lanes, batches, chats, marks": (
        "bot/updates/worker.py",
        "bot/updates/queue_per_person.py",
        "bot/delivery/sender.py",
    ),
}
"""Whose work it is when a function in one of these files runs, or something that it called."""


@contextmanager
def counted(file: Path) -> Iterator[None]:
    """Look up what runs, and write into the file how often it was what, at the end."""
    counts: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        counts[_whose(frame)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        file.write_text(json.dumps(counts))


def _whose(frame: FrameType | None) -> str:
    while frame is not None:
        if owner := _owner(frame.f_code.co_filename):
            return owner
        frame = frame.f_back
    return REST


@cache
def _owner(file: str) -> str | None:
    signs = ((sign, owner) for owner, files in OWNERS.items() for sign in files)
    return next((owner for sign, owner in signs if sign in file), None)


def shares(file: Path) -> Mapping[str, float]:
    """What ``counted`` wrote: of all that was seen, how much was whose, the largest first."""
    counts = Counter(json.loads(file.read_text()))
    return {part: seen / counts.total() for part, seen in counts.most_common()}
