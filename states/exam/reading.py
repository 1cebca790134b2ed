"""Validate the data of exam files, and compare an exam with the codes in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from states.exam.consistency import find_mistakes
from states.exam.definition import Exam


class BadExam(ValueError):
    """The exam file is invalid; each of the ``mistakes`` starts with its key path."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read_exam(data: object) -> Exam:
    """Return the exam from the data of its files; check consistency once each part is valid.

    Raises:
        BadExam: with one line per mistake, such as ``areas[3].sites[2].code: …``.
    """
    try:
        exam = Exam.model_validate(data)
    except ValidationError as error:
        raise BadExam(_mistakes(error)) from None
    if mistakes := list(find_mistakes(exam)):
        raise BadExam(mistakes)
    return exam


@dataclass(frozen=True, slots=True)
class CodesInUse:
    """The codes of an exam that an application refers to; ``""`` before the choice."""

    area: str
    site: str = ""
    point: str = ""
    specialty: str = ""


def missing_codes(exam: Exam, used: Iterable[CodesInUse]) -> tuple[str, ...]:
    """Return the codes that applications refer to and the exam lacks: unique, sorted.

    A place is a path to the first missing part: ``area``, ``area/site`` or ``area/site/point``. A
    specialty is ``catalogue/323``; discontinued ones are not missing.
    """
    listed = {specialty.code for specialty in exam.catalogue}
    missing = set()
    for codes in used:
        missing.add(_missing_place(exam, codes))
        if codes.specialty and codes.specialty not in listed:
            missing.add(f"catalogue/{codes.specialty}")
    return tuple(sorted(missing - {""}))


def _missing_place(exam: Exam, used: CodesInUse) -> str:
    """Return the path to the first missing part of the place, or ``""``."""
    area = exam.area(used.area)
    if area is None:
        return used.area
    site = area.site(used.site)
    if site is None:
        return used.site and f"{used.area}/{used.site}"
    if site.point(used.point) is None:
        return used.point and f"{used.area}/{used.site}/{used.point}"
    return ""


def _mistakes(error: ValidationError) -> list[str]:
    # pydantic also reports a list with invalid items as too short: keep only the items.
    found = error.errors()
    parents = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
    return [f"{_path(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in parents]


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "exam"
