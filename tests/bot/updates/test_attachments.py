"""Files that a step asks for: fetched, measured and kept beforehand; nothing else is touched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from aiogram.fsm.state import State
from PIL import Image

from bot.api.client import ApiError, BotApi, Unreachable
from bot.updates.attachments import attachment_of
from handlers.update_context import Picture, ReadCodes, Scan
from states.exam import FileFormat
from states.fsm_states import Corrections, Education, Form, Home, Materials, Photo, Staff
from states.photo import check_photo
from states.records import IMAGE, PDF
from states.texts import Problem
from storage.candidates.blobs import StoredFile
from storage.engine.database import Unavailable
from tests import photos, scans
from tests.bot.people import BOT, CHEN, EXAM
from tests.fakes.attachments import (
    LING_ID,
    MEGABYTE,
    NOW,
    TOO_LARGE,
    AttachmentHarness,
)
from tests.fakes.telegram_server import raw, says, serving


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


# --- whether at all ------------------------------------------------------------------------------


@pytest.mark.row("S11")
@pytest.mark.parametrize("state", [Education.records, Form.asking, Corrections.listing])
async def test_nothing_is_fetched_where_the_state_asks_for_nothing(
    harness: AttachmentHarness, state: State
) -> None:
    await harness.is_in_state(state)
    assert await harness.sends(photos.jpeg()) is None
    assert harness.api.asked == []
    assert harness.files == set()


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_a_picture_in_a_group_is_nobodys_answer(kind: str) -> None:
    """Its sender may be asked for a photo in private: it is not theirs to give there."""
    file = {"photo": [{"file_id": "x", "file_size": 9, "width": 1, "height": 1}]}
    sender = {"from": {"id": LING_ID}}
    assert attachment_of({"message": {"chat": {"id": -5, "type": kind}, **sender, **file}}) is None
    own = {"chat": {"id": LING_ID, "type": "private"}, **sender, **file}
    assert attachment_of({"message": own}) is not None


@pytest.mark.parametrize("state", [Staff.role, Staff.idle])
async def test_what_is_sent_to_a_question_of_the_staff_is_not_fetched_for_the_candidates(
    harness: AttachmentHarness, state: State
) -> None:
    await harness.is_in_state(Photo.waiting)
    await harness.is_asked_as_staff(state)
    sent = await harness.sends(photos.jpeg())
    assert (sent is None) is (state is Staff.role)


@pytest.mark.parametrize(
    ("state", "made"), [(Photo.confirm, Picture), (Materials.listing, Scan)], ids=["photo", "paper"]
)
async def test_a_file_is_fetched_beside_a_preview_and_before_its_kind_is_chosen(
    harness: AttachmentHarness, state: State, made: type[object]
) -> None:
    await harness.is_in_state(state)
    assert isinstance(await harness.sends(photos.jpeg()), made)


@pytest.mark.row("B12")
async def test_of_a_picture_at_the_menu_only_the_code_is_read_and_nothing_stored(
    harness: AttachmentHarness,
) -> None:
    await harness.is_in_state(Home.menu)
    link = "https://t.me/baoming_bot?start=vAQEAAQ"
    assert await harness.sends(photos.with_qr_code(link)) == ReadCodes((link,))
    assert await harness.sends(photos.jpeg()) == ReadCodes()
    assert await harness.sends(b"no picture at all") == ReadCodes()
    assert harness.files == set()


@pytest.mark.row("B12")
@pytest.mark.parametrize("state", [Staff.idle, Staff.verifying])
async def test_a_clerk_who_is_no_candidate_sends_a_picture_of_a_code(
    harness: AttachmentHarness, state: State
) -> None:
    await harness.is_asked_as_staff(state, CHEN)
    link = "https://t.me/baoming_bot?start=vAQEAAQ"
    assert await harness.sends(photos.with_qr_code(link), CHEN) == ReadCodes((link,))
    assert harness.files == set()


async def test_nothing_is_fetched_of_strangers(harness: AttachmentHarness) -> None:
    await harness.is_in_state(Materials.adding, CHEN)
    assert await harness.sends(photos.jpeg(), CHEN) is None
    assert harness.api.asked == []


@pytest.mark.parametrize(
    ("message", "concerned"),
    [
        ({"text": "hello"}, False),
        ({"sticker": {"file_id": "it"}}, False),
        ({"photo": []}, False),
        ({"photo": [{"file_id": "it", "width": 9, "height": 9}]}, True),
        ({"document": {"file_id": "it"}}, True),
    ],
)
async def test_only_new_messages_with_a_file_are_looked_at(
    harness: AttachmentHarness, message: dict[str, Any], concerned: bool
) -> None:
    row = harness.row(message)
    assert harness.attachments.has_file(row) is concerned
    assert not harness.attachments.has_file(replace(row, raw={"edited_message": message}))
    if not concerned:
        assert await harness.attachments.fetch(row, NOW) is None


# --- what is made of it --------------------------------------------------------------------------


@pytest.mark.row("S11", "C3")
async def test_a_picture_of_a_paper_is_kept_upright_and_says_nothing_of_its_camera(
    harness: AttachmentHarness,
) -> None:
    sent = photos.turned_jpeg(6, 600, 800)
    assert b"Invented Camera" in sent
    scan = await harness.sends(sent)
    assert isinstance(scan, Scan)
    assert (scan.facts.format, scan.facts.width, scan.facts.height) == (FileFormat.JPG, 600, 800)
    assert scan.facts.size == len(sent)
    content = await harness.blobs.get(scan.kept.name)
    assert scan.kept == StoredFile(scan.kept.name, LING_ID, IMAGE, len(content), NOW)
    assert b"Invented Camera" not in content
    assert dict(opened(content).getexif()) == {}
    assert opened(content).size == (600, 800)
    assert harness.files == {scan.kept.name}
    assert await harness.rows() == 0, "a row is written with the step's own commit"
    assert harness.api.asked == ["sendChatAction", "getFile", "download"]


@pytest.mark.row("S11")
async def test_a_pdf_is_kept_as_it_came(harness: AttachmentHarness) -> None:
    scan = await harness.sends(scans.pdf(3))
    assert isinstance(scan, Scan)
    assert (scan.facts.pages, scan.kept.kind) == (3, PDF)
    assert await harness.blobs.get(scan.kept.name) == scans.pdf(3)


@pytest.mark.row("S10", "C3")
async def test_a_photo_is_kept_as_it_came_and_as_the_portrait_made_of_it(
    harness: AttachmentHarness,
) -> None:
    await harness.is_in_state(Photo.waiting)
    picture = await harness.sends(photos.jpeg())
    assert isinstance(picture, Picture)
    assert picture.portrait is not None
    assert not picture.compressed
    assert await harness.blobs.get(picture.original.name) == photos.jpeg()
    assert (picture.original.kind, picture.portrait.kind) == ("original", "portrait")
    assert (picture.original.width, picture.original.height) == (1500, 2000)
    portrait = await harness.blobs.get(picture.portrait.name)
    assert opened(portrait).size == (picture.portrait.width, picture.portrait.height)
    assert harness.files == {picture.original.name, picture.portrait.name}


async def test_of_a_picture_the_largest_size_is_fetched(harness: AttachmentHarness) -> None:
    await harness.is_in_state(Photo.waiting)
    harness.api.files["large"] = photos.jpeg()
    sizes = [
        {"file_id": name, "width": side, "height": side}
        for name, side in (("small", 90), ("large", 1280), ("middle", 320))
    ]
    picture = await harness.attachments.fetch(harness.row({"photo": sizes}), NOW)
    assert isinstance(picture, Picture)
    assert picture.compressed


async def test_a_photo_too_small_for_a_portrait_is_kept_without_one(
    harness: AttachmentHarness,
) -> None:
    await harness.is_in_state(Photo.waiting)
    picture = await harness.sends(photos.light_jpeg(300, 400))
    assert isinstance(picture, Picture)
    assert picture.portrait is None
    assert harness.files == {picture.original.name}


@pytest.mark.row("S11")
async def test_the_same_paper_for_another_exam_is_another_file(harness: AttachmentHarness) -> None:
    """So that one can be removed and the other stays."""
    first = await harness.sends(scans.pdf())
    again = await harness.sends(scans.pdf())
    harness.attachments = harness.of("health-2027")
    other = await harness.sends(scans.pdf())
    assert isinstance(first, Scan)
    assert isinstance(other, Scan)
    assert again == first
    assert harness.files == {first.kept.name, other.kept.name}
    assert first.kept.name != other.kept.name


# --- what cannot be taken ------------------------------------------------------------------------


@pytest.mark.row("S11")
@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "problem-scan-empty"),
        (b"hello", "problem-scan-unknown"),
        (photos.truncated_jpeg(), "problem-scan-broken"),
        (photos.bomb_png(30_000, 30_000), "problem-scan-pixels-many"),
        (scans.pdf()[:-20], "problem-scan-pdf-broken"),
        (scans.locked_pdf(), "problem-scan-pdf-locked"),
    ],
    ids=["0 bytes", "text", "half a picture", "a bomb", "half a PDF", "a locked PDF"],
)
async def test_what_cannot_be_read_is_said_and_not_kept(
    harness: AttachmentHarness, content: bytes, key: str
) -> None:
    refused = await harness.sends(content)
    assert isinstance(refused, Problem)
    assert refused.key == key
    assert harness.files == set()


@pytest.mark.parametrize("content", [b"", b"hello", photos.truncated_jpeg()])
async def test_a_photo_that_cannot_be_read_is_said_and_not_kept(
    harness: AttachmentHarness, content: bytes
) -> None:
    await harness.is_in_state(Photo.waiting)
    refused = await harness.sends(content)
    assert isinstance(refused, Problem)
    assert refused.key.startswith("problem-photo-")
    assert harness.files == set()


async def test_a_light_photo_of_nothing_is_told_the_rules_own_words(
    harness: AttachmentHarness,
) -> None:
    await harness.is_in_state(Photo.waiting)
    picture = await harness.sends(photos.light_jpeg(450, 650))
    assert isinstance(picture, Picture)
    assert picture.portrait is None
    problems = check_photo(picture.facts, EXAM.photo, compressed=False)
    assert [problem.key for problem in problems] == ["problem-photo-kb"]


async def test_a_photo_of_nothing_is_not_kept_either(harness: AttachmentHarness) -> None:
    """Its portrait would weigh too little: the original goes with it."""
    await harness.is_in_state(Photo.waiting)
    refused = await harness.sends(photos.padded(photos.light_jpeg(450, 650)))
    assert isinstance(refused, Problem)
    assert refused.key == "problem-photo-empty"
    assert harness.files == set()


EITHER = pytest.mark.parametrize(
    ("state", "lost"),
    [(Materials.adding, "scan-not-fetched"), (Photo.waiting, "photo-not-fetched")],
    ids=["paper", "photo"],
)


async def test_25_megabytes_that_are_announced_are_not_even_asked_for(
    harness: AttachmentHarness,
) -> None:
    assert await harness.sends(b"", file_size=25 * MEGABYTE) == TOO_LARGE
    assert harness.api.asked == []


async def test_25_megabytes_that_telegram_refuses_to_name_are_too_large(
    harness: AttachmentHarness,
) -> None:
    harness.api.faults["getFile"] = [ApiError(400, "Bad Request: file is too big")]
    assert await harness.sends(b"", file_size=0) == TOO_LARGE
    assert "download" not in harness.api.asked
    assert harness.files == set()


async def test_25_megabytes_that_were_not_announced_are_let_go(harness: AttachmentHarness) -> None:
    """A server of one's own gives any file; ours stops reading."""
    whole = raw(b"\0" * 25 * MEGABYTE)
    async with serving(says(True), says({"file_path": "it"}), whole) as (address, telegram):
        api = BotApi(f"{BOT}:line", address)
        await api.initialize()
        try:
            harness.attachments = harness.of(EXAM.key, api)
            assert await harness.sends(b"", file_size=0) == TOO_LARGE
        finally:
            await api.shutdown()
    assert [asked.path.rpartition("/")[2] for asked in telegram.asked] == [
        "sendChatAction",
        "getFile",
        "it",
    ]
    assert harness.files == set()


