"""Cases: matters that the staff settle with a candidate beside the form (domain §1.1, part 6).

A case asks for a power that no candidate has: a number that somebody else holds, another Telegram
account, a correction of locked items, or a payment that the bot does not know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter

from states.identity import IdType
from states.records import Application, Identity, MaterialFile, OpenCase, Person, Stage
from states.staff_roles import Role, RoleAssignment, Scope


class CaseKind(StrEnum):
    """The matter of a case."""

    NUMBER_TAKEN = "number-taken"
    ACCOUNT_MOVED = "account-moved"
    IDENTITY = "identity"
    PAYMENT = "payment"
    DUPLICATE = "duplicate"


class CaseOutcome(StrEnum):
    """The decision on a case. Of a duplicate, AGREED merges, and DECLINED tells the two apart."""

    AGREED = "agreed"
    DECLINED = "declined"


DESK_KINDS: Final = frozenset(CaseKind) - {CaseKind.PAYMENT, CaseKind.DUPLICATE}
"""The kinds that candidates apply for; the area settles payments, the bot finds duplicates."""
CASE_ROLES: Final = frozenset({Role.SITE_REVIEWER, Role.AREA_REVIEWER})
"""The roles that see ID documents, and so decide about identities (domain §1.1: 考点)."""
MAX_REASON: Final = 300
CONTESTED: Final = "contested"
"""The mark of an account whose number somebody else says is theirs."""
MERGING: Final = "merging"
"""The silent mark of an account that is to be closed at the end of the undo window."""


class CaseProblem(StrEnum):
    """Why the desk cannot agree to a case now; the messages are ``case-cannot-KEY``."""

    NO_OWNER = "no-owner"
    CONFIRMED = "confirmed"
    NUMBER_USED = "number-used"
    CHANGED = "changed"
    OTHER_CASE = "other-case"
    KEPT_NOT_FILED = "kept-not-filed"
    USED_UP = "used-up"


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """A correction that a candidate applies for: the right items, and the scan of a document."""

    identity: Identity
    proof: MaterialFile | None = None

    def pack(self) -> str:
        """Return it as text for the encrypted words of a case."""
        return _CHANGE.dump_json(self).decode()

    @staticmethod
    def parse(words: str) -> IdentityChange:
        """Return the correction of ``pack``.

        Raises:
            ValueError: the text is no correction.
        """
        return _CHANGE.validate_json(words)


_CHANGE: Final = TypeAdapter(IdentityChange)
_NOT_CONFIRMED: Final = frozenset(
    {Stage.DRAFT, Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.EXPIRED}
)
"""The stages at which nobody of the staff has seen the ID document of the candidate."""
WAITING_CONTENT: Final = frozenset(
    {Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED, Stage.APPROVED, Stage.REGISTERED}
)
"""The stages with a submission that counts: a corrected identity makes a new one of it."""


def can_decide(assignments: list[RoleAssignment], area: str, site: str) -> RoleAssignment | None:
    """Return the role that decides on a case of this site; None if none of them does."""
    place = Scope(area, site)
    may = (
        one
        for one in assignments
        if one.revoked_at is None and one.role in CASE_ROLES and one.scope.contains(place)
    )
    return next(may, None)


def why_not_agreed(
    kind: CaseKind,
    owner: Person | None,
    owned: Application | None,
    other_owner: bool,
) -> CaseProblem | None:
    """Return why the desk cannot agree now; None if it can.

    Args:
        kind: of the case.
        owner: the account that holds the number in question.
        owned: its application for the exam.
        other_owner: another account than the candidate's holds the corrected number.
    """
    if kind is CaseKind.IDENTITY:
        return CaseProblem.NUMBER_USED if other_owner else None
    if owner is None:
        return CaseProblem.NO_OWNER
    is_seen = owned is not None and owned.stage not in _NOT_CONFIRMED
    return CaseProblem.CONFIRMED if kind is CaseKind.NUMBER_TAKEN and is_seen else None


def why_not_merged(
    kept: Application | None, closed: Person, closing: Application | None
) -> CaseProblem | None:
    """Return why one of two accounts cannot be closed in favour of the other; None if it can.

    A confirmed application is opened again by its desk first. Nobody ends without one.

    Args:
        kept: the application of the account that stays.
        closed: the account to be closed.
        closing: its application.
    """
    if closing is not None and closing.stage not in _NOT_CONFIRMED:
        return CaseProblem.CONFIRMED
    if closed.open_case is not None and closed.open_case.kind != MERGING:
        return CaseProblem.OTHER_CASE
    counts = closing is not None and closing.stage in _WAITING
    if counts and (kept is None or kept.stage not in _WAITING | WAITING_CONTENT):
        return CaseProblem.KEPT_NOT_FILED
    return None


_WAITING: Final = frozenset({Stage.SUBMITTED, Stage.CONFIRM_REFUSED})
"""The stages of an application that was handed in, and that nobody has confirmed."""


def needs_second_person(closing: Application | None) -> bool:
    """Return whether two of the staff have to agree: an application that counts would end."""
    return closing is not None and closing.stage in _WAITING


def agrees_with(account: Identity, claimed: Identity) -> bool:
    """Return whether both identities are one person's: name, sex and birth date."""
    items = ("name", "sex", "born")
    return all(getattr(account, one) == getattr(claimed, one) for one in items)


def released(owner: Person) -> Person:
    """Return the account without the number, which was somebody else's; its name stays."""
    kept = Identity(name=owner.identity.name)
    if owner.identity.id_type and not IdType(owner.identity.id_type).has_sex_and_birth:
        kept = Identity(name=owner.identity.name, sex=owner.identity.sex, born=owner.identity.born)
    return replace(owner, identity=kept, number_hash=None, open_case=None, correction=None)


def corrected(person: Person, change: IdentityChange, number_hash: str) -> Person:
    """Return the account with the right items."""
    right = change.identity
    return replace(person, identity=right, number_hash=number_hash, open_case=None, correction=None)


def marked(person: Person, kind: str, area: str, site: str, now: datetime) -> Person:
    """Return the account with a mark, so that its own updates run alone."""
    return replace(person, open_case=OpenCase(kind, area, site, now))


def moved(owner: Person, to: Person, now: datetime) -> Person:
    """Return the account under its new Telegram account, in the language used there."""
    return replace(
        owner,
        telegram_id=to.telegram_id,
        locale=to.locale or owner.locale,
        blocked_at=None,
        unreachable=None,
        seen_at=now,
        open_case=None,
    )
