"""The rule of the registration photo, and the crop of the portrait (domain §3).

The numbers change from year to year, so an exam file gives them (``PhotoRule``).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pydantic import ConfigDict

from states.texts import Argument, Mistake, Problem, Text, none_of

KB: Final = 1024
"""Bytes in a KB of the published rules, as Windows Explorer counts them."""

FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP")
"""Formats that a rule can allow: the bot can measure pictures of these."""
CERTAINTIES: Final = ("A", "B", "C")
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


_MM_PER_INCH: Final = 25.4
_DPI: Final = 300
"""Dots an inch of a printed photo; a 1寸 photo then has the 295×413 px that notices name."""
_PRINTS: Final = {"one-inch": (25, 35), "small-two-inch": (35, 45)}
"""Width and height in mm of the print sizes that notices name (1寸, 小二寸)."""


def print_px(name: str) -> tuple[int, int]:
    """Return width and height in px of a print size at 300 dots an inch.

    >>> print_px("one-inch")
    (295, 413)
    """
    width, height = _PRINTS[name]
    return round(width / _MM_PER_INCH * _DPI), round(height / _MM_PER_INCH * _DPI)


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """The authority's requirements for the photo in one year, in the units of its notice.

    Sizes are in px, ``min_kb`` and ``max_kb`` in KB. ``formats`` are some of ``FORMATS``; the
    minimum sets the portrait's aspect ratio. ``more_than`` says that the notice asks for more than
    the minimum. ``prints`` are print sizes (``one-inch``); the smallest gives a minimum of 0 px its
    value, and a recommended size of 0 px is twice the minimum.
    ``head`` is the head's part of the height, as a fraction; empty if no notice says it.
    ``source`` names the publication, and ``certainty`` is its grade: A official or quoted by many,
    B one page, C doubtful. ``carried_over`` names fields that an earlier notice says and this one
    does not repeat. Raises ValueError if the numbers contradict each other.
    """

    formats: tuple[str, ...]
    min_width: int
    min_height: int
    min_kb: int
    recommended_width: int
    recommended_height: int
    source: str
    max_kb: int | None = None
    more_than: bool = False
    prints: tuple[str, ...] = ()
    background: str = "white"
    head: str = ""
    certainty: str = "C"
    carried_over: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    tool: str = ""

    __pydantic_config__ = ConfigDict(extra="forbid")  # report typos in exam files

    @property
    def format_names(self) -> str:
        """The allowed formats for people to read: ``JPG/PNG``."""
        return "/".join(_SHOWN.get(name, name) for name in self.formats)

    @property
    def least_width(self) -> int:
        """The smallest width in px that meets the rule."""
        return self.min_width + self.more_than

    @property
    def least_height(self) -> int:
        """The smallest height in px that meets the rule."""
        return self.min_height + self.more_than

    @property
    def least_size(self) -> int:
        """The smallest size in bytes that meets the rule."""
        return self.min_kb * KB + self.more_than

    @property
    def most_size(self) -> int | None:
        """The largest size in bytes that meets the rule; None without a limit."""
        return None if self.max_kb is None else self.max_kb * KB

    @property
    def head_share(self) -> float | None:
        """The head's part of the picture's height, from crown to chin."""
        return float(Fraction(self.head)) if self.head else None

    def __post_init__(self) -> None:
        if not self.formats or not set(self.formats) <= set(FORMATS):
            raise ValueError(none_of("formats", ", ".join(self.formats), FORMATS))
        if not set(self.prints) <= set(_PRINTS):
            raise ValueError(none_of("prints", ", ".join(self.prints), _PRINTS))
        self._derive()
        for key, value, least in (
            ("min_width", self.min_width, 1),
            ("min_height", self.min_height, 1),
            ("min_kb", self.min_kb, 0),
            ("recommended_width", self.recommended_width, self.min_width),
            ("recommended_height", self.recommended_height, self.min_height),
            ("max_kb", self.max_kb, self.min_kb + 1),
        ):
            if value is not None and value < least:
                raise ValueError(
                    Mistake.of(key, "not-at-least", given=f"{value}", limit=f"{least}")
                )
        if self.head and not _is_part(self.head):
            raise ValueError(Mistake.of("head", "no-fraction", given=self.head))
        if self.certainty not in CERTAINTIES:
            raise ValueError(none_of("certainty", self.certainty, CERTAINTIES))

    def _derive(self) -> None:
        """Derive px from print sizes, and the recommended size from the minimum."""
        if self.prints and not (self.min_width or self.min_height):
            width, height = min(map(print_px, self.prints))
            object.__setattr__(self, "min_width", width)
            object.__setattr__(self, "min_height", height)
        if not (self.recommended_width or self.recommended_height):
            object.__setattr__(self, "recommended_width", 2 * self.min_width)
            object.__setattr__(self, "recommended_height", 2 * self.min_height)


def _is_part(fraction: str) -> bool:
    try:
        return 0 < Fraction(fraction) < 1
    except (ValueError, ZeroDivisionError):
        return False


@dataclass(frozen=True, slots=True)
class EarlierPhotoRule:
    """The rule of earlier years, ``first`` to ``last``."""

    first: int
    last: int
    rule: PhotoRule

    __pydantic_config__ = ConfigDict(extra="forbid")


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
    pixels: dict[str, Argument] = {
        "width": facts.width,
        "height": facts.height,
        "min_width": rule.least_width,
        "min_height": rule.least_height,
        "remedy": remedy,
    }
    # Rounded down: "50 KB, at least 50 KB are needed" would help nobody.
    size: dict[str, Argument] = {
        "kb": facts.size // KB,
        "min_kb": rule.min_kb,
        "remedy": remedy,
    }
    is_narrow = facts.width < rule.least_width or facts.height < rule.least_height
    if is_narrow and facts.size < rule.least_size:  # one remedy for both
        problems.append(Problem("problem-photo-small", {**pixels, **size}))
    elif is_narrow:
        problems.append(Problem("problem-photo-pixels", pixels))
    elif facts.size < rule.least_size:
        problems.append(Problem("problem-photo-kb", size))
    return tuple(problems)


def meets_rule(width: int | None, height: int | None, size: int, rule: PhotoRule) -> bool:
    """Return whether a stored portrait (px, px, bytes) meets this rule.

    A portrait without measures does not.
    """
    if width is None or height is None:
        return False
    is_large = width >= rule.least_width and height >= rule.least_height
    is_light = rule.most_size is None or size <= rule.most_size
    return is_large and is_light and size >= rule.least_size


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
