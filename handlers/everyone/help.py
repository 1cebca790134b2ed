"""Help: the topics, and the contact to ask.

The topics and the source of their answers: domain §8, with §1 for the rules.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from handlers import payment_lines
from handlers.callback_data import Action, Button, go
from handlers.outlook_lines import asking_button, can_withdraw
from handlers.rendering import Screen, View, resuming, rows, whom_to_ask
from handlers.replies import step_showing
from handlers.routing import Feature, command, pressed
from states.exam import last_minute
from states.form.fields import joined
from states.progress.outlook import Matter, Moment, outlook
from states.records import Stage
from states.texts import Argument, Text

SCREEN = "help"
HUMAN = "help-human"
PAYMENT = "help-payment"
EXAM = "help-exam"
IDENTITY = "help-identity"
LATER = "help-later"
SUBJECTS = "help-subjects"
CHANGED = "help-changed"
ELIGIBILITY = "help-eligibility"
"""The topic that ``handlers.everyone.eligibility`` renders."""
TOPICS = (
    ELIGIBILITY,
    "help-safe",
    LATER,
    "help-another",
    "help-account",
    "help-taken",
    "help-moved",
    IDENTITY,
    "help-binding",
    "help-area",
    "help-point",
    "help-degree",
    "help-months",
    SUBJECTS,
    "help-photo",
    CHANGED,
    "help-print",
    "help-history",
    "help-confirmation",
    "help-review",
    "help-rejected",
    PAYMENT,
    EXAM,
    "help-give-up",
    "help-reminders",
    HUMAN,
)
"""Common problems, in the order of the process; each names a button, a screen and its text."""
ACTS = {
    "help-area": "change-area",
    IDENTITY: "correct-identity",
    CHANGED: "withdraw",
    "help-print": "print",
    "help-confirmation": "visit",
    "help-give-up": "withdraw",
}
"""The button that opens what a topic tells of."""
OTHERS = go("help", Text("button-help-others"))


def render(view: View) -> Screen:
    """List the commands, the contact and the topics."""
    others = rows(*resuming(view), go("status"), go("profile"), across=2)
    topics = rows(*(go(topic) for topic in TOPICS), across=2)
    return Screen((Text("help-text"), whom_to_ask(view), Text("help-topics")), topics + others)


def render_topic(topic: str, view: View) -> Screen:
    """Say how to solve the topic's problem, and whom to ask."""
    act = _acts(topic, view) if view.records.application is not None else _account_acts(topic, view)
    others = rows(*act, OTHERS, *resuming(view), go("status"), across=2)
    args = _ARGS[topic](view) if topic in _ARGS else {}
    own = payment_lines.own_area(view) if topic == PAYMENT else ()
    place = view.area if topic == PAYMENT else None
    return Screen((*own, Text(topic, args), whom_to_ask(view, place)), others)


def _ways_to_change(view: View) -> dict[str, Argument]:
    """Return the ways to change a submitted application: all, only to ask for it, or none.

    A draft can still be submitted, and then changed in each way.
    """
    application, window = view.records.application, view.exam.windows.registration
    is_draft = application is None or application.stage is Stage.DRAFT
    if can_withdraw(view) or (is_draft and view.now < window.closes):
        return {"ways": "all"}
    return {"ways": "late" if asking_button(view) else "none"}


def _account_acts(topic: str, view: View) -> tuple[Button, ...]:
    """Return the button that corrects a locked identity before an application is begun."""
    is_locked = view.records.person is not None and view.person.number_hash is not None
    return (go(ACTS[topic]),) if topic == IDENTITY and is_locked else ()


def _acts(topic: str, view: View) -> tuple[Button, ...]:
    """Return the buttons that open what a topic tells of, as far as that is possible now."""
    if topic == PAYMENT:
        return payment_lines.buttons(view, Moment.OPEN) if payment_lines.is_due(view) else ()
    act = ACTS.get(topic)
    if act is None:
        return ()
    if act == "withdraw" and not can_withdraw(view):
        return asking_button(view) if topic == CHANGED else ()
    return (go(act),)


def _days(view: View) -> dict[str, Argument]:
    """Return the first day of the tickets, and the first and last day of the exam."""
    tickets, days = view.exam.windows.tickets, view.exam.windows.exam_days.dates
    return {"tickets": view.exam.today(tickets.opens), "first": days[0], "last": days[-1]}


def _end(view: View) -> dict[str, Argument]:
    """Return the last minute to submit a draft or what is being corrected; none without one."""
    seen = outlook(view.records, view.exam, view.now)
    is_new = seen.is_draft or seen.matter is Matter.BEGIN
    is_again = seen.matter in (Matter.CORRECTION, Matter.CHANGE)
    if not (is_new or is_again) or seen.time is None or seen.moment is Moment.OVER:
        return {"end": "none", "closes": view.now}
    return {"end": "submit" if is_new else "again", "closes": last_minute(seen.time.closes)}


def _subjects(view: View) -> dict[str, Argument]:
    """Return the names of the exam's subjects, and their number."""
    names = [one.display_name(view.locale) for one in view.exam.subjects]
    return {"count": len(names), "subjects": joined(names)}


_ARGS: Final[Mapping[str, Callable[[View], dict[str, Argument]]]] = {
    EXAM: _days,
    CHANGED: _ways_to_change,
    LATER: _end,
    SUBJECTS: _subjects,
}
"""The arguments of the topics' texts."""

FEATURE = Feature(
    everyone=(
        command("help", step_showing(SCREEN)),
        pressed(Action.GO, step_showing(SCREEN), "help"),
        *(pressed(Action.GO, step_showing(topic), topic) for topic in TOPICS),
    ),
    buttons=(go("help"), *(go(topic) for topic in TOPICS), OTHERS),
    screens={
        SCREEN: render,
        **{one: partial(render_topic, one) for one in TOPICS if one != ELIGIBILITY},
    },
)
