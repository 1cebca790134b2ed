"""The text of a page: its lines are read character by character, each with certainty and place."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.media.decoding.papers import line_finder
from bot.media.decoding.papers.line_finder import Box, FoundLine
from bot.media.decoding.papers.models import Floats, TextModels
from bot.media.decoding.pictures import turned
from states.papers.text import Glyph, PageText

_HEIGHT: Final = 48
_CELL: Final = 8
"""px of a line of 48 px that one place of the network's answer stands for."""
_MOST_WIDTH: Final = 2400
"""px of a line of 48 px; a longer one is squeezed."""
_LEVEL: Final = 0.6
"""Degrees of slant that a line may have without its page being turned."""
_GOOD: Final = 0.75
"""The mean certainty of a page that is read the right way up."""
_ZEROS: Final = "〇○◯"
_LEAST_ZERO: Final = 0.12
_TRIED: Final = 4
"""Lines that are read to know which way up a page is."""


@dataclass(frozen=True, slots=True)
class StandingPage:
    """A page the right way up: the quarter turns (counterclockwise) that it took, and its lines.

    ``is_sure`` is False if its lines are read badly both ways: then the turns are the better guess.
    """

    page: Image.Image
    turns: int
    lines: list[FoundLine]
    is_sure: bool

    @property
    def sure_turns(self) -> int:
        """The quarter turns; 0 if the reader is not sure."""
        return self.turns if self.is_sure else 0


def standing(page: Image.Image, networks: TextModels) -> StandingPage:
    """Turn an RGB page upright: its longest lines are read one way, and perhaps the other way."""
    turns, shown = 0, page
    lines = line_finder.find(shown, networks)
    if line_finder.is_sideways(lines):
        turns, shown = 1, turned(page, 1)
        lines = line_finder.find(shown, networks)
    certainty = _certainty(shown, lines, networks)
    if certainty >= _GOOD:
        return StandingPage(shown, turns, lines, is_sure=True)
    other = turned(shown, 2)
    there = [FoundLine(_opposite(one.box, shown.size), one.slant) for one in lines]
    opposite = _certainty(other, there, networks)
    is_sure = max(certainty, opposite) >= _GOOD
    if opposite > certainty:
        return StandingPage(other, turns + 2, there, is_sure)
    return StandingPage(shown, turns, lines, is_sure)


def read_page(page: Image.Image, networks: TextModels) -> tuple[PageText, int]:
    """Return the text of an RGB page, and the quarter turns that surely put it upright.

    The places of the characters are parts of the page as it was given.
    """
    found = standing(page, networks)
    turns, shown, lines = found.turns, found.page, found.lines
    slant = line_finder.slant_of(lines)
    if abs(slant) > _LEVEL:
        shown = shown.rotate(slant, Image.Resampling.BICUBIC, fillcolor="white")
        lines = line_finder.find(shown, networks)
    else:
        slant = 0.0
    place = _Place(page.size, shown.size, turns, slant)
    rows = _rows(lines)
    read = iter(_read(shown, [one for row in rows for one in row], networks))
    glyphs: list[Glyph] = []
    for row in rows:
        for _ in row:
            glyphs += [Glyph(char, score, place.of(box)) for char, score, box in next(read)]
        glyphs.append(Glyph("\n", 1.0, (0.0, 0.0, 0.0, 0.0)))
    return PageText(tuple(glyphs)), found.sure_turns


class _Place:
    """Maps a box of the page as it is read to parts of the page as it was given."""

    def __init__(
        self, given: tuple[int, int], shown: tuple[int, int], turns: int, slant: float
    ) -> None:
        self._given, self._shown, self._turns = given, shown, turns
        self._sine, self._cosine = np.sin(np.radians(slant)), np.cos(np.radians(slant))

    def of(self, box: Box) -> Box:
        """Return the box around the mapped corners."""
        corners = [self._point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        return min(across), min(down), max(across), max(down)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        width, height = self._shown
        dx, dy = x - width / 2, y - height / 2
        back_x = dx * self._cosine - dy * self._sine + width / 2
        back_y = dx * self._sine + dy * self._cosine + height / 2
        x, y = back_x / width, back_y / height
        if self._turns == 1:
            x, y = 1 - y, x
        elif self._turns == 2:
            x, y = 1 - x, 1 - y
        elif self._turns == 3:
            x, y = y, 1 - x
        return min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0)


