"""The bot's side of the media worker: no file of a stranger is decoded in the bot's process.

The worker's process starts with the first job, starts again after it died, and ends after some
idle minutes, so a quiet bot pays nothing for it. Each job runs in a child of it, with limits.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any, Final, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.core.metrics import MediaOutcome, Metrics
from bot.documents.printed_form import PrintedForm
from bot.media.file_formats import format_of
from bot.media.job_wire import (
    FILE_JOB,
    FORM_JOB,
    PHOTO_JOB,
    PID_SIZE,
    READ_JOB,
    SIZES,
    DrawnCrop,
    DrawnMark,
    DrawnPhoto,
    FoundCodes,
    PreparedPhoto,
    PreparedScan,
    PrintedPdf,
    ReadPaper,
    RenderedPages,
    TurnedPage,
    message_head,
    sizes_of,
)
from bot.media.places import Places
from bot.media.unreadable import UnreadablePicture
from states.papers.checks import PaperRule
from states.papers.values import PaperReading
from states.photo import PhotoRule
from states.texts import Problem
from storage.engine.database import Unavailable

PLACES: Final = 2
"""Jobs side by side; each may use its limit of memory (``job_server.MEMORY``)."""
LARGE: Final = {"HEIC": 1_000_000, "PNG": 1_000_000, "JPG": 5_000_000}
"""Bytes of a picture, by its format, from which it takes both places.

It may lie whole in memory, up to 330 MB, and a second one beside it would double that.
"""
JOB_SECONDS: Final = 60.0
"""Seconds of a job on a busy machine; its processor time has a limit of its own."""
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 300.0
"""Seconds without a job after which the process ends."""
MAX_HEADER: Final = 64 * 1024
MAX_CONTENT: Final = 32 * 1024 * 1024
"""Bytes of an answer; a hostile file may have taken over the job that gives it."""

_ROOT: Final = Path(__file__).parents[2]
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1"}
"""NumPy then starts no thread, which a fork would leave behind."""
_PIECE: Final = 256 * 1024
_PHOTO: Final = TypeAdapter(PreparedPhoto)
_SCAN: Final = TypeAdapter(PreparedScan)
_PAGES: Final = TypeAdapter(RenderedPages)
_FORM: Final = TypeAdapter(PrintedForm)
_PDF: Final = TypeAdapter(PrintedPdf)
_DRAWN: Final = TypeAdapter(DrawnPhoto)
_CODES: Final = TypeAdapter(FoundCodes)
_READ: Final = TypeAdapter(ReadPaper)
_TURNED: Final = TypeAdapter(TurnedPage)
_KINDS: Final = {
    "form": FORM_JOB,
    "read": READ_JOB,
    **dict.fromkeys(("photo", "marked", "compared"), PHOTO_JOB),
}
_REFUSAL: Final = TypeAdapter(dict[str, str | int])
_NOT_READ: Final = {
    "photo": Problem("problem-photo-not-read"),
    "scan": Problem("problem-scan-not-read"),
    "pages": Problem("problem-scan-pdf-broken"),
    "form": Problem("problem-print"),
    "marked": Problem("problem-photo-not-read"),
    "compared": Problem("problem-photo-not-read"),
    "codes": Problem("problem-scan-not-read"),
    "read": Problem("problem-scan-not-read"),
    "turned": Problem("problem-scan-not-read"),
    "crops": Problem("problem-scan-not-read"),
    "beside": Problem("problem-scan-not-read"),
    "PDF": Problem("problem-scan-pdf-broken"),
}
"""The problem of a file that ended two jobs, by the kind of job, or by its format."""

log = structlog.get_logger("media")

Header = Mapping[str, Any]
Prepared = TypeVar("Prepared")


class WorkerUnavailable(Unavailable):
    """The worker's process does not start: no fault of the file, which waits."""


class JobDied(Exception):
    """A job ended without a result: a limit, a crash, or an answer that makes no sense."""

    def __init__(self, outcome: MediaOutcome, reason: str) -> None:
        """Keep the outcome for the metrics."""
        super().__init__(reason)
        self.outcome = outcome


