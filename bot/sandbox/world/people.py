"""The sandbox's accounts: six invented people, and the bot.

Their ids are far below any that Telegram assigns today, so a sandbox's row is recognised anywhere.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.archive import JsonObject


class Role(StrEnum):
    """A person's role; the page has its names in both languages."""

    CANDIDATE = "candidate"
    CLERK = "clerk"
    SITE = "site"
    AREA = "area"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person with a Telegram account; `slug` is their name in addresses."""

    slug: str
    id: int
    first_name: str
    username: str
    role: Role
    language_code: str = "zh-hans"

    @property
    def user(self) -> JsonObject:
        """The person as a User object."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
        }

    @property
    def chat(self) -> JsonObject:
        """The person's private chat with the bot, as a Chat object."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "username": self.username,
            "type": "private",
        }


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot's account and token."""

    id: int = 4242
    username: str = "baoming_sandbox_bot"
    first_name: str = "报名助手"
    token: str = "4242:sandbox"

    @property
    def user(self) -> JsonObject:
        """The bot as a User object."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


PEOPLE: tuple[Person, ...] = (
    Person("ling", 1001, "刘玲", "liu_ling_sandbox", Role.CANDIDATE),
    Person("chen", 1002, "陈航", "chen_hang_sandbox", Role.CANDIDATE),
    Person("clerk", 1003, "王敏", "wang_min_sandbox", Role.CLERK),
    Person("site", 1004, "赵磊", "zhao_lei_sandbox", Role.SITE),
    Person("area", 1005, "孙倩", "sun_qian_sandbox", Role.AREA),
    Person("admin", 1000, "周岚", "zhou_lan_sandbox", Role.ADMIN),
)
