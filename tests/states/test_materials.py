"""The rules of scans: each problem with its number and remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.exam.places import FileFormat, Material
from states.materials import (
    MIN_SIDE_PX,
    ScanFacts,
    check_scan,
    format_names,
    kinds_in_order,
    missing_materials,
)
from states.photo import KB
from states.records import IMAGE, MaterialFile
from states.texts import Argument, Problem, Text

PICTURE, PDF = Text("scan-remedy-picture"), Text("scan-remedy-pdf")


def material(*formats: FileFormat, max_kb: int = 5120, max_files: int = 2) -> Material:
    return Material(
        code="degree",
        name="学历学位证书",
        name_en="Education and degree certificates",
        required=True,
        formats=formats or tuple(FileFormat),
        max_kb=max_kb,
        max_files=max_files,
    )


def facts(
    kind: FileFormat = FileFormat.JPG, width: int = 3000, height: int = 4000, size: int = 900 * KB
) -> ScanFacts:
    if kind is FileFormat.PDF:
        return ScanFacts(kind, 3, 0, 0, size)
    return ScanFacts(kind, 1, width, height, size)


def keys(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.key for problem in problems]


@pytest.mark.parametrize("kind", FileFormat)
def test_a_scan_within_the_rule_passes(kind: FileFormat) -> None:
    assert check_scan(facts(kind), material(), 0) == ()
    assert check_scan(facts(kind, MIN_SIDE_PX, 9000, 5120 * KB), material(), 1) == ()


@pytest.mark.parametrize(
    ("formats", "said"),
    [
        (tuple(FileFormat), "JPG/PNG/PDF/HEIC"),
        ((FileFormat.PDF,), "PDF"),
        ((FileFormat.HEIC, FileFormat.JPG), "HEIC/JPG"),
    ],
)
def test_formats_are_called_as_people_call_them(formats: tuple[FileFormat, ...], said: str) -> None:
    assert format_names(material(*formats)) == said


@pytest.mark.parametrize(
    ("kind", "formats", "example"),
    [
        (FileFormat.PDF, (FileFormat.JPG, FileFormat.PNG), "JPG"),
        (FileFormat.HEIC, (FileFormat.PDF,), "PDF"),
    ],
)
def test_another_format_is_said_with_those_that_are_taken(
    kind: FileFormat, formats: tuple[FileFormat, ...], example: str
) -> None:
    taken = "/".join(formats)
    expected = {"format": kind.value, "allowed": taken, "example": example}
    problems = check_scan(facts(kind), material(*formats), 0)
    assert problems == (Problem("problem-scan-format", expected),)


@pytest.mark.parametrize(
    ("max_kb", "size", "limit", "sent"),
    [
        (800, 800 * KB + 1, "800 KB", "801 KB"),
        (800, 1023 * KB + 1, "800 KB", "1 MB"),
        (1024, 1024 * KB + 1, "1 MB", "1.1 MB"),
        (5120, 5120 * KB + 1, "5 MB", "5.1 MB"),
        (5125, 5125 * KB + 1, "5 MB", "5.1 MB"),
        (5120, 20_000_000, "5 MB", "19.1 MB"),
        (1500, 3 * KB * KB, "1.4 MB", "3 MB"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "remedy"),
    [(FileFormat.JPG, PICTURE), (FileFormat.HEIC, PICTURE), (FileFormat.PDF, PDF)],
)
def test_too_many_bytes_are_said_with_the_remedy(
    kind: FileFormat, remedy: Text, max_kb: int, size: int, limit: str, sent: str
) -> None:
    problems = check_scan(facts(kind, size=size), material(max_kb=max_kb), 0)
    expected: dict[str, Argument] = {"size": sent, "limit": limit, "remedy": remedy}
    assert problems == (Problem("problem-scan-size", expected),)


@pytest.mark.parametrize(("width", "height"), [(399, 4000), (4000, 399), (1, 1)])
def test_a_picture_that_nobody_can_read_is_said_with_its_pixels(width: int, height: int) -> None:
    problems = check_scan(facts(FileFormat.PNG, width, height), material(), 0)
    expected = {"width": width, "height": height, "limit": 400}
    assert problems == (Problem("problem-scan-pixels", expected),)


@pytest.mark.parametrize(("have", "full"), [(0, False), (1, False), (2, True), (3, True)])
def test_no_more_files_than_the_material_takes(have: int, full: bool) -> None:
    expected = (Problem("problem-scan-full", {"limit": 2}),) if full else ()
    assert check_scan(facts(), material(), have) == expected


def test_every_rule_that_fails_is_said_at_once() -> None:
    bad = facts(FileFormat.PNG, 100, 100, 6000 * KB)
    assert keys(check_scan(bad, material(FileFormat.JPG), 2)) == [
        "problem-scan-format",
        "problem-scan-size",
        "problem-scan-pixels",
        "problem-scan-full",
    ]


@given(st.integers(1, 20 * KB), st.integers(0, 20 * KB * KB))
def test_what_is_too_large_never_looks_as_if_it_were_not(max_kb: int, size: int) -> None:
    problems = check_scan(facts(size=size), material(max_kb=max_kb), 0)
    assert bool(problems) == (size > max_kb * KB)
    for problem in problems:
        assert in_kb(str(problem.args["size"])) > in_kb(str(problem.args["limit"]))


def in_kb(said: str) -> float:
    number, unit = said.split()
    return float(number) * {"KB": 1, "MB": KB}[unit]


# --- what is still to be uploaded ----------------------------------------------------------------

FILE = MaterialFile("b" * 64, IMAGE, 900 * KB)
ASKED = tuple(
    material(FileFormat.JPG).model_copy(update={"code": code, "required": required})
    for code, required in (("identity", True), ("degree", True), ("practice", False))
)


@pytest.mark.row("S11")
@pytest.mark.parametrize(
    ("have", "codes"),
    [
        ({}, ["identity", "degree"]),
        ({"identity": (FILE,)}, ["degree"]),
        ({"degree": (FILE, FILE)}, ["identity"]),
        ({"practice": (FILE,)}, ["identity", "degree"]),
        ({"identity": (FILE,), "degree": (FILE,)}, []),
        ({"identity": (FILE,), "degree": ()}, ["degree"]),
        ({"identity": (FILE,), "diploma": (FILE,)}, ["degree"]),
    ],
)
def test_what_is_required_and_has_no_file_is_missing_in_the_areas_order(
    have: dict[str, tuple[MaterialFile, ...]], codes: list[str]
) -> None:
    assert [one.code for one in missing_materials(ASKED, have)] == codes


@pytest.mark.row("S12")
def test_where_nothing_is_asked_nothing_is_missing() -> None:
    assert (
        missing_materials((), {})
        == missing_materials((), {"identity": (FILE,)})
        == missing_materials(ASKED[2:], {})
        == ()
    )


IDENTITY = material(FileFormat.JPG).model_copy(update={"code": "identity"})
DEGREE = material()
PRACTICE = material().model_copy(update={"code": "practice", "required": False})
LETTER = material().model_copy(update={"code": "letter"})
KINDS = (IDENTITY, DEGREE, PRACTICE, LETTER)
J, P = FileFormat.JPG, FileFormat.PDF


@pytest.mark.parametrize(
    ("have", "scans", "offered"),
    [
        ((), (J, J, P), ("identity", "degree", "letter")),
        ((), (J, J, P, J), ("identity", "degree", "practice", "letter")),
        (("identity",), (P, J), ("degree", "letter")),
        (("identity", "degree", "letter"), (J,), ()),
        ((), (J, J), ()),
        ((), (J, J, J, J, J), ()),
        ((), (P, J, J), ()),
    ],
    ids=[
        "the required ones",
        "all kinds",
        "what is missing",
        "one file is asked",
        "too few",
        "too many",
        "a format that the kind does not allow",
    ],
)
def test_files_are_offered_the_missing_kinds_in_order(
    have: tuple[str, ...], scans: tuple[FileFormat, ...], offered: tuple[str, ...]
) -> None:
    there = {code: (MaterialFile("a" * 64, IMAGE, 9),) for code in have}
    found = kinds_in_order(KINDS, there, [facts(one) for one in scans])
    assert tuple(kind.code for kind in found) == offered
