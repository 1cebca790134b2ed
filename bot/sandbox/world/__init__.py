"""The world behind the Bot API: its people, chats, files and updates, kept in one file."""

from bot.sandbox.world.files import Upload
from bot.sandbox.world.journal import Call
from bot.sandbox.world.world import World

__all__ = ["Call", "Upload", "World"]
