"""Exam definitions: folders of the package (``bot/exams``) or of the operator.

A folder has ``exam.toml`` and a file for each of the long lists in ``PARTS``. In a CSV file each
row is an item; a small exam may have its lists in ``exam.toml``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.core import toml_mistakes
from states.changes.late_changes import find_late_change_mistakes
from states.eligibility import find_eligibility_mistakes
from states.exam import BadExam, Exam, read_exam
from states.form.synonyms import find_synonym_mistakes
from states.form.wording import find_wording_mistakes
from states.texts import Mistake

FILE: Final = "exam.toml"
PARTS: Final = MappingProxyType(
    {
        "areas.toml": "areas",
        "catalogue.csv": "catalogue",
        "ethnicities.csv": "ethnicities",
        "eligibility.toml": "eligibility",
        "employers.csv": "employers",
        "papers.toml": "papers",
        "photo.toml": "photo",
        "synonyms.toml": "synonyms",
    }
)
"""The files beside ``exam.toml``, and the list that each of them has."""


def load(name: str) -> Exam:
    """Return the exam of a shipped name (``health-2026``), a folder or a file.

    Raises:
        BadExam: the exam is missing, is no TOML, or has a mistake.
    """
    return checked(source(name))


def checked(data: object) -> Exam:
    """Return the exam from the merged content of its files.

    Raises:
        BadExam: it has a mistake.
    """
    exam = read_exam(data)
    if mistakes := [
        *find_synonym_mistakes(exam),
        *find_eligibility_mistakes(exam),
        *find_late_change_mistakes(exam),
        *find_wording_mistakes(exam),
    ]:
        raise BadExam(mistakes)
    return exam


def source(name: str) -> dict[str, object]:
    """Return the merged content of an exam's files, before validation; ``name`` is as in ``load``.

    Raises:
        BadExam: the exam is missing, a file cannot be read, or two files have the same part.
    """
    file, folder = _found(name)
    parts = [(file.name, _part(file))]
    for beside, key in PARTS.items():
        if (part := folder / beside).is_file():
            parts.append((beside, _part(part, key)))
    return _merged(parts)


def _found(name: str) -> tuple[Traversable, Traversable]:
    """Return the main file of an exam, and the folder of its other files."""
    path = Path(name)
    shipped = resources.files("bot") / "exams" / name
    if path.is_file():
        return path, path.parent
    for folder in (path, shipped):
        if (folder / FILE).is_file():
            return folder / FILE, folder
    raise BadExam([toml_mistakes.missing(name)])


def _part(file: Traversable, key: str = "") -> dict[str, object]:
    try:
        text = _text(file)
        return {key: list(_rows(text))} if file.name.endswith(".csv") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error) as error:
        raise BadExam([toml_mistakes.of_file(file.name, error)]) from None


def _text(file: Traversable) -> str:
    return file.read_bytes().decode("utf-8-sig")  # spreadsheets write a byte order mark


def _rows(text: str) -> Iterator[dict[str, object]]:
    """Yield the rows by their column names, without empty cells."""
    for row in csv.DictReader(text.splitlines(), restkey="more", strict=True):
        yield {column: cell for column, cell in row.items() if cell}


def _merged(parts: list[tuple[str, dict[str, object]]]) -> dict[str, object]:
    whole: dict[str, object] = {}
    given: dict[str, str] = {}
    for file, part in parts:
        if twice := sorted(whole.keys() & part.keys()):
            raise BadExam(
                [Mistake.of(key, "in-two-files", first=given[key], second=file) for key in twice]
            )
        whole |= part
        given |= dict.fromkeys(part, file)
    return whole
