"""When, where, and with what an application is confirmed: one answer to each part of a question.

The moment decides what is said: before the window, within it, after it, or once it is done. An area
that confirms online has no place to go to and nothing to bring.
"""

from __future__ import annotations

from handlers.callback_data import Action, go
from handlers.outlook_lines import bring_list, head, now_line, outlook_args, submitted_buttons
from handlers.rendering import Paragraph, Screen, View, resuming, rows, whom_to_ask
from handlers.replies import step_showing
from handlers.routing import Feature, pressed
from states.exam import Confirmation, last_minute
from states.form.fields import joined
from states.process.time_rules import TimeSpan
from states.progress.outlook import Matter, Moment, Outlook, outlook
from states.texts import Argument, Text

SCREEN = "visit"
VISIT = go(SCREEN)
_BEFORE = frozenset({Matter.VISIT, Matter.ONLINE, Matter.AGAIN, Matter.BEGIN})
"""The matters, besides a draft's, in which the confirmation lies ahead or is under way."""
_DONE = frozenset(
    {
        *(Matter.SITE_REVIEW, Matter.AREA_REVIEW),
        *(Matter.PAYMENT, Matter.PAYMENT_CLAIMED, Matter.TICKET),
    }
)


def render(view: View) -> Screen:
    """Answer when, where, and what to bring; else say how far the application is."""
    seen = outlook(view.records, view.exam, view.now)
    is_ahead = seen.is_draft or seen.matter in _BEFORE
    elsewhere = Text("visit-done" if seen.matter in _DONE else "visit-not-now")
    lines = _lines(view, seen) if is_ahead else (elsewhere,)
    others = (*submitted_buttons(view), *resuming(view), go("status"), go("help-confirmation"))
    text: tuple[Paragraph, ...] = (head(view), *lines, now_line(view), whom_to_ask(view))
    return Screen(text, rows(*others, across=2))


def _lines(view: View, seen: Outlook) -> tuple[Paragraph, ...]:
    """Return a line for each of when, where, and what to bring."""
    args, span = outlook_args(view, seen), _span(view, seen)
    args |= _days(view, span)
    moment = _moment(view, span)
    if view.area is None:
        where, bring = Text("visit-where-open"), Text("visit-bring-open", {"bring": args["bring"]})
    elif view.area.confirmation is Confirmation.ONLINE:
        where, bring = Text("visit-where-online"), _upload(view)
    else:
        known = view.point or view.site
        where = Text("visit-where" if known else "visit-where-no-site", args)
        bring = Text("visit-bring", {"bring": bring_list(view)})
    if view.area is None and moment is not Moment.OVER:
        how = "open-choice"  # no opening hours, and nobody to phone yet
    else:
        how = view.area.confirmation if view.area else Confirmation.ON_SITE
    return ((Text(f"visit-when-{how}-{moment}", args), where, bring),)


def _upload(view: View) -> Text:
    """Return that nothing is brought, and the papers that are uploaded instead."""
    asked = [one.display_name(view.locale) for one in view.materials if one.required]
    if not asked:
        return Text("visit-bring-nothing")
    return Text("visit-bring-online", {"papers": joined(asked)})


def _span(view: View, seen: Outlook) -> TimeSpan:
    """Return the time of the confirmation: of a submitted application its own."""
    if seen.matter in (Matter.VISIT, Matter.ONLINE, Matter.AGAIN) and seen.time is not None:
        return seen.time
    window = view.exam.windows.confirmation
    return TimeSpan(window.opens, window.closes)


def _days(view: View, span: TimeSpan) -> dict[str, Argument]:
    closes = last_minute(span.closes)
    return {"opens": view.exam.day_or_moment(span.opens), "last-day": view.exam.today(closes)}


def _moment(view: View, span: TimeSpan) -> Moment:
    if view.now < span.opens:
        return Moment.EARLY
    return Moment.OPEN if view.now < span.closes else Moment.OVER


FEATURE = Feature(
    anywhere=(pressed(Action.GO, step_showing(SCREEN), SCREEN),),
    buttons=(VISIT,),
    screens={SCREEN: render},
)
