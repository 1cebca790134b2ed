"""``make season``: thousands of candidates through the whole calendar; it fails with any fault."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.postgres import in_memory
from tests.season.season import lines, play


def main(arguments: list[str]) -> int:
    """Play the season and print its report; return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make season")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--staff", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2026)
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="baoming-season-", dir=in_memory()) as folder:
        season = asyncio.run(play(Path(folder), chosen.people, chosen.staff, chosen.seed))
    print("\n".join(lines(season)))
    print(f"{chosen.people} candidates, {chosen.staff} staff: {time.monotonic() - began:.0f} s")
    return 1 if season.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
