"""Pages that lie or stand on their head: offered upright, and shown upright to the staff."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.media.decoding.pictures import turned
from states.papers.values import PaperField
from storage.candidates.papers import Said
from tests import papers
from tests.e2e.bot import Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.e2e.stories.test_papers import (
    JUNE,
    comes_to_the_degree,
    hands_in,
    is_read,
    judgements,
    sends,
    stored,
    takes,
)

pytestmark = pytest.mark.row("B7")

Numbers = NDArray[np.int16]


async def test_a_page_on_its_head_is_offered_upright_and_what_she_said_stays(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    assert "⚠" not in await sends(ling, papers.upside_down(**JUNE))
    offer = await ling.sees("学历学位证书，第 1 个文件", "像是倒着的", "右边是转正的")
    assert offer.has_picture
    await ling.sees("证书上是 2012-06", "哪个对")
    await ling.presses("报名表上的对")
    await ling.sees("报名表不变")
    (old,) = await stored(harness)
    await ling.taps(offer, "用转正的")
    await ling.sees("已换成转正的")
    await is_read(harness)
    (new,) = await stored(harness)
    (judged,) = await judgements(harness)
    assert (old.blob != new.blob, judged.blob) == (True, new.blob)
    assert judged.reading.turns == (0,)
    assert judged.said == {PaperField.GRADUATED: Said.FORM}
    assert len([one for one in await ling.from_bot() if "哪个对" in one.text]) == 1
    await ling.taps(offer, "用转正的")
    await ling.sees("已经改过了")


async def test_a_question_about_a_page_that_was_turned_is_asked_of_its_copy(
    ling: Person,
) -> None:
    await comes_to_the_degree(ling)
    await sends(ling, papers.upside_down(**JUNE))
    offer = await ling.sees("像是倒着的")
    await ling.sees("哪个对")
    await ling.taps(offer, "用转正的")
    await ling.sees("已换成转正的")
    asked = await ling.sees("毕业年月", "哪个对")
    await ling.taps(asked, "报名表上的对")
    await ling.sees("报名表不变")


async def test_offers_stay_while_more_pages_come_and_a_page_may_be_kept(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    await sends(ling, papers.upside_down())
    offer = await ling.sees("像是倒着的")
    (first,) = await stored(harness)
    await ling.sends_file(papers.lying("degree"), "second.jpg")
    lies = await ling.reads("这一页像是横着的")
    await is_read(harness)
    await ling.taps(offer, "保持原样")
    await ling.sees("好的，保持原样")
    assert (await stored(harness))[0] == first
    await ling.taps(offer, "用转正的")
    await ling.sees("已换成转正的")
    await ling.taps(lies, "用右边的")
    await ling.sees("已换成转正的")


async def test_the_staff_see_pages_of_a_pdf_upright_and_the_pdf_as_it_came(
    ling: Person, harness: Harness, admin: Person
) -> None:
    whole = papers.diploma()
    content = papers.pdf(whole, turned(whole, 2), turned(whole, 3))
    await comes_to_the_degree(ling)
    await ling.sends_file(content, "degree.pdf")
    await ling.sees("收到，已保存", "3 页", "第 3 页像是横着的")
    await is_read(harness)
    assert not [one for one in await ling.from_bot() if "用哪一张" in one.text]
    await hands_in(ling)
    clerk = await takes(harness, admin)
    await clerk.sees_now("第 2, 3 页在文件里横着或倒着", "文件本身不变")
    shown = [one for one in await clerk.from_bot() if one.text.startswith("学历学位证书")]
    first, *others = (grey(harness, one) for one in shown)
    assert len(others) == 2
    assert all(np.abs(one - first).mean() < 8 for one in others)
    await clerk.presses("再发一次照片和材料（PDF 原件）")
    await clerk.sees_now("第 2, 3 页在文件里横着或倒着")
    await harness.settles()
    (original,) = [one for one in await clerk.from_bot() if one.document]
    assert harness.world.files.content(file_id=original.document) == content


def grey(harness: Harness, message: Message) -> Numbers:
    """The picture of a message, in grey and small."""
    content = harness.world.files.content(file_id=message.photo)
    assert content is not None
    image = Image.open(BytesIO(content))
    assert image.width > image.height, "her diploma is wider than high"
    return np.asarray(image.convert("L").resize((200, 140)), np.int16)


async def test_of_a_long_pdf_candidate_and_staff_are_told_which_pages_were_judged(
    ling: Person, harness: Harness, admin: Person
) -> None:
    await comes_to_the_degree(ling)
    blank = Image.new("RGB", (620, 877), "white")
    twice = [papers.diploma()] * 2
    await ling.sends_file(papers.pdf(*twice, *[blank] * 10), "degree.pdf")
    told = await ling.sees("收到，已保存", "12 页", "看了前 10 页", "请您自己看一遍")
    assert "第 1 页和第 2 页看起来是同一页" in told.text
    await is_read(harness)
    await hands_in(ling)
    clerk = await takes(harness, admin)
    await clerk.sees_now("共 12 页，自动检查只看了前 10 页", "共 12 页，程序只读了前 4 页")


async def test_lying_pages_of_an_album_are_offered_once_they_are_read(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    await ling.sends_album([papers.paper("degree"), papers.lying()])
    await ling.sees("已有 2 个")
    offer = await ling.reads("第 2 个文件", "像是横着的", "左边是原来的")
    await is_read(harness)
    assert len([one for one in await ling.from_bot() if "用哪一张" in one.text]) == 1
    await ling.taps(offer, "用转正的")
    await ling.sees("已换成转正的")


async def test_a_page_that_leans_on_its_head_is_levelled_and_then_put_upright(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    await ling.sends_file(papers.leaning_upside_down(), "degree.jpg")
    level = await ling.reads("这一页歪了")
    await is_read(harness)
    await ling.taps(level, "用转正的")
    await ling.sees("已换成转正的")
    await is_read(harness)
    offer = await ling.sees("像是倒着的")
    await ling.taps(offer, "用转正的")
    await ling.sees("已换成转正的")
    (judged,) = await judgements(harness)
    assert judged.reading.turns == (0,)
    assert len(judged.reading.values) >= 6
