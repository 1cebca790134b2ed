"""The scope of a role or a group: its name, the choice of its levels, and who administers it.

An administrator gives roles only inside the scopes that they administer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from states.exam import Area, Exam, Point, Site
from states.staff_roles import SCOPE_LEVELS, Invite, Role, RoleAssignment, Scope
from states.texts import Argument, Text
from storage.staff.access.staff_view import StaffView

SCOPE_KEYS = ("area", "site", "point")
"""The keys of a scope in position data, the widest first."""


def called(exam: Exam, scope: Scope, locale: str) -> Text | str:
    """Return the names of a scope's places; the code of a place that the exam lacks."""
    if not scope.area:
        return Text("scope-everything")
    places = exam.places_of(scope)
    return " · ".join(
        place.display_name(locale) if place else code for code, place in places if code
    )


def scope_of(data: Mapping[str, str]) -> Scope:
    """Return the scope that position data names."""
    return Scope(*(data.get(key, "") for key in SCOPE_KEYS))


def codes_of(scope: Scope) -> dict[str, str]:
    """Return a scope as position data."""
    codes = zip(SCOPE_KEYS, (scope.area, scope.site, scope.point), strict=True)
    return {key: code for key, code in codes if code}


def next_level(data: Mapping[str, str]) -> str | None:
    """Return the next level to choose for the role or the group; None at the narrowest."""
    levels = SCOPE_LEVELS[Role(data["role"])] if data.get("role") in SCOPE_LEVELS else SCOPE_KEYS
    return next((level for level in levels if level not in data), None)


def may_end_here(data: Mapping[str, str]) -> bool:
    """Return whether the scope chosen so far can be meant as a whole."""
    return data.get("role") not in SCOPE_LEVELS


def options(
    exam: Exam, assignments: Iterable[RoleAssignment], data: Mapping[str, str], level: str
) -> Sequence[Area | Site | Point]:
    """Return the places of a level that the reader administers, or that contain such a place."""
    administered = [one.scope for one in assignments if one.role is Role.ADMINISTRATOR]

    def is_offered(code: str) -> bool:
        wanted = scope_of({**data, level: code})
        return any(own.contains(wanted) or wanted.contains(own) for own in administered)

    return [one for one in _places(exam, scope_of(data), level) if is_offered(one.code)]


def _places(exam: Exam, known: Scope, level: str) -> Sequence[Area | Site | Point]:
    if level == "area":
        return exam.areas
    if level == "site":
        area = exam.area(known.area)
        return area.sites if area else ()
    site = exam.site(known.area, known.site)
    return site.points if site else ()


def is_administrator(assignments: Iterable[RoleAssignment]) -> bool:
    """Return whether one of these roles is the administrator's."""
    return any(assignment.role is Role.ADMINISTRATOR for assignment in assignments)


def role_data(given: RoleAssignment | Invite) -> dict[str, str]:
    """Return a role and its scope as position data."""
    return {"role": str(given.role), **codes_of(given.scope)}


def role_args(view: StaffView, given: RoleAssignment | Invite | None = None) -> dict[str, Argument]:
    """Return a role and its scope, else those of the position data, as arguments of a message."""
    role, scope = (given.role, given.scope) if given else (view.data["role"], scope_of(view.data))
    return {"role": Text(f"role-{role}"), "scope": called(view.exam, scope, view.locale)}


def can_give(assignments: Iterable[RoleAssignment], role: Role) -> bool:
    """Return whether an account with these roles can give this role for some scope."""
    depth = len(SCOPE_LEVELS.get(role, SCOPE_KEYS))
    return any(
        assignment.role is Role.ADMINISTRATOR and len(codes_of(assignment.scope)) <= depth
        for assignment in assignments
    )


def administers(assignments: Iterable[RoleAssignment], scope: Scope) -> bool:
    """Return whether an account with these roles administers all of this scope."""
    return any(assignment.administers(scope) for assignment in assignments)
