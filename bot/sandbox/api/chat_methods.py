"""Bot API methods on chats: answers to queries, chat actions, files, and chat data."""

from bot.sandbox.api.send_methods import Uploads, person_of, reachable
from bot.sandbox.archive import JsonObject
from bot.sandbox.rules import limits
from bot.sandbox.rules.entities import units
from bot.sandbox.rules.refusals import bad_request, invalid_call, stale_query
from bot.sandbox.world import World
from bot.sandbox.world.cashier import Outcome

_DECLINED = "银行没有同意这次付款 · The bank declined the payment"


def answer_callback_query(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    text = params.get("text") or ""
    if units(text) > limits.CALLBACK_ANSWER_UNITS:
        raise invalid_call("MESSAGE_TOO_LONG")
    number = params["callback_query_id"]
    query = world.queries.take("callback", number, limits.CALLBACK_SECONDS)
    if query is None:
        raise stale_query()
    if text:
        world.show_toast(query.chat_id, text, alert=bool(params.get("show_alert")))
    world.chats.touch(query.chat_id)
    return True


def answer_pre_checkout_query(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#answerprecheckoutquery"""
    if not params["ok"] and not params.get("error_message"):
        raise invalid_call('parameter "error_message" is required')
    number = params["pre_checkout_query_id"]
    query = world.queries.take("checkout", number, limits.CHECKOUT_SECONDS)
    if query is None:
        raise stale_query()
    invoice = world.chats.get(query.chat_id, query.message_id)
    if not params["ok"]:
        world.show_toast(query.chat_id, params["error_message"], alert=True)
    elif world.cashier.outcome is Outcome.DECLINE:
        world.show_toast(query.chat_id, _DECLINED, alert=True)
    elif invoice is not None and not invoice.hidden.get("paid"):
        world.complete_payment(world.people[query.chat_id], invoice)
    return True


def send_chat_action(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    if params["action"] not in limits.CHAT_ACTIONS:
        raise invalid_call("wrong parameter action in request")
    world.show_typing(reachable(world, params), world.clock() + limits.TYPING_SECONDS)
    return True


def get_file(world: World, params: JsonObject, _: Uploads) -> JsonObject:
    """https://core.telegram.org/bots/api#getfile"""
    file_id = params["file_id"]
    known, path = world.files.known(file_id), world.files.path(file_id)
    if known is None or path is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    shapes = next(iter(known.values()))
    for shape in shapes if isinstance(shapes, list) else [shapes]:
        if shape["file_id"] == file_id:
            if shape["file_size"] > limits.DOWNLOAD_BYTES:
                raise bad_request("file is too big")
            file = {key: shape[key] for key in ("file_id", "file_unique_id", "file_size")}
            return {**file, "file_path": path}
    raise bad_request("wrong file_id or the file is temporarily unavailable")


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
    raise bad_request("PARTICIPANT_ID_INVALID")


def leave_chat(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#leavechat: refused, since every chat is private."""
    person_of(world, params)
    raise invalid_call("method is available for group and channel chats only")
