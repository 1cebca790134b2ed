"""CallbackAnswers answers callback queries, without an outbox row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import MonotonicClock
from bot.core.metrics import Metrics

log = structlog.get_logger("callback_answers")


class CallbackAnswers:
    """Answers callback queries; after ``LIFETIME`` seconds nobody sees an answer any more."""

    LIFETIME = 10.0

    def __init__(
        self,
        api: BotApi,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        metrics: Metrics | None = None,
    ) -> None:
        self._api = api
        self._monotonic = monotonic
        self._tasks = tasks
        self._metrics = metrics or Metrics()

    def answer(self, callback_id: str, text: str | None, since: float) -> None:
        """Stop the button's spinner, with a text or without one; do nothing if it is too late."""
        if self._monotonic.now() - since > self.LIFETIME:
            self._metrics.callback_answer_lost()
            return
        params: dict[str, Any] = {"callback_query_id": callback_id}
        self._tasks.start(self._call({**params, "text": text} if text else params))

    async def _call(self, params: Mapping[str, Any]) -> None:
        try:
            await self._api.call("answerCallbackQuery", params, time_limit=self.LIFETIME)
        except (ApiError, Unreachable) as error:
            self._metrics.callback_answer_lost()
            log.info("callback answer lost", error=str(error))
