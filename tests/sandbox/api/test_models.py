"""Validation by aiogram's models: decoding, errors, and the import."""

import asyncio
import threading
from typing import Any

import pytest

from bot.sandbox.api import models
from bot.sandbox.api.bot_api import DELIVERY, METHODS
from bot.sandbox.api.models import Models, model_of, read
from bot.sandbox.rules.refusals import Refusal

pytestmark = pytest.mark.row("B22")


@pytest.mark.parametrize("method", sorted(METHODS.keys() | DELIVERY))
def test_every_method_has_a_model(method: str) -> None:
    assert model_of(method).kind.__api_method__ == method


@pytest.mark.parametrize(
    ("method", "raw", "params"),
    [
        (
            "sendMessage",
            {"chat_id": "1001", "text": "12", "protect_content": "true", "reply_markup": ""},
            {"chat_id": "1001", "text": "12", "protect_content": True},
        ),
        (
            "deleteMessages",
            {"chat_id": 1, "message_ids": "[1, 2]"},
            {"chat_id": 1, "message_ids": [1, 2]},
        ),
        ("getUpdates", {"offset": "-1", "timeout": "5"}, {"offset": -1, "timeout": 5}),
        ("sendMessage", {"chat_id": 1, "text": "[1]"}, {"chat_id": 1, "text": "[1]"}),
    ],
)
def test_forms_are_decoded(method: str, raw: dict[str, Any], params: dict[str, Any]) -> None:
    assert read(method, raw) == params


@pytest.mark.parametrize(
    ("method", "raw", "why"),
    [
        ("getUpdates", {"offset": "soon"}, "can't parse offset: "),
        ("getUpdates", {"offset": 1, "pace": 2}, "unknown parameter pace of getUpdates"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "b", "icon": "c"}]},
            "unknown field commands[0].icon of setMyCommands",
        ),
        (
            "sendMediaGroup",
            {"chat_id": 1, "media": [{"type": "photo", "media": "x", "alt": "y"}] * 2},
            "unknown field media[0].alt of sendMediaGroup",
        ),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
    ],
)
def test_strange_calls_are_refused(method: str, raw: dict[str, Any], why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(method, raw)
    assert refused.value.breaks_rule
    assert refused.value.description.startswith(f"Bad Request: {why}")


async def test_a_caller_that_gives_up_does_not_stop_the_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go = threading.Event()
    monkeypatch.setattr(models, "model_of", lambda _: go.wait())
    loading = Models()
    first = asyncio.create_task(loading.ready())
    second = asyncio.create_task(loading.ready())
    await asyncio.sleep(0)
    first.cancel()
    go.set()
    await second
    assert first.cancelled()
    assert loading.loaded
