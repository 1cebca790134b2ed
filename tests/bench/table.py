"""The figures as two tables of Markdown: medians, with the least and the most in brackets."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from statistics import median

from tests.bench.bots import BOTS, OTHER, Bot
from tests.bench.budgets import Rounds, ratios

LIBRARIES = (
    "aiogram",
    "python-telegram-bot",
    "sqlalchemy",
    "aiosqlite",
    "aiohttp",
    "httpx",
    "redis",
    "pydantic",
)
COLUMNS = (
    "bot",
    "at once",
    "CPU, ms/update",
    "ratio",
    "its server, ms/update",
    "ratio with it",
    "updates/s",
    "p50, ms",
    "p99, ms",
    "peak, MB",
    "PSS, MB",
    "driver, ms/update",
)


def whole(rounds: Rounds) -> str:
    """The conditions and both tables."""
    return "\n\n".join((conditions(rounds), figures(rounds), starts(rounds)))


def conditions(rounds: Rounds) -> str:
    """On what this was measured."""
    runs = min(map(len, rounds.values()))
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{runs} rounds; {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}\n{libraries}"
    )


def figures(rounds: Rounds) -> str:
    """Each bot at each size."""
    sizes = list(next(iter(rounds.values()))[0].sizes)
    return markdown(COLUMNS, (_row(rounds, bot, n) for n in sizes for bot in _measured(rounds)))


def starts(rounds: Rounds) -> str:
    """How long each bot takes to its first reply."""
    return markdown(
        ("bot", "start to first reply, s"),
        ((bot.title, spread([r.start for r in rounds[bot.name]], 1)) for bot in _measured(rounds)),
    )


def _measured(rounds: Rounds) -> list[Bot]:
    return [bot for bot in (*BOTS, OTHER) if bot.name in rounds]


def _row(rounds: Rounds, bot: Bot, at_once: int) -> list[str]:
    all_of_it = [one.sizes[at_once] for one in rounds[bot.name]]
    servers = [one.server_cpu for one in all_of_it if one.server_cpu is not None]
    with_server = ratios(rounds, bot.name, at_once, server=True) if servers else []
    return [
        bot.title,
        str(at_once),
        spread([one.cpu for one in all_of_it], 2),
        spread(ratios(rounds, bot.name, at_once), 2),
        spread(servers, 2),
        spread(with_server, 2),
        spread([one.per_second for one in all_of_it], 0),
        spread([one.p50 for one in all_of_it], 1),
        spread([one.p99 for one in all_of_it], 1),
        spread([one.peak for one in all_of_it], 0),
        spread([one.pss for one in all_of_it], 0),
        spread([one.driver_cpu for one in all_of_it], 2),
    ]


def spread(values: Sequence[float], digits: int) -> str:
    """Median, least and most.

    >>> spread([1, 3, 2], 1)
    '2.0 (1.0–3.0)'
    """
    if not values:
        return "–"
    middle, least, most = (f"{f(values):.{digits}f}" for f in (median, min, max))
    return middle if least == most else f"{middle} ({least}–{most})"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
