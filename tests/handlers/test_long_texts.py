"""A text that is made to be slow costs little more than any other of its length."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import process_time

import pytest

from states.list_search import LONGEST
from tests.fakes.router import OfflineRouter, says
from tests.handlers.people import Standing
from tests.handlers.possible_updates import EACH_ONCE

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.row("C2"),
    pytest.mark.measured,
]

PIECES = (
    *("(", "（", "[", "，", "…", "'", "/", "0", "９", "a", "é", "汉", "1 ", "1-", "2020."),
    *(
        "a.a",
        "@a ",
        "a@b.",
        "http://a.",
        "+86",
        "1年",
        "1月",
        "一二三",
        "对，",
        "好的 ",
        "不",
        "是吗？",
    ),
    *("汉，", "护士，", "张三 ", "我叫", "我的手机号是", "本科 2010 ", "i am ", "什么时候", "x\n"),
)
TELEGRAM_TEXT = 4096
"""The most characters of a message: https://core.telegram.org/bots/api#message."""
MOST = 12
"""Times the median of texts that fill a message."""


def places() -> Iterator[tuple[str, Standing]]:
    """Each state and question once."""
    seen = set()
    for name, standing in EACH_ONCE.items():
        key = (standing.position.state, standing.position.data.get("field"))
        if key not in seen:
            seen.add(key)
            yield name, standing


async def test_no_text_costs_many_times_as_much_as_the_others(
    router: OfflineRouter, capsys: pytest.CaptureFixture[str]
) -> None:
    took: dict[tuple[int, str, str], float] = {}
    for piece in PIECES:
        for length in (LONGEST, TELEGRAM_TEXT):
            words = (piece * length)[:length]
            for name, standing in places():
                costs = [await cost(router, standing, words) for _ in range(2)]
                took[length, piece, name] = min(costs)
    usual = median(one for (length, _, _), one in took.items() if length == TELEGRAM_TEXT)
    worst, at = max((one, key) for key, one in took.items())
    with capsys.disabled():
        print(f"\n{usual * 1000:.1f} ms, {worst * 1000:.1f} ms by {at}")
    assert worst < MOST * usual


async def cost(router: OfflineRouter, standing: Standing, words: str) -> float:
    """Return the seconds of CPU that a typed text takes; its reaction is judged elsewhere."""
    began = process_time()
    after = await router.sends(standing, says(standing.now, words))
    assert after.outcome is not None
    return process_time() - began
