"""An exam as data: what the authority announces for one year. Read from a file, never coded.

Moments carry their offset; shown to people in the exam's ``zone``. Fees are in fen.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from states.identity import IdType
from states.photo import PhotoRule

Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]


class Data(BaseModel):
    """A part of an exam file: nothing unknown is accepted, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Data):
    """Something with an official Chinese name and, where one is known, an English one."""

    name: str = Field(min_length=1)
    name_en: str = ""

    def called(self, locale: str) -> str:
        """Its name for a reader of this language."""
        return self.name_en if locale == "en" and self.name_en else self.name


class Window(Data):
    """From ``opens`` (included) to ``closes`` (excluded)."""

    opens: AwareDatetime
    closes: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.closes <= self.opens:
            raise ValueError("closes must be after opens")
        return self

    @property
    def last(self) -> datetime:
        """Its last minute, which is what people are told: "until 23:59" leaves no doubt."""
        return self.closes - timedelta(minutes=1)

    def holds(self, now: datetime) -> bool:
        """Whether ``now`` lies in it."""
        return self.opens <= now < self.closes


class Confirmation(StrEnum):
    """How an area confirms registrations (guide, part 4)."""

    ON_SITE = "on-site"
    ONLINE = "online"


class Payment(StrEnum):
    """How an area takes the fee (guide, part 6)."""

    MOBILE = "mobile"
    DESKTOP = "desktop"
    NONE = "none"


class Site(Named):
    """A site (考点): where a candidate registers, confirms and sits the exam."""

    code: Code
    address: str
    contact: str


class Area(Named):
    """An area (考区): its rules and its sites."""

    code: Code
    confirmation: Confirmation
    payment: Payment
    contact: str
    sites: tuple[Site, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> Area:
        _refuse_twins("sites", [site.code for site in self.sites])
        return self

    def site(self, code: str) -> Site | None:
        """The site of this code."""
        return next((site for site in self.sites if site.code == code), None)


class Terms(Data):
    """What has to be agreed to before the form: notice, declaration and pledge."""

    version: str = Field(pattern=r"^[a-z0-9.-]{1,50}$")
    sample: bool
    notice: str
    notice_en: str
    pledge: str
    pledge_en: str


class Windows(Data):
    """When what may be done."""

    registration: Window
    confirmation: Window
    review: Window
    payment: Window


class Exam(Named):
    """One exam of one year. ``sample`` says that parts of it are invented."""

    key: Code
    year: int = Field(ge=2020, le=2100)
    zone: str
    sample: bool
    source: str
    windows: Windows
    terms: Terms
    id_types: tuple[IdType, ...] = Field(min_length=1)
    photo: PhotoRule
    areas: tuple[Area, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Exam:
        _refuse_twins("areas", [area.code for area in self.areas])
        _refuse_twins("id_types", list(self.id_types))
        return self

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            raise ValueError("no such time zone; an example: Asia/Shanghai") from None
        return zone

    @property
    def tz(self) -> ZoneInfo:
        """The zone that its people live in."""
        return ZoneInfo(self.zone)

    def today(self, now: datetime) -> date:
        """The calendar day at ``now`` in the exam's zone."""
        return now.astimezone(self.tz).date()

    def area(self, code: str) -> Area | None:
        """The area of this code."""
        return next((area for area in self.areas if area.code == code), None)


def _refuse_twins(what: str, codes: list[str]) -> None:
    twins = sorted({code for code in codes if codes.count(code) > 1})
    if twins:
        raise ValueError(f"{what} have the same code: {', '.join(twins)}")


class BadExam(ValueError):
    """An exam file that cannot be used. ``mistakes`` names the key path of each mistake."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read_exam(data: object) -> Exam:
    """An exam from what a TOML file holds.

    Raises:
        BadExam: with one line a mistake, such as ``areas[3].sites[2].code: …``.
    """
    try:
        return Exam.model_validate(data)
    except ValidationError as error:
        raise BadExam(_mistakes(error)) from None


def _mistakes(error: ValidationError) -> list[str]:
    # A list whose items are wrong is said to be too short as well: only the item is the mistake.
    found = error.errors()
    around = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
    return [f"{_path(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in around]


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "exam"
