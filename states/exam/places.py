"""Where a candidate registers: areas with their rules, sites and points."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Final

from pydantic import Field, model_validator

from states.exam.data import MAX_PLACES, Code, Coded, Data, Named
from states.records import Stage
from states.staff import DESK_BY_STAGE, Desk

MAX_FILE_KB: Final = 20 * 1024
"""KB of the largest file that a bot can fetch: https://core.telegram.org/bots/api#getfile"""

OTHER_EMPLOYER: Final = "other"
"""Stands for an employer that is not in the list (其它: guide (6)); no employer has this code."""


class Confirmation(StrEnum):
    """How an area confirms registrations (guide, part 4)."""

    ON_SITE = "on-site"
    ONLINE = "online"


class Payment(StrEnum):
    """How the fee is taken (guide, part 6)."""

    MOBILE = "mobile"
    DESKTOP = "desktop"
    NONE = "none"


class FileFormat(StrEnum):
    """What a material may be uploaded as."""

    JPG = "JPG"
    PNG = "PNG"
    PDF = "PDF"
    HEIC = "HEIC"


class Fee(Data):
    """What one subject costs, in fen; ``source`` says where and for what year it was published."""

    per_subject: int = Field(ge=0)
    sample: bool = True
    source: str = ""


class Material(Coded):
    """A paper (证明材料) to be uploaded where the area confirms online (guide, part 2).

    ``max_kb`` is the size of one file, in KB of 1024 bytes.
    """

    required: bool
    formats: tuple[FileFormat, ...] = Field(min_length=1)
    max_kb: int = Field(ge=1, le=MAX_FILE_KB)
    max_files: int = Field(ge=1, le=20)


class Employer(Coded):
    """An employer (单位) of an area, found by its name (guide (6)); ``area`` is the area's code."""

    area: Code


class Supplement(Data):
    """What can follow a refusal: whether it may be supplemented, and to which stage that returns.

    Nothing said of the stage means the one that was refused. ``returns_to`` an earlier one has
    what was mended looked at again from there on.
    """

    allowed: bool = True
    returns_to: Stage | None = None


class Refusals(Data):
    """What follows a refusal at each desk (guide, part 4; of the reviews it says nothing)."""

    confirmation: Supplement = Supplement()
    site_review: Supplement = Supplement()
    area_review: Supplement = Supplement()
    sample: bool = True

    @model_validator(mode="after")
    def _never_forward(self) -> Refusals:
        for desk in Desk:
            to, possible = self.at(desk).returns_to, _UP_TO[desk]
            if to is not None and to not in possible:
                raise ValueError(f"{desk}: returns_to must be one of {', '.join(possible)}")
        return self

    def at(self, desk: Desk) -> Supplement:
        """The rule of a desk."""
        return {
            Desk.CONFIRMATION: self.confirmation,
            Desk.SITE_REVIEW: self.site_review,
            Desk.AREA_REVIEW: self.area_review,
        }[desk]

    def returns_to(self, desk: Desk) -> Stage:
        """The stage at which what was refused at a desk stands once it is handed in again."""
        return self.at(desk).returns_to or _UP_TO[desk][-1]


_WAITING: Final = tuple(DESK_BY_STAGE)
_UP_TO: Final[Mapping[Desk, tuple[Stage, ...]]] = {
    desk: _WAITING[: number + 1] for number, desk in enumerate(DESK_BY_STAGE.values())
}
"""The stages at which an application waits, up to that of each desk."""


class Point(Named):
    """A point (报名点) of a site: confirms in its stead, where there is one."""

    code: Code
    address: str
    contact: str


class Site(Named):
    """A site (考点): where a candidate registers, confirms and sits the exam.

    ``payment`` is set where it differs from the area's (domain §7: 贵州省直考点).
    """

    code: Code
    address: str
    contact: str
    payment: Payment | None = None
    points: tuple[Point, ...] = Field(default=(), max_length=MAX_PLACES)

    def point(self, code: str) -> Point | None:
        """The point of this code."""
        return self._points.get(code)

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.code: point for point in self.points}


class Area(Named):
    """An area (考区): its rules and its sites.

    ``sample`` tells of everything in it that says nothing of its own; ``source`` of what is known.
    """

    code: Code
    confirmation: Confirmation
    payment: Payment
    fee: Fee
    contact: str
    sample: bool = True
    source: str = ""
    materials: tuple[Material, ...] = ()
    refusals: Refusals = Refusals()
    sites: tuple[Site, ...] = Field(min_length=1, max_length=MAX_PLACES)

    def site(self, code: str) -> Site | None:
        """The site of this code."""
        return self._sites.get(code)

    def payment_at(self, code: str) -> Payment:
        """How the fee is taken at this site; as in the whole area while none is chosen."""
        site = self.site(code)
        return site.payment if site and site.payment else self.payment

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.code: site for site in self.sites}
