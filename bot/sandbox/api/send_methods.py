"""Bot API methods that send messages."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules import limits, photos
from bot.sandbox.rules.entities import Text
from bot.sandbox.rules.refusals import bad_request, forbidden, invalid_call
from bot.sandbox.world import World
from bot.sandbox.world.chats import StoredMessage
from bot.sandbox.world.files import Upload
from bot.sandbox.world.people import Person

Uploads = Mapping[str, Upload]
"""Files of a multipart call by part name."""


def person_of(world: World, params: JsonObject) -> Person:
    """Return the person of `chat_id`; raise Refusal if there is none."""
    chat_id = str(params.get("chat_id", ""))
    if not chat_id:
        raise invalid_call("chat_id is empty")
    person = world.people.get(int(chat_id)) if chat_id.lstrip("-").isdecimal() else None
    if person is None:
        raise bad_request("chat not found")
    return person


def reachable(world: World, params: JsonObject) -> Person:
    """Return the person to write to; raise Refusal 403 if the bot may not."""
    person = person_of(world, params)
    state = world.chats.state(person.id)
    if not state.started:
        raise forbidden("bot can't initiate conversation with a user")
    if state.blocked:
        raise forbidden("bot was blocked by the user")
    return person


def send_message(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#sendmessage"""
    person = reachable(world, params)
    text = limits.message_text(params)
    return _post(world, person, params, text_fields(params, text), text)


