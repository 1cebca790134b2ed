"""An exam file that cannot be read is told where and how to mend it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core import exam_files
from states.exam import BadExam
from states.texts import Text
from tests.bot.people import TRANSLATIONS

pytestmark = pytest.mark.row("B15")

BROKEN = {
    "name = 青海": ("value", "1"),
    'name = "青海\n': ("string", "1"),
    'a = 1\n"b = 2': ("string", ""),
    "a = 1\nname": ("key", ""),
    "a = 1\na = 2": ("twice", ""),
    "[windows": ("header", ""),
    "[[areas]\n": ("header", "1"),
    "a = [1, 2\nb = 3": ("array", "2"),
    "a = { b = 1\n": ("table", "1"),
    "a = 1 b = 2": ("rest", "1"),
    "= 1": ("key", "1"),
}


@pytest.mark.parametrize("source", BROKEN)
def test_the_line_and_the_remedy_are_told(tmp_path: Path, source: str) -> None:
    kind, line = BROKEN[source]
    (tmp_path / "exam.toml").write_text(source, "utf-8")
    with pytest.raises(BadExam) as caught:
        exam_files.load(str(tmp_path))
    (mistake,) = caught.value.mistakes
    assert mistake.path == "exam.toml"
    assert mistake.rule == ("not-toml" if line else "not-toml-end")
    assert mistake.args["why"] == Text(f"toml-{kind}", mistake.args["why"].args)  # type: ignore[union-attr]
    assert mistake.args.get("line", "") == line
    text = mistake.line
    chinese = TRANSLATIONS.plain(text, "zh-CN")
    assert chinese.startswith("exam.toml：" + (f"第 {line} 行" if line else "到末尾"))
    assert "Expected" not in chinese
    assert "Invalid" not in chinese
    assert TRANSLATIONS.plain(text, "en") != chinese


def test_other_files_are_told_too(tmp_path: Path) -> None:
    with pytest.raises(BadExam) as caught:
        exam_files.load(str(tmp_path / "nowhere"))
    assert "没有这个文件" in TRANSLATIONS.plain(_text(caught.value), "zh-CN")
    (tmp_path / "exam.toml").write_bytes("name = 青海".encode("gbk"))
    with pytest.raises(BadExam) as caught:
        exam_files.load(str(tmp_path))
    assert "UTF-8" in TRANSLATIONS.plain(_text(caught.value), "zh-CN")


def _text(error: BadExam) -> Text:
    (text,) = error.texts
    return text
