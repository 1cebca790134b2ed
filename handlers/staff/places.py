"""What a scope is called: the places of the exam that a role or a group is for."""

from __future__ import annotations

from states.exam import Exam
from states.staff import Scope
from states.texts import Text


def called(exam: Exam, scope: Scope, locale: str) -> Text | str:
    """The narrowest place of a scope with those around it; its codes where they are gone."""
    if not scope.area:
        return Text("scope-everything")
    area = exam.area(scope.area)
    site = area.site(scope.site) if area else None
    point = site.point(scope.point) if site else None
    known = ((scope.area, area), (scope.site, site), (scope.point, point))
    return " · ".join(place.called(locale) if place else code for code, place in known if code)
