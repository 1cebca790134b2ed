"""Pages that lie or stand on their head: the reader knows how, and people see them upright."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

from bot.media.decoding import paper_scan, pdf
from bot.media.decoding.papers import reader, side_by_side
from bot.media.decoding.pictures import turned
from bot.media.job_wire import DrawnCrop
from states.papers.values import PaperField, PaperReading, upright
from tests import papers
from tests.bench.papers.certificates import KINDS

pytestmark = pytest.mark.row("B7")


def read(image: Image.Image) -> PaperReading:
    return reader.read(papers.jpeg(image), 1).reading


def seen(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, in steps of grey."""
    assert one.size == other.size
    return float(np.asarray(ImageChops.difference(one, other)).mean())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_reader_knows_how_far_a_page_has_to_be_turned(kind: str, quarters: int) -> None:
    page = KINDS[kind](papers.LING, 3)
    found = read(turned(page, -quarters))
    assert found.turns == (quarters,)
    name = found.value(PaperField.NAME)
    assert name is not None
    assert name.value == papers.LING.name


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_of_a_page_that_nobody_can_read_nothing_is_turned(quarters: int) -> None:
    blurred = papers.diploma().filter(ImageFilter.GaussianBlur(12))
    assert read(turned(blurred, -quarters)).turns == (0,)
    assert read(Image.new("RGB", (900, 1300), "white")).turns == (0,)


def test_the_places_of_a_reading_turn_with_its_page() -> None:
    whole = papers.diploma()
    name = read(whole).value(PaperField.NAME)
    assert name is not None
    for quarters in (1, 2, 3):
        moved = upright(read(turned(whole, -quarters)))
        found = moved.value(PaperField.NAME)
        assert found is not None
        assert moved.turns == (0,)
        assert found.box == pytest.approx(name.box, abs=0.02)


def test_a_copy_is_turned_as_far_as_it_is_told() -> None:
    whole = papers.diploma()
    copy = seen(paper_scan.turned_copy(papers.jpeg(turned(whole, 2)), 2).content)
    assert difference(copy, whole) < 3


def test_pages_of_a_pdf_are_drawn_upright_and_the_pdf_stays_as_it_is() -> None:
    whole = papers.diploma()
    content = papers.pdf(whole, turned(whole, 2), turned(whole, 1))
    found = reader.read(content, 1, 3).reading
    assert found.turns == (0, 2, 3)
    first, *others = (seen(one) for one in pdf.pictures(content, 3, found.turns))
    assert all(difference(one, first) < 4 for one in others)
    plain = [seen(one) for one in pdf.pictures(content, 3)]
    assert difference(plain[1], first) > 8
    assert plain[2].size == first.size[::-1]


def test_only_the_first_pages_are_read_and_of_a_few_more_the_right_way_up_is_known() -> None:
    content = papers.pdf(Image.new("RGB", (900, 1300), "white"), turned(papers.diploma(), 2))
    found = reader.read(content, 1, 2).reading
    assert (found.values, found.turns) == ((), (0, 2))
    assert reader.read(content, 1, 1).reading.turns == (0,)


def test_a_crop_of_a_turned_page_is_upright() -> None:
    whole = papers.diploma()
    crops = []
    for quarters in (0, 2, 3):
        content = papers.jpeg(turned(whole, -quarters), quality=95)
        found = reader.read(content, 1).reading
        school = found.value(PaperField.SCHOOL)
        assert school is not None
        row = DrawnCrop(0, school.box, ("x",), False, found.turns[0])
        crops.append(seen(side_by_side.crops(content, [row]).content).convert("L"))
    width = min(one.width for one in crops)
    small = [one.crop((0, 0, width, 160)).resize((90, 16)) for one in crops]
    assert all(difference(one, small[0]) < 12 for one in small[1:])
