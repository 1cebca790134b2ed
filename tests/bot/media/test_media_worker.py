"""The media worker: one process, a child a file; whatever dies, the next file is prepared."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.core.metrics import Metrics
from bot.documents import typesetting
from bot.media import media_worker
from bot.media.media_worker import JobConnection, MediaWorker, WorkerUnavailable
from bot.media.unreadable import UnreadablePicture
from states.exam import FileFormat
from states.photo import PhotoRule
from states.texts import Problem
from tests import photos, scans
from tests.bot.documents import printed_people
from tests.e2e.wait import until

RULE = PhotoRule(("JPEG",), 420, 600, 50, 1500, 2000, "invented")
NOT_READ = Problem("problem-scan-not-read")
DEADLY = photos.encoded(photos.face(150, 200))
"""A file at which a patched connection strikes."""
OTHER = photos.encoded(photos.face(160, 200))


@pytest.fixture
async def worker() -> AsyncIterator[MediaWorker]:
    async with aclosing(MediaWorker(Metrics())) as made:
        yield made


async def test_a_pdf_is_drawn_page_by_page_and_one_with_too_many_pages_is_not(
    worker: MediaWorker,
) -> None:
    pages = await worker.pages(scans.pdf(3), 3)
    sizes = {Image.open(BytesIO(page)).size for page in pages}
    assert len(pages) == 3
    assert sizes == {(1272, 1800)}, "A4 at 1800 px"
    assert await worker.pages(scans.pdf(4), 3) == []
    with pytest.raises(UnreadablePicture):
        await worker.pages(b"%PDF-1.4 broken", 3)


def counted(worker: MediaWorker, outcome: str, job: str = "scan") -> float:
    labels = {"job": job, "outcome": outcome}
    registry = worker._metrics.registry
    return registry.get_sample_value("baoming_media_jobs_total", labels) or 0.0


def is_running(pid: int) -> bool:
    """Whether the process lives; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def environment_of(pid: int | None) -> list[str]:
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return [one.partition("=")[0] for one in variables if one]


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Struck:
    """Strikes each job of ``DEADLY`` once its child greeted, at most so many times."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: Any, times: int = 99) -> None:
        self.began: list[bytes] = []
        self.times = times
        send = JobConnection.send

        async def sends(
            connection: JobConnection, header: Mapping[str, Any], content: bytes
        ) -> None:
            self.began.append(content)
            if content == DEADLY and self.times:
                self.times -= 1
                at(connection)
            await send(connection, header, content)

        monkeypatch.setattr(JobConnection, "send", sends)


def kill_child(connection: JobConnection) -> None:
    assert connection.pid is not None
    os.kill(connection.pid, signal.SIGKILL)


def stop_child(connection: JobConnection) -> None:
    assert connection.pid is not None
    os.kill(connection.pid, signal.SIGSTOP)


# --- jobs ----------------------------------------------------------------------------------------


async def test_files_are_prepared_in_one_process(worker: MediaWorker) -> None:
    photo = await worker.photo(photos.jpeg(), RULE)
    pid = worker.pid
    assert photo.portrait is not None
    assert photo.content.startswith(b"\xff\xd8\xff")
    assert (photo.photo.width, photo.portrait.width) == (1500, 1400)
    heic = await worker.scan(scans.small_heic())
    assert heic.facts.format is FileFormat.HEIC
    pdf = scans.pdf(3)
    assert (await worker.scan(pdf)).content is pdf, "an unchanged file does not come back"
    assert worker.pid == pid
    assert (counted(worker, "done"), counted(worker, "done", "photo")) == (2, 1)


LIMITED = """
import mmap
from bot.media.decoding import job_server

held = mmap.mmap(-1, 400 << 20)  # address space of the server, such as the judge's libraries
job_server._limit()
print(len(bytearray(300 << 20)))
try:
    bytearray(job_server.MEMORY + (8 << 20))  # beyond what Python gave back meanwhile
except MemoryError:
    print("no more")
