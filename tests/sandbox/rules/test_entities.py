"""Telegram's HTML becomes text and entities, counted in UTF-16 units."""

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rules.entities import bot_text, client_text, units

pytestmark = pytest.mark.row("B22")


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "plain", "entities"),
    [
        ("<b>粗</b>体", "粗体", [entity("bold", 0, 1)]),
        ("😀<i>x</i>", "😀x", [entity("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>a</B>", "a", [entity("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        ("  <b> a </b>", "a", [entity("bold", 0, 1)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &nbsp;", 'a <b> & "c" &nbsp;', []),
        ("&#9312;&#x2461;", "①②", []),
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://example.org/?a=1&b=2")],
        ),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        ("<code>/start</code>", "/start", [entity("code", 0, 6)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("<u>a</u><s>b</s>", "ab", [entity("underline", 0, 1), entity("strikethrough", 1, 1)]),
    ],
)
def test_html(source: str, plain: str, entities: list[dict[str, Any]]) -> None:
    read = bot_text(source, "HTML", None)
    assert read.plain == plain
    assert sorted(read.entities, key=str) == sorted(entities, key=str)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/start", ["bot_command"]),
        ("发 /help 看看", ["bot_command"]),
        ("/start@baoming_sandbox_bot", ["bot_command"]),
        ("1/2 和 /not/a/command", []),
        ("写信 ling@example.org", ["email"]),
        ("问 @baoming_bot", ["mention"]),
        ("看 t.me/x 或 https://example.org/a", ["url", "url"]),
        ("#报名 C#", ["hashtag"]),
        ("平常的话", []),
    ],
)
def test_what_clients_find_by_themselves(text: str, kinds: list[str]) -> None:
    read = client_text(text)
    assert sorted(found["type"] for found in read.entities) == kinds


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert bot_text(escape(text), "HTML", None).plain == text.strip()


@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "code"]), st.text(min_size=1))))
def test_entities_cover_what_was_marked(pieces: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pieces)
    read = bot_text(f".{source}.", "HTML", None)
    encoded = read.plain.encode("utf-16-le", "surrogatepass")
    marked = [
        encoded[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode(
            "utf-16-le", "surrogatepass"
        )
        for e in read.entities
        if e["type"] in ("bold", "italic", "underline", "code")
    ]
    assert marked == [text for _, text in pieces]


@given(st.text())
def test_units_count_as_utf_16(text: str) -> None:
    assert units(text) == sum(2 if ord(c) > 0xFFFF else 1 for c in text)
