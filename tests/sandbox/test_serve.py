"""uvicorn has the undocumented methods that ``bot.sandbox.serve`` overrides, in one version."""

import inspect
from importlib.metadata import version

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

READ = "0.54.0"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("main_loop", ["self"]),
        ("startup", ["self", "sockets"]),
        ("shutdown", ["self", "sockets"]),
        ("capture_signals", ["self"]),
    ],
)
def test_uvicorn_calls_the_overridden_method(name: str, arguments: list[str]) -> None:
    assert version("uvicorn") == READ, "read uvicorn/server.py again: _serve, capture_signals"
    assert list(inspect.signature(getattr(uvicorn.Server, name)).parameters) == arguments
    assert f"self.{name}(" in inspect.getsource(uvicorn.Server)


@pytest.mark.parametrize("name", ["stop", "listening", "_api", "_signals", "_stopping"])
def test_uvicorns_server_lacks_the_subclass_names(name: str) -> None:
    server = uvicorn.Server(uvicorn.Config(lambda: None))
    assert not hasattr(server, name), "a name of the sandbox's subclass"


def test_uvicorns_connection_sets_its_scope_when_a_message_begins() -> None:
    assert list(inspect.signature(HttpToolsProtocol.on_message_begin).parameters) == ["self"]
    source = inspect.getsource(HttpToolsProtocol)
    assert "self.scope = {" in inspect.getsource(HttpToolsProtocol.on_message_begin)
    assert "self.transport = transport" in source
