"""What the exam is taken in: the catalogue of specialties, and the lists that it refers to."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from states.exam.data import Code, Coded, Named


class Mode(StrEnum):
    """How a specialty is examined: 人机对话 or 纸笔."""

    COMPUTER = "computer"
    PAPER = "paper"


class Category(Coded):
    """A category (专业类别), and the practice categories that go with it (guide (4), note 1)."""

    practices: tuple[Code, ...] = Field(min_length=1)


class Specialty(Named):
    """One row of the catalogue (专业). Level and category are codes of the exam's own lists.

    A ``discontinued`` one cannot be chosen; it stays, since its code may come up in old papers.
    ``confirmed`` says whether a source names code and name; ``source`` says which, or what is
    only inferred.
    """

    code: Annotated[str, Field(pattern=r"^\d{3}$")]
    level: Code
    category: Code
    mode: Mode | None = None
    discontinued: bool = False
    confirmed: bool = False
    source: str

    def display_name(self, locale: str) -> str:
        """Its name with the code: that is how candidates know it."""
        return f"{super().display_name(locale)} {self.code}"