"""


def test_a_job_has_its_memory_beside_what_the_server_holds() -> None:
    run = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True)
    assert run.stdout.split("\n")[:2] == [str(300 << 20), "no more"], run.stderr


async def test_a_refusal_has_its_words_and_is_no_death(worker: MediaWorker) -> None:
    with pytest.raises(UnreadablePicture) as caught:
        await worker.scan(scans.pdf(31))
    assert caught.value.reason == Problem("problem-scan-pdf-pages", {"pages": 31, "limit": 30})
    assert (counted(worker, "refused"), counted(worker, "died")) == (1, 0)


@pytest.mark.parametrize(("large_from", "beside"), [(len(OTHER), 1), (len(OTHER) + 1, 2)])
async def test_two_jobs_run_side_by_side_or_one_of_a_large_picture(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch, large_from: int, beside: int
) -> None:
    monkeypatch.setitem(media_worker.LARGE, "JPG", large_from)
    running: set[JobConnection] = set()
    most = 0
    send, receive = JobConnection.send, JobConnection.receive

    async def sends(connection: JobConnection, header: Any, content: bytes) -> None:
        nonlocal most
        running.add(connection)
        most = max(most, len(running))
        await send(connection, header, content)

    async def receives(connection: JobConnection) -> tuple[Any, bytes]:
        answer = await receive(connection)
        running.discard(connection)
        return answer

    monkeypatch.setattr(JobConnection, "send", sends)
    monkeypatch.setattr(JobConnection, "receive", receives)
    await asyncio.gather(*(worker.scan(OTHER) for _ in range(8)))
    assert most == beside


async def test_the_worker_knows_nothing_of_the_bot(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "invented")
    await worker.start()
    assert environment_of(worker.pid) == ["PYTHONPATH", "OPENBLAS_NUM_THREADS"]
    links = [
        os.readlink(f"/proc/{worker.pid}/fd/{one}") for one in os.listdir(f"/proc/{worker.pid}/fd")
    ]
    assert sum(one.startswith("socket:") for one in links) == 1


# --- deaths --------------------------------------------------------------------------------------


async def test_a_job_that_dies_is_tried_once_more(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = Struck(monkeypatch, kill_child, times=1)
    assert (await worker.scan(DEADLY)).facts.width == 150
    assert struck.began == [DEADLY, DEADLY]
    assert (counted(worker, "died"), counted(worker, "done")) == (1, 1)


async def test_a_file_that_kills_twice_is_refused_and_the_next_is_prepared(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = Struck(monkeypatch, kill_child)
    with pytest.raises(UnreadablePicture) as caught:
        await worker.scan(DEADLY)
    assert caught.value.reason == NOT_READ
    assert len(struck.began) == 2
    assert (await worker.scan(OTHER)).facts.width == 160


async def test_a_killed_worker_starts_again_and_nobody_loses_a_file(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill_worker(_connection: JobConnection) -> None:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)

    Struck(monkeypatch, kill_worker)
    first = await worker.scan(OTHER)
    pid = worker.pid
    deadly = asyncio.create_task(worker.scan(DEADLY))
    others = await asyncio.gather(*(worker.scan(OTHER) for _ in range(4)))
    with pytest.raises(UnreadablePicture) as caught:
        await deadly
    assert caught.value.reason == NOT_READ
    assert others == [first] * 4
    assert (await worker.scan(OTHER)) == first
    assert worker.pid != pid


async def test_an_idle_worker_that_was_killed_costs_nothing(worker: MediaWorker) -> None:
    await worker.scan(OTHER)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    await worker.scan(OTHER)
    assert counted(worker, "done") == 2


async def test_a_job_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async with aclosing(MediaWorker(seconds=1.0)) as worker:
        await worker.start()
        assert worker.pid is not None
        Struck(monkeypatch, stop_child)
        with pytest.raises(UnreadablePicture):
            await worker.scan(DEADLY)
        assert counted(worker, "timed_out") == 2
        await until(lambda: children_of(worker.pid or 0) == [])
        assert (await worker.scan(OTHER)).facts.width == 160


@pytest.mark.parametrize("answer", [b"", b"x" * 8, b"\0\0\0\2\0\0\0\0[]", b"\0\0\0\1\xff\0\0\0"])
async def test_an_answer_that_makes_no_sense_is_a_death(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    """A hostile file may have taken over its job."""

    async def exactly(self: JobConnection, size: int) -> bytes:
        if self.pid is None:
            return await exact(self, size)
        part = bytes(left[:size])
        del left[:size]
        if len(part) < size:
            raise EOFError
        return part

    exact, left = JobConnection._exactly, bytearray(answer * 2)
    monkeypatch.setattr(JobConnection, "_exactly", exactly)
    with pytest.raises(UnreadablePicture) as caught:
        await worker.scan(OTHER)
    assert caught.value.reason == NOT_READ


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"facts": {"format": "EXE"}}, "unchanged": False},
        {"result": {}, "unchanged": True},
        {"result": {}},
        {"refused": {"key": "problem-x", "args": {"limit": {}}}},
        {"refused": {"key": "welcome", "args": {}}},
        {"refused": {"key": "problem-x"}},
        [],
    ],
)
async def test_a_result_of_another_shape_is_a_death_too(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    async def receive(self: JobConnection) -> tuple[object, bytes]:
        return answer, b""

    monkeypatch.setattr(JobConnection, "receive", receive)
    with pytest.raises(UnreadablePicture) as caught:
        await worker.scan(OTHER)
    assert caught.value.reason == NOT_READ


async def test_a_worker_that_does_not_start_is_no_fault_of_the_file(
    worker: MediaWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(media_worker, "_ROOT", Path("/nowhere"))
        with pytest.raises(WorkerUnavailable):
            await worker.scan(OTHER)
    assert (await worker.scan(OTHER)).facts.width == 160


# --- ends ----------------------------------------------------------------------------------------


async def test_a_stop_ends_the_worker_and_its_jobs_and_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    mine = children_of(os.getpid())
    async with aclosing(MediaWorker()) as worker:
        await worker.start()
        pid = worker.pid
        assert pid is not None
        Struck(monkeypatch, stop_child)
        jobs = [asyncio.create_task(worker.scan(one)) for one in (DEADLY, OTHER)]
        await jobs[1]
        await until(lambda: len(children_of(pid)) == 1)
        (child,) = children_of(pid)
        jobs[0].cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    assert not is_running(child)
    assert not is_running(pid)
    await asyncio.sleep(0)
    assert children_of(os.getpid()) == mine, "no zombie either"
    assert len(os.listdir("/proc/self/fd")) <= len(before) + 1


async def test_an_idle_worker_ends_and_starts_again() -> None:
    async with aclosing(MediaWorker(idle=0.1)) as worker:
        await worker.scan(OTHER)
        first = worker.pid
        assert first is not None
        await until(lambda: not is_running(first))
        await worker.scan(OTHER)
        assert worker.pid != first


BOT = """
import asyncio, sys
from bot.media.media_worker import JobConnection, MediaWorker

