"""Who lives in the sandbox: six invented people, and the bot they write to.

Nobody here exists. The ids are far below any that Telegram gives out today, so that a row from a
sandbox is recognised wherever it turns up.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.archive import JsonObject


class Role(StrEnum):
    """What a resident is in the story. What a role is called on screen is the page's affair."""

    CANDIDATE = "candidate"
    CLERK = "clerk"
    SITE = "site"
    AREA = "area"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with an account in this little Telegram; `slug` is their name in addresses."""

    slug: str
    id: int
    first_name: str
    username: str
    role: Role
    language_code: str = "zh-hans"

    @property
    def user(self) -> JsonObject:
        """This person as a User object."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
        }

    @property
    def chat(self) -> JsonObject:
        """This person's private chat with the bot, as a Chat object."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "username": self.username,
            "type": "private",
        }


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot's own account, as getMe tells it, and the token that opens it."""

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


RESIDENTS: tuple[Resident, ...] = (
    Resident("ling", 1001, "刘玲", "liu_ling_sandbox", Role.CANDIDATE),
    Resident("chen", 1002, "陈航", "chen_hang_sandbox", Role.CANDIDATE),
    Resident("clerk", 1003, "王敏", "wang_min_sandbox", Role.CLERK),
    Resident("site", 1004, "赵磊", "zhao_lei_sandbox", Role.SITE),
    Resident("area", 1005, "孙倩", "sun_qian_sandbox", Role.AREA),
    Resident("admin", 1000, "周岚", "zhou_lan_sandbox", Role.ADMIN),
)
