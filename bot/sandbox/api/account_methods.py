"""Bot API methods on the bot's account: getMe, commands, descriptions, menu button."""

from bot.sandbox.api.send_methods import Uploads, person_of
from bot.sandbox.archive import JsonObject
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


def set_my_commands(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    return _set_commands(world, params, params["commands"])


def get_my_commands(world: World, params: JsonObject, _: Uploads) -> list[JsonObject]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return world.profile.commands(params.get("scope"), params.get("language_code"))


def delete_my_commands(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    return _set_commands(world, params, [])


def set_my_description(world: World, params: JsonObject, _: Uploads) -> bool:
    """https://core.telegram.org/bots/api#setmydescription"""
    text = params.get("description") or ""
    world.profile.describe("description", text, params.get("language_code"))
    _touch_all_chats(world)
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


def _set_commands(world: World, params: JsonObject, commands: list[JsonObject]) -> bool:
    world.profile.set_commands(commands, params.get("scope"), params.get("language_code"))
    _touch_all_chats(world)
    return True


def _touch_all_chats(world: World) -> None:
    for chat_id in world.people:
        world.chats.touch(chat_id)
