"""The places of registration: areas with their rules, sites and points."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Final

from pydantic import Field, field_validator, model_validator

from states.exam.data import MAX_PLACES, Code, Coded, Data, Named, known_zone
from states.exam.late_change_rules import LateChangeRules
from states.records import Stage
from states.staff_roles import DESK_BY_STAGE, Desk
from states.texts import none_of

MAX_FILE_KB: Final = 20 * 1024
"""KB of the largest file that a bot can download: https://core.telegram.org/bots/api#getfile"""

OTHER_EMPLOYER: Final = "other"
"""Code of an employer outside the list (其它, guide (6)); no listed employer has it."""


class Confirmation(StrEnum):
    """The ways of confirming registrations (guide, part 4)."""

    ON_SITE = "on-site"
    ONLINE = "online"


class Payment(StrEnum):
    """The ways of paying the fee (guide, part 6)."""

    MOBILE = "mobile"
    DESKTOP = "desktop"
    NONE = "none"


class PaymentWay(StrEnum):
    """The ways in which money comes in. ``DESKTOP`` is the area's own platform, known by file."""

    TELEGRAM = "telegram"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    DESKTOP = "desktop"


class FileFormat(StrEnum):
    """The file formats of materials."""

    JPG = "JPG"
    PNG = "PNG"
    PDF = "PDF"
    HEIC = "HEIC"


class Fee(Data):
    """The fee per subject in fen; ``source`` names the publication and its year."""

    per_subject: int = Field(ge=0)
    sample: bool = True
    source: str = ""
    source_en: str = ""


class Material(Coded):
    """A material (证明材料) to upload where the area confirms online (guide, part 2).

    ``max_kb`` is the largest size of one file, in KB of 1024 bytes. One that ``expires`` can be
    refused for that; a degree never is.
    """

    required: bool
    formats: tuple[FileFormat, ...] = Field(min_length=1)
    max_kb: int = Field(ge=1, le=MAX_FILE_KB)
    max_files: int = Field(ge=1, le=20)
    expires: bool = True


class Employer(Coded):
    """An employer (单位), searched by name (guide (6)); ``area`` is the code of its area."""

    area: Code


class Supplement(Data):
    """The rule after a refusal: whether the candidate may correct it, and the stage afterwards.

    Without ``returns_to`` it is the refused stage; an earlier one repeats the decisions from there.
    ``definite``: this desk may also refuse for good, with a second look by somebody else.
    """

    allowed: bool = True
    definite: bool = False
    returns_to: Stage | None = None


class Refusals(Data):
    """The rules after a refusal by desk (guide, part 4, of the confirmation only)."""

    confirmation: Supplement = Supplement()
    site_review: Supplement = Supplement()
    area_review: Supplement = Supplement()
    sample: bool = True

    @model_validator(mode="after")
    def _never_forward(self) -> Refusals:
        for desk in Desk:
            to, possible = self.at(desk).returns_to, _UP_TO[desk]
            if to is not None and to not in possible:
                key = f"{desk.replace('-', '_')}.returns_to"
                raise ValueError(none_of(key, to, possible))
        return self

    def at(self, desk: Desk) -> Supplement:
        """Return the rule of a desk."""
        return {
            Desk.CONFIRMATION: self.confirmation,
            Desk.SITE_REVIEW: self.site_review,
            Desk.AREA_REVIEW: self.area_review,
        }[desk]

    def returns_to(self, desk: Desk) -> Stage:
        """Return the stage of a resubmitted application that this desk refused."""
        return self.at(desk).returns_to or _UP_TO[desk][-1]


_WAITING: Final = tuple(DESK_BY_STAGE)
_UP_TO: Final[Mapping[Desk, tuple[Stage, ...]]] = {
    desk: _WAITING[: number + 1] for number, desk in enumerate(DESK_BY_STAGE.values())
}
"""The stages up to that of each desk at which an application waits for a decision."""


class Place(Named):
    """A place to go to: address and contact, and the hours of its counter as announced.

    ``hours`` are such as "工作日 9:00–17:00". Without English words the Chinese ones are shown,
    marked as such.
    """

    code: Code
    address: str
    address_en: str = ""
    contact: str
    contact_en: str = ""
    hours: str = ""
    hours_en: str = ""


class Point(Place):
    """A point (报名点) of a site, which confirms in its place."""


class Site(Place):
    """A site (考点), where candidates register, confirm and sit the exam.

    ``payment`` is set if it differs from the area's (domain §7: 贵州省直考点).
    """

    payment: Payment | None = None
    points: tuple[Point, ...] = Field(default=(), max_length=MAX_PLACES)

    def point(self, code: str) -> Point | None:
        """Return the point of this code."""
        return self._points.get(code)

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.code: point for point in self.points}


class Area(Named):
    """An area (考区): its rules and its sites.

    ``sample`` applies to all parts without a ``sample`` of their own; ``source`` names the sources.
    ``ways`` are those in which candidates pay here, the first one offered first.
    ``zone`` is set if its people live by another clock than the exam's: the night of reminders.
    ``late_changes`` are set if they differ from the exam's.
    """

    code: Code
    zone: str = ""
    confirmation: Confirmation
    payment: Payment
    ways: tuple[PaymentWay, ...] = ()
    fee: Fee
    contact: str
    contact_en: str = ""
    sample: bool = True
    source: str = ""
    materials: tuple[Material, ...] = ()
    refusals: Refusals = Refusals()
    late_changes: LateChangeRules | None = None
    sites: tuple[Site, ...] = Field(min_length=1, max_length=MAX_PLACES)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        return known_zone(zone) if zone else zone

    def site(self, code: str) -> Site | None:
        """Return the site of this code."""
        return self._sites.get(code)

    def payment_at(self, code: str) -> Payment:
        """Return how this site takes the fee; without a site, how the area does."""
        site = self.site(code)
        return site.payment if site and site.payment else self.payment

    def ways_at(self, code: str) -> tuple[PaymentWay, ...]:
        """Return the ways in which candidates of this site pay here; none where they cannot."""
        return self.ways if self.payment_at(code) is Payment.MOBILE else ()

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.code: site for site in self.sites}
