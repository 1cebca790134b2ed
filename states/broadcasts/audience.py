"""The audience of a broadcast: conditions on people, as a value that is frozen with the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from states.exam import Confirmation, Exam
from states.process.lifecycle import CORRECTED_STAGES
from states.records import Application, Person, Records, Stage
from states.staff_roles import Scope
from states.texts import DEFAULT_LOCALE


class Dimension(StrEnum):
    """The conditions of an audience."""

    STAGE = "stage"
    AREA = "area"
    SITE = "site"
    SPECIALTY = "specialty"
    MISSING = "missing"
    LANGUAGE = "language"
    SEEN = "seen"


class Missing(StrEnum):
    """The things that somebody still lacks; the codes of the dimension MISSING.

    SUBMISSION: never submitted, or withdrawn since. RESUBMISSION: a refusal or a late change has
    opened the application, and it has not been submitted again. PAYMENT: the fee is due, and the
    candidate does not say that they have paid.
    """

    ACCOUNT = "account"
    APPLICATION = "application"
    PHOTO = "photo"
    MATERIALS = "materials"
    SUBMISSION = "submission"
    RESUBMISSION = "resubmission"
    PAYMENT = "payment"


class Seen(StrEnum):
    """Whether somebody has confirmed the last notice about their stage."""

    YES = "yes"
    NO = "no"


NO_APPLICATION: Final = "none"
"""The code of the dimension STAGE for people without an application."""


@dataclass(frozen=True, slots=True)
class Audience:
    """People who have agreed, lie in a scope, and meet one code of each dimension.

    A dimension without codes takes everybody. ``scopes`` are those of the sender's roles: people
    without an application belong to the scope of all areas only.
    """

    codes: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    scopes: tuple[Scope, ...] = ()

    def of(self, dimension: Dimension) -> tuple[str, ...]:
        """Return the codes of a dimension."""
        return self.codes.get(dimension, ())

    def toggled(self, dimension: Dimension, code: str) -> Audience:
        """Return the audience with this code added, or taken away if it was there."""
        codes = self.of(dimension)
        left = tuple(one for one in codes if one != code)
        return self.having(dimension, left if code in codes else (*codes, code))

    def having(self, dimension: Dimension, codes: Iterable[str]) -> Audience:
        """Return the audience with exactly these codes of a dimension."""
        others = {key: kept for key, kept in self.codes.items() if key is not dimension}
        chosen = tuple(sorted(codes))
        return replace(self, codes={**others, dimension: chosen} if chosen else others)

    def includes(self, records: Records, exam: Exam) -> bool:
        """Return whether a person belongs to the audience now."""
        person, application = records.person, records.application
        if person is None or not person.consent or not self._is_in_scope(application):
            return False
        own = facts(person, application, exam)
        return all(not own[dimension].isdisjoint(codes) for dimension, codes in self.codes.items())

    def _is_in_scope(self, application: Application | None) -> bool:
        if application is None:
            return Scope() in self.scopes
        return any(scope.covers(application) for scope in self.scopes)

    def to_plain(self) -> dict[str, Any]:
        """Return the audience as JSON values for ``of_plain``."""
        return {
            "codes": {str(key): list(codes) for key, codes in sorted(self.codes.items())},
            "scopes": [[one.area, one.site, one.point] for one in self.scopes],
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Audience:
        """Return the audience of ``to_plain``."""
        codes = {Dimension(key): tuple(codes) for key, codes in plain["codes"].items()}
        return cls(codes, tuple(Scope(*one) for one in plain["scopes"]))


def facts(
    person: Person, application: Application | None, exam: Exam
) -> Mapping[Dimension, frozenset[str]]:
    """Return the codes of each dimension that a person meets."""
    filed = [application] if application else []
    return {
        Dimension.STAGE: frozenset({application.stage if application else NO_APPLICATION}),
        Dimension.AREA: frozenset(one.area for one in filed),
        Dimension.SITE: frozenset(f"{one.area}/{one.site}" for one in filed),
        Dimension.SPECIALTY: frozenset(one.specialty for one in filed),
        Dimension.MISSING: _missing(person, application, exam),
        Dimension.LANGUAGE: frozenset({person.locale or DEFAULT_LOCALE}),
        Dimension.SEEN: frozenset({Seen.YES if has_seen(person, application) else Seen.NO}),
    }


def has_seen(person: Person, application: Application | None) -> bool:
    """Return whether a person has confirmed a notice since the application has its stage."""
    since = application.since if application else None
    return person.seen_at is not None and (since is None or person.seen_at >= since)


def online_areas(exam: Exam) -> tuple[str, ...]:
    """Return the codes of the areas that ask for materials."""
    return tuple(one.code for one in exam.areas if one.confirmation is Confirmation.ONLINE)


def _missing(person: Person, application: Application | None, exam: Exam) -> frozenset[Missing]:
    stage = application.stage if application else None
    is_draft = stage in (None, Stage.DRAFT)
    lacks_papers = (
        application is not None
        and stage is Stage.DRAFT
        and application.area in online_areas(exam)
        and application.uploaded_at is None
    )
    found = {
        Missing.ACCOUNT: person.number_hash is None,
        Missing.APPLICATION: application is None,
        Missing.PHOTO: is_draft and person.photo is None,
        Missing.MATERIALS: lacks_papers,
        Missing.SUBMISSION: is_draft,
        Missing.RESUBMISSION: stage in CORRECTED_STAGES,
        Missing.PAYMENT: (
            application is not None and stage is Stage.APPROVED and application.claimed_at is None
        ),
    }
    return frozenset(one for one, lacks in found.items() if lacks)
