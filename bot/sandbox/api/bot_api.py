"""The Bot API of a world: it checks, performs, records and answers calls."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.api import account_methods, chat_methods, edit_methods, send_methods
from bot.sandbox.api.models import Models, read
from bot.sandbox.api.polling import Polling
from bot.sandbox.api.send_methods import Uploads
from bot.sandbox.api.webhook import Webhook
from bot.sandbox.archive import JsonObject
from bot.sandbox.rules.refusals import Refusal, too_fast
from bot.sandbox.world import World
from bot.sandbox.world.faults import FaultKind

Method = Callable[[World, JsonObject, Uploads], object]
Reader = Callable[[str, Mapping[str, Any]], JsonObject]
"""A function like `models.read`: method name and raw parameters to decoded ones."""

METHODS: dict[str, Method] = {
    "answerCallbackQuery": chat_methods.answer_callback_query,
    "answerPreCheckoutQuery": chat_methods.answer_pre_checkout_query,
    "deleteMessage": edit_methods.delete_message,
    "deleteMessages": edit_methods.delete_messages,
    "deleteMyCommands": account_methods.delete_my_commands,
    "editMessageCaption": edit_methods.edit_message_caption,
    "editMessageMedia": edit_methods.edit_message_media,
    "editMessageReplyMarkup": edit_methods.edit_message_reply_markup,
    "editMessageText": edit_methods.edit_message_text,
    "getChat": chat_methods.get_chat,
    "getChatMember": chat_methods.get_chat_member,
    "getFile": chat_methods.get_file,
    "getMe": account_methods.get_me,
    "getMyCommands": account_methods.get_my_commands,
    "leaveChat": chat_methods.leave_chat,
    "pinChatMessage": edit_methods.pin_chat_message,
    "sendChatAction": chat_methods.send_chat_action,
    "sendDocument": send_methods.send_document,
    "sendInvoice": send_methods.send_invoice,
    "sendMediaGroup": send_methods.send_media_group,
    "sendMessage": send_methods.send_message,
    "sendPhoto": send_methods.send_photo,
    "setChatMenuButton": account_methods.set_chat_menu_button,
    "setMyCommands": account_methods.set_my_commands,
    "setMyDescription": account_methods.set_my_description,
    "setMyShortDescription": account_methods.set_my_short_description,
}
"""Methods by name, without those of update delivery."""

DELIVERY = frozenset({"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"})


class HangUp(Exception):
    """Close the connection without an answer, after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `retry_after` in seconds."""

    status: int
    body: bytes
    retry_after: int | None = None


class BotApi:
    """The only server of a world: it answers calls, and delivers updates."""

    def __init__(
        self,
        world: World,
        methods: frozenset[str] | None = None,
        webhook_pause: float = 1.0,
        reader: Reader = read,
    ) -> None:
        """Offer `methods`, or all; raise ValueError for an unknown one.

        `webhook_pause`: seconds before the first retry. `reader` decodes parameters.
        """
        known = METHODS.keys() | DELIVERY
        if methods is not None and (unknown := methods - known):
            raise ValueError(f"no such method here: {', '.join(sorted(unknown))}")
        offered = known if methods is None else methods
        self._names = {name.lower(): name for name in offered}
        self._world = world
        self._models = Models()
        self._read = reader
        self._polling = Polling(world)
        self._webhook = Webhook(world, self._call_from_webhook, webhook_pause)

    def start(self) -> None:
        """Start the webhook and the import of the models; needs a running event loop."""
        self._models.load()
        self._webhook.restart()

    async def stop(self) -> None:
        """Stop polling and the webhook."""
        self._polling.close()
        await self._webhook.stop()

    async def call(self, name: str, raw: dict[str, Any], uploads: Uploads) -> Answer:
        """Perform a call; `raw` values may be JSON as text, as forms carry them.

        Raises HangUp if a fault suppresses the answer.
        """
        method = self._names.get(name.lower())
        if method is None:
            return error_answer(Refusal(404, "Not Found: method not found"))
        fault = self._world.faults.take_for_call(method, _chat_id(raw))
        if fault is None:
            return await self._perform(method, raw, uploads)
        match fault.kind:
            case FaultKind.REFUSE:
                raise HangUp(0.0)
            case FaultKind.TOO_MANY:
                return self._refuse(method, raw, too_fast(max(1, math.ceil(fault.seconds))))
            case FaultKind.INTERNAL:
                return self._refuse(method, raw, Refusal(500, "Internal Server Error"))
            case FaultKind.DELAY:
                await asyncio.sleep(fault.seconds)
        answer = await self._perform(method, raw, uploads)
        if fault.kind is FaultKind.TIMEOUT:
            raise HangUp(fault.seconds)
        return answer

    async def _perform(self, method: str, raw: dict[str, Any], uploads: Uploads) -> Answer:
        await self._models.ready()
        try:
            params = self._read(method, raw)
            if method in DELIVERY:
                return await self._deliver(method, params)
            with self._world.archive.transaction():
                result = METHODS[method](self._world, params, uploads)
                self._record(method, _loggable(params, uploads), True, result)
        except Refusal as refusal:
            return self._refuse(method, _loggable(raw, uploads), refusal)
        return _ok_answer(orjson.dumps(result))

    async def _deliver(self, method: str, params: JsonObject) -> Answer:
        if method == "getUpdates":
            found = await self._polling.get_updates(params)
            self._record(method, params, True, [update_id for update_id, _ in found])
            return _ok_answer(b"[" + b",".join([body for _, body in found]) + b"]")
        with self._world.archive.transaction():
            result: object
            if method == "setWebhook":
                result = self._webhook.set(params)
            elif method == "deleteWebhook":
                result = self._webhook.delete(params)
            else:
                result = self._webhook.info()
            self._record(method, params, True, result)
        return _ok_answer(orjson.dumps(result))

    async def _call_from_webhook(self, name: str, params: dict[str, Any]) -> None:
        """Perform a call from the body of a webhook's answer; its result goes nowhere."""
        try:
            await self.call(name, params, {})
        except HangUp:
            return

    def _refuse(self, method: str, params: JsonObject, refusal: Refusal) -> Answer:
        error = {"error_code": refusal.code, "description": refusal.description}
        with self._world.archive.transaction():
            self._record(method, params, False, error)
            if refusal.breaks_rule:
                self._world.journal.complain(f"{method}: {refusal.description}")
        return error_answer(refusal)

    def _record(self, method: str, params: JsonObject, ok: bool, outcome: object) -> None:
        now = self._world.clock()
        self._world.journal.write(now, method, params, ok, outcome, _chat_id(params))


def error_answer(refusal: Refusal) -> Answer:
    """Return the error answer (https://core.telegram.org/bots/api#making-requests)."""
    error: JsonObject = {"ok": False, "error_code": refusal.code}
    error["description"] = refusal.description
    if refusal.retry_after is not None:
        error["parameters"] = {"retry_after": refusal.retry_after}
    return Answer(refusal.code, orjson.dumps(error), refusal.retry_after)


def _ok_answer(result: bytes) -> Answer:
    return Answer(200, b'{"ok":true,"result":' + result + b"}")


def _chat_id(raw: JsonObject) -> int | None:
    chat_id = raw.get("chat_id")
    if isinstance(chat_id, int):
        return chat_id
    return int(chat_id) if isinstance(chat_id, str) and chat_id.isdecimal() else None


def _loggable(params: JsonObject, uploads: Uploads) -> JsonObject:
    """Return the parameters for the journal: of files only the name and the size in bytes."""
    if not uploads:
        return params
    files = {
        name if name in params else f"attach://{name}": {"name": it.name, "size": len(it.content)}
        for name, it in uploads.items()
    }
    return {**params, **files}
