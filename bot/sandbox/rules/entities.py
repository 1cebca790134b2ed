"""Message texts as Telegram stores them: plain characters and entities.

Offsets and lengths count UTF-16 code units (https://core.telegram.org/bots/api#messageentity).
The HTML parser uses the error descriptions of tdlib's `parse_html`, with offsets in UTF-8 bytes.
"""

import re
from dataclasses import dataclass
from html import unescape
from operator import itemgetter

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules.refusals import Refusal, invalid_call

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
"""Entity types by HTML tag; the sandbox leaves out tg-emoji and tg-time."""

_CHARACTER_REFERENCE = re.compile(r"&(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot);?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?\s*"""
)
_DETECTED = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    (
        "url",
        re.compile(r"\bhttps?://[^\s<>\"，。；、（）《》]+|\bt\.me/[^\s<>\"，。；、（）《》]+"),
    ),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#&])#[^\W\d]\w*")),
)
_MAY_MATCH = re.compile(r"[/@#]|t\.me")
_OPAQUE = frozenset({"code", "pre", "text_link"})


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, and entities sorted by offset."""

    plain: str
    entities: tuple[JsonObject, ...] = ()

    @property
    def units(self) -> int:
        """Length in UTF-16 code units."""
        return units(self.plain)

    @property
    def text_fields(self) -> JsonObject:
        """The Message fields `text` and `entities`."""
        return {"text": self.plain, **self._entities("entities")}

    @property
    def caption_fields(self) -> JsonObject:
        """The Message fields `caption` and `caption_entities`; none for an empty text."""
        caption: JsonObject = {"caption": self.plain} if self.plain else {}
        return caption | self._entities("caption_entities")

    def _entities(self, name: str) -> JsonObject:
        return {name: list(self.entities)} if self.entities else {}


def units(text: str) -> int:
    """Return the length of a string in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def client_text(text: str) -> Text:
    """Return a text that a person typed: trimmed, with detected entities."""
    plain = text.strip()
    return Text(plain, tuple(_detect(plain, ())))


def bot_text(text: str, parse_mode: str | None, entities: list[JsonObject] | None) -> Text:
    """Return a text that the bot sent, parsed by `parse_mode`; raise Refusal if that fails."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        plain, marked = _read_html(text)
    elif mode in ("", "none"):
        plain, marked = text, list(entities or ())
    else:
        raise invalid_call("unsupported parse_mode")
    plain, marked = _trim(plain, marked)
    marked += _detect(plain, marked)
    marked.sort(key=itemgetter("offset"))
    return Text(plain, tuple(marked))


def _trim(plain: str, marked: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """Strip white space off both ends and shift the entities."""
    kept = plain.strip()
    if kept == plain:
        return plain, marked
    shift = units(plain[: len(plain) - len(plain.lstrip())])
    end = units(kept)
    moved = []
    for entity in marked:
        start = max(0, entity["offset"] - shift)
        stop = min(end, entity["offset"] + entity["length"] - shift)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return kept, moved


def _detect(plain: str, marked: tuple[JsonObject, ...] | list[JsonObject]) -> list[JsonObject]:
    """Return entities that Telegram detects: commands, URLs, emails, mentions, hashtags."""
    if not _MAY_MATCH.search(plain):
        return []
    taken = [(e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] in _OPAQUE]
    found: list[JsonObject] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(plain):
            start = units(plain[: match.start()])
            stop = start + units(match.group())
            if all(stop <= a or start >= b for a, b in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return found


@dataclass(slots=True)
class _OpenTag:
    """A tag without its end tag so far."""

    tag: str
    offset: int
    piece: int
    entity: JsonObject


class _Html:
    """A parser of Telegram's HTML; one instance a text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.plain: list[str] = []
        self.length = 0
        self.open: list[_OpenTag] = []
        self.entities: list[JsonObject] = []

    def read(self) -> tuple[str, list[JsonObject]]:
        index = 0
        while (tag := self.source.find("<", index)) >= 0:
            self._add(self.source[index:tag])
            index = self._close(tag) if self.source.startswith("</", tag) else self._start(tag)
        self._add(self.source[index:])
        if self.open:
            raise invalid_call(
                "can't parse entities: Can't find end tag corresponding to start tag "
                f'"{self.open[-1].tag}"'
            )
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.plain), self.entities

    def _add(self, piece: str) -> None:
        if "&" in piece:
            piece = _CHARACTER_REFERENCE.sub(lambda match: unescape(match.group()), piece)
        self.plain.append(piece)
        self.length += units(piece)

    def _syntax_error(self, problem: str, index: int, more: str = "") -> Refusal:
        offset = len(self.source[:index].encode())
        return invalid_call(f"can't parse entities: {problem} at byte offset {offset}{more}")

    def _start(self, index: int) -> int:
        end = self.source.find(">", index)
        if end < 0:
            raise self._syntax_error("Unclosed start tag", index)
        name, _, rest = self.source[index + 1 : end].partition(" ")
        tag = name.strip().lower()
        if tag not in _KINDS:
            raise self._syntax_error(f'Unsupported start tag "{tag}"', index)
        entity = _entity_of(tag, _attributes(rest))
        if tag == "span" and entity["type"] != "spoiler":
            raise self._syntax_error('Tag "span" must have class "tg-spoiler"', index)
        self.open.append(_OpenTag(tag, self.length, len(self.plain), entity))
        return end + 1

    def _close(self, index: int) -> int:
        if not self.open:
            raise self._syntax_error("Unexpected end tag", index)
        end = self.source.find(">", index)
        if end < 0:
            raise self._syntax_error("Unclosed end tag", index)
        tag = self.source[index + 2 : end].strip().lower()
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise self._syntax_error(
                "Unmatched end tag", index, f', expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.length > opened.offset:
            self._finish(opened)
        return end + 1

    def _finish(self, opened: _OpenTag) -> None:
        length = self.length - opened.offset
        entity = {**opened.entity, "offset": opened.offset, "length": length}
        language = entity.pop("language", None)
        if entity["type"] == "text_link" and not entity["url"]:
            entity["url"] = "".join(self.plain[opened.piece :])
        if opened.tag == "code" and language and self.open and self.open[-1].tag == "pre":
            self.open[-1].entity["language"] = language
            return
        if opened.tag == "pre" and language:
            entity["language"] = language
        self.entities.append(entity)


def _attributes(rest: str) -> dict[str, str]:
    return {
        match["name"]: unescape(match["double"] or match["single"] or match["bare"] or "")
        for match in _ATTRIBUTE.finditer(rest)
    }


def _entity_of(tag: str, attributes: dict[str, str]) -> JsonObject:
    """Return the entity of this start tag; `_finish` moves its `language`."""
    kind = _KINDS[tag]
    name = attributes.get("class", "")
    if tag == "a":
        return {"type": kind, "url": attributes.get("href", "")}
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if tag == "span" and name != "tg-spoiler":
        return {"type": "span"}
    if tag == "code" and name.startswith("language-"):
        return {"type": kind, "language": name.removeprefix("language-")}
    return {"type": kind}


def _read_html(source: str) -> tuple[str, list[JsonObject]]:
    if "<" not in source and "&" not in source:
        return source, []
    return _Html(source).read()
