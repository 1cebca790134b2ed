"""Help: the topics, the contact to ask, and the hints after wrong answers.

The topics and the source of their answers: domain §8, with §1 for the rules.
"""

from dataclasses import replace
from functools import partial

from handlers.callback_data import Action, go
from handlers.rendering import WRONG, RenderScreen, Screen, View, rows
from handlers.replies import step_showing
from handlers.routing import Feature, command, pressed
from states.texts import Text

SCREEN = "help"
TOPICS = (
    "help-account",
    "help-taken",
    "help-identity",
    "help-binding",
    "help-area",
    "help-point",
    "help-degree",
    "help-months",
    "help-photo",
    "help-changed",
    "help-history",
    "help-confirmation",
    "help-review",
    "help-payment",
)
"""Common problems, in the order of the process; each names a button, a screen and its text."""
SPELLED_OUT = 2
"""Wrong answers before a question shows the format; one more shows the contact."""


OTHERS = go("help", Text("button-help-others"))


def render(view: View) -> Screen:
    """List the commands, the contact and the topics."""
    others = rows(go("resume"), go("status"), go("profile"), across=2)
    topics = rows(*(go(topic) for topic in TOPICS), across=2)
    return Screen((Text("help-text"), whom_to_ask(view), Text("help-topics")), topics + others)


def render_topic(topic: str, view: View) -> Screen:
    """Say how to solve the topic's problem, and whom to ask."""
    others = rows(OTHERS, go("resume"), go("status"), across=2)
    return Screen((Text(topic), whom_to_ask(view)), others)


def whom_to_ask(view: View) -> Text:
    """Return the contact of the chosen point, site or area."""
    where = view.point or view.site or view.area
    if where is None:
        return Text("help-contact-none")
    return Text("help-contact", {"site": where.display_name(view.locale), "contact": where.contact})


def with_retry_hints(render_question: RenderScreen) -> RenderScreen:
    """Wrap a question's screen: it shows hints after wrong answers."""

    def render_with_hints(view: View) -> Screen:
        screen, wrong = render_question(view), int(view.data.get(WRONG, "0"))
        if wrong >= SPELLED_OUT and screen.format is not None:
            screen = replace(screen, text=(*screen.text, screen.format))
        if wrong > SPELLED_OUT:
            text, buttons = (*screen.text, whom_to_ask(view)), (*screen.buttons, (go("help"),))
            screen = replace(screen, text=text, buttons=buttons)
        return screen

    return render_with_hints


FEATURE = Feature(
    everyone=(
        command("help", step_showing(SCREEN)),
        pressed(Action.GO, step_showing(SCREEN), "help"),
        *(pressed(Action.GO, step_showing(topic), topic) for topic in TOPICS),
    ),
    buttons=(go("help"), *(go(topic) for topic in TOPICS), OTHERS),
    screens={SCREEN: render, **{topic: partial(render_topic, topic) for topic in TOPICS}},
)
