"""What somebody wrote for others to read: no sign that turns the line, and no live link."""

from __future__ import annotations

import pytest

from states.characters import inert, normalize_text, plain_lines

pytestmark = pytest.mark.row("B21")

TURNED = ["\u202e", "\u202d", "\u2066", "\u2067", "\u200f", "\u061c", "\x07", "\u00ad"]


@pytest.mark.parametrize("sign", TURNED)
def test_signs_that_turn_or_hide_go(sign: str) -> None:
    assert plain_lines(f"请带{sign}原件\n再来") == "请带原件\n再来"


def test_emoji_and_lines_stay() -> None:
    assert plain_lines(" 👩\u200d⚕️\n好 ") == "👩\u200d⚕️\n好"


LINKS = [
    "https://evil.example/x?y=1",
    "见 evil.example",
    "www.evil.example。",
    "tg://resolve?x",
    "@somebody",
]


@pytest.mark.parametrize("text", LINKS)
def test_addresses_and_accounts_are_broken_and_read_the_same(text: str) -> None:
    shown = inert(text)
    assert shown != text
    assert normalize_text(shown) == normalize_text(text)


@pytest.mark.parametrize(
    "text", ["liu@mail.example", "青海省西宁市 3.5 路", "B2", "1.2.3", "内科 (心内)", ""]
)
def test_other_words_stay(text: str) -> None:
    assert inert(text) == text
