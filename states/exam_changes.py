"""Differences of two definitions of one exam, and the applications that each one touches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from states.exam import CodesInUse, Exam
from states.records import Stage


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs, by its key path; None where it is missing.

    Items of lists are named by their codes: ``areas[qinghai].sites[xining].contact``.
    """

    path: str
    before: str | None
    after: str | None

    def touches(self, used: CodesInUse) -> bool:
        """Return whether an application with these codes depends on the value."""
        chosen = {
            "areas": used.area,
            "sites": used.site,
            "points": used.point,
            "catalogue": used.specialty,
        }
        named = dict(_ITEM.findall(self.path))
        return all(chosen[key] == code for key, code in named.items() if key in chosen)


@dataclass(frozen=True, slots=True)
class MovedEnd:
    """A window that ends at another moment, and the stages whose candidates have to act in it."""

    window: str
    before: datetime
    after: datetime
    stages: tuple[Stage, ...]


STAGES_BY_WINDOW: Final[Mapping[str, tuple[Stage, ...]]] = {
    "registration": (Stage.DRAFT,),
    "confirmation": (Stage.SUBMITTED,),
    "reupload": (Stage.CONFIRM_REFUSED,),
    "review": (Stage.REVIEW_REFUSED,),
    "payment": (Stage.APPROVED,),
    "tickets": (Stage.REGISTERED,),
}
"""The windows, and the stages at which candidates act in them."""


def moved_ends(old: Exam, new: Exam) -> Iterator[MovedEnd]:
    """Yield the windows that end at another moment: a deadline that moves is told once."""
    for window, stages in STAGES_BY_WINDOW.items():
        before: datetime = getattr(old.windows, window).closes
        after: datetime = getattr(new.windows, window).closes
        if before != after:
            yield MovedEnd(window, before, after, stages)


_ITEM = re.compile(r"(\w+)\[([^\]]*)\]")


def differences(old: Exam, new: Exam) -> Iterator[Difference]:
    """Yield the values that differ, in the order of the new definition, removed ones last."""
    before = dict(_values(old.model_dump(mode="json"), ""))
    after = dict(_values(new.model_dump(mode="json"), ""))
    for path in [*after, *(path for path in before if path not in after)]:
        if before.get(path) != after.get(path):
            yield Difference(path, before.get(path), after.get(path))


def _values(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each value with its path; an empty list or dictionary has none."""
    match data:
        case Mapping():
            for key, value in data.items():
                yield from _values(value, f"{path}.{key}" if path else str(key))
        case list():
            for number, item in enumerate(data):
                name = item.get("code", number) if isinstance(item, Mapping) else number
                yield from _values(item, f"{path}[{name}]")
        case None:
            return
        case _:
            yield path, str(data)
