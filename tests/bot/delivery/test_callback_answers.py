"""Answers to buttons: at once or not at all."""

from __future__ import annotations

import pytest

from bot.api.client import ApiError, Unreachable
from bot.delivery.sender import CallbackAnswers
from tests.fakes.clocks import settle
from tests.fakes.sender import SenderHarness


async def test_a_button_is_answered_at_once_with_a_word_or_without(harness: SenderHarness) -> None:
    toasts = CallbackAnswers(harness.api, harness.monotonic, harness.tasks)
    toasts.answer("5", "已提交", harness.monotonic.now())
    toasts.answer("6", None, harness.monotonic.now())
    await settle()
    assert harness.api.sent == [
        ("answerCallbackQuery", 0, "已提交"),
        ("answerCallbackQuery", 0, ""),
    ]


async def test_a_button_is_not_answered_when_nobody_sees_it_any_more(
    harness: SenderHarness,
) -> None:
    toasts = CallbackAnswers(harness.api, harness.monotonic, harness.tasks)
    since = harness.monotonic.now()
    await harness.monotonic.forward(CallbackAnswers.LIFETIME + 1)
    toasts.answer("5", "已提交", since)
    await settle()
    assert harness.api.sent == []


@pytest.mark.parametrize("error", [ApiError(400, "query is too old"), Unreachable("HTTP 502")])
async def test_an_answer_that_is_lost_troubles_nobody(
    harness: SenderHarness, error: Exception
) -> None:
    toasts = CallbackAnswers(harness.api, harness.monotonic, harness.tasks)
    harness.api.planned["已提交"] = [error]
    toasts.answer("5", "已提交", harness.monotonic.now())
    await settle()
    toasts.answer("6", "好", harness.monotonic.now())
    await settle()
    assert harness.api.texts == ["好"]
