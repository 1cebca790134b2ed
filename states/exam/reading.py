"""From what the files hold to an exam, or to the list of what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from states.exam.definition import Exam
from states.exam.soundness import contradictions


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
    if mistakes := list(contradictions(exam)):
        raise BadExam(mistakes)
    return exam


def missing_codes(exam: Exam, used: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What applications refer to and the exam does not have: ``area`` or ``area/site``, sorted.

    ``used`` are pairs of codes of an area and of a site in it; a site not chosen yet is ``""``.
    """
    missing = set()
    for area_code, site_code in used:
        area = exam.area(area_code)
        if area is None:
            missing.add(area_code)
        elif site_code and area.site(site_code) is None:
            missing.add(f"{area_code}/{site_code}")
    return tuple(sorted(missing))


def _mistakes(error: ValidationError) -> list[str]:
    # A list whose items are wrong is said to be too short as well: only the item is the mistake.
    found = error.errors()
    around = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
    return [f"{_path(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in around]


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "exam"
