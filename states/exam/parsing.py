"""Validate the data of exam files, and compare an exam with the codes in use.

Each mistake starts with its key path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import ValidationError

from states.exam.definition import Exam
from states.exam.places import OTHER_EMPLOYER, Area, Confirmation, Payment, PaymentWay
from states.texts import Text


class Mistake(str):
    """A mistake that has a ``text`` in the reader's language beside its plain words."""

    __slots__ = ("text",)

    text: Text

    def __new__(cls, plain: str, text: Text) -> Mistake:
        """Return the plain words with their text."""
        made = super().__new__(cls, plain)
        made.text = text
        return made


class BadExam(ValueError):
    """The exam file is invalid; each of the ``mistakes`` starts with its file or key path."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = list(mistakes)

    @property
    def texts(self) -> list[Text | str]:
        """The mistakes in the reader's language, as far as they have one."""
        return [one.text if isinstance(one, Mistake) else one for one in self.mistakes]


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


def _mistakes(error: ValidationError) -> list[str]:
    # pydantic also reports a list with invalid items as too short: keep only the items.
    found = error.errors()
    parents = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
    return [f"{_path(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in parents]


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "exam"


def find_mistakes(exam: Exam) -> Iterator[str]:
    """Yield one line per mistake, such as ``areas[3].sites[2].code: …``."""
    # The database stores codes by the exam's key: with an old key they would mean another year's.
    if not exam.key.endswith(str(exam.year)):
        yield f"key: must end with the year, as in health-{exam.year}"
    yield from _check_windows(exam)
    yield from _duplicates("id_types", exam.id_types, "")
    yield from _duplicates("subjects", [subject.code for subject in exam.subjects])
    yield from _duplicates("levels", [level.code for level in exam.levels])
    yield from _duplicates("practices", [practice.code for practice in exam.practices])
    yield from _duplicates("categories", [category.code for category in exam.categories])
    yield from _duplicates("ethnicities", [ethnicity.code for ethnicity in exam.ethnicities])
    yield from _duplicates("areas", [area.code for area in exam.areas])
    for number, area in enumerate(exam.areas):
        yield from _check_area(f"areas[{number}]", area)
    yield from _check_employers(exam)
    yield from _check_practices(exam)
    yield from _check_catalogue(exam)


def _check_windows(exam: Exam) -> Iterator[str]:
    """Check that windows open in the order of the process; a wrong year shows here."""
    windows = exam.windows
    in_turn = {
        "registration": windows.registration,
        "confirmation": windows.confirmation,
        "review": windows.review,
        "payment": windows.payment,
        "tickets": windows.tickets,
    }
    for (before, earlier), (name, later) in pairwise(in_turn.items()):
        if later.opens < earlier.opens:
            yield f"windows.{name}.opens: before windows.{before}.opens"
    if windows.reupload.opens < windows.confirmation.opens:
        yield "windows.reupload.opens: before windows.confirmation.opens"
    if windows.exam_days.dates[0] < exam.today(windows.tickets.opens):
        yield "windows.exam_days.dates[0]: before windows.tickets.opens"
    yield from _check_sessions(exam)


def _check_sessions(exam: Exam) -> Iterator[str]:
    """Check that sessions name known codes, and that everybody sits each subject once."""
    subjects = {subject.code for subject in exam.subjects}
    sessions = exam.windows.exam_days.sessions
    for number, session in enumerate(sessions):
        path = f"windows.exam_days.sessions[{number}]"
        if unknown := sorted(set(session.subjects) - subjects):
            yield f"{path}.subjects: unknown {', '.join(unknown)}"
        known = {specialty.code for specialty in exam.catalogue}
        if unknown := sorted(set(session.specialties) - known):
            yield f"{path}.specialties: unknown {', '.join(unknown)}"
    if not sessions:
        return
    for specialty in exam.catalogue:
        own = exam.sessions_of(specialty.code, subjects)
        sat = [code for session in own for code in session.subjects]
        if len(sat) > len(set(sat)):
            yield f"windows.exam_days.sessions: {specialty.code} sits a subject twice"
            return
        if own and (missing := sorted(subjects - set(sat))):
            yield f"windows.exam_days.sessions: {specialty.code} has none of {', '.join(missing)}"
            return


def _check_area(path: str, area: Area) -> Iterator[str]:
    yield from _duplicates(f"{path}.materials", [material.code for material in area.materials])
    yield from _duplicates(f"{path}.sites", [site.code for site in area.sites])
    confirms_online = area.confirmation is Confirmation.ONLINE
    if confirms_online and not area.materials:
        yield f"{path}.materials: required where confirmation is online"
    yield from _duplicates(f"{path}.ways", area.ways, "")
    if area.ways and (area.payment is not Payment.MOBILE or not area.fee.per_subject):
        yield f"{path}.ways: only where payment is mobile and the fee is above 0"
    if PaymentWay.DESKTOP in area.ways:
        yield f"{path}.ways: desktop is no way of paying here"
    for number, site in enumerate(area.sites):
        below = f"{path}.sites[{number}].points"
        yield from _duplicates(below, [point.code for point in site.points])
        # Guide, part 2, page (1): 报名点 is required where the area confirms online.
        if confirms_online and not site.points:
            yield f"{below}: required where confirmation is online"


def _check_employers(exam: Exam) -> Iterator[str]:
    yield from _duplicates("employers", [employer.code for employer in exam.employers])
    for number, employer in enumerate(exam.employers):
        path = f"employers[{number}]"
        if employer.code == OTHER_EMPLOYER:
            yield f"{path}.code: reserved for what is not in the list: {OTHER_EMPLOYER}"
        if exam.area(employer.area) is None:
            yield f"{path}.area: not among areas: {employer.area}"


def _check_practices(exam: Exam) -> Iterator[str]:
    practices = {practice.code for practice in exam.practices}
    for number, category in enumerate(exam.categories):
        path = f"categories[{number}].practices"
        yield from _duplicates(path, category.practices, "")
        titles = [title.code for title in category.titles]
        yield from _duplicates(f"categories[{number}].titles", titles)
        for place, code in enumerate(category.practices):
            if code not in practices:
                yield f"{path}[{place}]: not among practices: {code}"


def _check_catalogue(exam: Exam) -> Iterator[str]:
    yield from _duplicates("catalogue", [specialty.code for specialty in exam.catalogue])
    levels = {level.code for level in exam.levels}
    categories = {category.code for category in exam.categories}
    for number, specialty in enumerate(exam.catalogue):
        path = f"catalogue[{number}]"
        if specialty.level not in levels:
            yield f"{path}.level: not among levels: {specialty.level}"
        if specialty.category not in categories:
            yield f"{path}.category: not among categories: {specialty.category}"
        if specialty.mode is None and not specialty.discontinued:
            yield f"{path}.mode: required of what can be chosen"


def _duplicates(path: str, codes: Sequence[str], key: str = ".code") -> Iterator[str]:
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        before = first.setdefault(code, number)
        if before != number:
            yield f"{path}[{number}]{key}: the same as {path}[{before}]{key}: {code}"


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