@EITHER
async def test_a_file_that_does_not_arrive_is_tried_three_times_and_then_said(
    harness: AttachmentHarness, state: State, lost: str
) -> None:
    await harness.is_in_state(state)
    harness.api.faults["download"] = [Unreachable("ClientOSError")] * 3
    sending = asyncio.create_task(harness.sends(photos.jpeg()))
    async with asyncio.timeout(20):
        for seconds in (1, 2):
            await harness.monotonic.asleep.wait()
            harness.monotonic.asleep.clear()
            await harness.monotonic.forward(seconds)
        assert await sending == Problem(lost)
    assert harness.monotonic.slept == [1, 2]
    assert harness.api.asked.count("download") == 3


async def test_a_file_waits_as_long_as_telegram_asks_for(harness: AttachmentHarness) -> None:
    """A candidate who sends it again would only ask Telegram for more."""
    harness.api.faults["getFile"] = [ApiError(429, "Too Many Requests", 7)]
    sending = asyncio.create_task(harness.sends(photos.jpeg()))
    async with asyncio.timeout(20):
        await harness.monotonic.asleep.wait()
        await harness.monotonic.forward(7)
        assert isinstance(await sending, Scan)
    assert harness.monotonic.slept == [7]


@EITHER
async def test_a_file_that_is_no_more_is_said(
    harness: AttachmentHarness, state: State, lost: str
) -> None:
    await harness.is_in_state(state)
    harness.api.faults["getFile"] = [ApiError(400, "Bad Request: wrong file_id")]
    assert await harness.sends(photos.jpeg()) == Problem(lost)


@pytest.mark.parametrize("error", [ApiError(403, "Forbidden"), Unreachable("HTTP 502")])
async def test_a_busy_sign_that_is_lost_troubles_nobody(
    harness: AttachmentHarness, error: Exception
) -> None:
    harness.api.faults["sendChatAction"] = [error]
    assert isinstance(await harness.sends(photos.jpeg()), Scan)


async def test_a_database_that_is_gone_is_no_answer(
    harness: AttachmentHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise Unavailable("locked")

    monkeypatch.setattr(harness.db, "read_autocommit", gone)
    with pytest.raises(Unavailable):
        await harness.sends(photos.jpeg())
    assert harness.api.asked == []
