"""The rule of the registration photo, and where the portrait lies in a picture (domain §3).

Every authority year brings other numbers, so the numbers are data; here is what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import ConfigDict

from states.texts import Argument, Problem, Text

KB: Final = 1024
"""Bytes in the KB of the published rule, as Windows' explorer counts them."""

FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP")
"""The formats that can be measured, and that a rule can therefore allow."""
_SHOWN: Final = {"JPEG": "JPG"}


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What was measured in a picture that somebody sent.

    ``format`` is the name by content (``JPEG``, ``PNG``…), ``width`` and ``height`` are in px as
    the picture is seen (a camera's turn already applied), ``size`` is in bytes and ``frames`` is
    1 but for animations.
    """

    format: str
    width: int
    height: int
    size: int
    frames: int


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """What an authority asks of the photo in one year; sizes in px, ``min_kb`` in KB.

    ``formats`` are some of ``FORMATS``. The portrait's proportion is that of the minimum.
    ``source`` names where the numbers were published. Raises ValueError where they contradict
    each other.
    """

    formats: tuple[str, ...]
    min_width: int
    min_height: int
    min_kb: int
    recommended_width: int
    recommended_height: int
    source: str

    __pydantic_config__ = ConfigDict(extra="forbid")  # a slip in an exam file must be seen

    @property
    def format_names(self) -> str:
        """The formats as people call them."""
        return "/".join(_SHOWN.get(name, name) for name in self.formats)

    def __post_init__(self) -> None:
        """Refuse what no picture could meet."""
        if not self.formats or not set(self.formats) <= set(FORMATS):
            raise ValueError(f"formats: at least one of {', '.join(FORMATS)}")
        if min(self.min_width, self.min_height) < 1 or self.min_kb < 0:
            raise ValueError("min_width, min_height: at least 1; min_kb: at least 0")
        if self.recommended_width < self.min_width or self.recommended_height < self.min_height:
            raise ValueError("recommended_width, recommended_height: at least the minimum")


def check_photo(facts: PhotoFacts, rule: PhotoRule, *, compressed: bool) -> tuple[Problem, ...]:
    """Every part of the rule that the picture fails, with its number and the remedy.

    With ``compressed`` the messenger made the picture smaller on its way: then the remedy for
    pixels and KB is to send the same photo as a file. Nothing is judged of an animation but that
    it moves.
    """
    if facts.frames > 1:
        return (Problem("problem-photo-animated", {"frames": facts.frames}),)
    remedy = Text("photo-remedy-file" if compressed else "photo-remedy-original")
    problems: list[Problem] = []
    if facts.format not in rule.formats:
        problems.append(_wrong_format(facts, rule))
    if facts.width < rule.min_width or facts.height < rule.min_height:
        problems.append(_too_few_pixels(facts, rule, remedy))
    if facts.size < rule.min_kb * KB:
        problems.append(_too_few_bytes(facts, rule, remedy))
    return tuple(problems)


def meets_rule(width: int | None, height: int | None, size: int, rule: PhotoRule) -> bool:
    """Whether a portrait that was kept for an earlier exam meets this rule; px and bytes.

    Of one whose size nobody measured nothing can be said: then it does not.
    """
    if width is None or height is None:
        return False
    return width >= rule.min_width and height >= rule.min_height and size >= rule.min_kb * KB


def _wrong_format(facts: PhotoFacts, rule: PhotoRule) -> Problem:
    args: dict[str, Argument] = {"format": facts.format, "allowed": rule.format_names}
    return Problem("problem-photo-format", args)


def _too_few_pixels(facts: PhotoFacts, rule: PhotoRule, remedy: Text) -> Problem:
    args: dict[str, Argument] = {
        "width": facts.width,
        "height": facts.height,
        "min_width": rule.min_width,
        "min_height": rule.min_height,
        "remedy": remedy,
    }
    return Problem("problem-photo-pixels", args)


def _too_few_bytes(facts: PhotoFacts, rule: PhotoRule, remedy: Text) -> Problem:
    # Rounded down: "50 KB, at least 50 KB are needed" would be no help to anybody.
    args: dict[str, Argument] = {"kb": facts.size // KB, "min_kb": rule.min_kb, "remedy": remedy}
    return Problem("problem-photo-kb", args)


def portrait_box(width: int, height: int, rule: PhotoRule) -> tuple[int, int, int, int]:
    """The largest centred part with the rule's proportion: left, top, right, bottom in px.

    It lies within the picture: nothing is added and nothing enlarged.
    """
    is_too_wide = rule.min_height * width > rule.min_width * height
    if is_too_wide:
        kept = max(1, height * rule.min_width // rule.min_height)
        left = (width - kept) // 2
        return left, 0, left + kept, height
    kept = max(1, width * rule.min_height // rule.min_width)
    top = (height - kept) // 2
    return 0, top, width, top + kept
