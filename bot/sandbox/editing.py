"""What the bot's editing and deleting methods do to messages that stand in a chat."""

from dataclasses import replace

from bot.sandbox import limits
from bot.sandbox.archive import JsonObject
from bot.sandbox.chats import Stored
from bot.sandbox.people import Resident
from bot.sandbox.refusals import broken, happened
from bot.sandbox.sending import Uploads, caption_fields, input_media, person_of, reachable
from bot.sandbox.world import World

_KEPT = ("message_id", "from", "chat", "date", "reply_to_message", "has_protected_content")
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")


def edit_message_text(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagetext"""
    person, stored = _editable(world, params)
    if "text" not in stored.body:
        raise broken("there is no text in the message to edit")
    text = limits.message_text(params)
    fields: JsonObject = {"text": text.plain}
    if text.entities:
        fields["entities"] = list(text.entities)
    if options := params.get("link_preview_options"):
        fields["link_preview_options"] = options
    for link in limits.bad_start_links(text, params.get("reply_markup"), world.bot.username):
        world.journal.complain(f"no client follows {link}: a start payload is 64 of A-Za-z0-9_-")
    return _change(world, person, stored, params, fields)


def edit_message_caption(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    person, stored = _editable(world, params)
    if not {"photo", "document"} & stored.body.keys():
        raise broken("there is no caption in the message to edit")
    fields = _content(stored.body, without=_CAPTION)
    fields |= caption_fields(params, limits.caption(params))
    return _change(world, person, stored, params, fields)


def edit_message_media(world: World, params: JsonObject, uploads: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    person, stored = _editable(world, params)
    if not {"text", "photo", "document"} & stored.body.keys():
        raise broken("message media can't be edited")
    fields = input_media(world, params["media"], uploads)
    if group := stored.body.get("media_group_id"):
        if not fields.keys() & stored.body.keys() & {"photo", "document"}:
            raise broken("message can't be edited")
        fields["media_group_id"] = group
    return _change(world, person, stored, params, fields)


def edit_message_reply_markup(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    person, stored = _editable(world, params)
    return _change(world, person, stored, params, _content(stored.body))


def delete_message(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    person = person_of(world, params)
    stored = world.chats.get(person.id, params["message_id"])
    if stored is None:
        raise happened("message to delete not found")
    if not _young(world, stored):
        raise happened("message can't be deleted for everyone")
    _remove(world, person, [stored.message_id])
    return True


def delete_messages(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#deletemessages; what is gone already is passed over."""
    person = person_of(world, params)
    ids = params["message_ids"]
    if not ids:
        raise broken("message identifiers are not specified")
    if len(ids) > limits.DELETE_AT_ONCE:
        raise broken("too many message identifiers specified")
    found = [stored for number in ids if (stored := world.chats.get(person.id, number))]
    if not all(_young(world, stored) for stored in found):
        raise happened("message can't be deleted for everyone")
    _remove(world, person, [stored.message_id for stored in found])
    return True


def pin_chat_message(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage"""
    person = reachable(world, params)
    if world.chats.get(person.id, params["message_id"]) is None:
        raise happened("message to pin not found")
    _pin(world, person, params["message_id"])
    return True


def _editable(world: World, params: JsonObject) -> tuple[Resident, Stored]:
    if "message_id" not in params:
        raise broken("message identifier is not specified")
    person = reachable(world, params)
    stored = world.chats.get(person.id, params["message_id"])
    if stored is None:
        raise happened("message to edit not found")
    if stored.body["from"]["id"] != world.bot.id or stored.aside.get("fixed"):
        raise broken("message can't be edited")
    return person, stored


def _content(body: JsonObject, without: tuple[str, ...] = ()) -> JsonObject:
    left_out = (*_KEPT, "reply_markup", "edit_date", *without)
    return {name: value for name, value in body.items() if name not in left_out}


def _change(
    world: World, person: Resident, stored: Stored, params: JsonObject, fields: JsonObject
) -> JsonObject:
    """Put the new content in place; without a reply_markup the buttons go, as at Telegram."""
    inline = limits.inline_keyboard(params.get("reply_markup"))
    changed = {key: stored.body[key] for key in _KEPT if key in stored.body} | fields
    if inline:
        changed["reply_markup"] = inline
    before = {name: value for name, value in stored.body.items() if name != "edit_date"}
    if changed == before:
        raise happened(_UNCHANGED)
    if world.pacing is not None:
        world.pacing.pass_or_refuse(person.id)
    changed["edit_date"] = world.seconds()
    world.chats.keep(Stored(changed, stored.aside))
    return changed


def _young(world: World, stored: Stored) -> bool:
    return world.clock() - float(stored.body["date"]) < limits.DELETE_SECONDS


def _remove(world: World, person: Resident, ids: list[int]) -> None:
    if world.pinned(person) in ids:
        _pin(world, person, None)
    world.chats.remove(person.id, ids)


def _pin(world: World, person: Resident, message_id: int | None) -> None:
    standing = world.chats.standing(person.id)
    world.chats.keep_standing(person.id, replace(standing, pinned=message_id))
