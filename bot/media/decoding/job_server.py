"""The media worker's process: it decodes what strangers sent, each file in a child of its own.

The bot passes one socket a job. The server forks a child, which reads the job from the socket,
sets its limits, runs it, answers and ends; so no file meets another one, and a child that dies
takes nothing along. The decoders are imported before the fork: a child starts in milliseconds.
Forms come from the bot itself, so one child, the printer, sets them all: its fonts stay warm.
The bot starts the server without an environment: a hostile file finds no token and no key.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from bot.documents import print_fonts, typesetting
from bot.documents.printed_form import PrintedForm
from bot.media.decoding import paper_scan, pdf, qr_reader
from bot.media.job_wire import (
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
from bot.media.unreadable import UnreadablePicture
from states.papers.checks import PaperRule
from states.photo import PhotoRule

MEMORY: Final = 360 * 1024 * 1024
"""Bytes that a job may add to the server's address space, which the judge of photos doubles.

The largest picture that the rules let through adds about 210 MB.
"""
CPU_SECONDS: Final = 20
"""Seconds of processor time of a job; the largest picture takes 3."""
FORMS_OF_A_PRINTER: Final = 200
"""Forms after which a printer is replaced: Typst keeps what it has computed for a while."""
NICENESS: Final = 10
"""The bot answers people first: on a busy machine it gets 9 times the worker's share."""
_PR_SET_PDEATHSIG: Final = 1

_RULE: Final = TypeAdapter(PhotoRule)
_FORM: Final = TypeAdapter(PrintedForm)
_MARKS: Final = TypeAdapter(list[DrawnMark])
_CROPS: Final = TypeAdapter(list[DrawnCrop])
_PAPER_RULE: Final = TypeAdapter(PaperRule)

Header = dict[str, Any]


def _photo(content: bytes, rule: Header) -> PreparedPhoto:
    from bot.media.decoding import photo

    return photo.prepare(content, _RULE.validate_python(rule))


def _marked(content: bytes, rule: Header, marks: list[Header], legend: list[str]) -> DrawnPhoto:
    from bot.media.decoding import marked_photo

    drawn = _MARKS.validate_python(marks)
    return marked_photo.marked(content, _RULE.validate_python(rule), drawn, legend)


def _compared(content: bytes, rule: Header, first: int, labels: list[str]) -> DrawnPhoto:
    from bot.media.decoding import marked_photo

    return marked_photo.compared(content, first, labels, _RULE.validate_python(rule))


def _scan(content: bytes, rule: Header | None = None) -> PreparedScan:
    return paper_scan.prepare(content, _PAPER_RULE.validate_python(rule) if rule else None)


def _read(content: bytes, most: int, upright: int) -> ReadPaper:
    from bot.media.decoding.papers import reader

    return reader.read(content, most, upright)


def _crops(content: bytes, rows: list[Header]) -> DrawnPhoto:
    from bot.media.decoding.papers import side_by_side

    return side_by_side.crops(content, _CROPS.validate_python(rows))


def _beside(content: bytes, first: int, labels: list[str]) -> DrawnPhoto:
    from bot.media.decoding.papers import side_by_side

    return side_by_side.pages(content, first, labels)


def _pages(content: bytes, most: int, turns: list[int]) -> RenderedPages:
    pictures = pdf.pictures(content, most, turns)
    return RenderedPages(tuple(map(len, pictures)), b"".join(pictures))


def _form(portrait: bytes, form: Header) -> PrintedPdf:
    printed = _FORM.validate_python(form)
    boxes = typesetting.unprintable(printed)
    return PrintedPdf(boxes, typesetting.pdf(printed, portrait or None))


Prepared = (
    PreparedPhoto
    | PreparedScan
    | RenderedPages
    | PrintedPdf
    | FoundCodes
    | DrawnPhoto
    | ReadPaper
    | TurnedPage
)
JOBS: Final[Mapping[str, Callable[..., Prepared]]] = {
    "photo": _photo,
    "scan": _scan,
    "read": _read,
    "turned": paper_scan.turned_copy,
    "crops": _crops,
    "beside": _beside,
    "pages": _pages,
    "form": _form,
    "marked": _marked,
    "compared": _compared,
    "codes": qr_reader.read,
}
"""The kinds of jobs: a function of the content, and of arguments that JSON can hold.

It returns a dataclass whose field ``content`` are bytes; JSON holds the others.
"""


