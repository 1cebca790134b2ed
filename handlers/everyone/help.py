"""Somebody is stuck: what the assistant can do, what to do about common trouble, whom to ask.

A question helps more with each wrong answer: how to write the right one, then whom to ask.

The topics and where their answers come from: domain §8, with §1 for the rules.
"""

from dataclasses import replace
from functools import partial

from telegram import Update

from handlers.buttons import Verb, go
from handlers.context import Context
from handlers.route import Feature, command, pressed
from handlers.screens import WRONG, Drawing, Screen, View, rows
from states.outcome import Outcome, Say
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


async def explain(_update: Update, context: Context) -> Outcome:
    """The help, leaving the person where they are."""
    return Outcome(acts=(Say(SCREEN),))


async def answer(_update: Update, context: Context) -> Outcome:
    """What to do about the topic, leaving the person where they are."""
    return Outcome(acts=(Say(context.press.value),))


OTHERS = go("help", Text("button-help-others"))


def draw(view: View) -> Screen:
    """The commands, the rule of typing instead of tapping, the contact, and the topics."""
    ways = (go("resume"), go("status"), go("profile"))
    topics = tuple(go(topic) for topic in TOPICS)
    return Screen(
        (Text("help-text"), whom_to_ask(view), Text("help-topics")),
        rows(*topics, across=2) + rows(*ways, across=2),
    )


def draw_topic(topic: str, view: View) -> Screen:
    """What to do now about the topic, and whom to ask."""
    ways = rows(OTHERS, go("resume"), go("status"), across=2)
    return Screen((Text(topic), whom_to_ask(view)), ways)


def whom_to_ask(view: View) -> Text:
    """The contact of the person's point, or site, or area; before any is chosen, when it comes."""
    where = view.point or view.site or view.area
    if where is None:
        return Text("help-contact-none")
    return Text("help-contact", {"site": where.called(view.locale), "contact": where.contact})


def patient(drawing: Drawing) -> Drawing:
    """The drawing of a question, which helps more the more often its answer was wrong."""

    def drawn(view: View) -> Screen:
        screen, wrong = drawing(view), int(view.at.get(WRONG, "0"))
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
        pressed(Verb.GO, explain, "help"),
        *(pressed(Verb.GO, answer, topic) for topic in TOPICS),
    ),
    buttons=(go("help"), *(go(topic) for topic in TOPICS), OTHERS),
    screens={SCREEN: draw, **{topic: partial(draw_topic, topic) for topic in TOPICS}},
)
