"""Updates that people may send to any question, and the check of every reaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from handlers.callback_data import ANYWHERE, question_hash_of
from states.changes import corrections
from states.fsm_states import Corrections, Education, Form, Home, LateChanges, Paying, Photo, State
from states.progress import next_step
from states.progress.next_step import NEXT_STATES, Position
from states.records import Stage
from tests.fakes.router import (
    After,
    contact,
    document,
    edited,
    picture,
    presses,
    says,
    screen_of,
    sticker,
    voice,
)
from tests.handlers.people import EXAM, LING, LOCALES, Standing
from tests.handlers.standings import standings

STANDINGS = {
    f"{locale}: {name}": standing
    for locale in LOCALES
    for name, standing in standings(locale).items()
}
"""Everybody, in both languages."""


def _each_once() -> dict[str, Standing]:
    """Every place once, in turn in one language and the other. How often an answer was wrong
    changes only what is drawn, so of those the most patient one is enough."""
    names = [name for name in standings("en") if not name.endswith(("wrong 1", "wrong 2"))]
    turns = {name: LOCALES[n % len(LOCALES)] for n, name in enumerate(names)}
    return {f"{locale}: {name}": standings(locale)[name] for name, locale in turns.items()}


EACH_ONCE = _each_once()

Sending = Callable[[Standing], Mapping[str, Any]]

TYPED = {
    "words": "你好",
    "ten thousand letters": "长" * 10_000,
    "emoji": "👩‍⚕️🏥👍🏽",
    "HTML": "<b>刘玲</b> & <a href='x'>",
    "right to left": "\u202e\u2067刘玲\u200f\u2069",
    "nothing visible": "\u200b\u2060",
    "digits": "99999919900307104X",
    "a month": "2019-07",
    "a lone slash": "/",
}
COMMANDS = (
    "/start",
    "/help",
    "/status",
    "/language",
    "/cancel",
    "/back",
    "/clock",
    "/forfeits",
    "/reinstate",
    "/profile",
    "/export",
    "/erase",
    "/nonsense",
)


def typing(text: str) -> Sending:
    """Somebody types this."""
    return lambda at: says(at.now, text)


def forging(verb: str, value: str) -> Sending:
    """Somebody makes a button of the present question up."""
    return lambda at: presses(at.now, f"{verb}:{mark(at)}:{value}")


FORGED = {
    f"a forged {what}": forging(verb, value)
    for what, verb, value in (
        ("choice", "c", "../../etc"),
        ("line", "e", "nothing"),
        ("tick", "t", "+nothing"),
        ("tick of nothing", "t", ""),
        ("leaf", "l", "-1"),
        ("leaf far away", "l", "9" * 30),
        ("year", "p", "=0000"),
        ("year to come", "p", "-9999"),
        ("year that is none", "p", "=²²²²"),
        ("file to see", "v", "99"),
        ("file to replace", "R", "0"),
        ("file to remove", "r", "x"),
        ("skip", "s", "rest"),
        ("confirmation", "k", "nothing"),
        ("agreement", "y", "nothing"),
        ("addition", "a", "nothing"),
    )
}
SENT: dict[str, Sending] = {
    **{name: typing(text) for name, text in TYPED.items()},
    **{name: typing(name) for name in COMMANDS},
    **FORGED,
    "a picture": lambda at: picture(at.now),
    "a document": lambda at: document(at.now),
    "a part of an album": lambda at: picture(at.now, "9"),
    "a sticker": lambda at: sticker(at.now),
    "a voice message": lambda at: voice(at.now),
    "one's own contact": lambda at: contact(at.now),
    "a contact of somebody else": lambda at: contact(at.now, of=LING + 1),
    "a contact of nobody": lambda at: contact(at.now, of=None),
    "an edited message": lambda at: edited(at.now, "刘玲"),
    "an old button": lambda at: presses(at.now, "c:00000000:qinghai"),
    "a button of another bot": lambda at: presses(at.now, "drop table people"),
    "a forged place": lambda at: presses(at.now, f"g:{ANYWHERE}:nowhere"),
    "no data": lambda at: presses(at.now, ":"),
}


def mark(standing: Standing) -> str:
    """The mark of the question that is asked there."""
    return question_hash_of(standing.position.state, standing.position.data)


@contextmanager
def noted(*names: object) -> Iterator[None]:
    """A failure within says of whom, in the midst of many."""
    try:
        yield
    except Exception as failure:
        failure.add_note(" · ".join(str(name) for name in names))
        raise


def allowed(before: Standing, after: After) -> set[State]:
    """Return the states that may follow: the same, its own ways, the menu, or the step due now.

    Their records and photo they reach from anywhere, from what is kept of them; and what was
    refused, from its notice; who has submitted may say that they have paid, or ask for a change.
    """
    due = next_step.due(after.standing.records, EXAM, before.now).state
    anywhere = {Home.menu, Education.records, Photo.waiting}
    if corrections.is_open(before.records.application, EXAM, before.now):
        anywhere |= {Corrections.listing, *NEXT_STATES[Corrections.listing]}
    if before.records.application and before.records.application.stage is Stage.DRAFT:
        anywhere |= {Form.asking}  # words that name an answer to change
    if before.records.application and before.records.application.revision:
        anywhere |= {Paying.proof, LateChanges.picking}
    return {before.position.state, due, *anywhere, *NEXT_STATES[before.position.state]}


def check_reaction(before: Standing, after: After) -> None:
    """An answer, a place that may be led to, and a screen that can be drawn there."""
    outcome = after.outcome
    assert outcome.effects or outcome.toast, "no answer"
    assert after.standing.position.state in allowed(before, after)
    assert screen_of(after.standing).text
    for effect in after.said:
        assert screen_of(
            replace(after.standing, position=Position(Home.menu, effect.data)), effect.screen
        ).text
