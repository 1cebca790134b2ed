"""A minimal bot: it calls methods over HTTP and returns any answer."""

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
        """The result of a successful call."""
        assert self.body["ok"] is True, self.body
        assert self.status == 200
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        """The code and description of a refused call."""
        assert self.body["ok"] is False, self.body
        assert self.status == self.body["error_code"]
        return self.status, self.body["description"]


class Caller:
    """A client of one server with one token."""

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
        """Call a method by GET, with its parameters in the query string."""
        async with self.session.get(f"{self._root}/{method}", params=params) as response:
            return Reply(response.status, await response.json())
