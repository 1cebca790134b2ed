"""The problems of a paper that cannot be opened."""

from __future__ import annotations

from typing import Final

from bot.media.decoding.pictures import PictureProblems
from states.texts import Problem

PROBLEMS: Final = PictureProblems(
    unknown=Problem("problem-scan-unknown"),
    broken=Problem("problem-scan-broken"),
    pixels_many="problem-scan-pixels-many",
)
