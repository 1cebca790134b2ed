"""A file store that fails is nobody's fault, and no file ends more than three starts."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from obstore.exceptions import GenericError, NotFoundError, PermissionDeniedError
from obstore.store import MemoryStore

from bot.delivery.renderer import Renderer
from bot.media.media_worker import MediaWorker, WorkerUnavailable
from bot.updates import attachments, upload_quota
from bot.updates.attachments import AttachmentFetcher
from handlers.rendering import Portrait, Screen, View
from handlers.update_context import Fetched, Picture
from states.fsm_states import Photo
from states.records import PersonId
from states.step_result import ShowScreen
from storage.candidates.blobs import BlobMissing, Blobs, BlobStoreUnavailable
from storage.engine.database import Unavailable
from storage.engine.tables import InboxState
from storage.updates.inbox import Inbox, ReceivedUpdate
from tests import photos
from tests.bot.people import CHEN, EXAM, KEYRING, LING, TRANSLATIONS
from tests.e2e.wait import until
from tests.fakes import router as offline
from tests.fakes.attachments import NOW
from tests.fakes.sender import SenderHarness, row, sender_harness
from tests.fakes.whole_worker import Works, works

SMALL = photos.light_jpeg(300, 400)


class Store(MemoryStore):
    """A store in memory whose next calls raise ``faults``."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Exception] = []

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)

    async def put_async(self, *args: Any, **kwargs: Any) -> Any:
        self._fail()
        return await super().put_async(*args, **kwargs)

    async def get_async(self, *args: Any, **kwargs: Any) -> Any:
        self._fail()
        return await super().get_async(*args, **kwargs)


TROUBLE: dict[str, Callable[[], Exception]] = {
    "S3 is away": lambda: GenericError("connection refused"),
    "the disk is full": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "the folder is locked": lambda: PermissionDeniedError("denied"),
    "the network is slow": lambda: TimeoutError("read timed out"),
}
troubles = pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())


@troubles
async def test_trouble_of_the_store_has_one_name(trouble: Callable[[], Exception]) -> None:
    store = Store()
    blobs = Blobs(store, KEYRING)
    store.faults = [trouble()]
    with pytest.raises(BlobStoreUnavailable):
        await blobs.put(65, b"x")
    name = await blobs.put(65, b"x")
    store.faults = [trouble()]
    with pytest.raises(Unavailable):
        await blobs.get(name)
    assert await blobs.get(name) == b"x"


@pytest.mark.parametrize("error", [NotFoundError("x"), FileNotFoundError("x")])
async def test_a_blob_that_is_missing_is_missing(error: Exception) -> None:
    store = Store()
    store.faults = [error]
    with pytest.raises(BlobMissing):
        await Blobs(store, KEYRING).get("0" * 64)


# --- files that people send ----------------------------------------------------------------------


def file(number: int = 1) -> dict[str, Any]:
    """An update with a file of Ling's."""
    return {"update_id": number, **offline.document(NOW)}


async def prepared(made: Works) -> None:
    """Ling is asked for a photo; Telegram has a file of hers, which is small."""
    await made.desk.is_in_state(Photo.waiting)
    made.desk.api.files["d"] = SMALL


@troubles
async def test_a_file_waits_for_the_store_and_is_not_set_aside(
    tmp_path: Path, trouble: Callable[[], Exception]
) -> None:
    store = Store()
    store.faults = [trouble() for _ in range(100)]
    async with works(tmp_path, Blobs(store, KEYRING)) as made:
        await prepared(made)
        async with made.started() as intake:
            await intake.take([file()])
            await until(lambda: not store.faults)
            await made.until_done()
        assert await made.states() == {1: InboxState.DONE}
        assert [effect.header_lines for effect in shown(made)] != []
        assert made.monotonic.slept[:6] == [1, 2, 4, 8, 16, 30]
        assert set(made.monotonic.slept[6:]) == {30}


