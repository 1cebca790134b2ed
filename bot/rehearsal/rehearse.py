"""One rehearsal from its exam to its results."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.rehearsal.dialogue.walks import walk_all
from bot.rehearsal.people import People
from bot.rehearsal.play import Outages, Play
from bot.rehearsal.played_storage import played_storage
from bot.rehearsal.results import Results, judged
from states.exam import Exam

STEP: Final = timedelta(hours=1)
SEED: Final = 2026
PEOPLE: Final = 500


async def rehearse(
    exam: Exam,
    folder: Path,
    people: int = PEOPLE,
    *,
    staff: int = 60,
    seed: int = SEED,
    step: timedelta = STEP,
    outages: Outages | None = None,
) -> Results:
    """Play an exam's whole calendar in a new database of this folder, and judge it.

    Args:
        people: the invented candidates, at least 1.
        staff: those who get the digests of the staff.
        seed: the same seed makes the same rehearsal.
        step: the fake time between two looks, at most two hours.
    """
    async with played_storage(folder, exam) as storage:
        play = Play(exam, storage, step, outages)
        everybody = People(exam, play, people, random.Random(seed))
        await everybody.appoint(staff)
        await play.run(everybody)
        walks = await walk_all(exam, storage, seed)
        return judged(exam, play, everybody, seed, walks)
