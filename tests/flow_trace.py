"""Prints the files on the way of one press, in order: ``python -m tests.flow_trace``.

A press of a button in the form runs through a bot in this process. A profile function notes each
file of the product whose code runs from the update's arrival to the commit of the reply's result.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.e2e import scenes
from tests.e2e.bot import Harness, open_harness

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "states", "storage")
MOST = 40
"""A press may pass at most this many files."""
SETTLING = 0.5
"""Seconds until the reply's result is committed, too."""


@contextmanager
def noting(files: list[str]) -> Iterator[None]:
    """Append each file of the product to ``files`` when its code runs for the first time."""
    names = {
        str(path): str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "sandbox" not in path.parts
    }

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            name = names.pop(frame.f_code.co_filename, None)
            if name is not None:
                files.append(name)

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


async def press(harness: Harness) -> list[str]:
    """Return the files on the way of one press, in the order in which they run."""
    ling = harness.person("ling")
    await scenes.comes_to_the_practice(ling)
    await harness.settles()
    question = (await ling.from_bot())[-1]
    files: list[str] = []
    with noting(files):
        await ling.taps(question, "临床")
        await ling.sees("首次执业注册")
        await asyncio.sleep(SETTLING)
    return files


async def run() -> list[str]:
    """Return the files on the way of one press through a new bot."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        async with open_harness(data, f"sqlite+aiosqlite:///{data}/baoming.db") as harness:
            await harness.starts()
            return await press(harness)


async def flow() -> list[str]:
    """Return the files on the way of every press; a loop of the background runs by chance."""
    first, second = await run(), await run()
    return [file for file in first if file in second]


async def main() -> None:
    files = await flow()
    for number, file in enumerate(files, 1):
        print(f"{number:3} {file}")
    print(f"{len(files)} files; at most {MOST}")
    sys.exit(len(files) > MOST)


if __name__ == "__main__":
    asyncio.run(main())
