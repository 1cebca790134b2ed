"""Validate the data of exam files, and compare an exam with the codes in use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import ValidationError

from states.exam.definition import Exam
from states.exam.places import OTHER_EMPLOYER, Area, Confirmation, Payment, PaymentWay
from states.exam.validation import mistakes_of
from states.texts import Mistake, Text


class BadExam(ValueError):
    """The exam is invalid; each of the ``mistakes`` has the path of its key or its file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = list(mistakes)

    @property
    def texts(self) -> list[Text]:
        """A line per mistake for people, which begins with the path."""
        return [one.line for one in self.mistakes]


def read_exam(data: object) -> Exam:
    """Return the exam from the data of its files; check consistency once each part is valid.

    Raises:
        BadExam: with each mistake.
    """
    try:
        exam = Exam.model_validate(data)
    except ValidationError as error:
        raise BadExam(mistakes_of(error)) from None
    if mistakes := list(find_mistakes(exam)):
        raise BadExam(mistakes)
    return exam


def find_mistakes(exam: Exam) -> Iterator[Mistake]:
    """Yield the contradictions between valid parts."""
    # The database stores codes by the exam's key: with an old key they would mean another year's.
    if not exam.key.endswith(str(exam.year)):
        yield Mistake.of("key", "key-without-year", year=str(exam.year))
    yield from _check_windows(exam)
    yield from duplicates("id_types", exam.id_types, "")
    yield from duplicates("subjects", [subject.code for subject in exam.subjects])
    yield from duplicates("levels", [level.code for level in exam.levels])
    yield from duplicates("practices", [practice.code for practice in exam.practices])
    yield from duplicates("categories", [category.code for category in exam.categories])
    yield from duplicates("ethnicities", [ethnicity.code for ethnicity in exam.ethnicities])
    yield from duplicates("areas", [area.code for area in exam.areas])
    for number, area in enumerate(exam.areas):
        yield from _check_area(f"areas[{number}]", area)
    yield from _check_employers(exam)
    yield from _check_practices(exam)
    yield from _check_catalogue(exam)


def _check_windows(exam: Exam) -> Iterator[Mistake]:
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
            yield _earlier(f"{name}.opens", f"{before}.opens")
    if windows.reupload.opens < windows.confirmation.opens:
        yield _earlier("reupload.opens", "confirmation.opens")
    if windows.exam_days.dates[0] < exam.today(windows.tickets.opens):
        yield _earlier("exam_days.dates[0]", "tickets.opens")
    yield from _check_sessions(exam)


def _earlier(key: str, other: str) -> Mistake:
    return Mistake.of(f"windows.{key}", "earlier-than", other=f"windows.{other}")


def _check_sessions(exam: Exam) -> Iterator[Mistake]:
    """Check that sessions name known codes, and that everybody sits each subject once."""
    place = "windows.exam_days.sessions"
    subjects = {subject.code for subject in exam.subjects}
    known = {specialty.code for specialty in exam.catalogue}
    sessions = exam.windows.exam_days.sessions
    for number, session in enumerate(sessions):
        path = f"{place}[{number}]"
        yield from unknown_codes(f"{path}.subjects", session.subjects, "subjects", subjects)
        yield from unknown_codes(f"{path}.specialties", session.specialties, "catalogue", known)
    if not sessions:
        return
    for specialty in exam.catalogue:
        own = exam.sessions_of(specialty.code, subjects)
        sat = [code for session in own for code in session.subjects]
        if len(sat) > len(set(sat)):
            yield Mistake.of(place, "subject-twice", specialty=specialty.code)
            return
        if own and (missing := sorted(subjects - set(sat))):
            codes = {"specialty": specialty.code, "subjects": ", ".join(missing)}
            yield Mistake(place, "subject-without-session", codes)
            return


def _check_area(path: str, area: Area) -> Iterator[Mistake]:
    yield from duplicates(f"{path}.materials", [material.code for material in area.materials])
    yield from duplicates(f"{path}.sites", [site.code for site in area.sites])
    confirms_online = area.confirmation is Confirmation.ONLINE
    if confirms_online and not area.materials:
        yield Mistake.of(f"{path}.materials", "needed-online")
    yield from duplicates(f"{path}.ways", area.ways, "")
    if area.ways and (area.payment is not Payment.MOBILE or not area.fee.per_subject):
        yield Mistake.of(f"{path}.ways", "ways-without-fee")
    if PaymentWay.DESKTOP in area.ways:
        yield Mistake.of(f"{path}.ways", "way-of-the-area")
    for number, site in enumerate(area.sites):
        below = f"{path}.sites[{number}].points"
        yield from duplicates(below, [point.code for point in site.points])
        # Guide, part 2, page (1): 报名点 is required where the area confirms online.
        if confirms_online and not site.points:
            yield Mistake.of(below, "needed-online")


def _check_employers(exam: Exam) -> Iterator[Mistake]:
    areas = {area.code for area in exam.areas}
    yield from duplicates("employers", [employer.code for employer in exam.employers])
    for number, employer in enumerate(exam.employers):
        path = f"employers[{number}]"
        if employer.code == OTHER_EMPLOYER:
            yield Mistake.of(f"{path}.code", "reserved-code", code=OTHER_EMPLOYER)
        yield from unknown_codes(f"{path}.area", (employer.area,), "areas", areas)


def _check_practices(exam: Exam) -> Iterator[Mistake]:
    practices = {practice.code for practice in exam.practices}
    for number, category in enumerate(exam.categories):
        path = f"categories[{number}].practices"
        yield from duplicates(path, category.practices, "")
        titles = [title.code for title in category.titles]
        yield from duplicates(f"categories[{number}].titles", titles)
        for place, code in enumerate(category.practices):
            yield from unknown_codes(f"{path}[{place}]", (code,), "practices", practices)


def _check_catalogue(exam: Exam) -> Iterator[Mistake]:
    yield from duplicates("catalogue", [specialty.code for specialty in exam.catalogue])
    levels = {level.code for level in exam.levels}
    categories = {category.code for category in exam.categories}
    for number, specialty in enumerate(exam.catalogue):
        path = f"catalogue[{number}]"
        yield from unknown_codes(f"{path}.level", (specialty.level,), "levels", levels)
        of_category = (specialty.category,)
        yield from unknown_codes(f"{path}.category", of_category, "categories", categories)
        if specialty.mode is None and not specialty.discontinued:
            yield Mistake.of(f"{path}.mode", "mode-missing")


def duplicates(path: str, codes: Sequence[str], key: str = ".code") -> Iterator[Mistake]:
    """Yield a mistake for each code that stands in the list before."""
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        before = first.setdefault(code, number)
        if before != number:
            other = f"{path}[{before}]{key}"
            yield Mistake.of(f"{path}[{number}]{key}", "duplicate", other=other, code=code)


def unknown_codes(
    path: str, codes: Iterable[str], of: str, known: Collection[str]
) -> Iterator[Mistake]:
    """Yield a mistake for each code that a list of the exam lacks."""
    for code in codes:
        if code not in known:
            yield Mistake.of(path, "unknown-code", code=code, list=of)


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