def _opposite(box: Box, size: tuple[int, int]) -> Box:
    return size[0] - box[2], size[1] - box[3], size[0] - box[0], size[1] - box[1]


def _certainty(page: Image.Image, lines: list[FoundLine], networks: TextModels) -> float:
    """Return the mean certainty of the longest lines."""
    longest = sorted(lines, key=lambda one: -one.width)[:_TRIED]
    scores = [score for line in _read(page, longest, networks) for _, score, _ in line]
    return float(np.mean(scores)) if scores else 0.0


def _rows(lines: list[FoundLine]) -> list[list[FoundLine]]:
    """Return the lines from top to bottom; those beside each other from left to right."""
    rows: list[list[FoundLine]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        last = rows[-1][0] if rows else None
        if last is not None and last.box[1] < middle < last.box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _read(
    page: Image.Image, lines: list[FoundLine], networks: TextModels
) -> list[list[tuple[str, float, Box]]]:
    """Return the characters of each line with certainty and box in px.

    One line at a time: the network answers with a number for each of 18,710 characters.
    """
    found = []
    for line in lines:
        cut = _cut(page, line)
        answer = networks.read(line_finder.bgr(cut)[None])[0]
        found.append(_decoded(answer, line.box, cut.width, networks))
    return found


def _cut(page: Image.Image, line: FoundLine) -> Image.Image:
    """Return a line as a picture of 48 px."""
    left, top, right, bottom = line.box
    width = max(_CELL, min(_MOST_WIDTH, ceil(_HEIGHT * line.width / max(1.0, line.height))))
    return page.resize((width, _HEIGHT), Image.Resampling.BILINEAR, (left, top, right, bottom))


def _best(answer: Floats, networks: TextModels) -> tuple[NDArray[np.int64], Floats]:
    """Return the best character of each place and its certainty; 0 is the number of a gap.

    The zero of Chinese dates, 〇, looks like ○ and like a gap: the network spreads it over both. So
    it counts as read where nothing else is likely; a date needs all its digits anyway.
    """
    best = answer.argmax(1)
    scores = answer.max(1)
    zeros = [number for char in _ZEROS if (number := networks.number(char)) is not None]
    zero = answer[:, zeros].sum(1)
    seen = 1 - answer[:, 0]
    is_zero = (zero > _LEAST_ZERO) & (zero > 0.5 * seen)
    scores = np.where(is_zero, zero / np.maximum(seen, 1e-6), scores)
    return np.where(is_zero, zeros[0], best), scores


def _decoded(
    answer: Floats, box: Box, width: int, networks: TextModels
) -> list[tuple[str, float, Box]]:
    """Return the characters: at each place the best one; repeated ones and gaps count once."""
    best, scores = _best(answer, networks)
    places: list[tuple[int, int, int, float]] = []
    for at in range(len(best)):
        number = int(best[at])
        if number == 0 or at * _CELL >= width:
            continue
        if places and at and best[at - 1] == number:
            known, first, _, score = places[-1]
            places[-1] = (known, first, at, max(score, float(scores[at])))
        else:
            places.append((number, at, at, float(scores[at])))
    scale = (box[2] - box[0]) / width
    half = (box[3] - box[1]) / 2
    found = []
    for number, first, last, score in places:
        middle = box[0] + (first + last + 1) / 2 * _CELL * scale
        around = (max(box[0], middle - half), box[1], min(box[2], middle + half), box[3])
        found.append((networks.characters[number], score, around))
    return found
