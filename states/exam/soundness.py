"""Whether the parts of an exam fit together; each mistake is named by its key path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from states.exam.definition import Exam
from states.exam.places import OTHER_EMPLOYER, Area, Confirmation


def find_mistakes(exam: Exam) -> Iterator[str]:
    """One line a mistake, such as ``areas[3].sites[2].code: …``."""
    # Codes are kept under the exam's key: a copy with an old key would take another year's codes.
    if not exam.key.endswith(str(exam.year)):
        yield f"key: must end with the year, as in health-{exam.year}"
    yield from _order(exam)
    yield from _twins("id_types", exam.id_types, "")
    yield from _twins("subjects", [subject.code for subject in exam.subjects])
    yield from _twins("levels", [level.code for level in exam.levels])
    yield from _twins("practices", [practice.code for practice in exam.practices])
    yield from _twins("categories", [category.code for category in exam.categories])
    yield from _twins("ethnicities", [ethnicity.code for ethnicity in exam.ethnicities])
    yield from _twins("areas", [area.code for area in exam.areas])
    for number, area in enumerate(exam.areas):
        yield from _of_area(f"areas[{number}]", area)
    yield from _of_employers(exam)
    yield from _of_practices(exam)
    yield from _of_catalogue(exam)


def _order(exam: Exam) -> Iterator[str]:
    """A slip in one year shows here: what comes later in the process does not open earlier."""
    all_of_it = exam.windows
    in_turn = {
        "registration": all_of_it.registration,
        "confirmation": all_of_it.confirmation,
        "review": all_of_it.review,
        "payment": all_of_it.payment,
        "tickets": all_of_it.tickets,
    }
    for (before, earlier), (name, later) in pairwise(in_turn.items()):
        if later.opens < earlier.opens:
            yield f"windows.{name}.opens: before windows.{before}.opens"
    if all_of_it.reupload.opens < all_of_it.confirmation.opens:
        yield "windows.reupload.opens: before windows.confirmation.opens"
    if all_of_it.exam_days.dates[0] < exam.today(all_of_it.tickets.opens):
        yield "windows.exam_days.dates[0]: before windows.tickets.opens"


def _of_area(path: str, area: Area) -> Iterator[str]:
    yield from _twins(f"{path}.materials", [material.code for material in area.materials])
    yield from _twins(f"{path}.sites", [site.code for site in area.sites])
    confirms_online = area.confirmation is Confirmation.ONLINE
    if confirms_online and not area.materials:
        yield f"{path}.materials: required where confirmation is online"
    for number, site in enumerate(area.sites):
        below = f"{path}.sites[{number}].points"
        yield from _twins(below, [point.code for point in site.points])
        # Guide, part 2, page (1): 报名点 is required where the area confirms online.
        if confirms_online and not site.points:
            yield f"{below}: required where confirmation is online"


def _of_employers(exam: Exam) -> Iterator[str]:
    yield from _twins("employers", [employer.code for employer in exam.employers])
    for number, employer in enumerate(exam.employers):
        path = f"employers[{number}]"
        if employer.code == OTHER_EMPLOYER:
            yield f"{path}.code: reserved for what is not in the list: {OTHER_EMPLOYER}"
        if exam.area(employer.area) is None:
            yield f"{path}.area: not among areas: {employer.area}"


def _of_practices(exam: Exam) -> Iterator[str]:
    practices = {practice.code for practice in exam.practices}
    for number, category in enumerate(exam.categories):
        path = f"categories[{number}].practices"
        yield from _twins(path, category.practices, "")
        for place, code in enumerate(category.practices):
            if code not in practices:
                yield f"{path}[{place}]: not among practices: {code}"


def _of_catalogue(exam: Exam) -> Iterator[str]:
    yield from _twins("catalogue", [specialty.code for specialty in exam.catalogue])
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


def _twins(path: str, codes: Sequence[str], key: str = ".code") -> Iterator[str]:
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        before = first.setdefault(code, number)
        if before != number:
            yield f"{path}[{number}]{key}: the same as {path}[{before}]{key}: {code}"
