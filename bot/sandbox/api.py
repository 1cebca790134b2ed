"""The Bot API of this world: finds the method, checks the call, does it, keeps it, answers."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox import answering, editing, sending
from bot.sandbox.archive import JsonObject
from bot.sandbox.delivery import Polling
from bot.sandbox.faults import FaultKind
from bot.sandbox.models import Models, read
from bot.sandbox.refusals import Refusal, too_fast
from bot.sandbox.sending import Uploads
from bot.sandbox.webhook import Webhook
from bot.sandbox.world import World

Method = Callable[[World, JsonObject, Uploads], object]
Reader = Callable[[str, Mapping[str, Any]], JsonObject]
"""Like `models.read`: a method's parameters as they are meant, or Refusal."""

METHODS: dict[str, Method] = {
    "answerCallbackQuery": answering.answer_callback_query,
    "answerPreCheckoutQuery": answering.answer_pre_checkout_query,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "deleteMyCommands": answering.delete_my_commands,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageText": editing.edit_message_text,
    "getChat": answering.get_chat,
    "getChatMember": answering.get_chat_member,
    "getFile": answering.get_file,
    "getMe": answering.get_me,
    "getMyCommands": answering.get_my_commands,
    "leaveChat": answering.leave_chat,
    "pinChatMessage": editing.pin_chat_message,
    "sendChatAction": answering.send_chat_action,
    "sendDocument": sending.send_document,
    "sendInvoice": sending.send_invoice,
    "sendMediaGroup": sending.send_media_group,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "setChatMenuButton": answering.set_chat_menu_button,
    "setMyCommands": answering.set_my_commands,
    "setMyDescription": answering.set_my_description,
    "setMyShortDescription": answering.set_my_short_description,
}
"""Methods that are done at once. getUpdates and those of the webhook are done by `Api` itself."""

DELIVERY = frozenset({"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"})


class HangUp(Exception):
    """The connection is to be closed without an answer, after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, JSON body, and seconds for Retry-After if any."""

    status: int
    body: bytes
    retry_after: int | None = None


class Api:
    """Answers calls. One for a world: it knows who is polling and delivers the webhook."""

    def __init__(
        self,
        world: World,
        methods: frozenset[str] | None = None,
        webhook_pause: float = 1.0,
        reader: Reader = read,
    ) -> None:
        """`methods`: the only ones this server knows; `webhook_pause`: s before a first retry;
        `reader`: judges and reads the parameters of every call.
        """
        known = METHODS.keys() | DELIVERY
        if methods is not None and (strange := methods - known):
            raise ValueError(f"no such method here: {', '.join(sorted(strange))}")
        offered = known if methods is None else methods
        self._names = {name.lower(): name for name in offered}
        self._world = world
        self._models = Models()
        self._read = reader
        self._polling = Polling(world)
        self._webhook = Webhook(world, self._perform, webhook_pause)

    def start(self) -> None:
        """Begin what runs beside the calls; needs a running event loop."""
        self._models.load()
        self._webhook.restart()

    async def stop(self) -> None:
        """End what runs beside the calls."""
        self._polling.close()
        await self._webhook.stop()

    async def call(self, name: str, raw: dict[str, Any], uploads: Uploads) -> Answer:
        """Make a call; `raw` values may be text that stands for JSON, as forms carry them.

        Raises HangUp where a fault wants the answer lost.
        """
        method = self._names.get(name.lower())
        if method is None:
            return refused(Refusal(404, "Not Found: method not found"))
        fault = self._world.faults.on_call(method, _chat_id(raw))
        if fault is None:
            return await self._do(method, raw, uploads)
        match fault.kind:
            case FaultKind.REFUSE:
                raise HangUp(0.0)
            case FaultKind.TOO_MANY:
                return self._refuse(method, raw, too_fast(max(1, math.ceil(fault.seconds))))
            case FaultKind.INTERNAL:
                return self._refuse(method, raw, Refusal(500, "Internal Server Error"))
            case FaultKind.DELAY:
                await asyncio.sleep(fault.seconds)
        answer = await self._do(method, raw, uploads)
        if fault.kind is FaultKind.TIMEOUT:
            raise HangUp(fault.seconds)
        return answer

    async def _do(self, method: str, raw: dict[str, Any], uploads: Uploads) -> Answer:
        await self._models.ready()
        try:
            params = self._read(method, raw)
            if method in DELIVERY:
                return await self._deliver(method, params)
            with self._world.archive.transaction():
                result = METHODS[method](self._world, params, uploads)
                self._keep(method, _written_down(params, uploads), True, result)
        except Refusal as refusal:
            return self._refuse(method, _written_down(raw, uploads), refusal)
        return _granted(orjson.dumps(result))

    async def _deliver(self, method: str, params: JsonObject) -> Answer:
        if method == "getUpdates":
            found = await self._polling.get_updates(params)
            self._keep(method, params, True, [update_id for update_id, _ in found])
            return _granted(b"[" + b",".join([body for _, body in found]) + b"]")
        with self._world.archive.transaction():
            result: object
            if method == "setWebhook":
                result = self._webhook.set(params)
            elif method == "deleteWebhook":
                result = self._webhook.delete(params)
            else:
                result = self._webhook.info()
            self._keep(method, params, True, result)
        return _granted(orjson.dumps(result))

    async def _perform(self, name: str, params: dict[str, Any]) -> None:
        """A call that came in the body of a webhook's answer: nobody hears what came of it."""
        try:
            await self.call(name, params, {})
        except HangUp:
            return

    def _refuse(self, method: str, params: JsonObject, refusal: Refusal) -> Answer:
        error = {"error_code": refusal.code, "description": refusal.description}
        with self._world.archive.transaction():
            self._keep(method, params, False, error)
            if refusal.breaks_rule:
                self._world.journal.complain(f"{method}: {refusal.description}")
        return refused(refusal)

    def _keep(self, method: str, params: JsonObject, ok: bool, outcome: object) -> None:
        at = self._world.clock()
        self._world.journal.write(at, method, params, ok, outcome, _chat_id(params))


def refused(refusal: Refusal) -> Answer:
    """The answer that tells of a refusal (https://core.telegram.org/bots/api#making-requests)."""
    error: JsonObject = {"ok": False, "error_code": refusal.code}
    error["description"] = refusal.description
    if refusal.retry_after is not None:
        error["parameters"] = {"retry_after": refusal.retry_after}
    return Answer(refusal.code, orjson.dumps(error), refusal.retry_after)


def _granted(result: bytes) -> Answer:
    return Answer(200, b'{"ok":true,"result":' + result + b"}")


def _chat_id(raw: JsonObject) -> int | None:
    chat_id = raw.get("chat_id")
    if isinstance(chat_id, int):
        return chat_id
    return int(chat_id) if isinstance(chat_id, str) and chat_id.isdecimal() else None


def _written_down(params: JsonObject, uploads: Uploads) -> JsonObject:
    """The parameters for the journal; of files only name and size (bytes)."""
    if not uploads:
        return params
    files = {
        name if name in params else f"attach://{name}": {"name": it.name, "size": len(it.content)}
        for name, it in uploads.items()
    }
    return {**params, **files}
