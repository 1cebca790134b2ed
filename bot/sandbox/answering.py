"""What the bot answers queries with, and what it asks and sets about chats, files and itself."""

from bot.sandbox import limits
from bot.sandbox.archive import JsonObject
from bot.sandbox.entities import units
from bot.sandbox.refusals import broken, happened, stale_query
from bot.sandbox.sending import Uploads, person_of, reachable
from bot.sandbox.world import World


def get_me(world: World, _: JsonObject, __: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#getme"""
    return {
        **world.bot.user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def answer_callback_query(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    text = params.get("text") or ""
    if units(text) > limits.CALLBACK_ANSWER_UNITS:
        raise broken("MESSAGE_TOO_LONG")
    number = params["callback_query_id"]
    question = world.questions.take("callback", number, limits.CALLBACK_SECONDS)
    if question is None:
        raise stale_query()
    if text:
        world.show_toast(question.chat_id, text, alert=bool(params.get("show_alert")))
    world.chats.touch(question.chat_id)
    return True


def answer_pre_checkout_query(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#answerprecheckoutquery"""
    if not params["ok"] and not params.get("error_message"):
        raise broken('parameter "error_message" is required')
    number = params["pre_checkout_query_id"]
    question = world.questions.take("checkout", number, limits.CHECKOUT_SECONDS)
    if question is None:
        raise stale_query()
    invoice = world.chats.get(question.chat_id, question.message_id)
    if not params["ok"]:
        world.show_toast(question.chat_id, params["error_message"], alert=True)
    elif invoice is not None and not invoice.aside.get("paid"):
        world.payment_made(world.residents[question.chat_id], invoice)
    return True


def send_chat_action(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    if params["action"] not in limits.CHAT_ACTIONS:
        raise broken("wrong parameter action in request")
    world.show_typing(reachable(world, params), world.clock() + limits.TYPING_SECONDS)
    return True


def get_file(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#getfile"""
    file_id = params["file_id"]
    known, path = world.files.known(file_id), world.files.path(file_id)
    if known is None or path is None:
        raise happened("wrong file_id or the file is temporarily unavailable")
    shapes = next(iter(known.values()))
    for shape in shapes if isinstance(shapes, list) else [shapes]:
        if shape["file_id"] == file_id:
            if shape["file_size"] > limits.DOWNLOAD_BYTES:
                raise happened("file is too big")
            file = {key: shape[key] for key in ("file_id", "file_unique_id", "file_size")}
            return {**file, "file_path": path}
    raise happened("wrong file_id or the file is temporarily unavailable")


def get_chat(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#getchat"""
    person = person_of(world, params)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    chat = {
        **person.chat,
        "active_usernames": [person.username],
        "accent_color_id": person.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    pinned = world.pinned(person)
    stored = None if pinned is None else world.chats.get(person.id, pinned)
    return chat if stored is None else {**chat, "pinned_message": stored.body}


def get_chat_member(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#getchatmember"""
    person = person_of(world, params)
    if params["user_id"] == world.bot.id:
        return {"status": "member", "user": world.bot.user}
    if params["user_id"] == person.id:
        return {"status": "member", "user": person.user}
    raise happened("PARTICIPANT_ID_INVALID")


def leave_chat(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#leavechat: a private chat cannot be left."""
    person_of(world, params)
    raise broken("method is available for group and channel chats only")


def set_my_commands(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    commands, language = params["commands"], params.get("language_code")
    world.profile.set_commands(commands, params.get("scope"), language)
    _everybody_looks(world)
    return True


def get_my_commands(world: World, params: JsonObject, _: Uploads) -> list[JsonObject]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return world.profile.commands(params.get("scope"), params.get("language_code"))


def delete_my_commands(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    world.profile.set_commands([], params.get("scope"), params.get("language_code"))
    _everybody_looks(world)
    return True


def set_my_description(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setmydescription"""
    text = params.get("description") or ""
    world.profile.describe("description", text, params.get("language_code"))
    _everybody_looks(world)
    return True


def set_my_short_description(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setmyshortdescription"""
    text = params.get("short_description") or ""
    world.profile.describe("short_description", text, params.get("language_code"))
    return True


def set_chat_menu_button(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    person = person_of(world, params) if "chat_id" in params else None
    world.profile.set_menu_button(person.id if person else None, params.get("menu_button"))
    return True


def _everybody_looks(world: World) -> None:
    for chat_id in world.residents:
        world.chats.touch(chat_id)
