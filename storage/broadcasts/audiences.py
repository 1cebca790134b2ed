"""An audience in SQL: counts, samples, and the recipients of a broadcast, without decryption.

``Audience.includes`` is the same rule over records; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from states.broadcasts.audience import (
    NO_APPLICATION,
    Audience,
    Dimension,
    Missing,
    Seen,
    online_areas,
)
from states.broadcasts.ledger import Outcome
from states.exam import Exam
from states.process.lifecycle import CORRECTED_STAGES
from states.records import Stage
from states.staff_roles import Scope
from states.texts import DEFAULT_LOCALE
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import cases
from storage.engine.tables import applications, broadcast_recipients, people
from storage.engine.tables import cases as of_cases
from storage.staff.access.scopes import within

PLANNED_AT_ONCE: Final = 10_000
"""Recipients of one transaction: others write between two of them."""
SAMPLES: Final = 3
_FILED = applications.c.id.is_not(None)
_DRAFT = or_(applications.c.id.is_(None), applications.c.stage == Stage.DRAFT)
_SEEN = and_(
    people.c.seen_at.is_not(None),
    or_(applications.c.since.is_(None), people.c.seen_at >= applications.c.since),
)


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """The people of an audience: by language, and those whom Telegram does not let us write to."""

    by_locale: Mapping[str, int]
    unreachable: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_locale.values())


async def count(
    connection: AsyncConnection, bot_id: int, audience: Audience, exam: Exam
) -> AudienceCount:
    """Count an audience: 1 query."""
    locale = case((people.c.locale == "", DEFAULT_LOCALE), else_=people.c.locale)
    blocked = func.sum(case((people.c.blocked_at.is_not(None), 1), else_=0))
    query = _people(bot_id, audience, exam, locale.label("locale"), func.count(), blocked)
    rows = (await connection.execute(query.group_by(locale))).all()
    return AudienceCount({row[0]: row[1] for row in rows}, sum(int(row[2]) for row in rows))


async def samples(
    connection: AsyncConnection, bot_id: int, audience: Audience, exam: Exam
) -> list[int]:
    """Return the accounts of three people of an audience: the first, a middle and the last one."""
    query = _people(
        bot_id, audience, exam, func.count(), func.min(people.c.id), func.max(people.c.id)
    )
    total, first, last = (await connection.execute(query)).one()
    if not total:
        return []
    accounts = _people(bot_id, audience, exam, people.c.telegram_id).order_by(people.c.id).limit(1)
    places = [first, first + (last - first) // 2, last][: min(total, SAMPLES)]
    found = [await connection.scalar(accounts.where(people.c.id >= place)) for place in places]
    more = await connection.scalars(accounts.limit(SAMPLES))  # where ids lie far apart
    return list(dict.fromkeys(one for one in (*found, *more) if one is not None))[:SAMPLES]


async def accounts(
    connection: AsyncConnection, bot_id: int, audience: Audience, exam: Exam, after: int, most: int
) -> list[tuple[int, int]]:
    """Return person and account of the next people of an audience, by the id of the person."""
    query = _people(bot_id, audience, exam, people.c.id, people.c.telegram_id)
    part = query.where(people.c.id > after).order_by(people.c.id).limit(most)
    return [(row[0], row[1]) for row in await connection.execute(part)]


async def write_down(connection: AsyncConnection, broadcast: Broadcast, exam: Exam) -> int:
    """Plan the next ``PLANNED_AT_ONCE`` recipients; return how many there were.

    The highest planned person is the cursor, so a planning that was interrupted goes on.
    """
    mine = broadcast_recipients.c.broadcast_id == broadcast.id
    after = await connection.scalar(select(func.max(broadcast_recipients.c.person_id)).where(mine))
    query = _people(
        broadcast.bot_id,
        broadcast.audience,
        exam,
        literal(broadcast.id),
        people.c.id,
        literal(str(Outcome.PLANNED)),
    )
    batch = query.where(people.c.id > (after or 0)).order_by(people.c.id).limit(PLANNED_AT_ONCE)
    columns = ["broadcast_id", "person_id", "outcome"]
    planned = insert(broadcast_recipients).from_select(columns, batch, include_defaults=False)
    return (await connection.execute(planned)).rowcount


def _people(bot_id: int, audience: Audience, exam: Exam, *columns: Any) -> Select[Any]:
    filed = and_(applications.c.person_id == people.c.id, applications.c.exam == exam.key)
    # "+ 0": SQLite would take the index of the accounts, and sort everybody for each batch.
    of_bot = people.c.bot_id + 0 == bot_id
    return (
        select(*columns)
        .select_from(people.outerjoin(applications, filed))
        .where(of_bot, _matching(audience, exam))
    )


def _matching(audience: Audience, exam: Exam) -> ColumnElement[bool]:
    conditions = [
        or_(*(_meets(dimension, code, exam) for code in codes))
        for dimension, codes in audience.codes.items()
    ]
    scopes = (true() if scope == Scope() else within(scope) for scope in audience.scopes)
    return and_(people.c.consent != "", or_(false(), *scopes), *conditions)


def _meets(dimension: Dimension, code: str, exam: Exam) -> ColumnElement[bool]:
    """Return whether a person meets a code: ``states.broadcasts.audience.facts`` in SQL."""
    match dimension:
        case Dimension.STAGE:
            return not_(_FILED) if code == NO_APPLICATION else applications.c.stage == code
        case Dimension.AREA:
            return applications.c.area == code
        case Dimension.SITE:
            area, _, site = code.partition("/")
            return and_(applications.c.area == area, applications.c.site == site)
        case Dimension.SPECIALTY:
            return applications.c.specialty == code
        case Dimension.LANGUAGE:
            is_default = people.c.locale == "" if code == DEFAULT_LOCALE else false()
            return or_(people.c.locale == code, is_default)
        case Dimension.SEEN:
            return _SEEN if code == Seen.YES else not_(func.coalesce(_SEEN, false()))
        case Dimension.MISSING:
            return _lacks(Missing(code), exam)


def _lacks(missing: Missing, exam: Exam) -> ColumnElement[bool]:
    match missing:
        case Missing.ACCOUNT:
            return people.c.number_hash.is_(None)
        case Missing.APPLICATION:
            return not_(_FILED)
        case Missing.PHOTO:
            return and_(_DRAFT, people.c.photo.is_(None))
        case Missing.SUBMISSION:
            return _DRAFT
        case Missing.RESUBMISSION:
            return applications.c.stage.in_(sorted(CORRECTED_STAGES))
        case Missing.PAYMENT:
            claiming = exists().where(cases.open_payment(), of_cases.c.person_id == people.c.id)
            return and_(applications.c.stage == Stage.APPROVED, not_(claiming))
        case Missing.MATERIALS:
            return and_(
                applications.c.stage == Stage.DRAFT,
                applications.c.area.in_(online_areas(exam)),
                applications.c.uploaded_at.is_(None),
            )
