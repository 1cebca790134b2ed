"""The message of a broadcast, as each recipient reads it: filled in when it is sent."""

from __future__ import annotations

from typing import Final

from handlers.rendering import Inline, Overtaken, Screen, View
from handlers.routing import Feature
from states.broadcasts.message import LONGEST, BroadcastMessage, Piece, Placeholder
from states.exam import last_minute
from states.process import time_rules
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.broadcasts import broadcasts
from storage.engine.database import Connection
from storage.engine.encryption import Keyring

SCREEN: Final = "broadcast-message"
BROADCAST: Final = "broadcast"
"""The key of a screen's data for the broadcast."""
NOTHING: Final = Text("value-skipped")
READER: Final = Text("broadcast-reader")
"""How somebody is addressed who has not given a name yet."""


async def render(view: View, connection: Connection, keyring: Keyring) -> Screen:
    """Fill in the text for somebody who still belongs to the audience.

    Raises:
        Overtaken: the person was erased, or no longer belongs to it.
    """
    person = view.records.person
    if person is None:
        raise Overtaken
    number = int(view.data[BROADCAST])
    broadcast = await broadcasts.of_id(connection, keyring, person.bot_id, number)
    if broadcast is None or not broadcast.audience.includes(view.records, view.exam):
        raise Overtaken
    return filled(view, broadcast.message)


def filled(view: View, message: BroadcastMessage, *, masked: bool = False) -> Screen:
    """Return the message for one reader; ``masked`` hides who it is."""
    pieces = tuple(_value(view, one, masked=masked) for one in message.pieces(view.locale))
    return Screen((Inline(pieces),), attached=message.file)


def _value(view: View, piece: Piece, *, masked: bool) -> Text | str:
    if not isinstance(piece, Placeholder):
        return piece
    value = _of_reader(view, piece)
    if not isinstance(value, str):
        return value
    if masked and piece in (Placeholder.NAME, Placeholder.CODE):
        value = mask(value)
    return value[: LONGEST[piece]] or (READER if piece is Placeholder.NAME else NOTHING)


def mask(value: str) -> str:
    """Return a value with all but its first character hidden.

    >>> mask("刘玲")
    '刘*'
    """
    return value[:1] + "*" * len(value[1:])


def _of_reader(view: View, placeholder: Placeholder) -> Text | str:
    person, application, locale = view.person, view.records.application, view.locale
    match placeholder:
        case Placeholder.NAME:
            return person.identity.name
        case Placeholder.CODE:
            return code_of(application.id) if application else ""
        case Placeholder.AREA:
            return view.area.display_name(locale) if view.area else ""
        case Placeholder.SITE:
            return view.site.display_name(locale) if view.site else ""
        case Placeholder.SPECIALTY:
            specialty = view.exam.specialty(application.specialty) if application else None
            return specialty.display_name(locale) if specialty else ""
        case Placeholder.STAGE:
            return Text(f"stage-{application.stage}") if application else NOTHING
        case Placeholder.DEADLINE:
            span = time_rules.stage_span(application, view.exam) if application else None
            closes = span.closes if span else None
            if application is None:
                closes = view.exam.windows.registration.closes
            return Text("broadcast-moment", {"at": last_minute(closes)}) if closes else NOTHING
    raise LookupError(placeholder)


FEATURE = Feature(reading_screens={SCREEN: render})