def run(header: Header, content: bytes) -> tuple[Header, bytes]:
    """Run a job; return the answer's header and content, which is empty if it is unchanged.

    An error that no job expects is a bug of ours or a limit that was met: its place is told, not
    its message, which may hold personal data.
    """
    try:
        result = asdict(JOBS[header["job"]](content, **header["arguments"]))
    except UnreadablePicture as refused:
        reason = refused.reason
        return {"refused": {"key": reason.key, "args": dict(reason.args)}}, b""
    except Exception as error:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "?"
        return {"failed": f"{type(error).__name__} at {place}"}, b""
    made = result.pop("content")
    unchanged = made is content
    return {"result": result, "unchanged": unchanged}, b"" if unchanged else made


def main() -> None:
    """Serve jobs until the bot closes the control socket, which is standard input."""
    _die_with(os.getppid())
    os.nice(NICENESS)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel removes children that have ended
    print_fonts.fonts()  # Typst itself starts threads, which no fork survives: it runs in a child
    gc.freeze()
    with socket.socket(fileno=0) as control:
        with suppress(BrokenPipeError):  # the bot has ended meanwhile
            control.sendall(b"r")
        printer = Printer(control)
        while True:
            told, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not told:
                return
            if told == PHOTO_JOB:
                _load_judge()
            if told == READ_JOB:
                _load_reader()
            with socket.socket(fileno=descriptors[0]) as job:
                if told == FORM_JOB:
                    printer.take(job)
                else:
                    _serve(control, job)


def _load_judge() -> None:
    """Import the judge of photos and its network, at the first photo: most starts need neither.

    The network has no threads, so a child can use it.
    """
    from bot.media.decoding import marked_photo, photo  # noqa: F401
    from bot.media.decoding.judging import faces

    faces.finder()
    gc.freeze()


def _load_reader() -> None:
    """Import the reader of papers and its networks, at the first paper that is read."""
    from bot.media.decoding.papers import models, reader  # noqa: F401

    models.models()
    gc.freeze()


def _serve(control: socket.socket, job: socket.socket) -> None:
    """Have a child of its own do one job."""
    server = os.getpid()
    pid = os.fork()
    if pid:
        with suppress(OSError):  # the bot gave the job up; its neighbour goes on
            job.sendall(pid.to_bytes(PID_SIZE, "big"))
        return
    try:
        control.close()
        _die_with(server)
        _limit()
        _limit_processor()
        _do(job)
    finally:
        os._exit(0)


def _do(job: socket.socket) -> None:
    """Read a job from its socket, run it, and answer."""
    with job.makefile("rb") as incoming:
        header_size, size = sizes_of(incoming.read(SIZES))
        header = json.loads(incoming.read(header_size))
        content = incoming.read(size)
    answer, made = run(header, content)
    job.sendall(message_head(answer, made))
    job.sendall(made)


class Printer:
    """The child that sets forms, one after another; it starts with the first one.

    A form depends on nothing that was set before (a test compares the bytes). A printer that died
    is replaced, and so is one that has set ``FORMS_OF_A_PRINTER``.

    Args:
        control: the server's socket, which the child closes.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._jobs: socket.socket | None = None
        self._left = 0

    def take(self, job: socket.socket) -> None:
        """Pass a job to the printer, a new one if the present one died."""
        for _ in range(2):
            if self._jobs is None or not self._left:
                self._start(job)
            if self._jobs is None:
                return
            try:
                socket.send_fds(self._jobs, [FORM_JOB], [job.fileno()])
            except OSError:
                self._left = 0
            else:
                self._left -= 1
                return

    def _start(self, job: socket.socket) -> None:
        """Fork a printer, which does not keep its end of the job's socket by the way."""
        if self._jobs is not None:
            self._jobs.close()  # the old one ends once it has set what it was passed
        server, (ours, theirs) = os.getpid(), socket.socketpair()
        if os.fork():
            theirs.close()
            self._jobs, self._left = ours, FORMS_OF_A_PRINTER
            return
        try:
            for inherited in (ours, self._control, job):
                inherited.close()
            _die_with(server)
            _limit()
            while True:
                told, descriptors, _, _ = socket.recv_fds(theirs, 1, 1)
                if not told:
                    break
                _limit_processor()
                with socket.socket(fileno=descriptors[0]) as job, suppress(OSError):
                    job.sendall(os.getpid().to_bytes(PID_SIZE, "big"))
                    _do(job)
        finally:
            os._exit(0)


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended in between
        os._exit(1)


def _limit() -> None:
    """Set the limits of a job; the system's libraries say nothing about a file either."""
    space = _address_space() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold somebody's papers
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 2)


def _address_space() -> int:
    """Return the bytes of this process's address space; where the system does not tell, some."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return MEMORY
    return pages * resource.getpagesize()


def _limit_processor() -> None:
    """Give the next job ``CPU_SECONDS`` beyond what was used; then the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ends = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (ends, hard))


if __name__ == "__main__":
    main()