class MediaWorker:
    """Prepares files, two at a time, or one that is ``LARGE``; further ones wait.

    A job that dies is tried once more without another beside it, so a neighbour's memory is not
    what ended it; then the file is refused. One that died with its neighbour loses nothing by it.

    Args:
        seconds: the limit of a job.
        idle: seconds without a job after which the process ends.
    """

    def __init__(
        self,
        metrics: Metrics | None = None,
        *,
        seconds: float = JOB_SECONDS,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._seconds = seconds
        self._idle = idle
        self._places = Places(PLACES)
        self._starting = asyncio.Lock()
        self._process: JobServer | None = None
        self._jobs = 0
        self._ending: asyncio.TimerHandle | None = None

    async def photo(self, content: bytes, rule: PhotoRule) -> PreparedPhoto:
        """Measure a photo, and make its portrait if it keeps the rule.

        Raises:
            UnreadablePicture: the photo cannot be taken.
            WorkerUnavailable: the worker does not start.
        """
        return await self._run("photo", _PHOTO, content, {"rule": asdict(rule)})

    async def scan(self, content: bytes, rule: PaperRule | None = None) -> PreparedScan:
        """Measure a scan, and make the content to store; with a rule its pages are judged.

        Raises:
            UnreadablePicture: the scan cannot be taken.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"rule": asdict(rule)} if rule else {}
        return await self._run("scan", _SCAN, content, arguments)

    @property
    def reads(self) -> bool:
        """Whether the reader of papers, the extra ``ocr``, is installed."""
        return all(map(importlib.util.find_spec, ("rapidocr", "onnxruntime")))

    async def read(self, content: bytes, most: int, upright: int) -> PaperReading:
        """Read the first pages of a stored paper; find the right way up of a few more.

        Raises:
            UnreadablePicture: the paper cannot be read.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"most": most, "upright": upright}
        return (await self._run("read", _READ, content, arguments)).reading

    async def turned(self, content: bytes, quarters: int) -> bytes:
        """Return a stored page turned by so many quarters, counterclockwise, as a JPEG.

        Raises:
            UnreadablePicture: the page cannot be opened.
            WorkerUnavailable: the worker does not start.
        """
        return (await self._run("turned", _TURNED, content, {"quarters": quarters})).content

    async def crops(self, content: bytes, rows: Sequence[DrawnCrop]) -> bytes:
        """Return a JPEG of pieces of a stored paper, with lines below each.

        Raises:
            UnreadablePicture: the paper cannot be drawn.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"rows": [asdict(one) for one in rows]}
        return (await self._run("crops", _DRAWN, content, arguments)).content

    async def beside(self, first: bytes, second: bytes, labels: Sequence[str]) -> bytes:
        """Return a JPEG of two pages side by side.

        Raises:
            UnreadablePicture: a page cannot be drawn.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"first": len(first), "labels": [*labels]}
        return (await self._run("beside", _DRAWN, first + second, arguments)).content

    async def pages(self, content: bytes, most: int, turns: Sequence[int] = ()) -> list[bytes]:
        """Return the pages of a stored PDF as JPEGs; none if it has more than ``most``.

        ``turns`` are the quarter turns, counterclockwise, that put the first pages upright.

        Raises:
            UnreadablePicture: the pages cannot be drawn.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"most": most, "turns": [*turns]}
        return (await self._run("pages", _PAGES, content, arguments)).pictures

    async def marked(
        self, content: bytes, rule: PhotoRule, marks: Sequence[DrawnMark], legend: Sequence[str]
    ) -> bytes:
        """Return a JPEG of a photo with marks on it and figures below it.

        Raises:
            UnreadablePicture: the photo cannot be drawn.
            WorkerUnavailable: the worker does not start.
        """
        shapes = [asdict(one) for one in marks]
        arguments = {"rule": asdict(rule), "marks": shapes, "legend": [*legend]}
        return (await self._run("marked", _DRAWN, content, arguments)).content

    async def compared(
        self, first: bytes, second: bytes, rule: PhotoRule, labels: Sequence[str]
    ) -> bytes:
        """Return a JPEG of two photos side by side.

        Raises:
            UnreadablePicture: a photo cannot be drawn.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"rule": asdict(rule), "first": len(first), "labels": [*labels]}
        return (await self._run("compared", _DRAWN, first + second, arguments)).content

    async def codes(self, content: bytes) -> tuple[str, ...]:
        """Return the texts of the QR codes in a picture or a PDF.

        Raises:
            UnreadablePicture: the file cannot be read.
            WorkerUnavailable: the worker does not start.
        """
        return (await self._run("codes", _CODES, content, {})).texts

    async def form(self, form: PrintedForm, portrait: bytes | None) -> PrintedPdf:
        """Set a form as a PDF.

        Raises:
            UnreadablePicture: it cannot be set.
            WorkerUnavailable: the worker does not start.
        """
        arguments = {"form": _FORM.dump_python(form, mode="json")}
        return await self._run("form", _PDF, portrait or b"", arguments)

    async def start(self) -> None:
        """Start the process now, as a check.

        Raises:
            WorkerUnavailable: it does not start.
        """
        await self._started()

    async def aclose(self) -> None:
        """End the process and its jobs, and wait until it has ended."""
        if self._ending is not None:
            self._ending.cancel()
        if self._process is not None:
            await self._process.stop()
            self._process = None

    @property
    def pid(self) -> int | None:
        """The id of the running process."""
        return self._process.pid if self._process else None

    async def _run(
        self, job: str, shape: TypeAdapter[Prepared], content: bytes, arguments: Header
    ) -> Prepared:
        kind = format_of(content) or ""
        is_large = len(content) >= LARGE.get(kind, MAX_CONTENT)
        for alone in (is_large, True):
            async with self._places.take(alone=alone), self._busy():
                began = monotonic()
                try:
                    header, made = await self._attempt(job, content, arguments)
                    prepared = _read(header, shape, content, made)
                except JobDied as died:
                    self._metrics.media_job(job, died.outcome, monotonic() - began)
                    log.warning("a job died", job=job, reason=str(died), size=len(content))
                except UnreadablePicture:
                    self._metrics.media_job(job, MediaOutcome.REFUSED, monotonic() - began)
                    raise
                else:
                    self._metrics.media_job(job, MediaOutcome.DONE, monotonic() - began)
                    return prepared
        raise UnreadablePicture(_NOT_READ.get(kind, _NOT_READ[job]))

    async def _attempt(self, job: str, content: bytes, arguments: Header) -> tuple[Any, bytes]:
        process = await self._started()
        try:
            async with process.job(self._seconds, _KINDS.get(job, FILE_JOB)) as connection:
                await connection.send({"job": job, "arguments": arguments}, content)
                return await connection.receive()
        except TimeoutError:
            raise JobDied(MediaOutcome.TIMED_OUT, f"{self._seconds} s") from None
        except (OSError, EOFError) as error:
            raise JobDied(MediaOutcome.DIED, type(error).__name__) from error

    @asynccontextmanager
    async def _busy(self) -> AsyncIterator[None]:
        """Keep the process for the block, and let it end some time after the last."""
        self._jobs += 1
        if self._ending is not None:
            self._ending.cancel()
        try:
            yield
        finally:
            self._jobs -= 1
            if not self._jobs:
                self._ending = asyncio.get_running_loop().call_later(self._idle, self._end_idle)

    def _end_idle(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    async def _started(self) -> JobServer:
        async with self._starting:
            if self._process is not None and not self._process.is_alive:
                log.warning("the worker died; it starts again")
                await self._process.stop()
                self._process = None
            if self._process is None:
                self._process = await JobServer.start()
            return self._process


class JobServer:
    """The worker's process, with its control socket."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control

    @classmethod
    async def start(cls) -> JobServer:
        """Start the process, and wait until it has imported the decoders.

        Raises:
            WorkerUnavailable: it ends at once, or does not say that it is ready.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "bot.media.decoding.job_server"),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={"PYTHONPATH": str(_ROOT), **_ONE_THREAD},
                    start_new_session=True,  # Ctrl-C is for the bot, which ends its worker
                )
        except OSError as error:
            ours.close()
            raise WorkerUnavailable(str(error)) from error
        server, ready = cls(process, ours), b""
        try:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(START_SECONDS):
                    ready = await asyncio.get_running_loop().sock_recv(ours, 1)
        finally:
            if not ready:
                await server.stop()
        if not ready:
            raise WorkerUnavailable("the media worker ended at its start")
        return server

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still holds its end of the socket, on which it says no more."""
        try:
            return bool(self._control.recv(1))
        except BlockingIOError:
            return True
        except OSError:
            return False

    @asynccontextmanager
    async def job(self, seconds: float, kind: bytes = FILE_JOB) -> AsyncIterator[JobConnection]:
        """Connect to a new child, or for ``FORM_JOB`` to the printer.

        The child is killed if the block ends before its answer is complete.

        The process prepares itself for a kind of job before it forks.

        Raises:
            TimeoutError: the block takes longer than so many seconds.
            OSError: the process or the child died.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        connection = JobConnection(ours)
        with ours:
            with theirs:
                socket.send_fds(self._control, [kind], [theirs.fileno()])
            try:
                async with asyncio.timeout(seconds):
                    await connection.greet()
                    yield connection
            finally:
                if not connection.answered and not connection.has_ended:
                    self._kill(connection.pid)

    def _kill(self, child: int | None) -> None:
        """Kill a child; all of them if the process does not even fork."""
        with suppress(ProcessLookupError):
            os.kill(child or self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Tell the process to end; its jobs end with it."""
        self._control.close()

    async def stop(self) -> None:
        """End the process, and wait until it has ended."""
        self.end()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class JobConnection:
    """The bot's end of one job's socket.

    ``pid`` is the child's id once it greeted; ``answered`` says that its answer is complete, and
    ``has_ended`` that the child is gone without one.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._loop = asyncio.get_running_loop()
        self.pid: int | None = None
        self.answered = False
        self.has_ended = False

    async def greet(self) -> None:
        """Read the child's id."""
        self.pid = int.from_bytes(await self._exactly(PID_SIZE), "big")

    async def send(self, header: Header, content: bytes) -> None:
        """Send a job: sizes, JSON header, content."""
        await self._loop.sock_sendall(self._end, message_head(header, content))
        await self._loop.sock_sendall(self._end, content)

    async def receive(self) -> tuple[Any, bytes]:
        """Return the answer's header, as JSON of any kind, and its content.

        Raises:
            OSError: it is too large, too long or no JSON.
            EOFError: the child ended.
        """
        header, content = sizes_of(await self._exactly(SIZES))
        if header > MAX_HEADER or content > MAX_CONTENT:
            raise OSError("the answer is too large")
        try:
            answer = json.loads(await self._exactly(header))
        except (ValueError, RecursionError) as error:
            raise OSError("the answer is no JSON") from error
        made = await self._exactly(content)
        if await self._loop.sock_recv(self._end, 1):  # a child that ended has freed its memory
            raise OSError("the answer is too long")
        self.answered = True
        return answer, made

    async def _exactly(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = await self._loop.sock_recv(self._end, min(size, _PIECE))
            if not part:
                self.has_ended = True
                raise EOFError("the child ended")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _read(answer: Any, shape: TypeAdapter[Prepared], sent: bytes, made: bytes) -> Prepared:
    """Return the result of an answer, with the content that it made or left as it was sent.

    Raises:
        UnreadablePicture: the file was refused.
        JobDied: the job failed, or its answer makes no sense.
    """
    match answer:
        case {"result": dict(result), "unchanged": bool(unchanged)}:
            with suppress(ValidationError):
                return shape.validate_python({**result, "content": sent if unchanged else made})
        case {"refused": {"key": str(key), "args": dict(args)}} if key.startswith("problem-"):
            with suppress(ValidationError):
                raise UnreadablePicture(Problem(key, _REFUSAL.validate_python(args)))
        case {"failed": str(reason)}:
            raise JobDied(MediaOutcome.FAILED, reason[:200])
    raise JobDied(MediaOutcome.FAILED, "the answer makes no sense")
