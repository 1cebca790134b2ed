"""The open question in the chat: one message has its buttons.

A tapped question becomes the next one in the same message, below the answers. A typed answer stands
in the chat itself: the next question is a new message, and the one before loses its buttons.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from handlers.questions.answer_lines import TAKEN
from handlers.rendering import FIRST_OF_DAY
from states.progress.next_step import Position
from states.step_result import DeleteMessage, EditScreen, Effect, ShowScreen
from states.values import dataclass


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """The outbox row of the message with the question's buttons; None if no message has them.

    ``day`` is the day of the last question (ISO), ``said`` are the keys of the answers above it.
    """

    row: int | None = None
    day: str = ""
    said: tuple[str, ...] = ()

    def pack(self) -> str:
        """Return it as one value of aiogram's data.

        >>> LiveQuestion(7, "2025-12-02", ("mobile", "email")).pack()
        '7 2025-12-02 mobile email'
        """
        return " ".join((str(self.row or 0), self.day, *self.said)) if self.day else ""

    @classmethod
    def parse(cls, packed: str) -> LiveQuestion:
        """Return what ``pack`` packed; nothing for an empty text."""
        if not packed:
            return cls()
        row, day, *said = packed.split()
        return cls(int(row) or None, day, tuple(said))


@dataclass(frozen=True, slots=True)
class Placed:
    """The effects of a step, and the one among them that shows the open question.

    ``live`` is the message with buttons afterwards; the row of ``question`` has no id yet.
    """

    effects: tuple[Effect, ...]
    live: LiveQuestion
    question: ShowScreen | EditScreen | None = None


def place(
    effects: Sequence[Effect],
    position: Position,
    live: LiveQuestion,
    *,
    tapped: int | None,
    is_new: bool,
    day: str,
) -> Placed:
    """Decide in which message the open question stands, so that no other has its buttons.

    Args:
        position: the position after the step.
        tapped: the message of the question before, if it was tapped and may become this question.
        is_new: another question was open before.
        day: today (ISO).
    """
    shown = [effect for effect in effects if isinstance(effect, ShowScreen | EditScreen)]
    asked = next((one for one in shown if one.screen == position.state.state), None)
    if asked is None:
        first = next((one for one in shown if isinstance(one, ShowScreen)), None)
        if first is None or not is_new:
            return Placed(tuple(effects), live)
        closing = replace(first, closes=live.row)
        return Placed(_with(effects, first, closing), LiveQuestion(day=live.day))
    said = tuple(asked.data.get(TAKEN, "").split())
    is_edit = isinstance(asked, EditScreen) or tapped is not None
    if is_edit:
        again = position.data.get("field")
        said = tuple(key for key in dict.fromkeys((*live.said, *said)) if key != again)
    data = {**asked.data, **({TAKEN: " ".join(said)} if said else {})}
    if day != live.day:
        data[FIRST_OF_DAY] = day
    edited = asked.in_message(tapped) if isinstance(asked, ShowScreen) and is_edit else asked
    question = replace(edited, data=data, closes=live.row)
    return Placed(_with(effects, asked, question), LiveQuestion(None, day, said), question)


def place_at_desk(
    effects: Sequence[Effect],
    live: LiveQuestion,
    desk: Container[str],
    *,
    is_over: bool,
    day: str,
) -> Placed:
    """Let the newest screen of the desk take the buttons of the one before it.

    A message that shows anything else keeps its buttons, such as those to undo a decision. So an
    edit to such a screen ends what is open. A new one takes the buttons of a question that is over.

    Args:
        desk: the screens of which one message has buttons.
        is_over: another question was open before.
        day: today (ISO).
    """
    if any(isinstance(one, EditScreen) and one.screen not in desk for one in effects):
        live = LiveQuestion(day=day)
    new = [one for one in effects if isinstance(one, ShowScreen)]
    shown = [one for one in new if one.screen in desk]
    if not shown and new and is_over:
        closing = replace(new[-1], closes=live.row)
        return Placed(_with(effects, new[-1], closing), LiveQuestion(day=day))
    if not shown:
        return Placed(tuple(effects), live)
    newest = shown[-1]
    is_gone = newest.slot is not None and DeleteMessage(slot=newest.slot) in effects
    question = newest if is_gone else replace(newest, closes=live.row)
    return Placed(_with(effects, newest, question), LiveQuestion(day=day), question)


def _with(effects: Sequence[Effect], old: Effect, new: Effect) -> tuple[Effect, ...]:
    return tuple(new if one is old else one for one in effects)
