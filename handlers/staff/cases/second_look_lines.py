"""The lines and buttons of a second look, on the card and in the history of an application."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.callback_data import Action
from handlers.rendering import Paragraph, Rows, View, button
from handlers.staff.cases.refused_items import draft_lines
from states.records import Application
from states.texts import Text
from storage.staff.cases.second_looks import SecondLook, SecondLookEnd

AGREE, DECLINE = "agree", "decline"
"""The values of the two buttons of a second look."""


def request_lines(view: View, look: SecondLook) -> tuple[Paragraph, ...]:
    """Return who asks to refuse for good and why, at the head of the second person's card."""
    head = Text("second-look-card", {"name": look.name, "at": look.asked_at})
    return (head, *draft_lines(view, look.draft))


def card_buttons() -> Rows:
    """Return the buttons of a card that waits for the second look."""
    return (
        (button("second-look-agree", Action.REJECT, AGREE),),
        (button("second-look-decline", Action.REJECT, DECLINE),),
    )


def look_lines(looks: Iterable[SecondLook], about: Application) -> tuple[Text, ...]:
    """Return the requests about an application for its history, each in a line."""
    return tuple(
        Text(
            "second-look-line",
            {"name": one.name, "at": one.asked_at, "outcome": _outcome(one, about)},
        )
        for one in looks
    )


def _outcome(look: SecondLook, about: Application) -> str:
    return "open" if look.waits(about) else str(look.outcome or SecondLookEnd.OVERTAKEN)
