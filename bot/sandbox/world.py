"""A world in which people act, and the bot is told.

A `World` belongs to one event loop. Its methods are plain and fast; each act is one transaction in
the world's file, so a world that is killed at any moment goes on from there when it is reopened.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.sandbox import limits, pictures
from bot.sandbox.archive import JsonObject
from bot.sandbox.chats import Stored
from bot.sandbox.entities import spoken
from bot.sandbox.files import Upload
from bot.sandbox.journal import Call
from bot.sandbox.people import Resident
from bot.sandbox.refusals import Impossible, Refusal
from bot.sandbox.scene import Scene

__all__ = ["Call", "Impossible", "Upload", "World"]

_VOICE = Upload("voice.oga", b"OggS\x00\x02" + bytes(1018), "audio/ogg")


class World(Scene):
    """What residents do. Each act changes what is seen and makes an update for the bot."""

    def says(self, person: Resident, text: str) -> JsonObject:
        """Send a text; one that is too long becomes several messages, of which the last returns.

        Raises Impossible for a text that is empty or all white space.
        """
        if not text.strip():
            raise Impossible("an empty message cannot be sent")
        with self.archive.transaction():
            sent = [self._arrives(person, _text_fields(piece)) for piece in _pieces(text.strip())]
            self._hide_one_time_keyboard(person, text)
        return sent[-1]

    def opens(self, person: Resident, payload: str = "") -> JsonObject:
        """Follow a link to the bot and press Start, with what the link carries.

        Raises Impossible for a payload that no link can carry.
        """
        if payload:
            try:
                limits.start_payload(payload)
            except Refusal as refusal:
                raise Impossible(refusal.description) from refusal
        return self.says(person, f"/start {payload}".rstrip())

    def edits(self, person: Resident, message_id: int, text: str) -> JsonObject:
        """Change a text message of one's own."""
        stored = self._own(person, message_id)
        if "text" not in stored.body or not text.strip():
            raise Impossible("only a text can be edited, and not into nothing")
        body = {key: stored.body[key] for key in ("message_id", "from", "chat", "date")}
        stored.body = {**body, "edit_date": self.seconds(), **_text_fields(text.strip())}
        with self.archive.transaction():
            self.chats.keep(stored)
            self.updates.add("edited_message", stored.body)
        return stored.body

    def sends(
        self,
        person: Resident,
        files: Sequence[Upload],
        as_: Literal["photo", "document"],
        caption: str | None = None,
    ) -> list[JsonObject]:
        """Send pictures or files; 2 to 10 at once are an album, with the caption on the first.

        Raises Impossible for none or more than ten, and for a "photo" that is not a picture.
        """
        if not 1 <= len(files) <= limits.ALBUM[-1]:
            raise Impossible("one message carries 1 to 10 files")
        album = {"media_group_id": str(secrets.randbits(53))} if len(files) > 1 else {}
        fields = _caption_fields(caption)
        messages = []
        with self.archive.transaction():
            for file in files:
                media = self._media(file, as_)
                messages.append(self._arrives(person, {**album, **media, **fields}))
                fields = {}
        return messages

    def presses(self, person: Resident, message_id: int, data: str) -> str:
        """Press an inline button; the id of the callback query. A client may send any data.

        Raises Impossible if the message is gone, or the data is not 1 to 64 bytes.
        """
        stored = self.chats.get(person.id, message_id)
        if stored is None:
            raise Impossible("there is no such message")
        if not 1 <= len(data.encode()) <= limits.CALLBACK_DATA_BYTES:
            raise Impossible("a button carries 1 to 64 bytes")
        with self.archive.transaction():
            question = self.questions.ask("callback", person.id, message_id)
            query = {
                "id": str(question.id),
                "from": person.user,
                "message": stored.body,
                "chat_instance": str(-(1 << 60) - person.id),
                "data": data,
            }
            self.updates.add("callback_query", query)
            self.chats.touch(person.id)
        return str(question.id)

    def shares_contact(
        self, person: Resident, phone: str, user_id: int | None = None
    ) -> JsonObject:
        """Share a contact: one's own, or that of `user_id`; 0 is somebody without Telegram."""
        contact: JsonObject = {"phone_number": phone, "first_name": person.first_name}
        whose = person.id if user_id is None else user_id
        if whose:
            contact["user_id"] = whose
        with self.archive.transaction():
            message = self._arrives(person, {"contact": contact})
            self._hide_one_time_keyboard(person, None)
        return message

    def pays(self, person: Resident, message_id: int) -> str:
        """Pay an invoice: asks the bot first; the id of that pre-checkout query.

        The payment is made when the bot lets it through within 10 s.
        Raises Impossible if there is nothing to pay.
        """
        stored = self.chats.get(person.id, message_id)
        if stored is None or "invoice" not in stored.body:
            raise Impossible("there is no such invoice")
        if stored.aside.get("paid"):
            raise Impossible("this invoice is paid")
        invoice = stored.body["invoice"]
        with self.archive.transaction():
            question = self.questions.ask("checkout", person.id, message_id)
            query = {
                "id": str(question.id),
                "from": person.user,
                "currency": invoice["currency"],
                "total_amount": invoice["total_amount"],
                "invoice_payload": stored.aside["payload"],
            }
            self.updates.add("pre_checkout_query", query)
            self.chats.touch(person.id)
        return str(question.id)

    def sticker(self, person: Resident) -> JsonObject:
        """Send a sticker."""
        upload = Upload("sticker.webp", pictures.sticker(), "image/webp")
        shape: JsonObject = {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        shape |= {"is_animated": False, "is_video": False}
        with self.archive.transaction():
            return self._arrives(person, self.files.other("sticker", upload, shape))

    def voice(self, person: Resident) -> JsonObject:
        """Send a voice message of one second."""
        shape = {"duration": 1, "mime_type": "audio/ogg"}
        with self.archive.transaction():
            return self._arrives(person, self.files.other("voice", _VOICE, shape))

    def blocks(self, person: Resident, blocked: bool = True) -> None:
        """Block the bot or let it in again; writing to it lets it in as well."""
        standing = self.chats.standing(person.id)
        if standing.blocked == blocked:
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
            self.chats.keep_standing(person.id, replace(standing, blocked=blocked))
            self.updates.add("my_chat_member", change)

    def payment_made(self, person: Resident, invoice: Stored) -> JsonObject:
        """The bot let the payment through: the money changes hands and the bot is told."""
        invoice.aside["paid"] = True
        charge = secrets.token_hex(12)
        payment = {
            "currency": invoice.body["invoice"]["currency"],
            "total_amount": invoice.body["invoice"]["total_amount"],
            "invoice_payload": invoice.aside["payload"],
            "telegram_payment_charge_id": f"sandbox_{charge}",
            "provider_payment_charge_id": f"provider_{charge}",
        }
        self.chats.keep(invoice)
        return self._arrives(person, {"successful_payment": payment})

    def _arrives(self, person: Resident, fields: JsonObject) -> JsonObject:
        """A message from this person stands in the chat, and the bot will be told."""
        self.blocks(person, False)
        standing = self.chats.standing(person.id)
        if not standing.started:
            self.chats.keep_standing(person.id, replace(standing, started=True))
        message = {
            "message_id": self.chats.next_id(),
            "from": person.user,
            "chat": person.chat,
            "date": self.seconds(),
            **fields,
        }
        self.chats.keep(Stored(message))
        self.updates.add("message", message)
        return message

    def _own(self, person: Resident, message_id: int) -> Stored:
        stored = self.chats.get(person.id, message_id)
        if stored is None or stored.body["from"]["id"] != person.id:
            raise Impossible("this is not a message of their own")
        return stored

    def _media(self, file: Upload, as_: str) -> JsonObject:
        if as_ == "document":
            return self.files.document(file)
        try:
            return self.files.photo(pictures.renditions(file.content))
        except Refusal as refusal:
            raise Impossible(f"{file.name} cannot be sent as a picture") from refusal

    def _hide_one_time_keyboard(self, person: Resident, pressed: str | None) -> None:
        standing = self.chats.standing(person.id)
        keyboard = standing.keyboard
        if keyboard is None or not keyboard.get("one_time_keyboard"):
            return
        if pressed is None or pressed in _labels(keyboard):
            self.chats.keep_standing(person.id, replace(standing, keyboard=None))


def _text_fields(text: str) -> JsonObject:
    read = spoken(text)
    fields: JsonObject = {"text": read.plain}
    if read.entities:
        fields["entities"] = list(read.entities)
    return fields


def _caption_fields(caption: str | None) -> JsonObject:
    read = spoken(caption or "")
    fields: JsonObject = {"caption": read.plain} if read.plain else {}
    if read.entities:
        fields["caption_entities"] = list(read.entities)
    return fields


def _pieces(text: str) -> list[str]:
    """Cut where Telegram's clients cut: after 4096 UTF-16 units, never inside a character."""
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
