"""Actions of the invented people; each changes their chat and adds updates for the bot.

A `World` belongs to one event loop. Each action is one transaction in the world's file, so a
reopened world continues after SIGKILL.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules import limits, photos
from bot.sandbox.rules.entities import client_text
from bot.sandbox.rules.refusals import Impossible, Refusal
from bot.sandbox.world.cashier import Outcome
from bot.sandbox.world.chats import StoredMessage
from bot.sandbox.world.files import Upload
from bot.sandbox.world.people import Person
from bot.sandbox.world.state import WorldState

_VOICE = Upload("voice.oga", b"OggS\x00\x02" + bytes(1018), "audio/ogg")


class World(WorldState):
    """A world with the actions of its people."""

    def says(self, person: Person, text: str) -> JsonObject:
        """Send a text and return the Message; a long text becomes several, the last returns.

        Raises Impossible for an empty text or white space.
        """
        if not text.strip():
            raise Impossible("an empty message cannot be sent")
        with self.archive.transaction():
            sent = [
                self._receive(person, client_text(piece).text_fields)
                for piece in _pieces(text.strip())
            ]
            self._hide_one_time_keyboard(person, text)
        return sent[-1]

    def opens(self, person: Person, payload: str = "") -> JsonObject:
        """Follow a link to the bot and press Start.

        Raises Impossible for a payload that no link can carry.
        """
        if payload:
            try:
                limits.check_start_payload(payload)
            except Refusal as refusal:
                raise Impossible(refusal.description) from refusal
        return self.says(person, f"/start {payload}".rstrip())

    def edits(self, person: Person, message_id: int, text: str) -> JsonObject:
        """Edit a text message of the person's own."""
        stored = self._own_message(person, message_id)
        if "text" not in stored.body or not text.strip():
            raise Impossible("only a text can be edited, and not into nothing")
        body = {key: stored.body[key] for key in ("message_id", "from", "chat", "date")}
        stored.body = {**body, "edit_date": self.seconds(), **client_text(text).text_fields}
        with self.archive.transaction():
            self.chats.keep(stored)
            self.updates.add("edited_message", stored.body)
        return stored.body

    def sends(
        self,
        person: Person,
        files: Sequence[Upload],
        as_: Literal["photo", "document"],
        caption: str | None = None,
    ) -> list[JsonObject]:
        """Send 1 to 10 pictures or files; several are an album, with the caption on the first.

        Raises Impossible for another number, and for a "photo" that is no picture.
        """
        if not 1 <= len(files) <= limits.ALBUM[-1]:
            raise Impossible("one message carries 1 to 10 files")
        album = {"media_group_id": str(secrets.randbits(53))} if len(files) > 1 else {}
        fields = client_text(caption or "").caption_fields
        messages = []
        with self.archive.transaction():
            for file in files:
                media = self._media(file, as_)
                messages.append(self._receive(person, {**album, **media, **fields}))
                fields = {}
        return messages

    def presses(self, person: Person, message_id: int, data: str) -> str:
        """Press an inline button with any `data`; return the id of the callback query.

        Raises Impossible if the message is gone, or the data is not 1 to 64 bytes.
        """
        stored = self.chats.get(person.id, message_id)
        if stored is None:
            raise Impossible("there is no such message")
        if not 1 <= len(data.encode()) <= limits.CALLBACK_DATA_BYTES:
            raise Impossible("a button carries 1 to 64 bytes")
        with self.archive.transaction():
            pending = self.queries.open("callback", person.id, message_id)
            query = {
                "id": str(pending.id),
                "from": person.user,
                "message": stored.body,
                "chat_instance": str(-(1 << 60) - person.id),
                "data": data,
            }
            self.updates.add("callback_query", query)
            self.chats.touch(person.id)
        return str(pending.id)

    def shares_contact(self, person: Person, phone: str, user_id: int | None = None) -> JsonObject:
        """Share a contact: the person's own, or that of `user_id`; 0 has no Telegram account."""
        contact: JsonObject = {"phone_number": phone, "first_name": person.first_name}
        owner = person.id if user_id is None else user_id
        if owner:
            contact["user_id"] = owner
        with self.archive.transaction():
            message = self._receive(person, {"contact": contact})
            self._hide_one_time_keyboard(person, None)
        return message

    def pays(self, person: Person, message_id: int) -> str:
        """Start to pay an invoice; return the id of the pre-checkout query.

        The bot's answer within 10 s completes the payment.
        Raises Impossible if there is no unpaid invoice.
        """
        stored = self.chats.get(person.id, message_id)
        if stored is None or "invoice" not in stored.body:
            raise Impossible("there is no such invoice")
        if stored.hidden.get("paid"):
            raise Impossible("this invoice is paid")
        invoice = stored.body["invoice"]
        with self.archive.transaction():
            pending = self.queries.open("checkout", person.id, message_id)
            query = {
                "id": str(pending.id),
                "from": person.user,
                "currency": invoice["currency"],
                "total_amount": invoice["total_amount"],
                "invoice_payload": stored.hidden["payload"],
            }
            self.updates.add("pre_checkout_query", query)
            self.chats.touch(person.id)
        return str(pending.id)

    def sticker(self, person: Person) -> JsonObject:
        """Send a sticker."""
        upload = Upload("sticker.webp", photos.sticker(), "image/webp")
        shape: JsonObject = {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        shape |= {"is_animated": False, "is_video": False}
        with self.archive.transaction():
            return self._receive(person, self.files.other("sticker", upload, shape))

    def voice(self, person: Person) -> JsonObject:
        """Send a voice message of 1 s."""
        shape = {"duration": 1, "mime_type": "audio/ogg"}
        with self.archive.transaction():
            return self._receive(person, self.files.other("voice", _VOICE, shape))

    def blocks(self, person: Person, blocked: bool = True) -> None:
        """Block or unblock the bot; sending a message unblocks it too."""
        state = self.chats.state(person.id)
        if state.blocked == blocked:
            return
        member: JsonObject = {"user": self.bot.user, "status": "member"}
        kicked: JsonObject = {"user": self.bot.user, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        change = {
            "chat": person.chat,
            "from": person.user,
            "date": self.seconds(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        with self.archive.transaction():
            self.chats.keep_state(person.id, replace(state, blocked=blocked))
            self.updates.add("my_chat_member", change)

    def complete_payment(self, person: Person, invoice: StoredMessage) -> JsonObject:
        """Mark the invoice as paid and send the bot a SuccessfulPayment, as the cashier does it."""
        invoice.hidden["paid"] = True
        self.chats.keep(invoice)
        outcome = self.cashier.outcome
        message = self._paid(person, invoice)
        match outcome:
            case Outcome.FORGET:
                return message
            case Outcome.DELAY:
                self.cashier.hold(message)
                return message
            case Outcome.REORDER:
                return self._after_the_next(message)
            case Outcome.DOUBLE:
                self.updates.add("message", self._paid(person, invoice))
            case Outcome.REPEAT:
                self.updates.add("message", message)
                self.updates.add("message", message)
        self.updates.add("message", message)
        return message

    def _after_the_next(self, message: JsonObject) -> JsonObject:
        """Hold a notification back, or send it before those that are held back."""
        earlier = self.cashier.release()
        if not earlier:
            self.cashier.hold(message)
            return message
        for one in (message, *earlier):
            self.updates.add("message", one)
        return message

    def _paid(self, person: Person, invoice: StoredMessage) -> JsonObject:
        """Add the message of a payment, with a new charge."""
        charge = secrets.token_hex(12)
        payment = {
            "currency": invoice.body["invoice"]["currency"],
            "total_amount": self.cashier.charged(invoice.body["invoice"]["total_amount"]),
            "invoice_payload": invoice.hidden["payload"],
            "telegram_payment_charge_id": f"sandbox_{charge}",
            "provider_payment_charge_id": f"provider_{charge}",
        }
        return self._add(person, {"successful_payment": payment})

    def deliver_payments(self, ago: float = 0.0) -> int:
        """Send the bot the notifications held back, paid `ago` seconds before; return how many."""
        with self.archive.transaction():
            released = self.cashier.release()
            for message in released:
                self.updates.add("message", {**message, "date": self.seconds() - int(ago)})
        return len(released)

    def _receive(self, person: Person, fields: JsonObject) -> JsonObject:
        """Add a message of this person, and its update."""
        message = self._add(person, fields)
        self.updates.add("message", message)
        return message

    def _add(self, person: Person, fields: JsonObject) -> JsonObject:
        """Add a message of this person to the chat, without an update."""
        self.blocks(person, False)
        state = self.chats.state(person.id)
        if not state.started:
            self.chats.keep_state(person.id, replace(state, started=True))
        message = {
            "message_id": self.chats.next_id(),
            "from": person.user,
            "chat": person.chat,
            "date": self.seconds(),
            **fields,
        }
        self.chats.keep(StoredMessage(message))
        return message

    def _own_message(self, person: Person, message_id: int) -> StoredMessage:
        stored = self.chats.get(person.id, message_id)
        if stored is None or stored.body["from"]["id"] != person.id:
            raise Impossible("this is not a message of their own")
        return stored

    def _media(self, file: Upload, as_: str) -> JsonObject:
        if as_ == "document":
            return self.files.document(file)
        try:
            return self.files.photo(photos.photo_sizes(file.content))
        except Refusal as refusal:
            raise Impossible(f"{file.name} cannot be sent as a picture") from refusal

    def _hide_one_time_keyboard(self, person: Person, pressed: str | None) -> None:
        state = self.chats.state(person.id)
        keyboard = state.keyboard
        if keyboard is None or not keyboard.get("one_time_keyboard"):
            return
        if pressed is None or pressed in _labels(keyboard):
            self.chats.keep_state(person.id, replace(state, keyboard=None))


def _pieces(text: str) -> list[str]:
    """Split after 4096 UTF-16 units as Telegram clients do, never inside a character."""
    pieces = [""]
    size = 0
    for character in text:
        width = 2 if ord(character) > 0xFFFF else 1
        if size + width > limits.TEXT_UNITS:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += width
    return [piece for piece in pieces if piece.strip()]


def _labels(keyboard: JsonObject) -> set[str]:
    return {button["text"] for row in keyboard["keyboard"] for button in row}
