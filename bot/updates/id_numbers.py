"""A message with an ID number leaves a private chat, whatever it answers (decision 0023)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.update_context import Envelope
from states.form.education import RECORD
from states.form.pages import FORM
from states.fsm_states import Paying, Staff
from states.identity import holds_id_number
from states.progress.next_step import Position
from states.step_result import DeleteMessage, Effect

LENGTH: Final = 18
"""The signs of a resident's number; most answers have fewer, and need no look."""
_TAKES_NUMBERS: Final = frozenset({Paying.proof, Staff.paying, Staff.sending_back})
"""The questions for the number of a payment."""


def deletions(envelope: Envelope, effects: Sequence[Effect]) -> tuple[DeleteMessage, ...]:
    """Delete a message with an ID number, as far as these effects do not yet.

    A number with a wrong digit stays where another long number is the answer.
    """
    match envelope.raw_update:
        case {"message": {"chat": {"type": "private"}} as message} | {
            "edited_message": {"chat": {"type": "private"}} as message
        }:
            words = f"{message.get('text') or message.get('caption') or ''}"
            if len(words) < LENGTH:
                return ()
            deleted = DeleteMessage(message["message_id"])
            today = envelope.services.exam.today(envelope.unit.now)
            surely = takes_long_numbers(envelope.position)
            if deleted not in effects and holds_id_number(words, today, surely=surely):
                return (deleted,)
    return ()


def takes_long_numbers(asked: Position) -> bool:
    """Return whether a question asks for the number of a certificate, a file or a payment."""
    key = asked.data.get("field", "")
    field = FORM.fields.get(key) or RECORD.fields.get(key)
    return asked.state in _TAKES_NUMBERS or (field is not None and field.has_digits)
