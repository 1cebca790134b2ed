"""The checks of a photo: measured values, their limits, and a verdict each.

A verdict is a warning: it always has a number, and it never keeps a candidate from going on. Limits
that no notice gives are rules of this project, measured by ``make bench-photo``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter, ValidationError

from states.photo.rule import PhotoRule


class Check(StrEnum):
    """One thing that is judged, in the order in which it is told.

    A copy comes early, as it explains other faults.
    """

    FACES = "faces"
    SCREENSHOT = "screenshot"
    PRINT = "print"
    BACKGROUND = "background"
    EVENNESS = "evenness"
    MARKS = "marks"
    BORDER = "border"
    HEAD = "head"
    PLACE = "place"
    TILT = "tilt"
    TURN = "turn"
    SHARPNESS = "sharpness"
    EXPOSURE = "exposure"
    HIGHLIGHTS = "highlights"
    COLOUR = "colour"
    SCREEN = "screen"
    ENLARGED = "enlarged"


class PhotoVerdict(StrEnum):
    """The verdict of a check. NOT_JUDGED has no value: the face model is missing, or found none."""

    PASSES = "passes"
    MEND = "mend"
    STAFF = "staff"
    NOT_JUDGED = "not-judged"


class Remedy(StrEnum):
    """The way to mend a fault: by the bot on request, or by the candidate with a new photo."""

    NONE = "none"
    BOT = "bot"
    ANEW = "anew"


class Ground(StrEnum):
    """The colour of a background, as a sentence names it."""

    WHITE = "white"
    GREY = "grey"
    BLACK = "black"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class HeadPlace:
    """A head in parts of the picture's width and height: crown, chin, middle, and both eyes."""

    crown: float
    chin: float
    middle: float
    half_width: float
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]

    @property
    def eyes(self) -> float:
        """The height of the middle between the eyes."""
        return (self.left_eye[1] + self.right_eye[1]) / 2


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """The measures of a photo; None where nothing could be measured.

    Args:
        faces: the number of faces.
        background: ΔE (CIE 1976) of the background's median colour from white.
        evenness: ΔE within the background: of shadows, gradients and patterns.
        marks: percent of the background that stands out from it, such as text.
        border: sides of the picture with a frame.
        head: the head's part of the height, in percent.
        place: distance of the head's middle from the picture's, in percent of the width.
        tilt: degrees between the eye line and the horizontal.
        turn: degrees that the face looks aside, estimated from the nose.
        sharpness: percent of fine detail that a further blur would take away.
        exposure: lightness (0 to 100) of the face's bright parts.
        highlights: percent of the face without any detail because it is too bright.
        colour: chroma of the face.
        screen: how far the strongest regular pattern stands above its surroundings, in decibels.
        enlarged: percent of its detail that a reduction takes away; little if it was enlarged.
        screenshot: percent of the whole picture's height that bars of one colour take.
        print: percent of a side of the whole picture along which one straight edge runs.
        ground: the colour of the background.
        place_of_head: where the head is.
    """

    background: float | None = None
    evenness: float | None = None
    marks: float | None = None
    border: float | None = None
    sharpness: float | None = None
    exposure: float | None = None
    highlights: float | None = None
    colour: float | None = None
    screen: float | None = None
    enlarged: float | None = None
    faces: int | None = None
    head: float | None = None
    place: float | None = None
    tilt: float | None = None
    turn: float | None = None
    screenshot: float | None = None
    print: float | None = None
    ground: Ground = Ground.WHITE
    place_of_head: HeadPlace | None = None

    def value(self, check: Check) -> float | None:
        """Return the value of a check."""
        found: float | None = getattr(self, check.value)
        return found


@dataclass(frozen=True, slots=True)
class Limit:
    """The values that pass, and those beyond which a fault is certain; between them staff look.

    ``least`` says that values below the limit are faults, otherwise those above it. Values up to
    ``bot`` are mended by the bot.
    """

    passes: float
    certain: float
    least: bool = False
    bot: float | None = None

    def verdict(self, value: float) -> PhotoVerdict:
        """Return the verdict on a value."""
        worse = self.passes - value if self.least else value - self.passes
        room = abs(self.certain - self.passes)
        if worse <= 0:
            return PhotoVerdict.PASSES
        return PhotoVerdict.MEND if worse > room else PhotoVerdict.STAFF

    def remedy(self, value: float) -> Remedy:
        """Return who mends a value that does not pass."""
        return Remedy.BOT if self.bot is not None and value <= self.bot else Remedy.ANEW


