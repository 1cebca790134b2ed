"""Bot API methods that edit, delete and pin messages."""

from dataclasses import replace

from bot.sandbox.api.send_methods import (
    Uploads,
    caption_fields,
    complain_of_links,
    input_media,
    pace,
    person_of,
    reachable,
    text_fields,
)
from bot.sandbox.archive import JsonObject
from bot.sandbox.rules import limits
from bot.sandbox.rules.refusals import bad_request, invalid_call
from bot.sandbox.world import World
from bot.sandbox.world.chats import StoredMessage
from bot.sandbox.world.people import Person

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
        raise invalid_call("there is no text in the message to edit")
    text = limits.message_text(params)
    complain_of_links(world, text, params.get("reply_markup"))
    return _change(world, person, stored, params, text_fields(params, text))


def edit_message_caption(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    person, stored = _editable(world, params)
    if not {"photo", "document"} & stored.body.keys():
        raise invalid_call("there is no caption in the message to edit")
    fields = _content(stored.body, without=_CAPTION)
    fields |= caption_fields(params, limits.caption(params))
    return _change(world, person, stored, params, fields)


def edit_message_media(world: World, params: JsonObject, uploads: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    person, stored = _editable(world, params)
    if not {"text", "photo", "document"} & stored.body.keys():
        raise invalid_call("message media can't be edited")
    fields = input_media(world, params["media"], uploads)
    if group := stored.body.get("media_group_id"):
        if not fields.keys() & stored.body.keys() & {"photo", "document"}:
            raise invalid_call("message can't be edited")
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
        raise bad_request("message to delete not found")
    if not _is_deletable(world, stored):
        raise bad_request("message can't be deleted for everyone")
    _remove(world, person, [stored.message_id])
    return True


def delete_messages(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#deletemessages; ignores unknown ids."""
    person = person_of(world, params)
    ids = params["message_ids"]
    if not ids:
        raise invalid_call("message identifiers are not specified")
    if len(ids) > limits.DELETE_AT_ONCE:
        raise invalid_call("too many message identifiers specified")
    found = [stored for number in ids if (stored := world.chats.get(person.id, number))]
    if not all(_is_deletable(world, stored) for stored in found):
        raise bad_request("message can't be deleted for everyone")
    _remove(world, person, [stored.message_id for stored in found])
    return True


def pin_chat_message(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage"""
    person = reachable(world, params)
    if world.chats.get(person.id, params["message_id"]) is None:
        raise bad_request("message to pin not found")
    _pin(world, person, params["message_id"])
    return True


def _editable(world: World, params: JsonObject) -> tuple[Person, StoredMessage]:
    if "message_id" not in params:
        raise invalid_call("message identifier is not specified")
    person = reachable(world, params)
    stored = world.chats.get(person.id, params["message_id"])
    if stored is None:
        raise bad_request("message to edit not found")
    if stored.body["from"]["id"] != world.bot.id or stored.hidden.get("fixed"):
        raise invalid_call("message can't be edited")
    return person, stored


def _content(body: JsonObject, without: tuple[str, ...] = ()) -> JsonObject:
    left_out = (*_KEPT, "reply_markup", "edit_date", *without)
    return {name: value for name, value in body.items() if name not in left_out}


def _change(
    world: World, person: Person, stored: StoredMessage, params: JsonObject, fields: JsonObject
) -> JsonObject:
    """Replace the content; without reply_markup the buttons go, as at Telegram."""
    inline = limits.inline_keyboard(params.get("reply_markup"))
    changed = {key: stored.body[key] for key in _KEPT if key in stored.body} | fields
    if inline:
        changed["reply_markup"] = inline
    before = {name: value for name, value in stored.body.items() if name != "edit_date"}
    if changed == before:
        raise bad_request(_UNCHANGED)
    pace(world, person)
    changed["edit_date"] = world.seconds()
    world.chats.keep(StoredMessage(changed, stored.hidden))
    return changed


def _is_deletable(world: World, stored: StoredMessage) -> bool:
    return world.clock() - float(stored.body["date"]) < limits.DELETE_SECONDS


def _remove(world: World, person: Person, ids: list[int]) -> None:
    if world.pinned(person) in ids:
        _pin(world, person, None)
    world.chats.remove(person.id, ids)


def _pin(world: World, person: Person, message_id: int | None) -> None:
    state = world.chats.state(person.id)
    world.chats.keep_state(person.id, replace(state, pinned=message_id))
