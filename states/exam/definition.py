"""The whole of one exam."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from states.exam.catalogue import Category, Specialty
from states.exam.data import MAX_PLACES, Code, Coded, Data, Named
from states.exam.places import Area, Employer
from states.exam.windows import Windows
from states.identity import IdType
from states.photo import PhotoRule

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Terms(Data):
    """What has to be agreed to before the form: notice, declaration and pledge."""

    version: str = Field(pattern=r"^[a-z0-9.-]{1,50}$")
    sample: bool
    notice: str
    notice_en: str
    declaration: str
    declaration_en: str
    pledge: str
    pledge_en: str

    def in_language(self, locale: str) -> tuple[str, str, str]:
        """Notice, declaration and pledge for a reader of this language."""
        if locale == "en":
            return self.notice_en, self.declaration_en, self.pledge_en
        return self.notice, self.declaration, self.pledge


class Exam(Named):
    """One exam of one year. ``sample`` says that parts of it are invented.

    ``form_version`` grows when the authority's form changes, as it is printed on the form.
    """

    key: Code
    year: int = Field(ge=2020, le=2100)
    zone: str
    sample: bool
    source: str
    form_version: int = Field(ge=1)
    windows: Windows
    terms: Terms
    id_types: tuple[IdType, ...] = Field(min_length=1)
    photo: PhotoRule
    subjects: tuple[Coded, ...] = Field(min_length=1)
    levels: tuple[Coded, ...] = Field(min_length=1)
    practices: tuple[Coded, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    ethnicities: tuple[Coded, ...] = Field(min_length=1)
    areas: tuple[Area, ...] = Field(min_length=1, max_length=MAX_PLACES)
    employers: tuple[Employer, ...] = ()
    catalogue: tuple[Specialty, ...] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            raise ValueError("no such time zone; an example: Asia/Shanghai") from None
        return zone

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone that its people live in."""
        return ZoneInfo(self.zone)

    def today(self, now: datetime) -> date:
        """The calendar day at ``now`` in the exam's zone."""
        return now.astimezone(self.tz).date()

    def area(self, code: str) -> Area | None:
        """The area of this code."""
        return self._areas.get(code)

    def employers_in(self, area: str) -> tuple[Employer, ...]:
        """The employers of this area, in the order of the list."""
        return self._employers.get(area, ())

    def specialty(self, code: str) -> Specialty | None:
        """The specialty of this code, if it can be chosen."""
        return self._offered.get(code)

    def specialties(self, category: str, level: str) -> tuple[Specialty, ...]:
        """What can be chosen in this category at this level (guide (4), note 1)."""
        return self._specialties.get((category, level), ())

    # Every message asks for some of these several times: looked through once, looked up after.

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def _employers(self) -> dict[str, tuple[Employer, ...]]:
        return _grouped(self.employers, lambda employer: employer.area)

    @cached_property
    def _offered(self) -> dict[str, Specialty]:
        return {one.code: one for one in self.catalogue if not one.discontinued}

    @cached_property
    def _specialties(self) -> dict[tuple[str, str], tuple[Specialty, ...]]:
        return _grouped(self._offered.values(), lambda one: (one.category, one.level))


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {of: tuple(group) for of, group in groups.items()}
