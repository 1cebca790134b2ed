"""The audience of a broadcast in words: the codes that a condition offers, and those chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Final

from states.broadcasts.audience import NO_APPLICATION, Audience, Dimension, Missing, Seen
from states.exam import Area, Exam
from states.records import Stage
from states.staff_roles import Scope
from states.texts import DEFAULT_LOCALE, LOCALES, Text

SHOWN: Final = 12
"""The most codes of a condition in one message."""


def codes(exam: Exam, audience: Audience, dimension: Dimension) -> Sequence[tuple[str, Text | str]]:
    """Return the codes that a condition offers, with their names, within the sender's scopes."""
    match dimension:
        case Dimension.STAGE:
            stages = [(str(one), Text(f"stage-{one}")) for one in Stage]
            whole = Scope() in audience.scopes
            return [*(((NO_APPLICATION, Text("stage-none")),) if whole else ()), *stages]
        case Dimension.AREA:
            return [
                (one.code, one.display_name(DEFAULT_LOCALE))
                for one in exam.areas
                if any(scope.area in ("", one.code) for scope in audience.scopes)
            ]
        case Dimension.SITE:
            return [
                (f"{area.code}/{site.code}", site.display_name(DEFAULT_LOCALE))
                for area in _areas(exam, audience)
                for site in area.sites
                if any(
                    scope.area in ("", area.code) and scope.site in ("", site.code)
                    for scope in audience.scopes
                )
            ]
        case Dimension.SPECIALTY:
            offered = (one for one in exam.catalogue if not one.discontinued)
            return [(one.code, one.display_name(DEFAULT_LOCALE)) for one in offered]
        case Dimension.MISSING:
            return [(str(one), Text(f"missing-{one}")) for one in Missing]
        case Dimension.LANGUAGE:
            return [(one, Text(f"language-name-{one.lower()}")) for one in LOCALES]
        case Dimension.SEEN:
            return [(str(one), Text(f"seen-{one}")) for one in Seen]


def _areas(exam: Exam, audience: Audience) -> list[Area]:
    chosen = audience.of(Dimension.AREA) or tuple(
        scope.area for scope in audience.scopes if scope.area
    )
    return [one for one in exam.areas if one.code in chosen]


def condition(exam: Exam, audience: Audience, dimension: Dimension) -> Text:
    """Return the line of a condition: its name and the chosen codes."""
    name = Text(f"audience-{dimension}")
    chosen = audience.of(dimension)
    if not chosen:
        return Text("audience-any", {"name": name})
    known = dict(codes(exam, audience, dimension))
    named = [known.get(one, one) for one in chosen[:SHOWN]]
    joined = reduce(lambda first, then: Text("audience-or", {"first": first, "then": then}), named)
    more = len(chosen) - len(named)
    return Text("audience-only", {"name": name, "codes": joined, "more": more})


def conditions(exam: Exam, audience: Audience) -> tuple[Text, ...]:
    """Return the lines of all conditions, also of those without a code."""
    return tuple(condition(exam, audience, one) for one in Dimension)


def chosen_lines(exam: Exam, audience: Audience) -> tuple[Text, ...]:
    """Return the lines of the conditions with a code; one line for an audience without any."""
    chosen = tuple(condition(exam, audience, one) for one in Dimension if audience.of(one))
    return (Text("audience-to"), *chosen) if chosen else (Text("audience-to-all"),)