async def test_a_file_waits_for_the_media_worker_and_is_not_fetched_each_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, away = MediaWorker.photo, [WorkerUnavailable("no memory") for _ in range(20)]

    async def photo(self: MediaWorker, *given: Any) -> Any:
        if away:
            raise away.pop()
        return await prepare(self, *given)

    monkeypatch.setattr(MediaWorker, "photo", photo)
    async with works(tmp_path) as made:
        await prepared(made)
        async with made.started() as intake:
            await intake.take([file()])
            await until(lambda: not away)
            await made.until_done()
        assert await made.states() == {1: InboxState.DONE}
        assert made.monotonic.slept[:6] == [1, 2, 4, 8, 16, 30]
        assert set(made.monotonic.slept[6:]) == {30}


def shown(made: Works) -> list[ShowScreen]:
    """The screens that Ling gets."""
    effects = [one.effect for one in made.post.handed if one.chat_id == LING]
    return [effect for effect in effects if isinstance(effect, ShowScreen)]


async def test_waiting_costs_neither_a_try_nor_the_quota(tmp_path: Path) -> None:
    store = Store()
    store.faults = [GenericError("away") for _ in range(upload_quota.MOST_AN_HOUR + 9)]
    async with works(tmp_path, Blobs(store, KEYRING)) as made:
        await prepared(made)
        async with made.started() as intake:
            await intake.take([file()])
            await until(lambda: len(store.faults) < 5)
        assert all(row.attempts <= 1 for row in await made.waiting())
        async with made.started():
            await made.until_done()
        assert await made.states() == {1: InboxState.DONE}


# --- files that end the process ------------------------------------------------------------------


async def start(made: Works, monkeypatch: pytest.MonkeyPatch, deadly: str) -> list[str]:
    """Start a bot that a deadly file kills, or that ends its work; return the files it began."""
    began: list[str] = []
    killed = asyncio.Event()
    download, count = AttachmentFetcher._download, Inbox.count_attempts

    async def downloads(self: AttachmentFetcher, file: attachments.Attachment) -> bytes:
        began.append(file.file_id)
        if file.file_id == deadly:
            await asyncio.sleep(0.3)  # the others begin meanwhile
            killed.set()
        else:
            await asyncio.sleep(0.6)
        if killed.is_set():
            await asyncio.Event().wait()
        return await download(self, file)

    async def counts(self: Inbox, row: ReceivedUpdate, attempts: int) -> None:
        if killed.is_set():
            raise Unavailable("a process that was killed writes nothing")
        await count(self, row, attempts)

    async def ended() -> bool:
        return killed.is_set() or InboxState.WAITING not in (await made.states()).values()

    with monkeypatch.context() as patched:
        patched.setattr(AttachmentFetcher, "_download", downloads)
        patched.setattr(Inbox, "count_attempts", counts)
        async with made.started():
            await until(ended)
            await asyncio.sleep(0.1)
    return began


async def keep(made: Works, *updates: dict[str, Any]) -> None:
    """Commit updates, of which nothing runs."""
    rows = made.storage.inbox.number(4242, updates, NOW)
    await made.storage.inbox.keep(rows)


async def test_a_file_ends_three_starts_and_not_a_fourth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with works(tmp_path) as made:
        await prepared(made)
        await made.storage.inbox.recover()
        await keep(made, file())
        for attempts in (1, 2, 3):
            assert await start(made, monkeypatch, "d") == ["d"]
            assert [row.attempts for row in await made.waiting()] == [attempts]
        assert await start(made, monkeypatch, "d") == []
        assert await made.states() == {1: InboxState.DEAD}
        assert [effect.screen for effect in shown(made)] == ["apology"]


async def test_a_deadly_file_takes_nobody_elses_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with works(tmp_path) as made:
        await prepared(made)
        await made.desk.has_account(PersonId(130), CHEN)
        await made.desk.is_in_state(Photo.waiting, CHEN)
        made.desk.api.files["other"] = SMALL
        await made.storage.inbox.recover()
        other = {"update_id": 2, **offline.message(NOW, CHEN)}
        other["message"]["document"] = {"file_id": "other", "file_unique_id": "u"}
        await keep(made, file(), other)
        assert sorted(await start(made, monkeypatch, "d")) == ["d", "other"]
        assert [row.attempts for row in await made.waiting()] == [1, 1]
        # Each may come first, but the other's file is never under way beside the deadly one.
        began = [name for _ in range(3) for name in await start(made, monkeypatch, "d")]
        assert sorted(began) == ["d", "d", "other"]
        assert await made.states() == {1: InboxState.DEAD, 2: InboxState.DONE}


