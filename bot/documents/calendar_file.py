"""The calendar file (RFC 5545) of a candidate, written by ``icalendar``.

Its events keep their UIDs, and SEQUENCE is the minute of the file: a later file updates an earlier
one in any calendar program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Final

from icalendar import Alarm, Calendar, Event

from states.form.fields import joined
from states.reminders.calendar_events import CalendarEvent
from states.texts import Text

NAME: Final = "baoming.ics"
_HOST: Final = "baoming.invalid"  # RFC 7986 advises a UID without the name of a machine
_MINUTE: Final = 60


def calendar_file(
    events: Sequence[CalendarEvent],
    title: str,
    place: str,
    localize: Callable[[Text], str],
    now: datetime,
) -> bytes:
    """Return the file. ``place`` is where one confirms on site; ``localize`` gives plain text."""
    calendar = Calendar()
    calendar.add("prodid", "-//Baoming//Registration//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for one in events:
        calendar.add_component(_event(one, title, place, localize, now))
    return bytes(calendar.to_ical())


def _event(
    one: CalendarEvent,
    title: str,
    place: str,
    localize: Callable[[Text], str],
    now: datetime,
) -> Event:
    args = {"subjects": joined(one.subjects)} if one.subjects else {}
    event, summary = Event(), localize(Text(f"calendar-{one.kind}", args))
    event.add("uid", f"{one.key}@{_HOST}")
    event.add("sequence", int(now.timestamp()) // _MINUTE)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", _written(one.begins))
    event.add("dtend", _written(one.ends))
    event.add("summary", summary)
    event.add("description", f"{title}\n{localize(Text(f'calendar-else-{one.kind}'))}")
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # it takes none of the person's time
    if place and one.kind == "visit":
        event.add("location", place)
    for before in one.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def _written(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
