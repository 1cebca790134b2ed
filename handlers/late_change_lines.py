"""Lines about a late change, which status, its own screens and the staff's share."""

from __future__ import annotations

from handlers.rendering import View
from states.changes.late_changes import NAMED
from states.exam import Decider
from states.form.fields import joined
from states.form.pages import FORM
from states.records import LateChange, LateChangeState
from states.texts import Argument, Text


def decider(view: View) -> Text | str:
    """Return the place whose staff decide about a late change: the site or the area."""
    rules = view.exam.late_changes_in(view.application.area)
    place = view.site if rules.decides is Decider.SITE else view.area
    return place.display_name(view.locale) if place else ""


def names_of(keys: list[str]) -> Text | str:
    """Return the names of these fields in one text."""
    return joined([FORM.fields[key].name for key in keys if key in FORM.fields] or [""])


def named(change: LateChange) -> Text | str:
    """Return the names of the answers that a request names."""
    return names_of([one.code for one in change.faults if one.reason == NAMED])


def lines(view: View) -> tuple[Text, ...]:
    """Return that a request waits for the staff; nothing without one."""
    application = view.records.application
    change = application.change if application else None
    if change is None or change.state is not LateChangeState.ASKED:
        return ()
    args: dict[str, Argument] = {"fields": named(change), "at": change.at, "decider": decider(view)}
    return (Text("change-waits", args),)
