"""A message as a person reads it on their screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what stands on it, and what it sends."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``text`` is the caption where there is a picture or a document.

    A hyphen where no line may break reads like any other.

    ``document`` is the document's file_id, ``photo`` that of the largest picture; empty where
    there is none.
    """

    id: int
    sender: int
    text: str
    buttons: tuple[Button, ...]
    has_picture: bool
    document: str = ""
    photo: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Message:
        """A message out of the Bot API's object."""
        keyboard = (body.get("reply_markup") or {}).get("inline_keyboard", ())
        return cls(
            id=body["message_id"],
            sender=body["from"]["id"],
            text=(
                body.get("text") or body.get("caption") or _invoice(body.get("invoice", {}))
            ).replace("\u2011", "-"),
            buttons=tuple(
                Button(button["text"], button.get("callback_data", ""))
                for row in keyboard
                for button in row
            ),
            has_picture="photo" in body,
            document=body.get("document", {}).get("file_id", ""),
            photo=[{"file_id": ""}, *body.get("photo", ())][-1]["file_id"],
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the buttons."""
        return tuple(spoken(button.label) for button in self.buttons)

    def button(self, label: str) -> Button | None:
        """The button of this label."""
        wanted = spoken(label)
        return next((b for b in self.buttons if spoken(b.label) == wanted), None)

    def says(self, texts: Iterable[str]) -> bool:
        """Whether all of these stand in it."""
        return all(text in self.text for text in texts)

    def shown(self) -> str:
        """For the report of a failed test."""
        labels = "".join(f" [{label}]" for label in self.labels)
        return f"  #{self.id} {self.sender}: {self.text!r}{labels}"


def _invoice(invoice: Mapping[str, Any]) -> str:
    """What an invoice says."""
    return "\n".join(str(invoice[key]) for key in ("title", "description") if key in invoice)


def spoken(label: str) -> str:
    """A label without arrows, ticks and blanks at its ends: "⬅️ 上一步" is read "上一步"."""
    start, end = 0, len(label)
    while start < end and not _is_word(label[start]):
        start += 1
    while end > start and unicodedata.category(label[end - 1]) in ("Zs", "So"):
        end -= 1
    return label[start:end]


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"
