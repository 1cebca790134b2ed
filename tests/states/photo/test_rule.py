"""The rule of the photo: each problem with its number and remedy; the portrait's crop."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from states.photo import KB, PhotoFacts, PhotoRule, check_photo, meets_rule, portrait_box
from states.texts import Argument, Problem, Text

RULE = PhotoRule(
    formats=("JPEG",),
    min_width=420,
    min_height=600,
    min_kb=50,
    recommended_width=1500,
    recommended_height=2000,
    source="domain §3, the row of December 2025",
)
FILE = Text("photo-remedy-file")
ORIGINAL = Text("photo-remedy-original")


def facts(
    kind: str = "JPEG",
    width: int = 1500,
    height: int = 2000,
    kb: float = 300,
    frames: int = 1,
) -> PhotoFacts:
    return PhotoFacts(kind, width, height, int(kb * KB), frames)


def keys(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.key for problem in problems]


@pytest.mark.parametrize("good", [facts(), facts(width=420, height=600, kb=50)])
def test_a_photo_within_the_rule_passes(good: PhotoFacts) -> None:
    assert check_photo(good, RULE, compressed=False) == ()
    assert check_photo(good, RULE, compressed=True) == ()


@pytest.mark.parametrize(("width", "height"), [(419, 600), (420, 599), (1, 1)])
@pytest.mark.parametrize(("compressed", "remedy"), [(True, FILE), (False, ORIGINAL)])
def test_too_few_pixels_are_said_with_the_remedy(
    width: int, height: int, compressed: bool, remedy: Text
) -> None:
    expected: dict[str, Argument] = {
        "width": width,
        "height": height,
        "min_width": 420,
        "min_height": 600,
        "remedy": remedy,
    }
    problems = check_photo(facts(width=width, height=height), RULE, compressed=compressed)
    assert problems == (Problem("problem-photo-pixels", expected),)


@pytest.mark.parametrize(("compressed", "remedy"), [(True, FILE), (False, ORIGINAL)])
def test_too_few_kb_are_rounded_down(compressed: bool, remedy: Text) -> None:
    problems = check_photo(facts(kb=49.99), RULE, compressed=compressed)
    expected: dict[str, Argument] = {"kb": 49, "min_kb": 50, "remedy": remedy}
    assert problems == (Problem("problem-photo-kb", expected),)


def test_every_part_that_fails_is_said_at_once() -> None:
    problems = check_photo(facts("PNG", 100, 100, kb=1), RULE, compressed=False)
    assert keys(problems) == ["problem-photo-format", "problem-photo-small"], "one remedy for both"
    assert problems[0].args == {"format": "PNG", "allowed": "JPG"}


def test_of_an_animation_only_that_it_moves_is_said() -> None:
    problems = check_photo(facts("GIF", 10, 10, kb=1, frames=12), RULE, compressed=False)
    assert problems == (Problem("problem-photo-animated", {"frames": 12}),)


@pytest.mark.parametrize(
    ("width", "height", "box"),
    [
        (420, 600, (0, 0, 420, 600)),
        (700, 1000, (0, 0, 700, 1000)),
        (1000, 1000, (150, 0, 850, 1000)),
        (700, 1200, (0, 100, 700, 1100)),
        (3024, 4032, (101, 0, 2923, 4032)),
        (1, 1, (0, 0, 1, 1)),
    ],
)
def test_the_portrait_is_the_centred_part(
    width: int, height: int, box: tuple[int, int, int, int]
) -> None:
    assert portrait_box(width, height, RULE) == box


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_the_portrait_lies_within_and_keeps_the_minimum(width: int, height: int) -> None:
    left, top, right, bottom = portrait_box(width, height, RULE)
    wide, tall = right - left, bottom - top
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert wide == width or tall == height
    assert abs(left - (width - right)) <= 1
    assert abs(top - (height - bottom)) <= 1
    if wide > 1 and tall > 1:
        assert abs(wide * 600 - tall * 420) < 600  # less than a pixel from the proportion
    if width >= 420 and height >= 600:
        assert wide >= 420
        assert tall >= 600


# --- a portrait that was kept --------------------------------------------------------------------


@pytest.mark.row("S10")
@pytest.mark.parametrize(
    ("width", "height", "size", "fit"),
    [
        (420, 600, 50 * KB, True),
        (1500, 2000, 300 * KB, True),
        (419, 600, 50 * KB, False),
        (420, 599, 50 * KB, False),
        (420, 600, 50 * KB - 1, False),
        (None, 600, 50 * KB, False),
        (420, None, 50 * KB, False),
        (None, None, 9000 * KB, False),
        (0, 0, 0, False),
    ],
)
def test_a_portrait_of_an_earlier_exam_is_offered_if_it_meets_this_rule(
    width: int | None, height: int | None, size: int, fit: bool
) -> None:
    assert meets_rule(width, height, size, RULE) is fit


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 100 * KB))
def test_a_kept_portrait_fits_exactly_if_it_would_be_taken_now(
    width: int, height: int, size: int
) -> None:
    again = check_photo(PhotoFacts("JPEG", width, height, size, 1), RULE, compressed=False)
    assert meets_rule(width, height, size, RULE) is (again == ())


# --- the rule as data ----------------------------------------------------------------------------


def as_file(**changes: Any) -> dict[str, Any]:
    return {
        "formats": ["JPEG"],
        "min_width": 420,
        "min_height": 600,
        "min_kb": 50,
        "recommended_width": 1500,
        "recommended_height": 2000,
        "source": "domain §3, the row of December 2025",
    } | changes


def test_an_exam_file_can_hold_the_rule() -> None:
    assert TypeAdapter(PhotoRule).validate_python(as_file()) == RULE


@pytest.mark.parametrize(
    "changes",
    [
        {"formats": []},
        {"formats": ["JPG"]},
        {"min_width": 0},
        {"min_kb": -1},
        {"recommended_height": 599},
        {"max_kb": 50},
        {"max_mb": 200},
        {"head": "2"},
        {"certainty": "D"},
        {"prints": ("two-inch",)},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PhotoRule).validate_python(as_file(**changes))