def send_photo(world: World, params: JsonObject, uploads: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#sendphoto"""
    return _send_media(world, params, uploads, "photo")


def send_document(world: World, params: JsonObject, uploads: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#senddocument"""
    return _send_media(world, params, uploads, "document")


def _send_media(
    world: World, params: JsonObject, uploads: Uploads, kind: Literal["photo", "document"]
) -> JsonObject:
    person = reachable(world, params)
    text = limits.caption(params)
    fields = {**media(world, params.get(kind), uploads, kind), **caption_fields(params, text)}
    return _post(world, person, params, fields, text)


def send_media_group(world: World, params: JsonObject, uploads: Uploads) -> list[JsonObject]:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    person = reachable(world, params)
    items = params["media"]
    if len(items) not in limits.ALBUM:
        raise invalid_call("an album must include 2-10 items")
    if len({item["type"] for item in items}) > 1:
        raise invalid_call("can't use the media of the specified type in the album")
    texts = [limits.caption(item) for item in items]
    group = {"media_group_id": str(secrets.randbits(53))}
    fields = [input_media(world, item, uploads) | group for item in items]
    pace(world, person, len(items))
    return [
        _post(world, person, params, field, text, paced=True)
        for field, text in zip(fields, texts, strict=True)
    ]


def send_invoice(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#sendinvoice"""
    person = reachable(world, params)
    total = sum(price["amount"] for price in params["prices"])
    _check_invoice(params, total)
    invoice = {
        "title": params["title"],
        "description": params["description"],
        "start_parameter": params.get("start_parameter", ""),
        "currency": params["currency"],
        "total_amount": total,
    }
    hidden: JsonObject = {"payload": params["payload"], "paid": False}
    return _post(world, person, params, {"invoice": invoice}, None, hidden)


def _check_invoice(params: JsonObject, total: int) -> None:
    if not 1 <= len(params["title"]) <= 32:
        raise invalid_call("INVOICE_TITLE_INVALID")
    if not 1 <= len(params["description"]) <= 255:
        raise invalid_call("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(params["payload"].encode()) <= 128:
        raise invalid_call("INVOICE_PAYLOAD_INVALID")
    if len(params["currency"]) != 3 or not params["currency"].isupper():
        raise invalid_call("CURRENCY_INVALID")
    if params["currency"] != "XTR" and not params.get("provider_token"):
        raise invalid_call("PAYMENT_PROVIDER_INVALID")
    if not params["prices"]:
        raise invalid_call("there must be at least one price")
    if total <= 0:
        raise invalid_call("CURRENCY_TOTAL_AMOUNT_INVALID")
    rows = (params.get("reply_markup") or {}).get("inline_keyboard")
    if rows and not rows[0][0].get("pay"):
        raise invalid_call("BUTTON_TYPE_INVALID")


def media(
    world: World, source: str | None, uploads: Uploads, kind: Literal["photo", "document"]
) -> JsonObject:
    """Return the message field for an upload (attach://part) or a known file_id."""
    if not source:
        raise invalid_call(f"there is no {kind} in the request")
    if source.startswith("attach://"):
        upload = uploads.get(source.removeprefix("attach://"))
        if upload is None:
            raise invalid_call(f"there is no {kind} in the request")
        limits.check_upload(len(upload.content), photo=kind == "photo")
        if kind == "photo":
            return world.files.photo(photos.photo_sizes(upload.content))
        return world.files.document(upload)
    if "://" in source:
        raise bad_request("failed to get HTTP URL content")
    known = world.files.known(source)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if kind not in known:
        raise invalid_call(f"can't use file of type {next(iter(known)).title()} as {kind.title()}")
    return known


def input_media(world: World, item: JsonObject, uploads: Uploads) -> JsonObject:
    """Return the message fields of an InputMedia object: file, caption and flags."""
    kind = item.get("type")
    if kind not in ("photo", "document"):
        raise invalid_call(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    text = limits.caption(item)
    return {**media(world, item.get("media"), uploads, kind), **caption_fields(item, text)}


def text_fields(params: JsonObject, text: Text) -> JsonObject:
    """Return `text`, its entities and link preview options as message fields."""
    fields = text.text_fields
    if options := params.get("link_preview_options"):
        fields["link_preview_options"] = options
    return fields


def caption_fields(params: JsonObject, text: Text) -> JsonObject:
    """Return `caption`, its entities and the media flags as message fields."""
    fields = text.caption_fields
    if params.get("has_spoiler"):
        fields["has_media_spoiler"] = True
    if params.get("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    return fields


def complain_of_links(world: World, text: Text | None, markup: JsonObject | None) -> None:
    """Record a complaint for each start link that no client accepts."""
    for link in limits.bad_start_links(text, markup, world.bot.username):
        world.journal.complain(f"no client follows {link}: a start payload is 64 of A-Za-z0-9_-")


def pace(world: World, person: Person, count: int = 1) -> None:
    """Count `count` messages to this person; raise Refusal 429 over the limit."""
    if world.pacing is not None:
        world.pacing.pass_or_refuse(person.id, count)


def _post(
    world: World,
    person: Person,
    params: JsonObject,
    fields: JsonObject,
    text: Text | None,
    hidden: JsonObject | None = None,
    *,
    paced: bool = False,
) -> JsonObject:
    """Add a message of the bot to the chat, and show its keyboard; return the Message."""
    extra, keyboard = _markup(params.get("reply_markup"))
    extra |= _reply(world, person, params)
    if params.get("protect_content"):
        extra["has_protected_content"] = True
    if not paced:
        pace(world, person)
    complain_of_links(world, text, extra.get("reply_markup"))
    message = {
        "message_id": world.chats.next_id(),
        "from": world.bot.user,
        "chat": person.chat,
        "date": world.seconds(),
        **fields,
        **extra,
    }
    fixed: JsonObject = {} if keyboard is None else {"fixed": True}
    world.chats.keep(StoredMessage(message, {**(hidden or {}), **fixed}))
    if keyboard is not None:
        _put_keyboard(world, person, keyboard)
    if world.typing(person):
        world.show_typing(person, 0.0)
    return message


def _markup(markup: JsonObject | None) -> tuple[JsonObject, JsonObject | None]:
    """Return the message field of an inline keyboard, and the reply keyboard markup if any."""
    if not markup:
        return {}, None
    if "keyboard" in markup:
        limits.check_reply_keyboard(markup)
        return {}, markup
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return {}, markup
    inline = limits.inline_keyboard(markup)
    return ({"reply_markup": inline} if inline else {}), None


def _put_keyboard(world: World, person: Person, markup: JsonObject) -> None:
    state = world.chats.state(person.id)
    shown = markup if "keyboard" in markup else None
    world.chats.keep_state(person.id, replace(state, keyboard=shown))


def _reply(world: World, person: Person, params: JsonObject) -> JsonObject:
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    stored = world.chats.get(person.id, wanted["message_id"])
    if stored is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quoted = {key: value for key, value in stored.body.items() if key != "reply_to_message"}
    return {"reply_to_message": quoted}
