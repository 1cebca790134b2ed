"""Answers to buttons: at once or not at all."""

from __future__ import annotations

import pytest

from bot.client import ApiError, Unreachable
from bot.sender import Toasts
from tests.bot.clockwork import settle
from tests.bot.post_office import Office


async def test_a_button_is_answered_at_once_with_a_word_or_without(office: Office) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    toasts.answer("5", "已提交", office.machine.now())
    toasts.answer("6", None, office.machine.now())
    await settle()
    assert office.line.sent == [
        ("answerCallbackQuery", 0, "已提交"),
        ("answerCallbackQuery", 0, ""),
    ]


async def test_a_button_is_not_answered_when_nobody_sees_it_any_more(office: Office) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    since = office.machine.now()
    await office.machine.forward(Toasts.LIFETIME + 1)
    toasts.answer("5", "已提交", since)
    await settle()
    assert office.line.sent == []


@pytest.mark.parametrize("error", [ApiError(400, "query is too old"), Unreachable("HTTP 502")])
async def test_an_answer_that_is_lost_troubles_nobody(office: Office, error: Exception) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    office.line.planned["已提交"] = [error]
    toasts.answer("5", "已提交", office.machine.now())
    await settle()
    toasts.answer("6", "好", office.machine.now())
    await settle()
    assert office.line.texts == ["好"]
