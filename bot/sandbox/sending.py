"""What the bot's sending methods do: each puts messages into a chat."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.sandbox import limits, pictures
from bot.sandbox.archive import JsonObject
from bot.sandbox.chats import Stored
from bot.sandbox.entities import Text
from bot.sandbox.files import Upload
from bot.sandbox.people import Resident
from bot.sandbox.refusals import broken, forbidden, happened
from bot.sandbox.world import World

Uploads = Mapping[str, Upload]
"""Files of a multipart call by the name of their part."""


def person_of(world: World, params: JsonObject) -> Resident:
    """The resident whose chat `chat_id` is; raises Refusal if there is none."""
    chat_id = str(params.get("chat_id", ""))
    if not chat_id:
        raise broken("chat_id is empty")
    person = world.residents.get(int(chat_id)) if chat_id.lstrip("-").isdecimal() else None
    if person is None:
        raise happened("chat not found")
    return person


def reachable(world: World, params: JsonObject) -> Resident:
    """The resident to write to; raises Refusal 403 if the bot may not."""
    person = person_of(world, params)
    standing = world.chats.standing(person.id)
    if not standing.started:
        raise forbidden("bot can't initiate conversation with a user")
    if standing.blocked:
        raise forbidden("bot was blocked by the user")
    return person


def send_message(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#sendmessage"""
    person = reachable(world, params)
    text = limits.message_text(params)
    fields = {"text": text.plain, **_entities("entities", text)}
    if options := params.get("link_preview_options"):
        fields["link_preview_options"] = options
    return _post(world, person, params, fields, text)


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
        raise broken("an album must include 2-10 items")
    if len({item["type"] for item in items}) > 1:
        raise broken("can't use the media of the specified type in the album")
    texts = [limits.caption(item) for item in items]
    group = {"media_group_id": str(secrets.randbits(53))}
    fields = [input_media(world, item, uploads) | group for item in items]
    _pace(world, person, len(items))
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
    aside: JsonObject = {"payload": params["payload"], "paid": False}
    return _post(world, person, params, {"invoice": invoice}, None, aside)


def _check_invoice(params: JsonObject, total: int) -> None:
    if not 1 <= len(params["title"]) <= 32:
        raise broken("INVOICE_TITLE_INVALID")
    if not 1 <= len(params["description"]) <= 255:
        raise broken("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(params["payload"].encode()) <= 128:
        raise broken("INVOICE_PAYLOAD_INVALID")
    if len(params["currency"]) != 3 or not params["currency"].isupper():
        raise broken("CURRENCY_INVALID")
    if params["currency"] != "XTR" and not params.get("provider_token"):
        raise broken("PAYMENT_PROVIDER_INVALID")
    if not params["prices"]:
        raise broken("there must be at least one price")
    if total <= 0:
        raise broken("CURRENCY_TOTAL_AMOUNT_INVALID")
    rows = (params.get("reply_markup") or {}).get("inline_keyboard")
    if rows and not rows[0][0].get("pay"):
        raise broken("BUTTON_TYPE_INVALID")


def media(
    world: World, source: str | None, uploads: Uploads, kind: Literal["photo", "document"]
) -> JsonObject:
    """The message field for a file: an upload (attach://part), or a file_id seen before."""
    if not source:
        raise broken(f"there is no {kind} in the request")
    if source.startswith("attach://"):
        upload = uploads.get(source.removeprefix("attach://"))
        if upload is None:
            raise broken(f"there is no {kind} in the request")
        limits.upload(len(upload.content), photo=kind == "photo")
        if kind == "photo":
            return world.files.photo(pictures.renditions(upload.content))
        return world.files.document(upload)
    if "://" in source:
        raise happened("failed to get HTTP URL content")
    known = world.files.known(source)
    if known is None:
        raise happened("wrong file identifier/HTTP URL specified")
    if kind not in known:
        raise broken(f"can't use file of type {next(iter(known)).title()} as {kind.title()}")
    return known


def input_media(world: World, item: JsonObject, uploads: Uploads) -> JsonObject:
    """The message fields for an InputMedia object: the file, its caption and flags."""
    kind = item.get("type")
    if kind not in ("photo", "document"):
        raise broken(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    text = limits.caption(item)
    return {**media(world, item.get("media"), uploads, kind), **caption_fields(item, text)}


def caption_fields(params: JsonObject, text: Text) -> JsonObject:
    """`caption` with what belongs to it, as a Message has them; nothing for an empty one."""
    fields: JsonObject = {"caption": text.plain} if text.plain else {}
    fields |= _entities("caption_entities", text)
    if params.get("has_spoiler"):
        fields["has_media_spoiler"] = True
    if params.get("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    return fields


def _entities(name: str, text: Text) -> JsonObject:
    return {name: list(text.entities)} if text.entities else {}


def _pace(world: World, person: Resident, count: int) -> None:
    if world.pacing is not None:
        world.pacing.pass_or_refuse(person.id, count)


def _post(
    world: World,
    person: Resident,
    params: JsonObject,
    fields: JsonObject,
    text: Text | None,
    aside: JsonObject | None = None,
    *,
    paced: bool = False,
) -> JsonObject:
    """Put a message of the bot's into the chat, with its keyboard, and show it."""
    extra, keyboard = _markup(params.get("reply_markup"))
    extra |= _reply(world, person, params)
    if params.get("protect_content"):
        extra["has_protected_content"] = True
    if not paced:
        _pace(world, person, 1)
    for link in limits.bad_start_links(text, extra.get("reply_markup"), world.bot.username):
        world.journal.complain(f"no client follows {link}: a start payload is 64 of A-Za-z0-9_-")
    message = {
        "message_id": world.chats.next_id(),
        "from": world.bot.user,
        "chat": person.chat,
        "date": world.seconds(),
        **fields,
        **extra,
    }
    fixed: JsonObject = {} if keyboard is None else {"fixed": True}
    world.chats.keep(Stored(message, {**(aside or {}), **fixed}))
    if keyboard is not None:
        _put_keyboard(world, person, keyboard)
    if world.typing(person):
        world.show_typing(person, 0.0)
    return message


def _markup(markup: JsonObject | None) -> tuple[JsonObject, JsonObject | None]:
    """The inline keyboard as a message field, and what is to become of the reply keyboard."""
    if not markup:
        return {}, None
    if "keyboard" in markup:
        limits.reply_keyboard(markup)
        return {}, markup
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return {}, markup
    inline = limits.inline_keyboard(markup)
    return ({"reply_markup": inline} if inline else {}), None


def _put_keyboard(world: World, person: Resident, markup: JsonObject) -> None:
    standing = world.chats.standing(person.id)
    shown = markup if "keyboard" in markup else None
    world.chats.keep_standing(person.id, replace(standing, keyboard=shown))


def _reply(world: World, person: Resident, params: JsonObject) -> JsonObject:
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    stored = world.chats.get(person.id, wanted["message_id"])
    if stored is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise happened("message to be replied not found")
    quoted = {key: value for key, value in stored.body.items() if key != "reply_to_message"}
    return {"reply_to_message": quoted}