NOT_MEASURED: Final = PhotoMeasures()
"""The measures of a picture that breaks the rule so far that nothing was measured."""


def measures_as_text(measures: PhotoMeasures) -> str:
    """Return measures as JSON, for position data."""
    return _MEASURES.dump_json(measures, exclude_none=True).decode()


def measures_of_text(text: str) -> PhotoMeasures:
    """Return the measures of such a text; none of an older one that is no longer understood."""
    try:
        return _MEASURES.validate_json(text)
    except ValidationError:
        return PhotoMeasures()


_MEASURES: Final = TypeAdapter(PhotoMeasures)

HEAD_ROOM: Final = 12.0
"""Percent that a head may be higher or lower than the notice says, which is no exact size."""

FAULTS: Final = frozenset({PhotoVerdict.MEND, PhotoVerdict.STAFF})
"""The verdicts that the candidate is told."""

LIMITS: Final[Mapping[Check, Limit]] = {
    Check.BACKGROUND: Limit(11, 11, bot=22),
    Check.EVENNESS: Limit(9, 9, bot=14),
    Check.MARKS: Limit(1.2, 100),
    Check.BORDER: Limit(0, 0),
    Check.PLACE: Limit(6.5, 6.5, bot=100),
    Check.TILT: Limit(6.5, 6.5, bot=25),
    Check.TURN: Limit(12, 90),
    Check.SHARPNESS: Limit(47, 53),
    Check.EXPOSURE: Limit(35, 27, least=True),
    Check.HIGHLIGHTS: Limit(5, 20),
    Check.COLOUR: Limit(5, 3, least=True),
    Check.SCREEN: Limit(15, 100),
    Check.ENLARGED: Limit(22.5, 0, least=True),
    Check.SCREENSHOT: Limit(0, 100),
    Check.PRINT: Limit(80, 100),
}
"""The limits of this project. MARKS, TURN, SCREEN, ENLARGED, SCREENSHOT and PRINT never say more
than "staff must look": a pattern of clothes, a soft lens or a door frame may look the same."""


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """The verdict of one check, with its value and its limit; both None if it is not judged."""

    check: Check
    verdict: PhotoVerdict
    value: float | None = None
    limit: float | None = None
    remedy: Remedy = Remedy.NONE

    @property
    def is_fault(self) -> bool:
        """Whether the finding is told to the candidate."""
        return self.verdict in FAULTS


def judge(measures: PhotoMeasures, rule: PhotoRule) -> tuple[PhotoFinding, ...]:
    """Return a finding for each check, in the order of ``Check``.

    The head is judged only by a rule that says its size, and the background only by one that asks
    for white.
    """
    return tuple(_finding(check, measures, rule) for check in Check)


def faults(findings: Iterable[PhotoFinding]) -> tuple[PhotoFinding, ...]:
    """Return the findings that are told."""
    return tuple(one for one in findings if one.is_fault)


def _finding(check: Check, measures: PhotoMeasures, rule: PhotoRule) -> PhotoFinding:
    value = measures.value(check)
    if value is None or (check is Check.BACKGROUND and rule.background != "white"):
        return PhotoFinding(check, PhotoVerdict.NOT_JUDGED)
    if check is Check.FACES:
        return _faces(value)
    if check is Check.HEAD:
        return _head(value, rule)
    limit = LIMITS[check]
    verdict = limit.verdict(value)
    remedy = Remedy.NONE if verdict is PhotoVerdict.PASSES else limit.remedy(value)
    return PhotoFinding(check, verdict, value, limit.passes, remedy)


def _faces(count: float) -> PhotoFinding:
    """Judge the number of faces; none may be the detector's fault, so the staff look."""
    if count == 1:
        return PhotoFinding(Check.FACES, PhotoVerdict.PASSES, count, 1)
    verdict = PhotoVerdict.STAFF if count == 0 else PhotoVerdict.MEND
    return PhotoFinding(Check.FACES, verdict, count, 1, Remedy.ANEW)


def _head(value: float, rule: PhotoRule) -> PhotoFinding:
    asked = rule.head_share
    if asked is None:
        return PhotoFinding(Check.HEAD, PhotoVerdict.NOT_JUDGED)
    limit = asked * 100
    if abs(value - limit) <= HEAD_ROOM:
        return PhotoFinding(Check.HEAD, PhotoVerdict.PASSES, value, limit)
    return PhotoFinding(Check.HEAD, PhotoVerdict.MEND, value, limit, Remedy.BOT)
