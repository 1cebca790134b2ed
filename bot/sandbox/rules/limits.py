"""The Bot API's limits, and the checks that raise Refusal for them.

The numbers come from https://core.telegram.org/bots/api and https://core.telegram.org/bots/features,
the descriptions from tdlib's `ReplyMarkup.cpp` and `MessageContent.cpp` and from the real server.
"""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules.entities import Text, bot_text
from bot.sandbox.rules.refusals import Refusal, invalid_call

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
SOURCE_BYTES: Final = 1 << 15
"""Text before its entities are parsed; tdlib refuses longer ones."""
CALLBACK_DATA_BYTES: Final = 64
INLINE_BUTTONS: Final = 100
ROW_BUTTONS: Final = 8
CALLBACK_ANSWER_UNITS: Final = 200
ALBUM: Final = range(2, 11)
DELETE_AT_ONCE: Final = 100
DOWNLOAD_BYTES: Final = 20 << 20
PHOTO_BYTES: Final = 10 << 20
DOCUMENT_BYTES: Final = 50 << 20
DELETE_SECONDS: Final = 48 * 3600
CALLBACK_SECONDS: Final = 15
"""Telegram documents no number; clients stop waiting after about 15 s."""
CHECKOUT_SECONDS: Final = 10
TYPING_SECONDS: Final = 5
START_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS: Final = 100
COMMAND_DESCRIPTION: Final = 256
DESCRIPTION: Final = 512
SHORT_DESCRIPTION: Final = 120
CHAT_ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)

_BUTTON_KINDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def message_text(params: JsonObject) -> Text:
    """Return `text` with its entities, 1 to 4096 UTF-16 units after parsing."""
    source = params.get("text") or ""
    if not source:
        raise invalid_call("message text is empty")
    text = _read(source, params, "entities")
    if not text.plain:
        raise invalid_call("text must be non-empty")
    if text.units > TEXT_UNITS:
        raise invalid_call("message is too long")
    return text


def caption(params: JsonObject) -> Text:
    """Return `caption` with its entities, 0 to 1024 UTF-16 units after parsing."""
    text = _read(params.get("caption") or "", params, "caption_entities")
    if text.units > CAPTION_UNITS:
        raise invalid_call("message caption is too long")
    return text


def _read(source: str, params: JsonObject, entities: str) -> Text:
    if len(source) * 4 > SOURCE_BYTES and len(source.encode()) > SOURCE_BYTES:
        raise invalid_call("text is too long")
    return bot_text(source, params.get("parse_mode"), params.get(entities))


def inline_keyboard(markup: JsonObject | None) -> JsonObject | None:
    """Return the inline keyboard to store, None without buttons; refuse other markup."""
    if not markup:
        return None
    rows = markup.get("inline_keyboard")
    if rows is None:
        raise invalid_call("inline keyboard expected")
    buttons = 0
    kept = []
    for row in rows:
        if len(row) > ROW_BUTTONS:
            raise invalid_call("reply markup is too long")
        buttons += len(row)
        for button in row:
            _check_inline_button(button)
        if row:
            kept.append(row)
    if buttons > INLINE_BUTTONS:
        raise invalid_call("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _check_inline_button(button: JsonObject) -> None:
    if not str(button.get("text") or "").strip():
        raise invalid_call("inline keyboard button text must be non-empty")
    data = button.get("callback_data")
    if data:
        if len(data.encode()) > CALLBACK_DATA_BYTES:
            raise invalid_call("BUTTON_DATA_INVALID")
        return
    if url := button.get("url"):
        _check_url(url)
        return
    if not any(kind in button for kind in _BUTTON_KINDS if kind not in ("callback_data", "url")):
        raise invalid_call(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg", "ton") or not (parts.netloc or parts.path):
        raise invalid_call(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )


def check_reply_keyboard(markup: JsonObject) -> None:
    """Refuse a reply keyboard with an empty button or a placeholder over 64 characters."""
    for row in markup["keyboard"]:
        for button in row:
            if not button["text"]:
                raise invalid_call("keyboard button text must be non-empty")
    if len(markup.get("input_field_placeholder") or "") > 64:
        raise invalid_call("INPUT_PLACEHOLDER_INVALID")


def check_start_payload(payload: str) -> None:
    """Refuse a payload outside https://core.telegram.org/bots/features#deep-linking."""
    if not START_PAYLOAD.fullmatch(payload):
        raise invalid_call("START_PARAM_INVALID")


def bad_start_links(text: Text | None, markup: JsonObject | None, username: str) -> list[str]:
    """Return links to this bot whose start payload no client accepts; Telegram allows them."""
    links = [row["url"] for row in _buttons(markup) if row.get("url")]
    if text is not None:
        links += [entity["url"] for entity in text.entities if entity["type"] == "text_link"]
        encoded = text.plain.encode("utf-16-le")
        links += [
            encoded[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in text.entities
            if e["type"] == "url"
        ]
    return [link for link in links if not _is_followed(link, username)]


def _buttons(markup: JsonObject | None) -> list[JsonObject]:
    rows = (markup or {}).get("inline_keyboard") or ()
    return [button for row in rows for button in row]


def _is_followed(link: str, username: str) -> bool:
    parts = urlsplit(link if "//" in link else f"https://{link}")
    if parts.hostname != "t.me" or parts.path.strip("/").lower() != username.lower():
        return True
    payload = parse_qs(parts.query, keep_blank_values=True).get("start")
    return payload is None or START_PAYLOAD.fullmatch(payload[0]) is not None


def check_upload(size: int, *, photo: bool) -> None:
    """Refuse an upload of `size` bytes that is empty or over Telegram's limit."""
    if size == 0:
        raise invalid_call("file must be non-empty")
    if size > DOCUMENT_BYTES:
        raise Refusal(413, "Request Entity Too Large", breaks_rule=True)
    if photo and size > PHOTO_BYTES:
        raise invalid_call(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )
