"""The photo is judged where one is asked for; everywhere else it is not even looked at."""

from __future__ import annotations

import pytest

from handlers.callback_data import Action
from handlers.update_context import JudgedPortrait, Picture
from states.fsm_states import Form, Photo
from states.photo import PhotoFacts
from states.photo.checks import Check, Ground, PhotoMeasures, PhotoVerdict, measures_of_text
from states.progress.next_step import MENU
from states.step_result import ShowScreen
from states.texts import Problem
from storage.candidates.blobs import StoredFile
from tests.fakes.router import OfflineRouter, picture
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import OPEN, PORTRAIT
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S10", "C3", "B5")]


def _file(width: int, portrait: bool) -> Picture:
    kept = StoredFile(PORTRAIT, 65, "portrait", 60_000, OPEN)
    facts = PhotoFacts("JPEG", width, width * 4 // 3, 90_000, 1)
    return Picture(kept, kept if portrait else None, facts, compressed=True)


PICTURES: dict[str, tuple[Picture | Problem | None, list[str], str]] = {
    "a good one": (_file(900, portrait=True), [], "Photo:confirm"),
    "too small": (_file(200, portrait=False), ["problem-photo-pixels"], "Photo:waiting"),
    "no picture": (Problem("problem-photo-unknown"), ["problem-photo-unknown"], "Photo:waiting"),
    "not fetched": (None, ["photo-not-fetched"], "Photo:waiting"),
}


@pytest.mark.parametrize(("file", "header_lines", "state"), PICTURES.values(), ids=PICTURES.keys())
async def test_a_picture_is_judged_where_one_is_asked_for(
    router: OfflineRouter, file: Picture | Problem | None, header_lines: list[str], state: str
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    after = await ling.sends_photo(file)
    assert after.header_lines == header_lines
    assert ling.state.state == state
    assert len(after.envelope.unit.files) == (2 if not header_lines else 0)


async def test_back_from_the_photo_is_the_last_question_of_the_form(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.taps(Action.BACK)
    assert (ling.state, ling.field) == (Form.asking, "began_work")
    await ling.taps(Action.CONFIRM)
    assert ling.at == STANDINGS["zh-CN: photo"]


async def test_a_photo_that_waits_for_the_yes_is_shown_again_after_another_answer(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.sends_photo(_file(900, portrait=True))
    shown = ling.at.position
    assert shown.state is Photo.confirm
    await ling.says("改手机")
    assert ling.field == "mobile"
    await ling.says("13800138001")
    assert ling.at.answers["mobile"] == "+8613800138001"
    assert ling.at.position == shown
    await ling.taps(Action.CONFIRM)
    assert ling.at.application.photo == PORTRAIT
    assert ling.at.records.person is not None
    assert ling.at.records.person.shown_photo is None


async def test_the_way_to_the_photo_leads_to_the_one_that_was_shown(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.sends_photo(_file(900, portrait=True))
    shown = ling.at.position
    await ling.goes("education")
    await ling.goes("photo")
    assert ling.at.position == shown


async def test_another_photo_is_asked_for_once_the_one_shown_was_turned_down(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.sends_photo(_file(900, portrait=True))
    await ling.taps(Action.EDIT)
    assert ling.state is Photo.waiting
    await ling.says("改手机")
    await ling.says("13800138001")
    assert ling.state is Photo.waiting


async def test_a_photo_that_is_kept_stays_with_one_tap(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo, again"])
    await ling.taps(Action.CONFIRM)
    assert ling.at.application.photo == PORTRAIT
    assert ling.state is Form.summary


async def test_of_an_album_the_first_photo_is_taken_and_the_others_say_nothing(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    good = _file(900, portrait=True)
    shown = await ling.sends_photo(good, album="9")
    assert shown.standing.position.state is Photo.confirm
    for _ in range(2):
        again = await router.sends(ling.at, picture(OPEN, "9"))
        assert again.outcome.effects == ()
        assert again.standing == ling.at
    other = await router.sends(ling.at, picture(OPEN, "10"))
    assert other.header_lines == ["unknown-kind"]


async def test_a_better_photo_replaces_the_preview(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.sends_photo(_file(900, portrait=True))
    better = StoredFile("b" * 64, 65, "portrait", 60_000, OPEN)
    facts = PhotoFacts("JPEG", 1500, 2000, 90_000, 1)
    after = await ling.sends_photo(Picture(better, better, facts, compressed=False))
    assert after.header_lines == []
    assert ling.at.position.state is Photo.confirm
    assert ling.at.position.data["portrait"] == better.name
    await ling.taps(Action.CONFIRM)
    assert ling.at.application.photo == better.name


async def test_a_worse_photo_leaves_the_preview(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    await ling.sends_photo(_file(900, portrait=True))
    after = await ling.sends_photo(_file(200, portrait=False))
    assert after.header_lines == ["problem-photo-pixels"]
    assert (ling.state, ling.at.position.data["portrait"]) == (Photo.confirm, PORTRAIT)


async def test_the_photo_is_changed_from_the_profile_too(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: menu, submitted on site"])
    before = ling.at.records.application
    await ling.goes("photo")
    assert ling.at.position.state is Photo.waiting
    await ling.sends_photo(_file(900, portrait=True))
    await ling.taps(Action.CONFIRM)
    assert ling.at.position == MENU
    assert ling.at.person.photo == PORTRAIT
    assert ling.at.records.application == before  # what was handed in has a copy of its own
    await ling.goes("photo")
    await ling.taps(Action.BACK)
    assert ling.at.position == MENU


BLUE = PhotoMeasures(background=60.0, sharpness=30.0, faces=1, ground=Ground.BLUE)


def judged(mended: bool = False, portrait: bool = True, compressed: bool = False) -> Picture:
    """A photo with a blue background; the bot may have mended it."""
    kept = StoredFile(PORTRAIT, 65, "portrait", 60_000, OPEN)
    better = StoredFile("b" * 64, 65, "portrait", 60_000, OPEN)
    facts = PhotoFacts("JPEG", 900 if portrait else 200, 1200, 90_000, 1)
    copy = JudgedPortrait(better, PhotoMeasures(background=3.0), 7) if mended else None
    return Picture(kept, kept if portrait else None, facts, compressed, BLUE, 5, copy)


async def test_what_was_measured_is_kept_with_the_photo_and_told(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    after = await ling.sends_photo(judged())
    (kept,) = after.envelope.unit.judgements
    assert (kept.blob, kept.fingerprint, kept.measures) == (PORTRAIT, 5, BLUE)
    assert kept.verdicts[Check.BACKGROUND] is PhotoVerdict.MEND
    assert measures_of_text(ling.at.position.data["measures"]) == BLUE


@pytest.mark.parametrize(("value", "blob"), [("", PORTRAIT), ("mended", "b" * 64)])
async def test_the_candidate_chooses_between_the_photo_and_its_mended_copy(
    router: OfflineRouter, value: str, blob: str
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    after = await ling.sends_photo(judged(mended=True))
    assert [one.is_mended for one in after.envelope.unit.judgements] == [False, True]
    assert len(after.envelope.unit.files) == 3
    await ling.taps(Action.CONFIRM, value)
    assert ling.at.application.photo == blob


@pytest.mark.row("B6")
@pytest.mark.parametrize("compressed", [True, False])
async def test_a_photo_that_breaks_the_rule_comes_back_with_marks_and_the_way_to_a_file(
    router: OfflineRouter, compressed: bool
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: photo"])
    after = await ling.sends_photo(judged(portrait=False, compressed=compressed))
    shown = [one.screen for one in after.outcome.effects if isinstance(one, ShowScreen)]
    steps = ["photo-as-file"] if compressed else []
    assert shown == ["photo-marked", *steps, "Photo:waiting"]
    assert after.envelope.unit.judgements == []
