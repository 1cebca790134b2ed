"""The season of the shipped exam: a rehearsal with a bot and a Telegram that are away for a while.

The product's rehearsal plays it (``bot.rehearsal``); the season adds the outages, and prints what
concerns the promises of reminders.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.rehearsal.play import Outages
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.results import Results, reminded, reminders_at_risk
from tests.bot.people import EXAM

WINDOWS: Final = EXAM.windows
DAY, HALF_HOUR = timedelta(days=1), timedelta(minutes=30)
OUTAGES: Final = Outages(
    # The bot is down over a morning on which it would remind.
    bot=[(WINDOWS.registration.closes - 4.2 * DAY, WINDOWS.registration.closes - 3.5 * DAY)],
    # Telegram takes nothing for a day on which the bot reminds.
    telegram=[(WINDOWS.payment.closes - 2.7 * DAY, WINDOWS.payment.closes - 2.05 * DAY)],
)


async def play(
    folder: Path, people: int, staff: int, seed: int = 2026, step: timedelta = HALF_HOUR
) -> Results:
    """Play a season in a database of its own."""
    return await rehearse(EXAM, folder, people, staff=staff, seed=seed, step=step, outages=OUTAGES)


def lines(season: Results) -> Iterable[str]:
    """Yield the report, a line each."""
    yield "reminders by duty and kind:"
    yield from (
        f"  {duty:<11}{kind:<10}{n:>7}" for (duty, kind), n in sorted(reminded(season).items())
    )
    yield "people at risk, by how often they were reminded of it (0, 1, 2, 3):"
    for duty, times in sorted(reminders_at_risk(season).items()):
        yield f"  {duty:<11}" + " ".join(f"{times[n]:>7}" for n in range(4))
    yield "forfeited, by duty and diligence:"
    yield from (f"  {d:<11}{why:<10}{n:>7}" for (d, why), n in sorted(season.forfeited.items()))
    yield f"registered: {season.registered}"
    notices = season.play.other_notices
    yield "other notices: " + ", ".join(f"{k} {n}" for k, n in sorted(notices.items()))
    most = max(season.play.told_staff.values(), default=0)
    yield f"staff reminders a day and member: at most {most}"
    yield f"faults: {len(season.faults)}"
    yield from (f"  {one}" for one in season.faults[:20])
