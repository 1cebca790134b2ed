"""The state of a world, and the queries for tests and the page."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.rules import limits
from bot.sandbox.rules.pacing import Pacing
from bot.sandbox.world.cashier import Cashier
from bot.sandbox.world.chats import Chats
from bot.sandbox.world.faults import Faults
from bot.sandbox.world.files import Files
from bot.sandbox.world.journal import Call, Journal
from bot.sandbox.world.people import PEOPLE, BotIdentity, Person
from bot.sandbox.world.profile import Profile
from bot.sandbox.world.queries import PendingQueries
from bot.sandbox.world.updates import Updates


class WorldState:
    """The people, the bot's account, their chats, files and updates."""

    def __init__(
        self,
        path: Path | None,
        *,
        people: Sequence[Person] = PEOPLE,
        bot: BotIdentity | None = None,
        pacing: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open or create the world's file; `None` keeps the world in memory.

        Raises InUse (bot.sandbox.archive) while another process has the file open.
        `pacing` switches Telegram's 429 for fast sending. `clock` returns Unix seconds.
        """
        self.people = {person.id: person for person in people}
        self.by_slug = {person.slug: person for person in people}
        self.bot = bot if bot is not None else BotIdentity()
        self.clock = clock
        self.archive = Archive(path)
        self.faults = Faults()
        self.cashier = Cashier(self.archive)
        self.pacing = Pacing(clock) if pacing else None
        self.chats = Chats(self.archive)
        self.files = Files(self.archive)
        self.updates = Updates(self.archive, self.faults, clock)
        self.queries = PendingQueries(self.archive, clock)
        self.journal = Journal(self.archive)
        self.profile = Profile(self.archive)
        self._typing: dict[int, float] = {}
        self._toasts: dict[int, JsonObject] = {}

    # Queries

    def chat(self, person: Person, last: int | None = None) -> list[JsonObject]:
        """Return the person's messages, oldest first, or only the `last` ones."""
        return self.chats.messages(person.id, last)

    def keyboard(self, person: Person) -> JsonObject | None:
        """Return the ReplyKeyboardMarkup that the person sees."""
        return self.chats.state(person.id).keyboard

    def blocked(self, person: Person) -> bool:
        """Return whether the person has blocked the bot."""
        return self.chats.state(person.id).blocked

    def pinned(self, person: Person) -> int | None:
        """Return the message_id of the pinned message."""
        return self.chats.state(person.id).pinned

    def commands(self, person: Person) -> list[JsonObject]:
        """Return the BotCommands of the person's "/" menu."""
        return self.profile.commands_for(person)

    def typing(self, person: Person) -> bool:
        """Return whether "typing…" shows: for 5 s after sendChatAction, or until a message."""
        return self._typing.get(person.id, 0.0) > self.clock()

    def waiting(self, person: Person) -> frozenset[int]:
        """Return the message_ids with an unanswered callback query."""
        return self.queries.waiting(person.id, "callback", limits.CALLBACK_SECONDS)

    def paid(self, person: Person, message_id: int) -> bool:
        """Return whether this invoice is paid."""
        stored = self.chats.get(person.id, message_id)
        return stored is not None and bool(stored.hidden.get("paid"))

    def toast(self, person: Person) -> JsonObject | None:
        """Return the last callback answer with a text: `text`, `show_alert`, `seq` (grows)."""
        return self._toasts.get(person.id)

    def file(self, file_id: str) -> bytes:
        """Return the bytes of a file; raise KeyError for an unknown id."""
        content = self.files.content(file_id=file_id)
        if content is None:
            raise KeyError(file_id)
        return content

    def version(self, person: Person) -> int:
        """Return the version of the person's chat; every visible change raises it."""
        return self.chats.version(person.id)

    async def changed(self, person: Person, since: int, timeout: float) -> int:  # noqa: ASYNC109
        """Wait until the version exceeds `since`, at most `timeout` s; return the version."""
        return await self.chats.changed(person.id, since, timeout)

    def log(self, after: int = 0) -> list[Call]:
        """Return the bot's calls whose `seq` exceeds `after`, in order."""
        return self.journal.calls(after)

    def complaints(self) -> list[str]:
        """Return the complaints: one sentence for each call that broke a rule."""
        return self.journal.complaints()

    # Building blocks of actions and methods

    def seconds(self) -> int:
        """Return the time in whole Unix seconds, as a Message has it."""
        return int(self.clock())

    def show_typing(self, person: Person, until: float) -> None:
        """Show "typing…" until this Unix time; a past time ends it."""
        self._typing[person.id] = until
        self.chats.touch(person.id)
        if (left := until - self.clock()) > 0:
            # The end of "typing…" is a visible change without an action.
            asyncio.get_running_loop().call_later(left, self.chats.touch, person.id)

    def show_toast(self, chat_id: int, text: str, *, alert: bool) -> None:
        """Show the answer to a callback query."""
        seq = self.archive.next("toast")
        self._toasts[chat_id] = {"text": text, "show_alert": alert, "seq": seq}
        self.chats.touch(chat_id)

    def close(self) -> None:
        """Close the world's file."""
        self.archive.close()
