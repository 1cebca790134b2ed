"""The papers to bring to a confirmation on site: one list for the chat and the printed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from states.form.fields import always
from states.form.pages import PRIVATE, has_title, is_resident, practises
from states.records import Answers

BRING: Final[Mapping[str, Callable[[Answers], bool]]] = {
    "form": always,
    "identity": always,
    "education": always,
    "title": has_title,
    "practice": practises,
    "residency": is_resident,
    "licence": lambda answers: answers.get("ownership") == PRIVATE,
    "others": always,
}
"""The things to bring, each for the answers it needs (domain §6)."""


def to_bring(answers: Answers) -> tuple[str, ...]:
    """Return the keys of what a candidate with these answers brings, in order."""
    return tuple(key for key, concerns in BRING.items() if concerns(answers))
