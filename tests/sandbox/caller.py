"""A bot's end of the line: calls methods over HTTP and tells what came back, whatever it was."""

from dataclasses import dataclass
from typing import Any

import aiohttp

TOKEN = "4242:sandbox"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the Bot API, with its HTTP status."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        """The result of a call that was granted; fails the test for one that was not."""
        assert self.body["ok"] is True, self.body
        assert self.status == 200
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        """Code and description of a call that was refused; fails the test for one that was not."""
        assert self.body["ok"] is False, self.body
        assert self.status == self.body["error_code"]
        return self.status, self.body["description"]


class Caller:
    """Calls one server with one token."""

    def __init__(self, session: aiohttp.ClientSession, base: str, token: str = TOKEN) -> None:
        self.session = session
        self.base = base
        self._root = f"{base}/bot{token}"

    async def __call__(self, method: str, **params: Any) -> Reply:
        """Call a method with JSON parameters."""
        async with self.session.post(f"{self._root}/{method}", json=params) as response:
            return Reply(response.status, await response.json())

    async def form(self, method: str, data: Any) -> Reply:
        """Call a method with a form, or with an aiohttp.FormData of files."""
        async with self.session.post(f"{self._root}/{method}", data=data) as response:
            return Reply(response.status, await response.json())

    async def query(self, method: str, **params: str) -> Reply:
        """Call a method by GET, with everything in the address."""
        async with self.session.get(f"{self._root}/{method}", params=params) as response:
            return Reply(response.status, await response.json())
