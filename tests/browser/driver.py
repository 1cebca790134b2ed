"""Drivers for browser tests: the bot over HTTP, and the person in the browser."""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    Request,
    expect,
)

TOKEN = "4242:sandbox"
BY_THE_CLOCK = re.compile("有报名在等您办理|操作记录封存")
"""The digest of the queue and the daily seal: they come beside the answer to an act."""
PEOPLE = {"ling": 1001, "chen": 1002, "clerk": 1003, "site": 1004, "area": 1005, "admin": 1000}


class Sandbox:
    """The bot: it calls methods and reads updates."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=20.0, trust_env=False)
        self._offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def answer(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the Bot API; return the answer, also an error."""
        answer: dict[str, Any] = self._http.post(f"/bot{TOKEN}/{method}", json=parameters).json()
        return answer

    def call(self, method: str, **parameters: object) -> Any:
        """Call a method that must succeed; return its result."""
        answer = self.answer(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    def status(self, path: str, headers: dict[str, str]) -> int:
        """Return the HTTP status for a request with these headers."""
        return self._http.get(path, headers=headers).status_code

    def writes(self, slug: str, text: str, **parameters: object) -> int:
        """Send a text as the bot; return its message_id."""
        sent = self.call("sendMessage", chat_id=PEOPLE[slug], text=text, **parameters)
        return int(sent["message_id"])

    def uploads(
        self,
        method: str,
        slug: str,
        files: dict[str, tuple[str, bytes, str]],
        **fields: str,
    ) -> int:
        """Send files by a multipart call; return the first message_id."""
        answer = self._http.post(
            f"/bot{TOKEN}/{method}", data={"chat_id": str(PEOPLE[slug]), **fields}, files=files
        ).json()
        assert answer["ok"], answer
        result = answer["result"]
        return int(result[0]["message_id"] if isinstance(result, list) else result["message_id"])

    def hears(self, kind: str, matches: Callable[[Any], bool] = lambda _: True) -> Any:
        """Return the next matching update of this kind; skip others."""
        while updates := self.call("getUpdates", offset=self._offset, timeout=10, limit=1):
            self._offset = updates[0]["update_id"] + 1
            update = updates[0].get(kind)
            if update is not None and matches(update):
                return update
        raise AssertionError(f"the bot received no matching {kind}")

    def acts(self, slug: str, action: str, **arguments: object) -> None:
        """Perform a person's action without the browser."""
        self._http.post(f"/sandbox/{slug}/{action}", json=arguments).raise_for_status()

    def chat(self, slug: str) -> list[dict[str, Any]]:
        """Return the messages of a person's chat."""
        answer = self._http.get(f"/sandbox/{slug}/chat").raise_for_status().json()
        return list(answer["messages"])


class Screen:
    """A browser window; it records errors and requests to other computers."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.strays: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def opens(self, path: str) -> Page:
        """Open a tab with this address."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def errors_are_expected(self) -> None:
        """Ignore console errors from now on: the test provokes a refusal."""
        self.context.remove_listener("console", self._note_console)

    def is_person(self, slug: str, address: str = "") -> "Person":
        """Open this person's chat in a tab, of another sandbox if `address` is given."""
        page = self.opens(f"{address}/chat/{slug}")
        expect(page.get_by_test_id("messages")).to_be_visible()
        return Person(page)

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.strays.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


class Person:
    """A person in front of a chat in the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages = page.get_by_test_id("messages")

    def says(self, text: str) -> None:
        """Type a text and press Enter."""
        box = self.page.get_by_test_id("composer")
        box.fill(text)
        box.press("Enter")

    def presses(self, name: str, within: Locator | Page | None = None) -> None:
        """Press the button of this name."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        """Expect this text among the messages."""
        expect(self.messages).to_contain_text(text)

    @property
    def last(self) -> Locator:
        """The newest bubble with its buttons, without what the bot says by the clock."""
        bubbles = self.page.locator("[data-testid^='message-']")
        return bubbles.filter(has_not_text=BY_THE_CLOCK).last

    def sees_last(self, text: str) -> None:
        """Expect this text in the newest message."""
        expect(self.last).to_contain_text(text)

    def message(self, message_id: int) -> Locator:
        """Return a bubble with its buttons."""
        return self.page.get_by_test_id(f"message-{message_id}")

    def attaches(self, kind: str, files: Sequence[tuple[str, str, bytes]]) -> None:
        """Choose files, each (name, media type, bytes), in the attachment menu."""
        chosen: list[FilePayload] = [
            {"name": name, "mimeType": mime, "buffer": content} for name, mime, content in files
        ]
        self.page.get_by_test_id(f"attach-{kind}").set_input_files(chosen)


def saying(text: str) -> Callable[[Any], bool]:
    """Return a predicate for messages with this text."""
    return lambda message: message.get("text") == text


def keyboard(*rows: Sequence[dict[str, object]]) -> str:
    """Return inline buttons as a reply_markup parameter."""
    return json.dumps({"inline_keyboard": rows})


def taps(person: Person, label: str) -> None:
    """Press the newest button with this label."""
    person.messages.get_by_role("button", name=label, exact=True).last.click()


def picture(person: Person, name: str) -> None:
    """Save a screenshot if the environment names a folder in SCREENSHOTS."""
    if folder := os.environ.get("SCREENSHOTS"):
        expect(person.page.get_by_test_id("toast")).to_be_hidden(timeout=8000)  # it fades after 5 s
        person.page.wait_for_timeout(400)  # the page scrolls smoothly to the newest message
        person.page.screenshot(path=Path(folder) / f"{name}.png")
