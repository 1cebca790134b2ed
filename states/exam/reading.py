"""From what the files hold to an exam, or to the list of what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from states.exam.definition import Exam
from states.exam.soundness import find_mistakes


class BadExam(ValueError):
    """An exam file that cannot be used. ``mistakes`` names the key path of each mistake."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read_exam(data: object) -> Exam:
    """An exam from what its files hold. Whether its parts fit is asked once each is right.

    Raises:
        BadExam: with one line a mistake, such as ``areas[3].sites[2].code: …``.
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
    """The codes of one exam that an application refers to; what is not chosen yet is ``""``."""

    area: str
    site: str = ""
    point: str = ""
    specialty: str = ""


def missing_codes(exam: Exam, used: Iterable[CodesInUse]) -> tuple[str, ...]:
    """What applications refer to and the exam does not have: each once, sorted.

    Of a place the first part that is not there is named: ``area``, ``area/site`` or
    ``area/site/point``; a specialty as ``catalogue/323``. A discontinued one is still there.
    """
    listed = {specialty.code for specialty in exam.catalogue}
    missing = set()
    for codes in used:
        missing.add(_missing_place(exam, codes))
        if codes.specialty and codes.specialty not in listed:
            missing.add(f"catalogue/{codes.specialty}")
    return tuple(sorted(missing - {""}))


def _missing_place(exam: Exam, used: CodesInUse) -> str:
    """The path to the first part of the place that is not there, or ``""``."""
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
    # A list whose items are wrong is said to be too short as well: only the item is the mistake.
    found = error.errors()
    answer_context = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
    return [f"{_path(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in answer_context]


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "exam"
