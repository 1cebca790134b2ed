"""``baoming exam`` checks a definition, or makes a new year's definition from another."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, TextIO

import tomli_w
from cyclopts import App, Parameter

from bot.cli import console
from bot.core import exam_files
from bot.core.settings import Refused
from states.exam import BadExam, read_exam
from states.texts import Text

Values = Mapping[str, object]

app = App(name="exam")


@app.command
def check(file: str) -> int:
    """检查考试定义，指出每处错误 · check an exam definition; names the place of each mistake."""
    try:
        exam = exam_files.load(file)
    except BadExam as error:
        return _print_mistakes(error.mistakes, sys.stdout)
    counts = {
        "areas": len(exam.areas),
        "sites": sum(len(area.sites) for area in exam.areas),
        "specialties": sum(not specialty.discontinued for specialty in exam.catalogue),
        "employers": len(exam.employers),
    }
    console.say("cli-exam-good", name=exam.name, **counts)
    return 0


@app.command
def new(
    year: int,
    *,
    source: Annotated[str, Parameter(name="--from")] = "health-2026",
    folder: Annotated[Path | None, Parameter(name="--to")] = None,
) -> int:
    """以旧考试为底稿新建一年的考试 · begin a year's exam as a copy of another; all of it a sample.

    Parameters
    ----------
    year
        新的年份 · the new year.
    source
        自带考试的名称、文件夹或文件 · a shipped exam, a folder or a file.
    folder
        新文件夹，默认以考试代码命名 · the new folder; named by the exam's key if not given.
    """
    try:
        made = create(year, source, folder)
    except BadExam as error:
        return _print_mistakes(error.mistakes, sys.stderr)
    console.say("cli-exam-new", folder=str(made))
    return 0


def _print_mistakes(mistakes: list[str], file: TextIO) -> int:
    for mistake in mistakes:
        print(f"✗ {mistake}", file=file)
    return 1


# --- a new year ----------------------------------------------------------------------------------


def create(year: int, name: str, folder: Path | None = None) -> Path:
    """Copy an exam for another year, by default into a folder named by the new key.

    Key and year change, also within name and version; every moment moves by whole years. All
    confirmed parts become samples.

    Raises:
        BadExam: the old exam cannot be read, or no exam can have this year.
        Refused: the folder exists; nothing was written.
    """
    data = exam_files.source(name)
    old = read_exam(data)
    copied = _for_year(data, old.year, year)
    key = read_exam(copied).key
    folder = folder or Path(key)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise Refused(Text("cli-exam-exists", {"folder": str(folder)})) from None
    _write(folder, copied, f"# {old.key} -> {key} (sample)\n\n")
    return folder


def _for_year(data: Values, old: int, new: int) -> dict[str, object]:
    moved = {key: _moved(value, new - old) for key, value in data.items()}
    for key in ("key", "name", "name_en"):
        moved[key] = str(moved.get(key, "")).replace(str(old), str(new))
    terms = moved["terms"]
    if isinstance(terms, dict):
        terms["version"] = str(terms["version"]).replace(str(old), str(new))
    return moved | {"year": new, "sample": True}


_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_IN_FORCE = "since"
"""The key of the date since which a rule is in force; it is no date of the exam."""


def _moved(value: object, years: int) -> object:
    """Return the value, later by whole years and no longer confirmed."""
    match value:
        case date():  # also a datetime
            return _later(value, years)
        case list():
            return [_moved(item, years) for item in value]
        case str() if _MONTH.fullmatch(value):
            return f"{int(value[:4]) + years}{value[4:]}"
        case dict():
            unconfirmed = {"sample": True, "confirmed": False}
            moved = {
                key: item if key == _IN_FORCE else _moved(item, years)
                for key, item in value.items()
            }
            return moved | {key: flag for key, flag in unconfirmed.items() if key in moved}
        case _:
            return value


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # that year has no 29 February
        return day.replace(year=day.year + years, day=28)


def _write(folder: Path, data: dict[str, object], head: str) -> None:
    files = {}
    for name, key in exam_files.PARTS.items():
        if part := data.pop(key, None):
            files[name] = _csv(part) if name.endswith(".csv") else head + tomli_w.dumps({key: part})
    files[exam_files.FILE] = head + tomli_w.dumps(data)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _csv(rows: object) -> str:
    if not isinstance(rows, list):
        raise TypeError("a table has rows")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    words = {True: "yes", False: "no"}
    for row in rows:
        cells = {k: words[v] if isinstance(v, bool) else v for k, v in row.items()}
        writer.writerow(cells)
    return text.getvalue()
