"""Processes of a run: started, measured through /proc, and ended by their id."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_END = 20.0
"""Seconds that a process has to end in an orderly way."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process with everything it starts. ``born`` is when, by ``perf_counter``."""

    pid: int
    born: float
    log: Path

    def cpu(self) -> float:
        """CPU seconds so far, user and system, with all threads and with children alive or not."""
        return sum(_ticks(pid) for pid in self._family()) / TICKS

    def peak(self) -> float:
        """The most memory that it had at once since ``forget_peak``, in MB (VmHWM)."""
        return _kilobytes(self.pid, "status", "VmHWM:") / 1024

    def memory(self) -> float:
        """The memory that it has now, in MB (VmRSS)."""
        return _kilobytes(self.pid, "status", "VmRSS:") / 1024

    def signals(self, sign: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, sign)

    def shared_out(self) -> float:
        """Memory of it and its children now, what several use divided among them, in MB (PSS)."""
        return sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in self._family()) / 1024

    def forget_peak(self) -> None:
        """From now on ``peak`` counts from what is in use now (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def _family(self) -> list[int]:
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        return found


@asynccontextmanager
async def started(command: Sequence[str], log: Path, folder: Path = ROOT) -> AsyncIterator[Process]:
    """Run a command; SIGTERM at the end of the block, and signal 9 if that is not enough."""
    with log.open("ab") as output:
        born = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield Process(process.pid, born, log)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), LONGEST_END)
        except TimeoutError:
            process.kill()
            await process.wait()


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third (the state) on, see proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ticks(pid: int) -> int:
    user, system, children_user, children_system = _stat(pid)[11:15]
    return int(user) + int(system) + int(children_user) + int(children_system)


def _kilobytes(pid: int, file: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{name} is not in /proc/{pid}/{file}")
