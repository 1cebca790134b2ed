"""Somebody is stuck: what the assistant can do, what to do about common trouble, whom to ask.

A question helps more with each wrong answer: how to write the right one, then whom to ask.

The topics and where their answers come from: domain §8, with §1 for the rules.
"""

from dataclasses import replace
from functools import partial

from telegram import Update

from handlers.callback_data import Action, go
from handlers.rendering import WRONG, RenderScreen, Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.step_result import ShowScreen, StepResult
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
"""What often goes wrong, in the order of the way. A topic's button, screen and words are called
by this one name."""
SPELLED_OUT = 2
"""Wrong answers after which the format is spelled out; after one more there is somebody to ask."""


async def explain(_update: Update, context: Context) -> StepResult:
    """The help, leaving the person where they are."""
    return StepResult(effects=(ShowScreen(SCREEN),))


async def answer(_update: Update, context: Context) -> StepResult:
    """What to do about the topic, leaving the person where they are."""
    return StepResult(effects=(ShowScreen(context.callback.value),))


OTHERS = go("help", Text("button-help-others"))


def render(view: View) -> Screen:
    """The commands, the rule of typing instead of tapping, the contact, and the topics."""
    ways = (go("resume"), go("status"), go("profile"))
    topics = tuple(go(topic) for topic in TOPICS)
    return Screen(
        (Text("help-text"), whom_to_ask(view), Text("help-topics")),
        rows(*topics, across=2) + rows(*ways, across=2),
    )


def render_topic(topic: str, view: View) -> Screen:
    """What to do now about the topic, and whom to ask."""
    ways = rows(OTHERS, go("resume"), go("status"), across=2)
    return Screen((Text(topic), whom_to_ask(view)), ways)


def whom_to_ask(view: View) -> Text:
    """The contact of the person's point, or site, or area; before any is chosen, when it comes."""
    where = view.point or view.site or view.area
    if where is None:
        return Text("help-contact-none")
    return Text("help-contact", {"site": where.display_name(view.locale), "contact": where.contact})


def with_retry_hints(drawing: RenderScreen) -> RenderScreen:
    """The drawing of a question, which helps more the more often its answer was wrong."""

    def drawn(view: View) -> Screen:
        screen, wrong = drawing(view), int(view.data.get(WRONG, "0"))
        if wrong >= SPELLED_OUT and screen.format is not None:
            screen = replace(screen, text=(*screen.text, screen.format))
        if wrong > SPELLED_OUT:
            text, buttons = (*screen.text, whom_to_ask(view)), (*screen.buttons, (go("help"),))
            screen = replace(screen, text=text, buttons=buttons)
        return screen

    return drawn


FEATURE = Feature(
    everyone=(
        command("help", explain),
        pressed(Action.GO, explain, "help"),
        *(pressed(Action.GO, answer, topic) for topic in TOPICS),
    ),
    buttons=(go("help"), *(go(topic) for topic in TOPICS), OTHERS),
    screens={SCREEN: render, **{topic: partial(render_topic, topic) for topic in TOPICS}},
)
