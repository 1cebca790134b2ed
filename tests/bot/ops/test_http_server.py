"""uvicorn has the methods that ``bot.ops.http_server`` replaces, in the version that was read."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

READ = "0.54.0"


@pytest.mark.parametrize("name", ["main_loop", "capture_signals"])
def test_uvicorn_calls_what_the_listener_replaces(name: str) -> None:
    assert version("uvicorn") == READ, "read uvicorn/server.py again: main_loop, capture_signals"
    assert list(inspect.signature(getattr(uvicorn.Server, name)).parameters) == ["self"]
    assert f"self.{name}()" in inspect.getsource(uvicorn.Server)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("connection_made", ["self", "transport"]),
        ("on_message_begin", ["self"]),
        ("on_headers_complete", ["self"]),
        ("connection_lost", ["self", "exc"]),
    ],
)
def test_uvicorns_connection_has_what_the_listener_extends(name: str, arguments: list[str]) -> None:
    assert list(inspect.signature(getattr(HttpToolsProtocol, name)).parameters) == arguments
    assert not hasattr(HttpToolsProtocol, "_wait"), "the name of a method of the listener's own"
