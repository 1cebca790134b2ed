"""Papers: judged, kept, looked at, replaced, removed; done only when nothing is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.callback_data import Action
from handlers.candidate.files.material_files import CODE
from handlers.candidate.files.materials import REPLACED
from handlers.candidate.files.unsorted_materials import NOTHING_MORE, UNSORTED
from handlers.update_context import ALBUM, Scan
from states.exam import FileFormat
from states.fsm_states import Form, Materials, Photo
from states.materials import ScanFacts
from states.progress.next_step import Position
from states.records import MaterialFile
from states.step_result import EditScreen, ShowScreen
from states.texts import Problem
from storage.audit.audit_log import AuditAction
from tests.fakes.router import OfflineRouter, screen_of
from tests.handlers.all_screens import files_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.fetched_files import scanned
from tests.handlers.people import COMPLETE, OPEN, Standing, papers
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S11")]

NEW = scanned(77)


def at(name: str) -> Standing:
    return STANDINGS[f"zh-CN: {name}"]


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    """Asked for her identity document, of which nothing is there."""
    return CandidateDriver(router, at("adding, none"))


def files(ling: CandidateDriver, material: str = "identity") -> tuple[MaterialFile, ...]:
    return ling.at.application.materials.get(material, ())


def code(file: MaterialFile) -> str:
    return file.blob[:CODE]


# --- files ---------------------------------------------------------------------------------------


async def test_a_fitting_file_is_kept_and_its_row_written(ling: CandidateDriver) -> None:
    after = await ling.sends_file(NEW)
    assert after.header_lines == ["material-kept"]
    assert files(ling) == (MaterialFile(NEW.kept.name, NEW.kept.kind, NEW.kept.size),)
    assert after.envelope.unit.files == [NEW.kept]
    assert after.envelope.unit.dropped_blobs == []
    assert ling.at.position == Position(Materials.adding, {"material": "identity"})


REFUSED: dict[str, tuple[Scan | Problem | None, str]] = {
    "wrong kind": (scanned(5, FileFormat.PDF), "problem-scan-format"),
    "too large": (
        replace(NEW, facts=ScanFacts(FileFormat.JPG, 1, 1500, 2000, 6_000_000)),
        "problem-scan-size",
    ),
    "too small": (
        replace(NEW, facts=ScanFacts(FileFormat.JPG, 1, 399, 900, 9_000)),
        "problem-scan-pixels",
    ),
    "cannot be read": (Problem("problem-scan-unknown"), "problem-scan-unknown"),
    "not fetched": (None, "scan-not-fetched"),
}


@pytest.mark.parametrize(("file", "lead"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_file_that_does_not_fit_is_refused_and_the_others_stay(
    ling: CandidateDriver, file: Scan | Problem | None, lead: str
) -> None:
    ling.at = before = at("adding, one")
    after = await ling.sends_file(file)
    assert after.header_lines == [lead]
    assert ling.at.records == before.records
    assert after.envelope.unit.files == []


async def test_the_same_file_twice_and_one_too_many_are_refused(ling: CandidateDriver) -> None:
    await ling.sends_file(NEW)
    assert (await ling.sends_file(NEW)).header_lines == ["problem-scan-known"]
    await ling.sends_file(scanned(78))
    full = ling.at.records
    assert (await ling.sends_file(scanned(79))).header_lines == ["problem-scan-full"]
    assert ling.at.records == full


async def test_a_file_takes_the_place_of_another(ling: CandidateDriver) -> None:
    ling.at = at("adding, full")
    first, second = files(ling)
    await ling.taps(Action.REPLACE, code(first))
    assert ling.at.position.data[REPLACED] == code(first)
    after = await ling.sends_file(NEW)
    assert after.header_lines == ["material-replaced"]
    assert [file.blob for file in files(ling)] == [NEW.kept.name, second.blob]
    assert after.envelope.unit.dropped_blobs == [first.blob]
    assert REPLACED not in ling.at.position.data


async def test_what_would_replace_another_is_judged_first(ling: CandidateDriver) -> None:
    ling.at = before = at("adding, replacing")
    after = await ling.sends_file(scanned(5, FileFormat.PDF))
    assert after.header_lines == ["problem-scan-format"]
    assert ling.at.records == before.records
    assert ling.at.position.data[REPLACED] == before.position.data[REPLACED]


async def test_a_double_tap_removes_one_file_and_drops_just_that(ling: CandidateDriver) -> None:
    ling.at = at("adding, full")
    first, second = files(ling)
    once = await ling.taps(Action.REMOVE, code(first))
    assert once.envelope.unit.dropped_blobs == [first.blob]
    twice = await ling.forges(Action.REMOVE, code(first))
    assert files(ling) == (second,)
    assert twice.envelope.unit.dropped_blobs == []
    await ling.taps(Action.REMOVE, code(second))
    assert "identity" not in ling.at.application.materials


async def test_a_file_that_another_kind_has_too_is_not_dropped(ling: CandidateDriver) -> None:
    before = at("adding, one")
    both = {"identity": papers(1), "degree": papers(1)}
    records = replace(before.records, application=replace(before.application, materials=both))
    ling.at = replace(before, records=records)
    after = await ling.taps(Action.REMOVE, code(papers(1)[0]))
    assert after.envelope.unit.dropped_blobs == []
    assert ling.at.application.materials == {"degree": papers(1)}


async def test_a_file_is_looked_at_where_one_is(ling: CandidateDriver) -> None:
    ling.at = before = at("adding, full")
    after = await ling.taps(Action.SEE, code(files(ling)[1]))
    assert after.outcome.effects == (
        ShowScreen("material-file", {"material": "identity", "file": code(files(ling)[1])}),
    )
    assert ling.at == before
    shown = [screen_of(one, "material-file") for one in files_of(at("materials, complete"))]
    assert [bool(screen.picture) for screen in shown] == [True, False, False]
    assert [bool(screen.document) for screen in shown] == [False, True, True]


# --- the list ------------------------------------------------------------------------------------


async def test_a_file_in_the_list_is_asked_what_it_is(ling: CandidateDriver) -> None:
    ling.at = before = at("materials, some")
    after = await ling.sends_file(None)
    assert after.header_lines == ["materials-which"]
    assert ling.at == before


async def test_files_sent_before_their_kind_are_kept_and_go_where_the_tap_says(
    ling: CandidateDriver,
) -> None:
    ling.at = at("materials, some")
    had = ling.at.application.materials.get("degree", ())
    one, other = scanned(81), scanned(82)
    for scan in (one, other, one):  # the same file twice is one file
        await ling.sends_file(scan)
        assert "materials-received" in ling.sees
        assert ling.state is Materials.listing
    after = await ling.forges(Action.CONFIRM, "")
    assert after.header_lines == ["materials-which"]
    after = await ling.taps(Action.CHOOSE, "degree")
    assert after.header_lines == ["material-kept"]
    assert ling.at.position == Position(Materials.adding, {"material": "degree"})
    files = ling.at.application.materials["degree"]
    assert [file.blob for file in files[len(had) :]] == [one.kept.name, other.kept.name]


async def test_a_file_that_breaks_the_rule_of_its_kind_is_dropped(ling: CandidateDriver) -> None:
    ling.at = at("materials, some")
    before = ling.at.application.materials
    small = replace(NEW.facts, width=100, height=100)
    await ling.sends_file(replace(NEW, facts=small))
    after = await ling.taps(Action.CHOOSE, "degree")
    assert after.header_lines == ["problem-scan-pixels"]
    assert ling.at.application.materials == before
    assert after.envelope.unit.dropped_blobs == [NEW.kept.name]


async def test_files_without_a_kind_do_not_stay_behind(ling: CandidateDriver) -> None:
    ling.at = at("materials, some")
    await ling.sends_file(NEW)
    after = await ling.taps(Action.BACK)
    assert after.envelope.unit.dropped_blobs == [NEW.kept.name]
    assert ling.state is Photo.waiting


async def test_a_broken_file_sent_before_its_kind_is_told(ling: CandidateDriver) -> None:
    ling.at = at("materials, some")
    after = await ling.sends_file(Problem("problem-scan-broken"))
    assert after.header_lines == ["problem-scan-broken"]
    assert ling.state is Materials.listing


async def sends_two(ling: CandidateDriver) -> None:
    """Two papers before any kind is chosen: as many as are required."""
    ling.at = at("materials, nothing")
    for number in (91, 92):
        await ling.sends_file(scanned(number))
    assert "materials-offered" in ling.sees


def sorted_files(ling: CandidateDriver) -> dict[str, list[str]]:
    kept = ling.at.application.materials
    return {code: [one.blob for one in files] for code, files in kept.items()}


async def test_as_many_files_as_are_missing_are_offered_their_kinds_and_agreed_to(
    ling: CandidateDriver,
) -> None:
    await sends_two(ling)
    assert ling.at.application.materials == {}, "offered, not taken"
    after = await ling.taps(Action.AGREE)
    assert after.header_lines == ["material-kept-as"]
    assert ling.at.position == Position(Materials.listing)
    first, second = (scanned(number).kept.name for number in (91, 92))
    assert sorted_files(ling) == {"identity": [first], "degree": [second]}
    assert (await ling.taps(Action.CONFIRM)).header_lines == ["materials-done"]


async def test_one_tap_agrees_and_says_that_nothing_more_comes(ling: CandidateDriver) -> None:
    await sends_two(ling)
    after = await ling.taps(Action.AGREE, NOTHING_MORE)
    assert after.header_lines == ["material-kept-as", "materials-done"]
    assert set(sorted_files(ling)) == {"identity", "degree"}
    assert ling.at.application.uploaded_at == OPEN
    assert ling.state is Form.summary


async def test_each_file_is_asked_for_where_the_offer_is_wrong(ling: CandidateDriver) -> None:
    await sends_two(ling)
    await ling.taps(Action.EDIT)
    after = await ling.taps(Action.CHOOSE, "degree")
    assert after.header_lines == ["material-kept-as"]
    assert UNSORTED in ling.at.position.data
    await ling.taps(Action.CHOOSE, "identity")
    assert ling.at.position == Position(Materials.listing)
    first, second = (scanned(number).kept.name for number in (91, 92))
    assert sorted_files(ling) == {"degree": [first], "identity": [second]}


async def test_from_one_by_one_back_to_the_offer_nothing_is_lost(ling: CandidateDriver) -> None:
    await sends_two(ling)
    await ling.taps(Action.EDIT)
    await ling.taps(Action.BACK)
    after = await ling.taps(Action.AGREE)
    assert after.header_lines == ["material-kept-as"]
    assert after.envelope.unit.dropped_blobs == []


@pytest.mark.parametrize("value", ["", NOTHING_MORE])
async def test_of_offered_files_one_that_breaks_its_rule_is_named_and_dropped(
    ling: CandidateDriver, value: str
) -> None:
    ling.at = at("materials, nothing")
    bad = replace(NEW, facts=replace(NEW.facts, width=100, height=100))
    for file in (scanned(91), bad):
        await ling.sends_file(file)
    after = await ling.taps(Action.AGREE, value)
    assert after.header_lines == [
        "material-kept-as",
        "material-refused-as",
        "problem-scan-pixels",
    ]
    assert after.envelope.unit.dropped_blobs == [NEW.kept.name]
    assert set(sorted_files(ling)) == {"identity"}
    assert ling.at.application.uploaded_at is None


async def test_done_only_when_nothing_that_is_required_is_missing(ling: CandidateDriver) -> None:
    ling.at = at("materials, some")
    assert (await ling.taps(Action.CONFIRM)).header_lines == ["problem-materials-missing"]
    assert ling.at.application.uploaded_at is None
    ling.at = at("materials, complete")
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["materials-done"]
    assert ling.at.application.uploaded_at == OPEN
    assert [action.action for action in after.envelope.unit.audit_entries] == [
        AuditAction.MATERIALS_DONE
    ]
    assert ling.state is Form.summary


async def test_enough_of_one_leads_to_the_next_that_is_missing_then_to_the_list(
    ling: CandidateDriver,
) -> None:
    await ling.sends_file(NEW)
    await ling.taps(Action.CONFIRM)
    assert ling.at.position == Position(Materials.adding, {"material": "degree"})
    await ling.sends_file(scanned(80))
    await ling.taps(Action.CONFIRM)
    assert ling.at.position == Position(Materials.listing)


@pytest.mark.parametrize("action", [Action.REMOVE, Action.REPLACE])
async def test_what_is_changed_after_done_has_to_be_ended_again(
    ling: CandidateDriver, action: Action
) -> None:
    ling.at = at("materials, done")
    await ling.taps(Action.CHOOSE, "degree")
    await ling.taps(action, code(COMPLETE["degree"][0]))
    if action is Action.REPLACE:
        assert ling.at.application.uploaded_at == at("materials, done").application.uploaded_at
        await ling.sends_file(NEW)
    assert ling.at.application.uploaded_at is None
    await ling.goes("resume")
    assert ling.state is Materials.listing


async def test_back_leads_to_the_list_and_from_there_to_the_photo(ling: CandidateDriver) -> None:
    await ling.taps(Action.BACK)
    assert ling.state is Materials.listing
    await ling.taps(Action.BACK)
    assert ling.state is Photo.waiting


# --- albums --------------------------------------------------------------------------------------


async def test_the_pictures_of_an_album_have_one_answer_that_counts_them(
    ling: CandidateDriver,
) -> None:
    ling.at = before = at("materials, nothing")
    await ling.taps(Action.CHOOSE, "degree")
    said = []
    for number in range(4):
        after = await ling.sends_photo(scanned(number), "9")
        said += after.said
    assert [type(effect) for effect in said] == [ShowScreen, EditScreen, EditScreen, EditScreen]
    assert {effect.slot for effect in said} == {ALBUM}
    assert len(files(ling, "degree")) == 4
    assert before.application.materials == {}
    other = await ling.sends_photo(scanned(9), "10")
    assert [type(effect) for effect in other.said] == [ShowScreen]


async def test_the_next_of_an_album_does_not_replace_once_more(ling: CandidateDriver) -> None:
    ling.at = at("adding, replacing")
    first, second = files(ling)
    await ling.sends_photo(scanned(81), "9")
    after = await ling.sends_photo(scanned(82), "9")
    assert after.header_lines == ["problem-scan-full"]
    assert [file.blob for file in files(ling)] == [scanned(81).kept.name, second.blob]
    assert first not in files(ling)


async def test_what_was_refused_of_an_album_is_not_forgotten_by_what_follows(
    ling: CandidateDriver,
) -> None:
    await ling.sends_photo(scanned(83), "9")
    assert (await ling.sends_photo(scanned(5, FileFormat.PDF), "9")).header_lines[0] == (
        "problem-scan-format"
    )
    after = await ling.sends_photo(scanned(84), "9")
    assert after.header_lines == ["material-kept", "material-album-refused"]
    assert len(files(ling)) == 2
    await ling.taps(Action.REMOVE, code(files(ling)[0]))
    assert (await ling.sends_photo(scanned(85), "10")).header_lines == ["material-kept"]


async def test_a_kind_that_the_exam_file_has_dropped_says_so_and_leads_back(
    ling: CandidateDriver,
) -> None:
    """Whoever stood there when the file changed must not be answered by apologies."""
    ling.at = replace(
        at("materials, nothing"), position=Position(Materials.adding, {"material": "gone"})
    )
    after = await ling.says("嗯嗯嗯")
    assert [effect.screen for effect in after.said] == ["lost"]
    await ling.taps(Action.BACK)
    assert ling.at.position == Position(Materials.listing)
