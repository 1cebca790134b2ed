"""The rule of the registration photo, and the crop of the portrait (domain §3).

The numbers change from year to year, so an exam file gives them (``PhotoRule``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import ConfigDict

from states.texts import Argument, Problem, Text

KB: Final = 1024
"""Bytes in a KB of the published rules, as Windows Explorer counts them."""

FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP")
"""Formats that a rule can allow: the bot can measure pictures of these."""
_SHOWN: Final = {"JPEG": "JPG"}


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Measures of a received picture.

    ``format`` is detected from the content (``JPEG``, ``PNG``…). ``width`` and ``height`` are in px
    after the EXIF rotation, ``size`` is in bytes; ``frames`` is 1 except in animations.
    """

    format: str
    width: int
    height: int
    size: int
    frames: int


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """The authority's requirements for the photo in one year; sizes in px, ``min_kb`` in KB.

    ``formats`` are some of ``FORMATS``; the minimum sets the portrait's aspect ratio. ``source``
    names the publication. Raises ValueError if the numbers contradict each other.
    """

    formats: tuple[str, ...]
    min_width: int
    min_height: int
    min_kb: int
    recommended_width: int
    recommended_height: int
    source: str

    __pydantic_config__ = ConfigDict(extra="forbid")  # report typos in exam files

    @property
    def format_names(self) -> str:
        """The allowed formats for people to read: ``JPG/PNG``."""
        return "/".join(_SHOWN.get(name, name) for name in self.formats)

    def __post_init__(self) -> None:
        if not self.formats or not set(self.formats) <= set(FORMATS):
            raise ValueError(f"formats: at least one of {', '.join(FORMATS)}")
        if min(self.min_width, self.min_height) < 1 or self.min_kb < 0:
            raise ValueError("min_width, min_height: at least 1; min_kb: at least 0")
        if self.recommended_width < self.min_width or self.recommended_height < self.min_height:
            raise ValueError("recommended_width, recommended_height: at least the minimum")


def check_photo(facts: PhotoFacts, rule: PhotoRule, *, compressed: bool) -> tuple[Problem, ...]:
    """Return a problem for each part of the rule that the picture fails.

    ``compressed``: Telegram reduced the picture, so the remedy for px and KB is to send a file.
    An animation gets one problem only.
    """
    if facts.frames > 1:
        return (Problem("problem-photo-animated", {"frames": facts.frames}),)
    remedy = Text("photo-remedy-file" if compressed else "photo-remedy-original")
    problems: list[Problem] = []
    if facts.format not in rule.formats:
        formats: dict[str, Argument] = {"format": facts.format, "allowed": rule.format_names}
        problems.append(Problem("problem-photo-format", formats))
    if facts.width < rule.min_width or facts.height < rule.min_height:
        pixels: dict[str, Argument] = {
            "width": facts.width,
            "height": facts.height,
            "min_width": rule.min_width,
            "min_height": rule.min_height,
            "remedy": remedy,
        }
        problems.append(Problem("problem-photo-pixels", pixels))
    if facts.size < rule.min_kb * KB:
        # Rounded down: "50 KB, at least 50 KB are needed" would help nobody.
        size: dict[str, Argument] = {
            "kb": facts.size // KB,
            "min_kb": rule.min_kb,
            "remedy": remedy,
        }
        problems.append(Problem("problem-photo-kb", size))
    return tuple(problems)


def meets_rule(width: int | None, height: int | None, size: int, rule: PhotoRule) -> bool:
    """Return whether a stored portrait (px, px, bytes) meets this rule.

    A portrait without measures does not.
    """
    if width is None or height is None:
        return False
    return width >= rule.min_width and height >= rule.min_height and size >= rule.min_kb * KB


def portrait_box(width: int, height: int, rule: PhotoRule) -> tuple[int, int, int, int]:
    """Return the largest centred crop of the rule's ratio: left, top, right, bottom in px."""
    is_too_wide = rule.min_height * width > rule.min_width * height
    if is_too_wide:
        side = max(1, height * rule.min_width // rule.min_height)
        left = (width - side) // 2
        return left, 0, left + side, height
    side = max(1, width * rule.min_height // rule.min_width)
    top = (height - side) // 2
    return 0, top, width, top + side
