"""A person of the sandbox, acting as people do: over HTTP, by what they can see.

The same person plays against a bot in this process, in another one, or in one that is being
killed; so they have patience, and everything they wait for has a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import aiohttp

from tests.e2e.messages import Button, Message

BOT = 4242
PATIENCE = 10.0
"""Seconds that a person waits for a message before the test fails."""
_LOOK = 5.0
_RECONNECT = 0.02
_CUT_OFF = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)
"""The errors of a request whose sandbox dies: no connection, or half of an answer."""


class Person:
    """One resident. ``acts`` counts what they sent, taps included."""

    def __init__(
        self, http: aiohttp.ClientSession, address: str, slug: str, time_limit: float = PATIENCE
    ) -> None:
        self._http = http
        self._url = f"{address}/sandbox/{slug}"
        self._patience = time_limit
        self._version = -1
        self._seen = 0
        self._texts: dict[int, str] = {}
        self._read = ""
        self.slug = slug
        self.effects = 0
        self.messages: list[Message] = []
        self.toast: str | None = None

    # --- what they do ----------------------------------------------------------------------------

    async def says(self, text: str) -> int:
        """Send a text; the id of the message."""
        return int((await self._act("says", {"text": text})).get("message_id", 0))

    async def opens(self, payload: str) -> None:
        """Follow a link to the bot, which came from elsewhere, with this payload."""
        await self._act("opens", {"payload": payload, "text": f"/start {payload}"})

    async def reads(self, *texts: str) -> Message:
        """Wait for a message of the bot with all these texts, new or changed."""
        deadline = self._now() + self._patience
        while True:
            for message in reversed(self.messages):
                if message.sender == BOT and message.says(texts):
                    return message
            left = deadline - self._now()
            assert left > 0, f"{self.slug} never read {texts}\n{self._everything()}"
            await self._look(min(left, _LOOK))

    async def presses(self, label: str, below: str = "") -> None:
        """Tap the button of this label on the newest message that has it, and these words."""
        await self._look()
        for message in reversed(self.messages):
            if below in message.text and (button := message.button(label)):
                return await self.taps(message, button)
        raise AssertionError(f"{self.slug} sees no button {label!r}\n{self._everything()}")

    async def presses_when(self, label: str) -> None:
        """Tap the button of this label as soon as a message has it."""
        await self.sees_buttons(label)
        await self.presses(label)

    async def taps(self, message: Message, button: Button | str) -> None:
        """Tap a button of a certain message, however old."""
        found = message.button(button) if isinstance(button, str) else button
        assert found is not None, f"no button {button!r} on {message.shown()}"
        await self._act("presses", {"message_id": message.id, "data": found.data})

    async def pays(self, invoice: Message) -> None:
        """Press "pay" on an invoice."""
        await self._act("pays", {"message_id": invoice.id})

    async def sends_file(self, content: bytes, name: str = "photo.jpg") -> int:
        """Send a file as it is; the id of the message."""
        return await self._sends([content], name, "document")

    async def sends_picture(self, content: bytes) -> int:
        """Send a picture, which the messenger makes smaller; the id of the message."""
        return await self._sends([content], "picture.jpg", "photo")

    async def sends_album(self, pictures: Sequence[bytes]) -> int:
        """Send 2 to 10 pictures at once, as files; the id of the first message."""
        return await self._sends(pictures, "picture.jpg", "document")

    async def shares_contact(self, phone: str, user_id: int | None = None) -> None:
        """Share a contact out of the address book; their own where ``user_id`` is theirs."""
        await self._act("contact", {"phone": phone, "user_id": user_id})

    async def edits(self, message_id: int, text: str) -> None:
        """Change a text message of their own."""
        await self._act("edits", {"message_id": message_id, "text": text})

    async def sends_sticker(self) -> None:
        """Send a sticker."""
        await self._act("sticker", {})

    async def sends_voice(self) -> None:
        """Send a voice message."""
        await self._act("voice", {})

    async def blocks_the_bot(self, blocked: bool = True) -> None:
        """Block the bot, or let it in again."""
        await self._act("blocks", {"blocked": blocked})

    # --- what they see ---------------------------------------------------------------------------

    async def sees(self, *texts: str) -> Message:
        """Wait for a message of the bot with all these texts, new or changed since they read it."""
        deadline = self._now() + self._patience
        while True:
            for message in self.messages:
                if self._is_unread(message) and message.says(texts):
                    self._reads_to(message)
                    return message
            left = deadline - self._now()
            if left <= 0:
                raise AssertionError(f"{self.slug} never saw {texts}\n{self._everything()}")
            await self._look(min(left, _LOOK))

    async def sees_now(self, *texts: str) -> Message:
        """Wait until a message of the bot, new or changed, has all these; read up to there."""
        deadline = self._now() + self._patience
        while True:
            for message in reversed(self.messages):
                if message.sender == BOT and message.says(texts):
                    self._reads_to(message)
                    return message
            left = deadline - self._now()
            assert left > 0, f"{self.slug} never saw {texts}\n{self._everything()}"
            await self._look(min(left, _LOOK))

    async def sees_buttons(self, *labels: str) -> Message:
        """Wait until the newest message of the bot, new or changed, has all these buttons."""
        deadline = self._now() + self._patience
        while True:
            newest = next((m for m in reversed(self.messages) if m.sender == BOT), None)
            if newest is not None and all(newest.button(label) for label in labels):
                return newest
            left = deadline - self._now()
            assert left > 0, f"{self.slug} never saw {labels}\n{self._everything()}"
            await self._look(min(left, _LOOK))

    async def sees_toast(self, text: str) -> None:
        """Wait for the words that appear for a moment over the chat."""
        deadline = self._now() + self._patience
        while self.toast is None or text not in self.toast:
            left = deadline - self._now()
            assert left > 0, f"{self.slug} saw the toast {self.toast!r}, not {text!r}"
            await self._look(min(left, _LOOK))

    async def from_bot(self) -> list[Message]:
        """Everything the bot said that still stands in the chat."""
        await self._look()
        return [message for message in self.messages if message.sender == BOT]

    async def stands(self, message_id: int) -> bool:
        """Whether a message is still in the chat."""
        await self._look()
        return any(message.id == message_id for message in self.messages)

    async def sees_gone(self, message_id: int) -> None:
        """Wait until a message has left the chat."""
        deadline = self._now() + self._patience
        while await self.stands(message_id):
            left = deadline - self._now()
            assert left > 0, f"message {message_id} is still there\n{self._everything()}"
            await self._look(min(left, _LOOK))

    def _is_unread(self, message: Message) -> bool:
        is_known = message.id <= self._seen and self._texts.get(message.id) == message.text
        return message.sender == BOT and not is_known

    def _reads_to(self, message: Message) -> None:
        """Have read this message and all before it, as they are now."""
        self._seen, self._read = max(self._seen, message.id), message.text
        self._texts = {one.id: one.text for one in self.messages if one.id <= self._seen}

    # --- over HTTP -------------------------------------------------------------------------------

    async def _act(self, effect: str, given: Mapping[str, object]) -> Any:
        return await self._does(effect, str(given.get("text", "")), lambda: {"json": dict(given)})

    async def _sends(self, contents: Sequence[bytes], name: str, as_: str) -> int:
        def form() -> dict[str, Any]:
            form = aiohttp.FormData({"as": as_})
            for content in contents:
                form.add_field("file", BytesIO(content), filename=name, content_type="image/jpeg")
            return {"data": form}

        sent = await self._does("sends", "", form)
        return int(sent[0]["message_id"]) if sent else 0

    async def _does(self, effect: str, text: str, body: Callable[[], dict[str, Any]]) -> Any:
        """Do it once, even where the sandbox is killed while it hears of it."""
        self.effects += 1
        last = self.messages[-1].id if self.messages else 0
        deadline = self._now() + self._patience
        while True:
            try:
                return await self._request("POST", effect, **body())
            except _CUT_OFF:
                assert self._now() < deadline, f"{self.slug} cannot {effect}: nobody is there"
                await asyncio.sleep(_RECONNECT)
                await self._look()
                if any(
                    self._shows(message, text) for message in self.messages if message.id > last
                ):
                    return {}

    def _shows(self, message: Message, text: str) -> bool:
        """Whether this message shows that an act in doubt was done: it is there, or answered."""
        if message.sender != BOT:
            return message.text == text
        return message.text != self._read

    async def _look(self, wait: float = 0.0) -> None:
        """Read the chat, once it has changed or the wait is over."""
        query = {"since": str(self._version), "timeout": f"{wait:.3f}"}
        try:
            seen = await self._request("GET", "chat", params=query)
        except _CUT_OFF:  # the sandbox is being killed; the caller has a bound
            await asyncio.sleep(_RECONNECT)
            return
        self._version = seen["version"]
        self.messages = [Message.read(body) for body in seen["messages"]]
        self.toast = (seen["toast"] or {}).get("text")

    async def _request(self, method: str, path: str, **more: Any) -> Any:
        async with self._http.request(method, f"{self._url}/{path}", **more) as response:
            answer = await response.json()
            assert response.status == 200, f"{self.slug} cannot {path}: {answer}"
            return answer

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _everything(self) -> str:
        return "\n".join(message.shown() for message in self.messages)
