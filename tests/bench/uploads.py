"""``python -m tests.bench.uploads``: what large pictures cost the bot's memory and the others.

Six HEICs at once: the peak of bot and media worker together, and of the bot alone.
A burst of uploads: what a text answer of somebody else takes meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import aiohttp
from cyclopts import App, Parameter
from PIL import Image
from uvicorn.loops.auto import auto_loop_factory

from bot.app import tune_garbage_collector
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from tests import scans
from tests.bench.processes import Process, started
from tests.e2e import scenes
from tests.e2e.person import Person
from tests.e2e.process_pool_server import resident
from tests.photos import face

TOGETHER_MB = 700
ALONE_MB = 320
LATER_MS = 50
"""Gates: the peak of bot and worker, of the bot, and what uploads may add to the p99."""
SENDERS = 6
PATIENCE = 900.0
ANSWERS = 200

app = App(name="python -m tests.bench.uploads", version_flags=[])


def large_heic() -> bytes:
    """A HEIC of 24 megapixels and 2.8 MB; a phone's is of this size."""
    image = face(1500, 2000).resize((4284, 5712), Image.Resampling.BICUBIC)
    return scans.heic(image.reduce(4).resize(image.size))


@app.default
def uploads(
    *, burst: Annotated[int, Parameter(env_var="BURST")] = 200, answers: int = ANSWERS
) -> int:
    """Print both measurements; exit code 1 when a gate is missed.

    Parameters
    ----------
    burst
        How many files are sent at once.
    answers
        How many text answers are timed, without the burst and within it.
    """
    with (
        TemporaryDirectory(prefix="uploads-") as folder,
        asyncio.Runner(loop_factory=auto_loop_factory()) as runner,
    ):
        return runner.run(_run(Path(folder), burst, answers))


async def _run(folder: Path, burst: int, answers: int) -> int:
    people = [resident(f"c{number}", 2000 + number) for number in range(SENDERS + 1)]
    world = World(None, people=people, pacing=False)
    async with serving(world) as address, aiohttp.ClientSession() as http:
        command = [sys.executable, "-m", "tests.bench.ours", str(folder), address]
        async with started(command, folder / "log") as bot:
            talker, *senders = [Person(http, address, one.slug, PATIENCE) for one in people]
            await scenes.meets_the_bot(talker)
            await asyncio.gather(*map(_comes_to_a_paper, senders, range(SENDERS)))
            missed = await _memory(bot, senders)
            missed += await _delay(talker, senders, burst, answers)
    world.close()
    return int(missed > 0)


async def _comes_to_a_paper(person: Person, serial: int) -> None:
    await scenes.meets_the_bot(person)
    await scenes.gives_the_account(person, number=scenes.id_number(serial))
    await scenes.locks_the_account(person)
    await scenes.chooses(person, "天津考区", "和平考点")
    await person.sees("第 1 页，共 6 页 · 选择考点", "哪个报名点")
    await person.presses("和平第一报名点")
    await scenes.fills_the_form(person, employer="天津示例第一人民医院")
    await person.sends_file(scenes.PHOTO)
    await person.sees("报名表上将使用这张照片")
    await person.presses("就用这张")
    await person.sees("请上传证明材料")
    await person.presses("身份证件")
    await person.sees("请发：身份证件")


async def _memory(bot: Process, senders: list[Person]) -> int:
    """Send a HEIC each at once; return the number of missed gates."""
    content = large_heic()
    before, most = bot.shared_out(), 0.0
    bot.forget_peak()
    began = perf_counter()
    sending = asyncio.gather(*(_uploads(one, content) for one in senders))
    while not sending.done():
        most = max(most, await asyncio.to_thread(_shared_out, bot))
        await asyncio.sleep(0.02)
    await sending
    alone, took = bot.peak(), perf_counter() - began
    print(f"{len(senders)} HEICs of {len(content) / 1e6:.1f} MB at once: {took:.1f} s")
    print(f"bot and worker: {before:.0f} MB before, {most:.0f} MB at most (gate {TOGETHER_MB})")
    print(f"the bot alone: {alone:.0f} MB at most (gate {ALONE_MB})")
    return (most > TOGETHER_MB) + (alone > ALONE_MB)


def _shared_out(bot: Process) -> float:
    try:
        return bot.shared_out()
    except (FileNotFoundError, ProcessLookupError):  # a child ended in between
        return 0.0


async def _uploads(person: Person, content: bytes) -> None:
    await person.sends_file(content, "page.heic")
    await person.sees("收到，已保存")


async def _delay(talker: Person, senders: list[Person], burst: int, answers: int) -> int:
    """Time text answers without and within a burst; return the number of missed gates."""
    tune_garbage_collector()  # of the sandbox, whose pauses would count as the bot's
    quiet = await _answers(talker, lambda count: count < answers)
    page = BytesIO()
    face(1500, 2000).resize((3000, 4000)).save(page, "JPEG", quality=85)
    each = burst // len(senders)
    # The sandbox runs in this process: while it takes the files in, it delays its own answers.
    await asyncio.gather(*(_sends(one, page.getvalue(), each) for one in senders))
    answered = asyncio.gather(*(_is_answered(one, each) for one in senders))
    busy = await _answers(talker, lambda count: count < answers and not answered.done())
    began = perf_counter()
    await answered
    print(f"{each * len(senders)} uploads; {perf_counter() - began:.0f} s more until the last")
    for name, times in (("without", quiet), ("within", busy)):
        shown = [f"p{share}: {_percentile(times, share):.1f} ms" for share in (50, 99)]
        print(f"{len(times)} text answers {name} them: {', '.join(shown)}")
    return int(_percentile(busy, 99) > _percentile(quiet, 99) + LATER_MS)


async def _sends(person: Person, content: bytes, count: int) -> None:
    """Send files of which each differs."""
    for number in range(count):
        await person.sends_file(content + number.to_bytes(4, "big"))


async def _is_answered(person: Person, count: int) -> None:
    for _ in range(count):
        await person.sees()


async def _answers(talker: Person, goes_on: Callable[[int], bool]) -> list[float]:
    """Time answers to a text, in ms."""
    times: list[float] = []
    while goes_on(len(times)):
        times.append(await _timed(_asks(talker)))
    return times


async def _asks(talker: Person) -> None:
    await talker.says("刘2")  # no name: the question comes again
    await talker.sees()


def _percentile(times: list[float], share: int) -> float:
    return quantiles(times, n=100)[share - 1]


async def _timed(act: Awaitable[None]) -> float:
    began = perf_counter()
    await act
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(app())
