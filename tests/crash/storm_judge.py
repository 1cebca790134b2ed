"""The judge of a storm: what Telegram saw, what is stored, and what the audit says, side by side.

It knows no expected answer. Each rule names what is wrong, and no rule stops another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import func, select

from bot.core.settings import Settings
from bot.delivery.i18n import Translations
from bot.sandbox.world import World
from bot.updates.attachments import ATTEMPTS, attachment_of
from bot.updates.intake import is_ignored
from states.step_result import Priority
from states.texts import Text
from storage.audit import replay
from storage.audit.audit_log import AuditAction
from storage.audit.chain_verification import verify_chain
from storage.engine import tables
from storage.engine.database import Connection
from storage.engine.encryption import Keyring
from storage.engine.ids import moment_of
from storage.engine.tables import InboxState, OutboxState
from storage.updates.inbox import queue_key_of
from tests.databases import opened
from tests.e2e.person import BOT
from tests.factories import EXAM, IDENTITY

SENDS: Final = ("sendMessage", "sendPhoto", "sendDocument")
UNDONE: Final = (OutboxState.WAITING, OutboxState.CLAIMED)
BAD: Final = (OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.EXPIRED)
POWERS: Final = (
    *(AuditAction.CASE_TAKEN, AuditAction.CASE_RETURNED, AuditAction.CASE_NOTED),
    *(AuditAction.DECIDED, AuditAction.TAKEN_BACK, AuditAction.SECOND_LOOK_ASKED),
    *(AuditAction.MARKED_PAID, AuditAction.UNMARKED_PAID, AuditAction.REOPENED),
    *(AuditAction.CASE_DECIDED, AuditAction.CASE_UNDONE, AuditAction.PHOTO_OPINION),
    *(AuditAction.SEARCHED, AuditAction.HISTORY_SEEN, AuditAction.CASE_SEEN),
    *(AuditAction.INVITED, AuditAction.ROLE_REVOKED, AuditAction.BROADCAST_BEGUN),
    *(AuditAction.LATE_CHANGE_OPENED, AuditAction.LATE_CHANGE_DECLINED),
    *(AuditAction.LIST_SEEN, AuditAction.LIST_TAKEN, AuditAction.REINSTATED),
)
"""Acts that only somebody with a role can do."""
NAMED: Final = 5
"""Examples that a fault names."""
_GIVEN: Final = """
CREATE TABLE given (update_id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TRIGGER giving AFTER INSERT ON updates
BEGIN INSERT INTO given VALUES (NEW.update_id, NEW.body); END;
"""


def remember_updates(world: World) -> None:
    """Let a sandbox keep every update that it ever had for the bot."""
    world.archive.create(_GIVEN)


def given(world: World) -> dict[int, bytes]:
    """Return every update that the sandbox ever had for the bot, by its id."""
    return dict(world.archive.run("SELECT update_id, body FROM given ORDER BY update_id"))


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened outside of the bot.

    ``flooder`` may lose updates if they are told so; ``malformed`` updates may be set aside.
    ``deaths`` are kills, and ``lost_answers`` calls that took effect without an answer: after
    each of them one message a chat may come twice.
    """

    world: World
    flooder: int
    malformed: frozenset[int]
    deaths: int
    lost_answers: int


@dataclass(slots=True)
class Kept:
    """What the database holds.

    ``inbox`` by update id; ``sent`` has the row of each message by chat and message id, ``replies``
    of those that answer an update; ``caused`` are ids of updates with a row in the outbox.
    """

    inbox: dict[int, Any] = field(default_factory=dict)
    outbox: list[Any] = field(default_factory=list)
    sent: dict[tuple[int, int], int] = field(default_factory=dict)
    replies: dict[tuple[int, int], int] = field(default_factory=dict)
    caused: set[str] = field(default_factory=set)
    erased: dict[int, int] = field(default_factory=dict)
    holders: dict[int, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


async def judge(settings: Settings, happened: Happened) -> list[str]:
    """Return all that is wrong: lost, doubled, out of order, unanswered, left, or not audited."""
    keyring = Keyring.of_file(settings.keys_file, create=False)
    async with opened(settings.database) as db, db.read() as connection:
        kept = await _kept(connection, keyring)
    return [
        *kept.differences,
        *_updates(happened, kept),
        *_answers(happened, kept),
        *_messages(happened, kept),
        *_order(happened.world, kept.replies),
        *_chats(happened, kept),
        *(f"telegram's rules: {one}" for one in happened.world.complaints()[:NAMED]),
    ]


async def _kept(connection: Connection, keyring: Keyring) -> Kept:
    kept = Kept()
    inbox, outbox, audit = tables.inbox, tables.outbox, tables.audit
    names = ("update_id", "id", "queue_key", "state", "attempts", "error")
    columns = [inbox.c[name] for name in names]
    kept.inbox = {row.update_id: row for row in await connection.execute(select(*columns))}
    query = select(*(one for one in outbox.c if one.key not in ("effect", "mac")))
    kept.outbox = [*await connection.execute(query.order_by(outbox.c.id))]
    for row in kept.outbox:
        kept.caused.add(row.dedup.partition(".")[0])
        if row.message_id is not None:  # later rows edit the message
            kept.sent.setdefault((row.chat_id, row.message_id), row.id)
            if row.priority == Priority.REPLY and row.dedup.startswith("u"):
                kept.replies.setdefault((row.chat_id, row.message_id), row.id)
    erased = select(audit.c.actor, func.max(audit.c.id)).where(audit.c.action == AuditAction.ERASED)
    kept.erased = dict(map(tuple, await connection.execute(erased.group_by(audit.c.actor))))
    roles = tables.role_assignments
    held = select(roles.c.telegram_id, func.count()).join(
        tables.claims, tables.claims.c.assignment_id == roles.c.id
    )
    claims = await connection.execute(held.group_by(roles.c.telegram_id))
    kept.holders = dict(map(tuple, claims))
    chain = await verify_chain(connection, keyring)
    powers = select(audit.c.actor, audit.c.action, audit.c.id).where(audit.c.action.in_(POWERS))
    staff = {*await connection.scalars(select(roles.c.telegram_id))}
    stolen = [row for row in await connection.execute(powers) if row.actor not in staff]
    kept.differences = [
        *(f"an act of the staff by somebody else: {row}" for row in stolen[:NAMED]),
        *([f"the chain of the audit: {chain.broken}"] if chain.broken else []),
        *(
            f"effect and audit differ: {one}"
            for one in await replay.differences(connection, keyring)
        ),
    ]
    return kept


def _updates(happened: Happened, kept: Kept) -> Iterator[str]:
    """Each update is stored once, done, and acknowledged."""
    world = happened.world
    known = {number: orjson.loads(body) for number, body in given(world).items()}
    lost = [number for number in known if number not in kept.inbox]
    flood = [number for number in lost if queue_key_of(known[number]) == happened.flooder]
    real = [
        (number, [*known[number]][-1])
        for number in lost
        if number not in flood and not is_ignored(known[number])
    ]
    if real:
        yield f"{len(real)} updates are lost: {real[:NAMED]}"
    if flood and not _is_told(happened, "trouble-many"):
        yield f"{len(flood)} updates of a flood were dropped, and nobody was told"
    if unknown := kept.inbox.keys() - known.keys():
        yield f"updates that Telegram never had: {sorted(unknown)[:NAMED]}"
    if len(world.updates):
        yield f"{len(world.updates)} updates are not acknowledged"
    if waiting := [row for row in kept.inbox.values() if row.state == InboxState.WAITING]:
        yield f"{len(waiting)} updates still wait: {waiting[:NAMED]}"
    for number, row in kept.inbox.items():
        if row.state == InboxState.DEAD and not (
            number in happened.malformed or _died_thrice(row, known[number])
        ):
            yield f"update {number} was set aside: {row.error}"


def _died_thrice(row: Any, raw: dict[str, Any]) -> bool:
    """Return whether a file was being prepared at three kills: it is set aside by rule."""
    return row.attempts >= ATTEMPTS and attachment_of(raw) is not None


def _answers(happened: Happened, kept: Kept) -> Iterator[str]:
    """Each message and each tap led to something to send, if only to one that was replaced."""
    unanswered = []
    for number, body in given(happened.world).items():
        raw, row = orjson.loads(body), kept.inbox.get(number)
        if row is None or "message" not in raw or number in happened.malformed:
            continue
        is_erased = row.id < kept.erased.get(queue_key_of(raw), 0)
        if f"u{row.id}" not in kept.caused and not is_erased:
            unanswered.append((number, raw["message"].get("text", "")[:20]))
    if unanswered:
        yield f"{len(unanswered)} messages led to nothing: {unanswered[:NAMED]}"


def _messages(happened: Happened, kept: Kept) -> Iterator[str]:
    """Each row of the outbox came through once; what has no row was repeated after a kill."""
    if undone := [row for row in kept.outbox if row.state in UNDONE]:
        yield f"{len(undone)} messages still wait: {undone[:NAMED]}"
    bad = Counter((row.state, row.error) for row in kept.outbox if row.state in BAD)
    for (state, error), count in bad.items():
        yield f"{count} messages {state}: {error}"
    copies: Counter[int] = Counter()
    # An erasure deletes the rows of messages that are on their way: they are no copies.
    since = {chat: moment_of(row).timestamp() + 1 for chat, row in kept.erased.items()}
    for call in happened.world.log():
        if call.ok and call.method == "sendMessage" and call.chat_id is not None:
            if call.at < since.get(call.chat_id, 0):
                continue
            message = call.chat_id, call.result_or_error["message_id"]
            copies[call.chat_id] += message not in kept.sent
    most = happened.deaths + happened.lost_answers
    for chat, count in copies.items():
        if count > most:
            yield f"chat {chat} has {count} messages twice, with {most} deaths and lost answers"


def _order(world: World, sent: dict[tuple[int, int], int]) -> Iterator[str]:
    """Each chat got its new messages in the order of their rows."""
    last: Counter[int] = Counter()
    for call in world.log():
        if not call.ok or call.method not in SENDS or call.chat_id is None:
            continue
        row = sent.get((call.chat_id, call.result_or_error["message_id"]))
        # No row: it was sent once more after a kill. A younger row: it edited such a copy.
        if row is not None and moment_of(row).timestamp() <= call.at:
            if row <= last[call.chat_id]:
                yield f"out of order in chat {call.chat_id}: row {row}"
            last[call.chat_id] = row


def _chats(happened: Happened, kept: Kept) -> Iterator[str]:
    """Each chat ends with an answer, without an apology or a card that its reader does not hold."""
    by_rule = Counter(row.queue_key for row in kept.inbox.values() if row.state == InboxState.DEAD)
    for person in happened.world.people.values():
        chat = happened.world.chat(person, None)
        said = [one for one in chat if one["from"]["id"] != BOT]
        answers = [one for one in chat if one["from"]["id"] == BOT]
        newest = max((one["message_id"] for one in answers), default=0)
        if said and newest < said[-1]["message_id"]:
            yield f"{person.slug}: unanswered"
        # A copy of which a kill or a lost answer left no id stays: Telegram cannot be asked for it.
        known = [one for one in answers if (person.id, one["message_id"]) in kept.sent]
        apologies = sum(_has(one, "trouble-apology") for one in known)
        if apologies > by_rule[person.id]:
            yield f"{person.slug}: {apologies} apologies, {by_rule[person.id]} updates set aside"
        cards = sum(IDENTITY.id_number in f"{one}" and IDENTITY.name in f"{one}" for one in known)
        if cards > kept.holders.get(person.id, 0):
            yield f"{person.slug}: {cards} cards, {kept.holders.get(person.id, 0)} held"


def _is_told(happened: Happened, key: str) -> bool:
    chat = happened.world.chat(happened.world.people[happened.flooder], None)
    return any(_has(one, key) for one in chat)


_TEXTS: Final = Translations.load(EXAM.tz)


def _has(message: dict[str, Any], key: str) -> bool:
    """Return whether a message begins as a text does, in one of the languages."""
    return any(
        f"{message.get('text', '')}".startswith(_beginning(key, locale))
        for locale in _TEXTS.locales
    )


def _beginning(key: str, locale: str) -> str:
    return _TEXTS.label(Text(key), locale)[:12]
