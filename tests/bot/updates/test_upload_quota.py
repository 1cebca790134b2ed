"""UploadQuota bounds the files of one person: by the hour, in all, and in memory."""

from __future__ import annotations

import pytest

from bot.api.client import ApiError
from bot.updates import upload_quota
from bot.updates.upload_quota import HOUR, HourlyQuota
from handlers.update_context import Scan
from states.fsm_states import Education, Materials
from states.records import PersonId
from states.texts import Problem
from storage.engine import tables
from tests import scans
from tests.bot.people import CHEN
from tests.fakes.attachments import MEGABYTE, TOO_LARGE, AttachmentHarness


@pytest.fixture
def three_an_hour(monkeypatch: pytest.MonkeyPatch) -> Problem:
    monkeypatch.setattr(upload_quota, "MOST_AN_HOUR", 3)
    return Problem("problem-files-hour", {"limit": 3})


async def test_nobody_sends_more_than_so_many_files_an_hour(
    harness: AttachmentHarness, three_an_hour: Problem
) -> None:
    for _ in range(3):
        assert isinstance(await harness.sends(scans.pdf()), Scan)
    harness.api.asked.clear()
    before = harness.files
    for _ in range(2):
        assert await harness.sends(scans.pdf(2)) == three_an_hour
    assert harness.api.asked == []
    assert harness.files == before


async def test_after_an_hour_files_are_fetched_again(
    harness: AttachmentHarness, three_an_hour: Problem
) -> None:
    for _ in range(3):
        assert isinstance(await harness.sends(scans.pdf()), Scan)
        await harness.monotonic.forward(60)
    await harness.monotonic.forward(HOUR - 3 * 60)
    assert await harness.sends(scans.pdf()) == three_an_hour
    await harness.monotonic.forward(1)
    assert isinstance(await harness.sends(scans.pdf()), Scan)
    assert await harness.sends(scans.pdf()) == three_an_hour, "the first alone was an hour ago"


async def test_refused_files_count_and_those_never_fetched_do_not(
    harness: AttachmentHarness, three_an_hour: Problem
) -> None:
    harness.api.faults["getFile"] = [ApiError(400, "Bad Request: wrong file_id")]
    refused = [await harness.sends(content) for content in (b"", b"hello", b"")]
    assert [one.key for one in refused if isinstance(one, Problem)] == [
        "scan-not-fetched",
        "problem-scan-unknown",
        "problem-scan-empty",
    ]
    assert await harness.sends(scans.pdf()) == three_an_hour
    await harness.monotonic.forward(HOUR + 1)
    for _ in range(5):
        assert await harness.sends(b"", file_size=25 * MEGABYTE) == TOO_LARGE
    await harness.is_in_state(Education.records)
    for _ in range(5):
        assert await harness.sends(scans.pdf()) is None
    await harness.is_in_state(Materials.adding)
    assert isinstance(await harness.sends(scans.pdf()), Scan)


async def test_one_persons_files_are_not_anothers(
    harness: AttachmentHarness, three_an_hour: Problem
) -> None:
    await harness.has_account(PersonId(130), CHEN)
    await harness.is_in_state(Materials.adding, CHEN)
    for _ in range(3):
        await harness.sends(scans.pdf())
    assert await harness.sends(scans.pdf()) == three_an_hour
    assert isinstance(await harness.sends(scans.pdf(), CHEN), Scan)


@pytest.mark.parametrize(("size", "fits"), [(-1, True), (0, False), (1, False)])
async def test_nobody_keeps_more_than_so_many_bytes(
    harness: AttachmentHarness, size: int, fits: bool
) -> None:
    await harness.keeps_files(upload_quota.MOST_BYTES + size)
    sent = await harness.sends(scans.pdf())
    if fits:
        assert isinstance(sent, Scan)
    else:
        assert sent == Problem("problem-files-weight", {"limit": 200})
        assert harness.api.asked == []
        assert harness.files == set()


async def test_a_store_that_is_full_costs_no_place_in_the_hour(
    harness: AttachmentHarness, three_an_hour: Problem
) -> None:
    await harness.keeps_files(upload_quota.MOST_BYTES)
    for _ in range(5):
        assert await harness.sends(scans.pdf()) == Problem("problem-files-weight", {"limit": 200})
    async with harness.db.write() as connection:
        await connection.execute(tables.blobs.delete())
    assert isinstance(await harness.sends(scans.pdf()), Scan)


def test_whoever_sent_nothing_for_an_hour_takes_no_memory() -> None:
    hour = HourlyQuota()
    for number in range(10_000):
        hour.note(PersonId(number), number / 10)
        hour.note(PersonId(0), number / 10)
    assert hour.count(PersonId(0), 999.9) == 10_001
    assert hour.remembered == 10_000
    assert hour.count(PersonId(9_999), 999.9 + HOUR) == 1
    assert hour.remembered == 2
    assert hour.count(PersonId(0), 1_000 + HOUR) == 0
    assert hour.remembered == 0


def test_asking_for_somebody_takes_no_memory() -> None:
    hour = HourlyQuota()
    assert [hour.count(PersonId(number), 0.0) for number in range(9)] == [0] * 9
    assert hour.remembered == 0
