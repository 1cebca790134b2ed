"""PreCheckout answers Telegram's question before a payment, ahead of the queue and by reads only.

https://core.telegram.org/bots/api#answerprecheckoutquery: within ten seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import BackgroundTasks
from bot.delivery.i18n import Translations
from states.exam import Exam
from states.payment.checkout import CheckoutRefusal, refusal_of
from states.texts import DEFAULT_LOCALE, Text
from storage.candidates import applications, people
from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring
from storage.payments import orders

LIFETIME: Final = 10.0
"""Seconds after which Telegram has given up."""

log = structlog.get_logger("pre-checkout")


class PreCheckout:
    """Answers each query once it is received; the update still goes its way through the inbox."""

    def __init__(
        self,
        api: BotApi,
        db: Database,
        keyring: Keyring,
        exam: Exam,
        translations: Translations,
        tasks: BackgroundTasks,
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._db = db
        self._keyring = keyring
        self._exam = exam
        self._translations = translations
        self._tasks = tasks
        self._now = now

    def begin_answer(self, query: object) -> None:
        """Begin to answer a query that was just received; no code has validated it yet."""
        match query:
            case {
                "id": str(query_id),
                "from": {"id": int(payer)},
                "invoice_payload": str(number),
                "total_amount": int(amount),
                "currency": str(currency),
            }:
                answering = self._answer(query_id, str(payer), number, amount, currency)
                self._tasks.start(answering)

    async def _answer(
        self, query_id: str, payer: str, number: str, amount: int, currency: str
    ) -> None:
        try:
            refusal, locale = await self._judge(payer, number, amount, currency)
        except Unavailable:
            refusal, locale = CheckoutRefusal.LATER, DEFAULT_LOCALE
        params: dict[str, Any] = {"pre_checkout_query_id": query_id, "ok": refusal is None}
        if refusal is not None:
            reason = Text(f"checkout-{refusal}")
            params["error_message"] = self._translations.label(reason, locale)
        try:
            await self._api.call("answerPreCheckoutQuery", params, time_limit=LIFETIME)
        except (ApiError, Unreachable) as error:
            log.warning("checkout not answered", error=str(error))

    async def _judge(
        self, payer: str, number: str, amount: int, currency: str
    ) -> tuple[CheckoutRefusal | None, str]:
        """Return why the payment must not go on, and the language to say it in: three queries."""
        application, locale = None, DEFAULT_LOCALE
        async with self._db.read_autocommit() as connection:
            order = await orders.by_number(connection, self._keyring, number)
            if order is not None:
                wanted = [order.application_id]
                found = await applications.by_ids(connection, self._keyring, wanted)
                application = found.get(order.application_id)
                known = await people.by_ids(connection, self._keyring, [order.person_id])
                locale = next((person.locale for person in known.values()), locale)
        refusal = refusal_of(
            order,
            application,
            amount=amount,
            currency=currency,
            payer=payer,
            exam=self._exam,
            now=self._now(),
        )
        return refusal, locale or DEFAULT_LOCALE
