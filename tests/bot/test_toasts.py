"""Answers to buttons: at once or not at all."""

from __future__ import annotations

import pytest

from bot.api.client import ApiError, Unreachable
from bot.delivery.callback_answers import CallbackAnswers
from tests.bot.clockwork import settle
from tests.bot.post_office import Office


async def test_a_button_is_answered_at_once_with_a_word_or_without(services: Office) -> None:
    toasts = CallbackAnswers(services.line, services.monotonic, services.tasks)
    toasts.answer("5", "已提交", services.monotonic.now())
    toasts.answer("6", None, services.monotonic.now())
    await settle()
    assert services.line.sent == [
        ("answerCallbackQuery", 0, "已提交"),
        ("answerCallbackQuery", 0, ""),
    ]


async def test_a_button_is_not_answered_when_nobody_sees_it_any_more(services: Office) -> None:
    toasts = CallbackAnswers(services.line, services.monotonic, services.tasks)
    since = services.monotonic.now()
    await services.monotonic.forward(CallbackAnswers.LIFETIME + 1)
    toasts.answer("5", "已提交", since)
    await settle()
    assert services.line.sent == []


@pytest.mark.parametrize("error", [ApiError(400, "query is too old"), Unreachable("HTTP 502")])
async def test_an_answer_that_is_lost_troubles_nobody(services: Office, error: Exception) -> None:
    toasts = CallbackAnswers(services.line, services.monotonic, services.tasks)
    services.line.planned["已提交"] = [error]
    toasts.answer("5", "已提交", services.monotonic.now())
    await settle()
    toasts.answer("6", "好", services.monotonic.now())
    await settle()
    assert services.line.texts == ["好"]
