"""The text of a page as it was read: characters with certainty and place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as parts of the page's width and height."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character of a page: its certainty from 0 to 1, and its place."""

    char: str
    score: float
    box: Box


@dataclass(frozen=True)
class PageText:
    """The characters of a page in the order of reading; each row ends with a line break."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def text(self) -> str:
        """The characters alone."""
        return "".join(one.char for one in self.glyphs)

    def certainty(self, start: int, end: int) -> float:
        """Return the certainty of the least certain character between two places."""
        return min((one.score for one in self._visible(start, end)), default=0.0)

    def box(self, start: int, end: int) -> Box:
        """Return the box around the characters between two places."""
        boxes = [one.box for one in self._visible(start, end)]
        return (
            min(one[0] for one in boxes),
            min(one[1] for one in boxes),
            max(one[2] for one in boxes),
            max(one[3] for one in boxes),
        )

    def _visible(self, start: int, end: int) -> list[Glyph]:
        return [one for one in self.glyphs[start:end] if not one.char.isspace()]
