"""The linter of exam definitions: what is valid, and yet costs candidates their year.

``states.exam.parsing`` finds contradictions, and an exam with one is refused. A finding is a
suspicion: the authority may have a reason for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import ClassVar, Final

from states.eligibility import Target, clauses_for
from states.exam import Area, Confirmation, Decider, Exam, Payment, Point, Site, Window
from states.staff_roles import Desk
from states.texts import Mistake, Text

IsWorkday = Callable[[date], bool | None]
"""Whether offices work on a day; None for a year whose holidays are not published yet."""

SILENT_HOURS: Final = (time(0, 1), time(8))
"""Between these nobody can be asked. Midnight itself ends a day, as notices mean it."""
SHORT: Final = timedelta(days=3)
"""A time to act that is shorter than this is easily missed. A rule of the project."""
MANY_CHECKS: Final = 0.3
"""A larger part of decisions that are read twice costs a desk a third of its time. A guess."""
SHORT_CHANGE: Final = timedelta(days=2)
"""A late change that is open for less is missed by who looks every other day."""
ODD_FEE: Final = 30000
"""Fen per subject; published fees are below 100 yuan."""
SMALL_KB: Final = 200
"""A scan of A4 that a reader can read has more."""


class Finding(Mistake):
    """A suspicion, as the linter tells it beside the mistakes."""

    __slots__ = ()
    family: ClassVar[str] = "lint"


def findings(exam: Exam, is_workday: IsWorkday) -> Iterator[Finding]:
    """Yield what is suspicious, in the order of the definition."""
    yield from _windows(exam, is_workday)
    yield from _order(exam)
    yield from _lists(exam)
    yield from _eligibility(exam)
    for area in exam.areas:
        yield from _area(exam, area)
        yield from _late_changes(exam, area)
    yield from _spot_checks(exam)
    yield from _samples(exam)
    yield from _english(exam)


# --- times ---------------------------------------------------------------------------------------


def _acting(exam: Exam) -> dict[str, Window]:
    """Return the windows in which somebody must act before they close."""
    windows = exam.windows
    return {
        "registration": windows.registration,
        "confirmation": windows.confirmation,
        "reupload": windows.reupload,
        "review": windows.review,
        "payment": windows.payment,
    }


def _windows(exam: Exam, is_workday: IsWorkday) -> Iterator[Finding]:
    for name, window in _acting(exam).items():
        path = f"windows.{name}"
        closes = window.closes.astimezone(exam.tz)
        last = exam.today(window.last_minute)
        if SILENT_HOURS[0] <= closes.time() < SILENT_HOURS[1]:
            yield Finding.of(f"{path}.closes", "closes-at-night", closes=window.closes)
        works = is_workday(last)
        if works is None:
            yield Finding.of(f"{path}.closes", "holidays-unknown", year=str(last.year))
        elif not works:
            yield Finding.of(f"{path}.closes", "closes-on-holiday", day=last)
        if window.closes - window.opens < SHORT:
            yield Finding.of(path, "short-window", days=SHORT.days)


def _order(exam: Exam) -> Iterator[Finding]:
    """Yield pairs of windows of which one ends before it can have been used."""
    windows = exam.windows
    for path, rule, late, needed in (
        ("confirmation.closes", "no-time-to-confirm", windows.confirmation, windows.registration),
        ("reupload.closes", "no-time-to-correct", windows.reupload, windows.confirmation),
        ("review.closes", "no-time-to-review", windows.review, windows.reupload),
    ):
        if late.closes < needed.closes:
            yield Finding.of(f"windows.{path}", rule, closes=late.closes, other=needed.closes)
    if windows.payment.closes - windows.review.closes < SHORT:
        yield Finding.of("windows.payment.closes", "no-time-to-pay", days=SHORT.days)
    if windows.tickets.opens < windows.payment.closes:
        yield Finding.of("windows.tickets.opens", "tickets-before-payment")
    first = exam.windows.exam_days.dates[0]
    if exam.today(windows.tickets.opens) >= first:
        yield Finding.of("windows.tickets.opens", "tickets-on-exam-day", day=first)


# --- lists ---------------------------------------------------------------------------------------


def _lists(exam: Exam) -> Iterator[Finding]:
    for number, category in enumerate(exam.categories):
        if not any(exam.specialties(category.code, level.code) for level in exam.levels):
            yield Finding.of(f"categories[{number}]", "empty-category", name=category.name)
    for number, level in enumerate(exam.levels):
        if not any(exam.specialties(category.code, level.code) for category in exam.categories):
            yield Finding.of(f"levels[{number}]", "empty-level", name=level.name)
    used = {code for category in exam.categories for code in category.practices}
    for number, practice in enumerate(exam.practices):
        if practice.code not in used:
            yield Finding.of(f"practices[{number}]", "unused-practice", name=practice.name)


def _eligibility(exam: Exam) -> Iterator[Finding]:
    rules = exam.eligibility
    if rules is None:
        return
    if (rules.reference + timedelta(days=1)).day != 1:
        yield Finding.of("eligibility.reference", "reference-within-month", day=rules.reference)
    if rules.reference.year + rules.year_offset != exam.year:
        yield Finding.of("eligibility.reference", "reference-of-another-year", year=str(exam.year))
    for category in exam.categories:
        for level in exam.levels:
            offered = exam.specialties(category.code, level.code)
            if offered and not clauses_for(rules, Target(category.code, level.code)):
                names = {"category": category.name, "level": level.name}
                yield Finding.of("eligibility.clauses", "no-clause", **names)


# --- places --------------------------------------------------------------------------------------


def _area(exam: Exam, area: Area) -> Iterator[Finding]:
    path = f"areas[{exam.areas.index(area)}]"
    yield from _fee(area, f"{path}.fee")
    for number, material in enumerate(area.materials):
        if material.max_kb < SMALL_KB:
            yield Finding.of(
                f"{path}.materials[{number}].max_kb",
                "small-material",
                name=material.name,
                limit=material.max_kb,
            )
    if area.materials and area.confirmation is not Confirmation.ONLINE:
        yield Finding.of(f"{path}.materials", "materials-on-site", name=area.name)
    for desk in Desk:
        rule = area.refusals.at(desk)
        if rule.definite and not rule.allowed:
            key = f"{path}.refusals.{desk.replace('-', '_')}.definite"
            desk_name = Text(f"desk-{desk}")
            yield Finding.of(key, "definite-needless", name=area.name, desk=desk_name)
    if not exam.employers_in(area.code):
        yield Finding.of("employers", "no-employers", name=area.name)
    places: dict[str, Area | Site | Point] = {
        "": area,
        **{f".sites[{n}]": site for n, site in enumerate(area.sites)},
    }
    for number, site in enumerate(area.sites):
        places |= {f".sites[{number}].points[{n}]": one for n, one in enumerate(site.points)}
    for below, place in places.items():
        if not any(sign.isdecimal() for sign in place.contact):
            yield Finding.of(f"{path}{below}.contact", "no-telephone", name=place.name)


def _fee(area: Area, path: str) -> Iterator[Finding]:
    ways = {area.payment, *(site.payment for site in area.sites if site.payment)}
    if ways != {Payment.NONE} and not area.fee.per_subject:
        yield Finding.of(path, "no-fee", name=area.name)
    if area.fee.per_subject > ODD_FEE:
        yield Finding.of(path, "odd-fee", name=area.name, yuan=f"{area.fee.per_subject / 100:.2f}")
    if not area.fee.sample and not area.fee.source:
        yield Finding.of(path, "fee-without-source", name=area.name)


def _late_changes(exam: Exam, area: Area) -> Iterator[Finding]:
    """Yield what makes a late change useless, or costs its candidate the payment."""
    rules, windows = exam.late_changes_in(area.code), exam.windows
    is_own = area.late_changes is not None
    first = next((one for one in exam.areas if one.late_changes is None), None)
    if not rules.fields or not (is_own or area is first):
        return  # the exam's own rules are looked at once
    path = f"areas[{exam.areas.index(area)}].late_changes" if is_own else "late_changes"
    name, closes = area.name if is_own else exam.name, exam.late_changes_close(area.code)
    if closes > windows.review.closes:
        ends = {"closes": closes, "review": windows.review.closes}
        yield Finding.of(f"{path}.closes", "late-change-unanswerable", name=name, **ends)
    until = closes + timedelta(days=rules.days + 1)
    if until > windows.payment.closes:
        ends = {"until": until, "closes": windows.payment.closes}
        yield Finding.of(f"{path}.days", "late-change-misses-payment", name=name, **ends)
    if rules.decides is Decider.SITE and "site" in rules.fields:
        yield Finding.of(f"{path}.fields", "late-change-moves-site", name=name)
    if timedelta(days=rules.days) < SHORT_CHANGE:
        yield Finding.of(f"{path}.days", "late-change-short", name=name, days=rules.days)


def _spot_checks(exam: Exam) -> Iterator[Finding]:
    """Yield rates that keep a desk from its work, or that say nothing of its agreement."""
    for desk in Desk:
        rates, key = exam.spot_checks.at(desk), f"spot_checks.{desk.replace('-', '_')}"
        name = Text(f"desk-{desk}")
        if rates.approved > MANY_CHECKS:
            percent = round(100 * rates.approved)
            yield Finding.of(f"{key}.approved", "spot-checks-many", desk=name, percent=percent)
        if bool(rates.approved) is not bool(rates.refused):
            yield Finding.of(key, "spot-checks-one-sided", desk=name)


# --- samples and languages -----------------------------------------------------------------------


def _samples(exam: Exam) -> Iterator[Finding]:
    """Yield the parts that are samples in an exam that says it is none."""
    if exam.sample:
        return
    windows = exam.windows
    parts = {f"windows.{name}": window.sample for name, window in _acting(exam).items()}
    parts |= {
        "windows.tickets": windows.tickets.sample,
        "windows.exam_days": windows.exam_days.sample,
        "terms": exam.terms.sample,
    }
    if exam.spot_checks.draws:
        parts["spot_checks"] = exam.spot_checks.sample
    if exam.late_changes.fields:
        parts["late_changes"] = exam.late_changes.sample
    parts |= {f"areas[{number}]": area.sample for number, area in enumerate(exam.areas)}
    parts |= {f"areas[{n}].fee": area.fee.sample for n, area in enumerate(exam.areas)}
    if exam.eligibility is not None:
        parts["eligibility"] = exam.eligibility.sample
    yield from (Finding.of(path, "still-a-sample") for path, sample in parts.items() if sample)


def _english(exam: Exam) -> Iterator[Finding]:
    lists = {
        "subjects": exam.subjects,
        "levels": exam.levels,
        "practices": exam.practices,
        "categories": exam.categories,
        "areas": exam.areas,
        "catalogue": tuple(one for one in exam.catalogue if not one.discontinued),
    }
    for path, items in lists.items():
        missing = [one.name for one in items if not one.name_en]
        if missing:
            yield Finding.of(path, "no-english", count=len(missing), first=missing[0])
