"""Everything that is true in this little Telegram, and what its people can see of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.sandbox import limits
from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.chats import Chats
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.journal import Call, Journal
from bot.sandbox.pacing import Pacing
from bot.sandbox.people import RESIDENTS, BotIdentity, Resident
from bot.sandbox.profile import Profile
from bot.sandbox.questions import Questions
from bot.sandbox.updates import Updates


class Scene:
    """The residents, the bot's account, and everything that was said between them."""

    def __init__(
        self,
        path: Path | None,
        *,
        residents: Sequence[Resident] = RESIDENTS,
        bot: BotIdentity | None = None,
        pacing: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the world kept in this file, or a new one; `None` keeps it in memory only.

        Raises InUse (bot.sandbox.archive) while another process has the file open.
        `pacing` switches Telegram's 429 for fast writing. `clock` gives seconds since 1970, UTC.
        """
        self.residents = {resident.id: resident for resident in residents}
        self.by_slug = {resident.slug: resident for resident in residents}
        self.bot = bot if bot is not None else BotIdentity()
        self.clock = clock
        self.archive = Archive(path)
        self.faults = Faults()
        self.pacing = Pacing(clock) if pacing else None
        self.chats = Chats(self.archive)
        self.files = Files(self.archive)
        self.updates = Updates(self.archive, self.faults, clock)
        self.questions = Questions(self.archive, clock)
        self.journal = Journal(self.archive)
        self.profile = Profile(self.archive)
        self._typing: dict[int, float] = {}
        self._toasts: dict[int, JsonObject] = {}

    # What one can see

    def chat(self, person: Resident, last: int | None = None) -> list[JsonObject]:
        """The person's messages as they stand now, oldest first; the `last` so many if asked."""
        return self.chats.messages(person.id, last)

    def keyboard(self, person: Resident) -> JsonObject | None:
        """The ReplyKeyboardMarkup in place of the person's own keyboard."""
        return self.chats.standing(person.id).keyboard

    def blocked(self, person: Resident) -> bool:
        """Whether the person blocked the bot."""
        return self.chats.standing(person.id).blocked

    def pinned(self, person: Resident) -> int | None:
        """The message_id of the pinned message."""
        return self.chats.standing(person.id).pinned

    def commands(self, person: Resident) -> list[JsonObject]:
        """The BotCommands of the person's "/" menu."""
        return self.profile.commands_for(person)

    def typing(self, person: Resident) -> bool:
        """Whether "typing…" is shown: for 5 s after sendChatAction, or until a message comes."""
        return self._typing.get(person.id, 0.0) > self.clock()

    def waiting(self, person: Resident) -> frozenset[int]:
        """The messages of which a button was pressed and not yet answered."""
        return self.questions.waiting(person.id, "callback", limits.CALLBACK_SECONDS)

    def paid(self, person: Resident, message_id: int) -> bool:
        """Whether this invoice is paid."""
        stored = self.chats.get(person.id, message_id)
        return stored is not None and bool(stored.aside.get("paid"))

    def toast(self, person: Resident) -> JsonObject | None:
        """The last callback answer that says something: text, show_alert, a seq that grows."""
        return self._toasts.get(person.id)

    def file(self, file_id: str) -> bytes:
        """The bytes of a file; raises KeyError if there is none."""
        content = self.files.content(file_id=file_id)
        if content is None:
            raise KeyError(file_id)
        return content

    def version(self, person: Resident) -> int:
        """Grows with everything the person can see."""
        return self.chats.version(person.id)

    async def changed(self, person: Resident, since: int, timeout: float) -> int:  # noqa: ASYNC109
        """Wait until the version is past `since`, at most `timeout` seconds; the version then."""
        return await self.chats.changed(person.id, since, timeout)

    def log(self, after: int = 0) -> list[Call]:
        """Every call the bot made, in order, with a higher number than `after`."""
        return self.journal.calls(after)

    def complaints(self) -> list[str]:
        """Calls that broke a rule of the Bot API or did not fit its methods, in words."""
        return self.journal.complaints()

    # What acts and methods build on

    def seconds(self) -> int:
        """Now, as a message's date."""
        return int(self.clock())

    def show_typing(self, person: Resident, until: float) -> None:
        """Show or, with a past time, end "typing…"."""
        self._typing[person.id] = until
        self.chats.touch(person.id)
        if (left := until - self.clock()) > 0:
            # Its end changes what is seen as well, and nobody acts at that moment.
            asyncio.get_running_loop().call_later(left, self.chats.touch, person.id)

    def show_toast(self, chat_id: int, text: str, *, alert: bool) -> None:
        """Show what a callback was answered with."""
        seq = self.archive.next("toast")
        self._toasts[chat_id] = {"text": text, "show_alert": alert, "seq": seq}
        self.chats.touch(chat_id)

    def close(self) -> None:
        """Close the file."""
        self.archive.close()
