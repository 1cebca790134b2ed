"""Values in the chat: texts with entities as HTML, times, sizes and amounts of money."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from bot.sandbox.view.words import Words

Json = Mapping[str, Any]

_TAGS = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_BLOCKS = {"pre", "blockquote", "expandable_blockquote"}
_NEWLINE = "\n".encode("utf-16-le")
_BUTTON_STYLES = frozenset({"primary", "success", "danger"})
_SIGNS = frozenset("。，、；：！？）」』”’…,.;:!?)")
_LINKS = ("http://", "https://", "tg://", "mailto:", "tel:")
# Bot API, "Payments": currencies whose smallest unit is not a hundredth.
_WHOLE_UNITS = frozenset({"XTR", "JPY", "KRW", "VND", "CLP", "ISK", "UGX"})


@dataclass(frozen=True, slots=True)
class _Span:
    """An entity with its range [start, end) in UTF-16 code units."""

    start: int
    end: int
    entity: Json


def to_html(text: str, entities: Sequence[Json] = ()) -> str:
    """Return the text as safe HTML: escaped, with our own tags around entities.

    Offsets count UTF-16 code units (Bot API, MessageEntity). An entity that overlaps the end of its
    parent is cut there.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    spans = sorted(
        (_span(entity, len(units) // 2) for entity in entities),
        key=lambda span: (span.start, -span.end),
    )
    return _render(units, 0, len(units) // 2, [span for span in spans if span.start < span.end])


def _span(entity: Json, length: int) -> _Span:
    start = min(max(int(entity["offset"]), 0), length)
    return _Span(start, min(start + max(int(entity["length"]), 0), length), entity)


def _render(units: bytes, start: int, end: int, spans: Sequence[_Span]) -> str:
    pieces: list[str] = []
    position = start
    rest = list(spans)
    while rest:
        span = rest.pop(0)
        if span.start < position:
            continue
        stop = min(span.end, end)
        inner = [each for each in rest if each.start < stop]
        rest = rest[len(inner) :]
        pieces.append(_escape(units, position, span.start))
        drawn = _wrap(span.entity, units, span.start, stop, inner)
        position = stop
        if span.entity["type"] == "bot_command":
            position = _end_of_signs(units, stop, min([end, *(one.start for one in rest)]))
            signs = _escape(units, stop, position)
            drawn = f'<span class="unbroken">{drawn}{signs}</span>' if signs else drawn
        pieces.append(drawn)
        if span.entity["type"] in _BLOCKS and units[2 * position : 2 * position + 2] == _NEWLINE:
            # A block element ends its line; a break after it would add an empty line.
            position = min(position + 1, end)
    pieces.append(_escape(units, position, end))
    return "".join(pieces)


def _end_of_signs(units: bytes, start: int, end: int) -> int:
    """Return the end of the closing signs from ``start`` on: none of them begins a line.

    The browser breaks a line behind a button, whatever follows.
    """
    while start < end and units[2 * start : 2 * start + 2].decode("utf-16-le", "replace") in _SIGNS:
        start += 1
    return start


def _escape(units: bytes, start: int, end: int) -> str:
    return html.escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"))


def _wrap(entity: Json, units: bytes, start: int, end: int, inner: Sequence[_Span]) -> str:
    kind = str(entity["type"])
    content = _render(units, start, end, inner)
    plain = units[2 * start : 2 * end].decode("utf-16-le", "replace")
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>{content}</{_TAGS[kind]}>"
    if kind == "spoiler":
        return f'<span class="spoiler" tabindex="0">{content}</span>'
    if kind == "bot_command":
        command = html.escape(plain, quote=True)
        return f'<button type="button" class="command" data-command="{command}">{content}</button>'
    address = _address(kind, entity, plain)
    if address is None:
        return content
    quoted = html.escape(address, quote=True)
    return f'<a href="{quoted}" target="_blank" rel="noopener noreferrer">{content}</a>'


def _address(kind: str, entity: Json, plain: str) -> str | None:
    """Return the address of a link, None for a scheme outside `_LINKS`."""
    match kind:
        case "text_link":
            address = str(entity.get("url", ""))
        case "url":
            address = plain if "://" in plain else f"https://{plain}"
        case "email":
            address = f"mailto:{plain}"
        case "phone_number":
            address = f"tel:{plain}"
        case _:
            return None
    return address if address.lower().startswith(_LINKS) else None


def button_classes(base: str, button: Json) -> str:
    """Return the CSS classes of a button of a keyboard: `base` and its `style`."""
    style = button.get("style")
    return f"{base} {style}" if style in _BUTTON_STYLES else base


def clock_time(stamp: int, zone: tzinfo) -> str:
    """Return Unix seconds as `14:03`."""
    return f"{datetime.fromtimestamp(stamp, tz=UTC).astimezone(zone):%H:%M}"


def day_of(stamp: int, zone: tzinfo) -> date:
    """Return the calendar day of Unix seconds."""
    return datetime.fromtimestamp(stamp, tz=UTC).astimezone(zone).date()


def day_name(day: date, today: date, words: Words) -> str:
    """Return the text of a day divider; it has the year unless it is the current one."""
    if day == today:
        return words("today")
    if words.language == "zh":
        year = "" if day.year == today.year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def money(amount: int, currency: str) -> str:
    """Return an amount in the currency's smallest units as text: 6100 CNY is `¥61.00`."""
    if currency in _WHOLE_UNITS:
        return f"{amount} {currency}"
    number = f"{amount // 100}.{amount % 100:02d}"
    return f"¥{number}" if currency == "CNY" else f"{number} {currency}"


def file_size(size: int) -> str:
    """Return bytes as B, KB or MB (1024): `2.4 MB`."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
