"""The bot's loops, and the tasks that run beside them: none is lost, and each failure is raised."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from storage.engine.instance_lock import AlreadyRunning

T = TypeVar("T")


class BackgroundTasks:
    """The running tasks. ``watch`` raises the first failure among them, which is always a bug."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._failed = asyncio.Event()
        self._failure: BaseException | None = None

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task and keep a reference to it."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failure = self._failure or failure
            self._failed.set()

    async def watch(self) -> None:
        """Wait for the first failure and raise it."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def run(self, loops: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        """Run loops until one raises, which none should; then cancel the others and all tasks."""
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop())
        except ExceptionGroup as failed:
            if (lost := failed.subgroup(AlreadyRunning)) is not None:
                raise lost.exceptions[0] from None  # an operator's mistake: its message is enough
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        """Cancel the running tasks and wait until they end."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