async def waits(*_args):
    print(worker.pid, flush=True)
    await asyncio.Event().wait()

JobConnection.send = waits
worker = MediaWorker()
asyncio.run(worker.scan(b""))
"""


async def test_a_bot_that_is_killed_leaves_no_worker() -> None:
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert bot.stdout is not None
    pid = int(await bot.stdout.readline())
    children = children_of(pid)
    assert len(children) == 1
    bot.kill()
    await bot.communicate()
    await until(lambda: not any(map(is_running, [pid, *children])))


async def test_a_form_is_set_in_the_worker_as_it_is_anywhere(worker: MediaWorker) -> None:
    form, picture = printed_people.form_of(printed_people.content()), printed_people.portrait()
    made = await worker.form(form, picture)
    assert made.content == typesetting.pdf(form, picture)
    assert made.boxes == ()
    rare = replace(form, name="刘\U0003134f玲")
    assert (await worker.form(rare, None)).boxes == typesetting.unprintable(rare) != ()


async def test_one_printer_sets_all_forms_and_what_it_set_before_changes_nothing(
    worker: MediaWorker,
) -> None:
    first, second = (
        printed_people.form_of(printed_people.content(department=one)) for one in ("内科", "外科")
    )
    picture = printed_people.portrait()
    made = [(await worker.form(one, picture)).content for one in (first, second, first)]
    assert made[0] == made[2] != made[1]
    (printer,) = children_of(worker.pid or 0)
    os.kill(printer, signal.SIGKILL)
    assert (await worker.form(first, picture)).content == made[0], "a new printer, the same bytes"
    (other,) = children_of(worker.pid or 0)
    assert other != printer


PRINTING = """
import socket
from bot.media.decoding import job_server
from bot.media.job_wire import message_head

job_server.FORMS_OF_A_PRINTER = 2
control, theirs = socket.socketpair()
printer, pids = job_server.Printer(control), []
for number in range(3):
    here, there = socket.socketpair()
    printer.take(there)
    there.close()
    pids.append(int.from_bytes(here.recv(4), "big"))
    here.sendall(message_head({"job": "form", "arguments": {}}, b""))
    answer = b"".join(iter(lambda: here.recv(65536), b""))
    assert b"failed" in answer
print(len(set(pids)), pids[0] == pids[1])
"""


async def test_a_printer_is_replaced_after_a_number_of_forms() -> None:
    ended = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PRINTING, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    out, _ = await ended.communicate()
    assert out.split() == [b"2", b"True"]
