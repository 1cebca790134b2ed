"""The exam: its windows (domain §7), terms, catalogue of specialties, and all other parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, field_validator, model_validator

from states.exam.conditions import Eligibility
from states.exam.data import (
    MAX_PLACES,
    SPECIALTY_CODE,
    TERMS_VERSION,
    Code,
    Coded,
    Data,
    Named,
    known_zone,
)
from states.exam.exam_days import ExamDays, ExamSession, Mode
from states.exam.late_change_rules import LateChangeRules
from states.exam.places import Area, Employer, Material, PaymentWay, Point, Site
from states.exam.rehearsal_rules import RehearsalRules
from states.exam.reminder_rules import ReminderRules
from states.exam.sampling import SpotCheckRules
from states.identity import IdType
from states.list_search import normalize_name
from states.papers.checks import PaperRule
from states.photo import EarlierPhotoRule, PhotoRule
from states.staff_roles import Scope
from states.texts import Mistake

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Wording(Data):
    """Words about a question that belong to this exam: an example, and a note below it."""

    example: str = ""
    example_en: str = ""
    note: str = ""
    note_en: str = ""


Synonym = str | tuple[str, ...]
"""The code that a word means; several codes where the word is ambiguous."""


def codes_of(meant: Synonym) -> tuple[str, ...]:
    """Return the codes that a word means."""
    return (meant,) if isinstance(meant, str) else meant


class Category(Coded):
    """A category (专业类别), its practice categories (guide (4), note 1) and its titles.

    ``residency``: its people are asked for the certificate of a physician's residency.
    """

    practices: tuple[Code, ...] = Field(min_length=1)
    titles: tuple[Coded, ...] = Field(min_length=1)
    residency: bool = False


class Specialty(Named):
    """A specialty (专业) of the catalogue; level and category are codes of the exam's lists.

    A ``discontinued`` one cannot be chosen, but its code still occurs in old papers. ``confirmed``
    says that the ``source`` names both code and name.
    """

    code: Annotated[str, Field(pattern=SPECIALTY_CODE)]
    level: Code
    category: Code
    mode: Mode | None = None
    discontinued: bool = False
    confirmed: bool = False
    source: str

    def display_name(self, locale: str) -> str:
        """Return the name with the code, as candidates know it."""
        return f"{super().display_name(locale)} {self.code}"


class Terms(Data):
    """The texts to agree to before the form: notice, declaration and pledge."""

    version: str = Field(pattern=TERMS_VERSION)
    sample: bool
    notice: str
    notice_en: str
    declaration: str
    declaration_en: str
    pledge: str
    pledge_en: str

    def in_language(self, locale: str) -> tuple[str, str, str]:
        """Return notice, declaration and pledge in this language."""
        if locale == "en":
            return self.notice_en, self.declaration_en, self.pledge_en
        return self.notice, self.declaration, self.pledge


def last_minute(closes: datetime) -> datetime:
    """Return the last minute before ``closes``: people read "until 23:59" without doubt."""
    return closes - timedelta(minutes=1)


class Window(Data):
    """From ``opens`` (included) to ``closes`` (excluded)."""

    opens: AwareDatetime
    closes: AwareDatetime
    sample: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.closes <= self.opens:
            raise ValueError(Mistake.of("closes", "closes-before-opens"))
        return self

    @property
    def last_minute(self) -> datetime:
        """The last minute before it closes, for people to read."""
        return last_minute(self.closes)

    def holds(self, now: datetime) -> bool:
        """Return whether ``now`` lies in the window."""
        return self.opens <= now < self.closes


class LatePayment(StrEnum):
    """Who decides about money that was paid too late: the area, or nobody, and it goes back."""

    AREA = "area"
    NOBODY = "nobody"


class Windows(Data):
    """The windows of an exam; ``reupload`` is for materials after a refused confirmation."""

    registration: Window
    confirmation: Window
    reupload: Window
    review: Window
    payment: Window
    tickets: Window
    exam_days: ExamDays


class PaymentRules(Data):
    """The rules of the fee beyond its window.

    Money that was paid up to ``grace_minutes`` after the window counts as in time. ``late`` says
    who decides about later money. A refund of more than ``second_look`` fen needs two people.
    """

    grace_minutes: int = Field(default=0, ge=0, le=24 * 60)
    late: LatePayment = LatePayment.AREA
    second_look: int = Field(default=100_000, ge=0)
    sample: bool = True

    @property
    def grace(self) -> timedelta:
        """The time after the window in which money still counts."""
        return timedelta(minutes=self.grace_minutes)


class Exam(Named):
    """One exam of one year. ``sample`` says that parts of it are invented.

    ``form_version`` is the printed version of the authority's form. ``synonyms`` has the words that
    people use, by the list they belong to (the key of a question), with the code or codes meant.
    ``skip_words`` leave an optional question open. ``endings`` are generic ends of names by list:
    青海 is 青海考区. ``descriptions`` are words that name nothing in a list, such as 三甲.
    ``wording`` has the exam's words about a question, by its key.
    """

    key: Code
    year: int = Field(ge=2020, le=2100)
    zone: str
    sample: bool
    source: str
    form_version: int = Field(ge=1)
    windows: Windows
    reminders: ReminderRules = ReminderRules()
    terms: Terms
    id_types: tuple[IdType, ...] = Field(min_length=1)
    photo: PhotoRule
    earlier_photos: tuple[EarlierPhotoRule, ...] = ()
    papers: PaperRule = PaperRule()
    subjects: tuple[Coded, ...] = Field(min_length=1)
    levels: tuple[Coded, ...] = Field(min_length=1)
    practices: tuple[Coded, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    ethnicities: tuple[Coded, ...] = Field(min_length=1)
    areas: tuple[Area, ...] = Field(min_length=1, max_length=MAX_PLACES)
    employers: tuple[Employer, ...] = ()
    catalogue: tuple[Specialty, ...] = Field(min_length=1)
    eligibility: Eligibility | None = None
    payment: PaymentRules = PaymentRules()
    late_changes: LateChangeRules = LateChangeRules()
    rehearsal: RehearsalRules = RehearsalRules()
    spot_checks: SpotCheckRules = SpotCheckRules()
    synonyms: Mapping[str, Mapping[str, Synonym]] = Field(default_factory=dict)
    skip_words: tuple[str, ...] = ()
    endings: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    descriptions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    wording: Mapping[str, Wording] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        return known_zone(zone)

    @cached_property
    def tz(self) -> ZoneInfo:
        """The time zone of the exam."""
        return ZoneInfo(self.zone)

    def zone_of(self, area: str) -> ZoneInfo:
        """Return the time zone of an area: the exam's, unless the area has one of its own."""
        known = self.area(area)
        return ZoneInfo(known.zone) if known and known.zone else self.tz

    @property
    def first_day(self) -> datetime:
        """The beginning of the first day of the exam."""
        return self.midnight(self.windows.exam_days.dates[0])

    def midnight(self, day: date) -> datetime:
        """Return the beginning of a day in the exam's time zone."""
        return datetime.combine(day, time.min, self.tz)

    def sessions_of(self, specialty: str, subjects: Collection[str]) -> tuple[ExamSession, ...]:
        """Return the announced sessions of somebody with these codes, in the order of their times.

        None: the exam announces no sessions for them, and only the ticket tells.
        """
        known = self.specialty(specialty)
        sessions = self.windows.exam_days.sessions
        own = (one for one in sessions if known is not None and one.takes(known.code, known.mode))
        sat = (one.of_subjects(subjects) for one in own)
        return tuple(sorted((one for one in sat if one is not None), key=_begin_of))

    def today(self, now: datetime) -> date:
        """Return the date at ``now`` in the exam's time zone."""
        return now.astimezone(self.tz).date()

    def day_or_moment(self, moment: datetime) -> date | datetime:
        """Return the date of a moment at midnight in the exam's time zone; else the moment."""
        local = moment.astimezone(self.tz)
        return local.date() if local.time() == time.min else moment

    def area(self, code: str) -> Area | None:
        """Return the area of this code."""
        return self._areas.get(code)

    def site(self, area: str, site: str) -> Site | None:
        """Return the site of these codes."""
        known = self.area(area)
        return known.site(site) if known else None

    def material(self, code: str) -> Material | None:
        """Return the kind of paper of this code, as the first area that asks for it names it."""
        asked = (one for area in self.areas for one in area.materials)
        return next((one for one in asked if one.code == code), None)

    def places_of(self, scope: Scope) -> tuple[tuple[str, Area | Site | Point | None], ...]:
        """Return the area, site and point of a scope, by code; None for a code that it lacks."""
        area, site = self.area(scope.area), self.site(scope.area, scope.site)
        point = site.point(scope.point) if site else None
        return (scope.area, area), (scope.site, site), (scope.point, point)

    def late_changes_in(self, area: str) -> LateChangeRules:
        """Return the rules of late changes in an area: its own, or the exam's."""
        known = self.area(area)
        return known.late_changes if known and known.late_changes else self.late_changes

    def late_changes_close(self, area: str) -> datetime:
        """Return until when late changes can be asked for and decided in an area."""
        return self.late_changes_in(area).closes or self.windows.review.closes

    def employers_in(self, area: str) -> tuple[Employer, ...]:
        """Return the employers of this area, in the order of the list."""
        return self._employers.get(area, ())

    def specialty(self, code: str) -> Specialty | None:
        """Return the specialty of this code, if it can be chosen."""
        return self._offered.get(code)

    def specialties(self, category: str, level: str) -> tuple[Specialty, ...]:
        """Return the specialties of a category and level that can be chosen (guide (4), note 1)."""
        return self._specialties.get((category, level), ())

    def synonyms_of(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return the codes by normalized word, for the list of this key."""
        return self._synonyms.get(key, {})

    def endings_of(self, key: str) -> tuple[str, ...]:
        """Return the generic ends of names in the list of this key."""
        return self.endings.get(key, ())

    def describes(self, key: str, typed: str) -> bool:
        """Return whether a text only describes an option of this list, such as 三甲医院.

        It names none: nothing is left of it without the words of ``descriptions``.
        """
        rest = normalize_name(typed)
        for word in self._descriptions.get(key, ()):
            rest = rest.replace(word, "")
        return not rest and bool(normalize_name(typed))

    def is_skip(self, typed: str) -> bool:
        """Return whether the typed word leaves an optional question open."""
        return normalize_name(typed) in self._skips

    def with_ways(self, connected: Collection[PaymentWay]) -> Exam:
        """Return the exam with those ways of paying only that the installation has connected."""
        areas = tuple(
            area
            if set(area.ways) <= set(connected)
            else area.model_copy(update={"ways": tuple(w for w in area.ways if w in connected)})
            for area in self.areas
        )
        return self if areas == self.areas else self.model_copy(update={"areas": areas})

    def with_reader(self, *, reads: bool) -> Exam:
        """Return the exam with papers that are read, or are not where no reader is installed."""
        if self.papers.reads is reads:
            return self
        return self.model_copy(update={"papers": replace(self.papers, reads=reads)})

    # Every update needs some of these several times.

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def _employers(self) -> dict[str, tuple[Employer, ...]]:
        return _grouped(self.employers, lambda employer: employer.area)

    @cached_property
    def _synonyms(self) -> dict[str, dict[str, tuple[str, ...]]]:
        return {
            key: {normalize_name(word): codes_of(meant) for word, meant in words.items()}
            for key, words in self.synonyms.items()
        }

    @cached_property
    def _descriptions(self) -> dict[str, tuple[str, ...]]:
        return {
            key: tuple(sorted(map(normalize_name, words), key=lambda word: -len(word)))
            for key, words in self.descriptions.items()
        }

    @cached_property
    def _skips(self) -> frozenset[str]:
        return frozenset(map(normalize_name, self.skip_words))

    @cached_property
    def _offered(self) -> dict[str, Specialty]:
        return {one.code: one for one in self.catalogue if not one.discontinued}

    @cached_property
    def _specialties(self) -> dict[tuple[str, str], tuple[Specialty, ...]]:
        return _grouped(self._offered.values(), lambda one: (one.category, one.level))


def _begin_of(session: ExamSession) -> tuple[date, time]:
    return session.day, session.starts


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {of: tuple(group) for of, group in groups.items()}
