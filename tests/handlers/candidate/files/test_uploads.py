"""A page that was offered upright: only while its file is there, and may still be exchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.candidate.files import uploads
from handlers.registry import SCREENS
from handlers.rendering import ComparedPages, Overtaken, View
from states.papers.values import PaperField, PaperReading, ReadValue, upright
from states.records import Records, Stage
from tests.handlers.people import COMPLETE, EXAM, OPEN, online, person

pytestmark = pytest.mark.row("B7")

FILE = COMPLETE["identity"][0].blob
COPY = "c" * 64


def offer(kind: str, stage: Stage = Stage.DRAFT, **gone: str) -> View:
    """The view of an offer: by the reader (``stands``, ``on-side``), or by the upload."""
    files = {} if gone else COMPLETE
    known = replace(online(materials=files), stage=stage)
    data = {
        uploads.FILE: FILE,
        uploads.FIRST: FILE,
        uploads.SECOND: COPY,
        uploads.KIND: kind,
        uploads.QUARTERS: "2",
    }
    return View(Records(person("zh-CN"), known), EXAM, OPEN, data)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (uploads.STANDS, [f"{FILE[:16]}-{COPY[:16]}-2", f"{FILE[:16]}-"]),
        (
            uploads.LIES,
            [f"{FILE[:16]}-{FILE[:16]}-1", f"{FILE[:16]}-{COPY[:16]}-3", f"{FILE[:16]}-"],
        ),
    ],
)
def test_each_button_says_which_copy_and_how_far_it_is_turned(kind: str, values: list[str]) -> None:
    screen = SCREENS[uploads.TURNED](offer(kind))
    assert isinstance(screen.picture, ComparedPages)
    assert [one.callback.value for row in screen.buttons for one in row] == values


@pytest.mark.parametrize(
    "view",
    [offer(uploads.STANDS, Stage.SUBMITTED), offer(uploads.STANDS, gone="yes")],
    ids=["handed in", "removed"],
)
def test_what_cannot_be_exchanged_is_not_offered(view: View) -> None:
    with pytest.raises(Overtaken):
        SCREENS[uploads.TURNED](view)


@pytest.mark.parametrize(
    ("quarters", "box"),
    [
        (0, (0.1, 0.2, 0.3, 0.25)),
        (1, (0.2, 0.7, 0.25, 0.9)),
        (2, (0.7, 0.75, 0.9, 0.8)),
        (3, (0.75, 0.1, 0.8, 0.3)),
    ],
)
def test_places_turn_with_the_page(quarters: int, box: tuple[float, ...]) -> None:
    value = ReadValue(PaperField.NAME, "刘玲", 1.0, 0, (0.1, 0.2, 0.3, 0.25))
    moved = upright(PaperReading(values=(value,), turns=(quarters,)))
    assert moved.turns == (0,)
    assert moved.values[0].box == pytest.approx(box)
