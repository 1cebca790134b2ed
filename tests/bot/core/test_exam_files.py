"""Exams are found by name, folder or file; one that cannot be read says where it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.core import exam_files
from states.exam import BadExam

SHIPPED = Path(__file__).parents[3] / "bot/exams/health-2026/exam.toml"


def test_a_shipped_exam_is_found_by_its_name() -> None:
    assert exam_files.load("health-2026").key == "health-2026"


def test_a_file_and_its_folder_are_the_same_exam() -> None:
    shipped = exam_files.load("health-2026")
    assert exam_files.load(str(SHIPPED)) == exam_files.load(str(SHIPPED.parent)) == shipped


def test_a_copy_with_another_name_is_another_exam(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED.parent, tmp_path, dirs_exist_ok=True)
    text = SHIPPED.read_text("utf-8").replace('key = "health-2026"', 'key = "nurses-2026"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert exam_files.load(str(tmp_path / "mine.toml")).key == "nurses-2026"


@pytest.mark.parametrize("name", ["health-1999", "", "../exams", "no/such/folder"])
def test_what_is_not_there_is_named(name: str) -> None:
    with pytest.raises(BadExam) as caught:
        exam_files.load(name)
    assert len(caught.value.mistakes) == 1


@pytest.mark.parametrize(
    "content", [b"key = ", b"\xff\xfe\x00", b"", b"key = 7\n"], ids=["torn", "bytes", "empty", "7"]
)
def test_a_file_that_is_no_exam_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "exam.toml").write_bytes(content)
    with pytest.raises(BadExam) as caught:
        exam_files.load(str(tmp_path))
    assert caught.value.mistakes


def test_every_mistake_is_named_by_its_path(tmp_path: Path) -> None:
    areas = (SHIPPED.parent / "areas.toml").read_text("utf-8")
    areas = areas.replace('code = "dongcheng"', 'code = "DONG CHENG"')
    (tmp_path / "areas.toml").write_text(areas, encoding="utf-8")
    text = SHIPPED.read_text("utf-8")
    text = text.replace("year = 2026", "year = 1026").replace("min_kb = 50", "min_kb = 50\nmax = 1")
    (tmp_path / "exam.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadExam) as caught:
        exam_files.load(str(tmp_path))
    paths = {one.path for one in caught.value.mistakes}
    assert {"year", "areas[0].sites[0].code"} < paths
    assert any(path.startswith("photo") for path in paths)
