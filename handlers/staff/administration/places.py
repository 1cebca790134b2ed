"""The places of the exam that a role or a group is for: what they are called, and the choice.

Whoever gives a role away chooses among what they administer themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from states.exam import Area, Exam, Point, Site
from states.staff import SCOPE_LEVELS, Role, RoleAssignment, Scope
from states.texts import Text

AT = ("area", "site", "point")
"""The keys of a scope in a place, the widest first."""


def called(exam: Exam, scope: Scope, locale: str) -> Text | str:
    """The narrowest place of a scope with those around it; its codes where they are gone."""
    if not scope.area:
        return Text("scope-everything")
    area = exam.area(scope.area)
    site = area.site(scope.site) if area else None
    point = site.point(scope.point) if site else None
    known = ((scope.area, area), (scope.site, site), (scope.point, point))
    return " · ".join(
        place.display_name(locale) if place else code for code, place in known if code
    )


def scope_of(at: Mapping[str, str]) -> Scope:
    """The scope that a place names, as far as it goes."""
    return Scope(*(at.get(key, "") for key in AT))


def codes_of(scope: Scope) -> dict[str, str]:
    """A scope as a place names it."""
    codes = zip(AT, (scope.area, scope.site, scope.point), strict=True)
    return {key: code for key, code in codes if code}


def next_level(at: Mapping[str, str]) -> str | None:
    """What is to be chosen next for the role, or for what is no role; None if nothing is."""
    levels = SCOPE_LEVELS[Role(at["role"])] if at.get("role") in SCOPE_LEVELS else AT
    return next((level for level in levels if level not in at), None)


def may_end_here(at: Mapping[str, str]) -> bool:
    """Whether all of the place chosen so far can be meant."""
    return at.get("role") not in SCOPE_LEVELS


def options(
    exam: Exam, assignments: Iterable[RoleAssignment], at: Mapping[str, str], level: str
) -> Sequence[Area | Site | Point]:
    """What of the next level lies in the reader's hands, or leads to something that does."""
    known, held = (
        scope_of(at),
        [assignment for assignment in assignments if assignment.role is Role.ADMINISTRATOR],
    )
    return [one for one in _at(exam, known, level) if _reaches(held, {**at, level: one.code})]


def _at(exam: Exam, known: Scope, level: str) -> Sequence[Area | Site | Point]:
    if level == "area":
        return exam.areas
    area = exam.area(known.area)
    if level == "site":
        return area.sites if area else ()
    site = area.site(known.site) if area else None
    return site.points if site else ()


def _reaches(held: Iterable[RoleAssignment], at: Mapping[str, str]) -> bool:
    wanted = scope_of(at)
    return any(
        assignment.scope.contains(wanted) or wanted.contains(assignment.scope)
        for assignment in held
    )


def can_give(assignments: Iterable[RoleAssignment], role: Role) -> bool:
    """Whether anybody with these seats can give this role away somewhere."""
    depth = len(SCOPE_LEVELS.get(role, AT))
    return any(
        assignment.role is Role.ADMINISTRATOR and len(codes_of(assignment.scope)) <= depth
        for assignment in assignments
    )


def administers(assignments: Iterable[RoleAssignment], scope: Scope) -> bool:
    """Whether all of this scope lies in the hands of whoever has these seats."""
    return any(assignment.administers(scope) for assignment in assignments)