async def test_a_stop_in_the_middle_costs_no_attempt(tmp_path: Path) -> None:
    async with works(tmp_path) as made:
        await prepared(made)
        never = asyncio.Event()
        began = asyncio.Event()

        async def download(file_path: str, limit: int) -> bytes:
            began.set()
            await never.wait()
            return b""

        made.desk.api.download = download  # type: ignore[method-assign]
        async with made.started() as intake:
            await intake.take([file()])
            await began.wait()
            assert [row.attempts for row in await made.waiting()] == [1]
        assert [row.attempts for row in await made.waiting()] == [0]


async def test_a_failure_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_args: object) -> Any:
        raise MemoryError

    async with works(tmp_path) as made:
        await prepared(made)
        monkeypatch.setattr(MediaWorker, "photo", breaks)
        async with made.started() as intake:
            await intake.take([file()])
            await made.until_done()
        assert made.desk.api.asked.count("download") == 3
        assert await made.states() == {1: InboxState.DEAD}


async def test_a_third_attempt_is_made_and_no_fourth(tmp_path: Path) -> None:
    async with works(tmp_path) as made:
        await prepared(made)
        row = replace(made.desk.row(file()["message"]), attempts=attachments.ATTEMPTS)
        with pytest.raises(attachments.AttemptsUsedUp):
            await fetched(made, row)
        assert isinstance(await fetched(made, replace(row, attempts=2)), Picture)


async def fetched(made: Works, row: ReceivedUpdate) -> Fetched | None:
    """Fetch the file of an update."""
    return await made.desk.attachments.fetch(row, NOW)


# --- files that people are shown -----------------------------------------------------------------


async def _never(_chat_id: int) -> Any:
    raise LookupError


@pytest.fixture
async def portrait(tmp_path: Path) -> AsyncIterator[tuple[SenderHarness, Store, str]]:
    """A sender whose screen ``portrait`` has a portrait, and the store of that."""
    store = Store()
    blobs = Blobs(store, KEYRING)
    name = await blobs.put(65, b"a portrait")

    def draw(view: View) -> Screen:
        return Screen((view.data["n"],), picture=Portrait(view.data["blob"]))

    async with sender_harness(tmp_path) as services:
        services.screens["portrait"] = draw
        renderer = Renderer(TRANSLATIONS, EXAM, blobs, services.screens, _never)
        services.sender._attempts._renderer = renderer
        yield services, store, name


@troubles
async def test_a_message_waits_for_its_portrait(
    portrait: tuple[SenderHarness, Store, str], trouble: Callable[[], Exception]
) -> None:
    office, store, name = portrait
    store.faults = [trouble() for _ in range(5)]
    shown = ShowScreen("portrait", {"n": "1", "blob": name})
    office.sender.submit([row(1, effect=shown), row(2)])
    await office.until_sent(0)
    assert office.api.sent == []
    await office.until_sent(1 + 2 + 4 + 8)
    assert office.api.sent == []
    await office.monotonic.forward(60)

    async def both() -> bool:
        await office.until_sent(1)
        return len(office.api.sent) == 2

    await until(both)
    assert [method for method, _, _ in office.api.sent] == ["sendPhoto", "sendMessage"]
    assert office.became() == {1: "sent", 2: "sent"}


async def test_a_message_whose_portrait_is_missing_fails_as_before(
    portrait: tuple[SenderHarness, Store, str],
) -> None:
    office, _, _ = portrait
    office.screens["apology"] = lambda _view: Screen(("sorry",))
    office.sender.submit([row(1, effect=ShowScreen("portrait", {"n": "1", "blob": "0" * 64}))])

    async def answered() -> bool:
        await office.until_sent(1)
        return office.api.sent != []

    await until(answered)
    assert office.api.texts == ["sorry"]
