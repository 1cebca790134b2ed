"""``baoming exam`` checks a definition, or makes a new year's definition from another."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, TextIO

import tomli_w
from cyclopts import App, Parameter

from bot.cli import console
from bot.cli.exam_versions import apply, revert, versions
from bot.cli.rehearse import rehearse
from bot.core import exam_files
from bot.core.settings import Refused, Settings, load_settings
from bot.core.workdays import is_workday
from states.exam import BadExam, CodesInUse, Exam, read_exam
from states.exam_changes import differences
from states.exam_linter import Finding, findings
from states.texts import Text

Values = Mapping[str, object]

app = App(name="exam")
for command in (rehearse, apply, revert, versions):
    app.command(command)


@app.command
def check(file: str, *, strict: bool = False, sarif: Path | None = None) -> int:
    """检查考试定义，指出错误和可疑之处 · check an exam definition: mistakes, and what looks wrong.

    Parameters
    ----------
    file
        自带考试的名称、文件夹或文件 · a shipped exam, a folder or a file.
    strict
        可疑之处也算不通过 · fail on what looks wrong too.
    sarif
        另存为 SARIF 文件，供编辑器和代码平台读取 · also write a SARIF file for editors and forges.
    """
    try:
        exam = exam_files.load(file)
    except BadExam as error:
        return _print_mistakes(error, sys.stdout)
    found = list(findings(exam, is_workday))
    for one in found:
        print(f"⚠ {console.localized(one.line)}")
    if sarif is not None:
        sarif.write_text(json.dumps(_as_sarif(found), ensure_ascii=False, indent=2), "utf-8")
    counts = {
        "areas": len(exam.areas),
        "sites": sum(len(area.sites) for area in exam.areas),
        "specialties": sum(not specialty.discontinued for specialty in exam.catalogue),
        "employers": len(exam.employers),
    }
    console.say("cli-exam-good", name=exam.name, suspicions=len(found), **counts)
    return 1 if strict and found else 0


def _as_sarif(found: Sequence[Finding]) -> dict[str, object]:
    """Return the findings as SARIF 2.1.0, with the key paths as logical locations.

    https://docs.oasis-open.org/sarif/sarif/v2.1.0/
    """
    results = [
        {
            "ruleId": one.rule,
            "level": "warning",
            "message": {"text": console.localized(one.text)},
            "locations": [{"logicalLocations": [{"fullyQualifiedName": one.path}]}],
        }
        for one in found
    ]
    driver = {"name": "baoming exam check", "rules": [{"id": id} for id in {f.rule for f in found}]}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


@app.command
def diff(old: str, new: str) -> int:
    """比较两份考试定义，有数据库时说明涉及多少人 · what a change does, and to how many.

    Parameters
    ----------
    old
        现在用的 · the definition in use.
    new
        改过的 · the changed one.
    """
    try:
        before, after = exam_files.load(old), exam_files.load(new)
    except BadExam as error:
        return _print_mistakes(error, sys.stderr)
    used = asyncio.run(_applications(load_settings(), before))
    changed = list(differences(before, after))
    for one in changed:
        touched = sum(count for codes, count in used.items() if one.touches(codes))
        values = {"before": one.before or "–", "after": one.after or "–"}
        console.say("cli-exam-difference", path=one.path, count=touched, **values)
    console.say("cli-exam-differences", count=len(changed), applications=used.total())
    return 0


async def _applications(settings: Settings, exam: Exam) -> Counter[CodesInUse]:
    """Count the applications by what they refer to; none without a database."""
    from bot.core import database
    from storage.candidates import applications

    if not database.has_database(settings):
        return Counter()
    async with database.open_database(settings) as opened, opened.db.read() as connection:
        return await applications.count_by_codes(connection, exam.key)


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
        return _print_mistakes(error, sys.stderr)
    console.say("cli-exam-new", folder=str(made))
    return 0


def _print_mistakes(error: BadExam, file: TextIO) -> int:
    for text in error.texts:
        print(f"✗ {console.localized(text)}", file=file)
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
