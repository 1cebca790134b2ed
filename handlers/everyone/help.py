"""Somebody is stuck: what the assistant can do, what to do about common trouble, whom to ask.

The topics and where their answers come from: domain §8, with §1 for the rules.
"""

from functools import partial

from telegram import Update

from handlers.buttons import Verb, go
from handlers.context import Context
from handlers.route import command, pressed
from handlers.screens import Screen, Screens, View, rows
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


async def explain(_update: Update, context: Context) -> Outcome:
    """The help, leaving the person where they are."""
    return Outcome(acts=(Say(SCREEN),))


async def answer(_update: Update, context: Context) -> Outcome:
    """What to do about the topic, leaving the person where they are."""
    return Outcome(acts=(Say(context.press.value),))


GLOBAL = (
    command("help", explain),
    pressed(Verb.GO, explain, "help"),
    *(pressed(Verb.GO, answer, topic) for topic in TOPICS),
)

OTHERS = go("help", Text("button-help-others"))
BUTTONS = (*(go(topic) for topic in TOPICS), OTHERS)
"""The buttons that only the help has."""


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


SCREENS: Screens = {SCREEN: draw, **{topic: partial(draw_topic, topic) for topic in TOPICS}}
