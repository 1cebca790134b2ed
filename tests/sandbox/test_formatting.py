"""Texts with entities as safe HTML, and values in the chat."""

from datetime import date
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.view import formatting
from bot.sandbox.view.formatting import to_html
from bot.sandbox.view.words import Words

PLAIN_KINDS = ["bold", "italic", "underline", "strikethrough", "code", "spoiler", "bot_command"]
BLOCK_KINDS = ["pre", "blockquote", "expandable_blockquote"]
LINK_KINDS = ["url", "email", "phone_number", "text_link", "mention", "hashtag"]
KINDS = PLAIN_KINDS + BLOCK_KINDS + LINK_KINDS
TAGS = {"strong", "em", "u", "s", "code", "pre", "blockquote", "span", "button", "a"}


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


class TestEntities:
    def test_plain_text_is_escaped(self) -> None:
        assert to_html("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"

    def test_offsets_count_utf16_units(self) -> None:
        assert to_html("😀粗体", [entity("bold", 2, 2)]) == "😀<strong>粗体</strong>"

    def test_one_within_another(self) -> None:
        entities = [entity("italic", 1, 1), entity("bold", 0, 3)]
        assert to_html("abc", entities) == "<strong>a<em>b</em>c</strong>"

    def test_one_reaching_out_of_another_is_cut(self) -> None:
        entities = [entity("bold", 0, 2), entity("italic", 1, 2)]
        assert to_html("abc", entities) == "<strong>a<em>b</em></strong>c"

    def test_a_block_ends_its_own_line(self) -> None:
        quote = [entity("blockquote", 0, 1)]
        assert to_html("a\nb", quote) == "<blockquote>a</blockquote>b"
        assert to_html("a\n\nb", quote) == "<blockquote>a</blockquote>\nb"

    def test_a_command_is_a_button_and_carries_itself(self) -> None:
        html = to_html("/help", [entity("bot_command", 0, 5)])
        assert 'data-command="/help"' in html

    def test_a_closing_sign_stays_with_the_command_before_it(self) -> None:
        """A browser breaks a line behind a button: "。" would stand alone."""
        html = to_html("发 /staff。再看", [entity("bot_command", 2, 6)])
        assert html.startswith('发 <span class="unbroken"><button')
        assert html.endswith("</button>。</span>再看")
        both = [entity("bot_command", 0, 2), entity("bold", 2, 1)]
        assert to_html("/a。", both).endswith("</button><strong>。</strong>")

    @pytest.mark.parametrize(
        "address",
        ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example", ""],
    )
    def test_an_address_that_runs_or_is_none_becomes_no_link(self, address: str) -> None:
        assert to_html("x", [entity("text_link", 0, 1, url=address)]) == "x"

    def test_an_address_cannot_leave_its_attribute(self) -> None:
        html = to_html("x", [entity("text_link", 0, 1, url='https://e.example/"onclick="x')])
        assert 'href="https://e.example/&quot;onclick=&quot;x"' in html


class _Reader(HTMLParser):
    """A strict HTML parser: every tag has its end tag in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


_TEXTS = st.text(st.sampled_from("<>&\"' a/😀漢\n`"), max_size=12)
_ENTITIES = st.lists(
    st.builds(
        entity,
        st.sampled_from(KINDS),
        st.integers(-2, 14),
        st.integers(-2, 14),
        url=st.sampled_from(["https://e.example", "javascript:x", '"><script>']),
    ),
    max_size=6,
)


@given(_TEXTS, _ENTITIES)
def test_whatever_is_said_only_our_own_tags_come_out(
    text: str, entities: list[dict[str, object]]
) -> None:
    reader = _Reader()
    reader.feed(to_html(text, entities))
    reader.close()
    assert reader.open == []
    assert reader.tags <= TAGS


@given(st.text(st.sampled_from("<>&\"' a/漢`"), max_size=12), _ENTITIES)
def test_not_a_character_is_lost(text: str, entities: list[dict[str, object]]) -> None:
    reader = _Reader()
    reader.feed(to_html(text, entities))
    reader.close()
    assert reader.text == text


class TestValues:
    @pytest.mark.parametrize(
        ("amount", "currency", "shown"),
        [
            (24400, "CNY", "¥244.00"),
            (5, "CNY", "¥0.05"),
            (145, "USD", "1.45 USD"),
            (7, "XTR", "7 XTR"),
        ],
    )
    def test_money(self, amount: int, currency: str, shown: str) -> None:
        assert formatting.money(amount, currency) == shown

    @pytest.mark.parametrize(
        ("size", "shown"), [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (2_516_582, "2.4 MB")]
    )
    def test_file_size(self, size: int, shown: str) -> None:
        assert formatting.file_size(size) == shown

    def test_times_are_the_browsers(self) -> None:
        shanghai, utc = ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC")
        stamp = 1_785_513_600  # 2026-07-31 16:00 UTC
        assert formatting.clock_time(stamp, shanghai) == "00:00"
        assert formatting.day_of(stamp, shanghai) == date(2026, 8, 1)
        assert formatting.day_of(stamp, utc) == date(2026, 7, 31)

    @pytest.mark.parametrize(
        ("day", "chinese", "english"),
        [
            (date(2026, 8, 1), "今天", "Today"),
            (date(2026, 7, 31), "7月31日", "31 July"),
            (date(2025, 12, 1), "2025年12月1日", "1 December 2025"),
        ],
    )
    def test_days(self, day: date, chinese: str, english: str) -> None:
        today = date(2026, 8, 1)
        assert formatting.day_name(day, today, Words("zh")) == chinese
        assert formatting.day_name(day, today, Words("en")) == english
