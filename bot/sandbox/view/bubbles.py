"""A message in the chat: its bubble and its inline keyboard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from urllib.parse import quote

from bot.sandbox.view import formatting, markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words

_LINKS = ("http://", "https://", "tg://")


@dataclass(frozen=True, slots=True)
class BubbleActions:
    """Callbacks for the controls of a bubble."""

    press: Callable[[int, str], None]
    """Press a callback button: message_id, callback data."""
    pay: Callable[[Json], None]
    """Open the payment sheet of an invoice's message."""
    copy: Callable[[str], None]
    """Copy a text to the clipboard."""
    edit: Callable[[Json], None]
    """Begin to edit the person's own message."""
    enlarge: Callable[[str, str], None]
    """Show a picture large: its address and name."""
    say: Callable[[str], None]
    """Send a command from a text."""
    follow_link: Callable[[str], None]
    """Follow a link to the bot with this start payload."""
    show_unsupported: Callable[[], None]
    """Say that the sandbox lacks this kind of button."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The viewer of a chat: the person, their words and time zone."""

    person_id: int
    words: Words
    zone: tzinfo


def file_address(file_id: str) -> str:
    """Return the address of a file of the chat."""
    return f"/page/files/{quote(file_id, safe='')}"


def draw(messages: Sequence[Json], viewer: Viewer, actions: BubbleActions) -> None:
    """Draw one message, or the messages of one album, into the open element.

    The test id of a bubble is `message-<id>`; in an album each part has one.
    """
    first = messages[0]
    if _is_service(first):
        with markup.box("div", "service", testid=f"message-{first['message_id']}"):
            markup.text(_service_text(first, viewer.words))
        return
    mine = _sender(first) == viewer.person_id
    side = "mine" if mine else "theirs"
    alone = len(messages) == 1
    testid = f"message-{first['message_id']}" if alone else f"album-{first['media_group_id']}"
    with markup.box("article", f"entry {side}", testid=testid) as article:
        article.props["aria-label"] = viewer.words("me" if mine else "bot")
        with markup.box("div", f"bubble {_shape(messages)}"):
            if alone:
                _content(first, viewer, actions)
            else:
                _album(messages, viewer, actions)
            _stamp(messages[-1], mine and "text" in first, viewer, actions)
        _inline_keyboard(first, viewer.words, actions)


def summary(message: Json, words: Words) -> str:
    """Return one line about a message for the list of people."""
    text = message.get("text") or message.get("caption")
    if text:
        return " ".join(str(text).split())
    if _is_service(message):
        return _service_text(message, words)
    for kind in ("photo", "contact", "sticker", "voice"):
        if kind in message:
            return words(kind)
    if "document" in message:
        return str(message["document"].get("file_name") or words("file"))
    if "invoice" in message:
        return str(message["invoice"]["title"])
    return words("unknown")


def _sender(message: Json) -> int:
    return int(message.get("from", {}).get("id", 0))


def _shape(messages: Sequence[Json]) -> str:
    """Return the CSS classes: pictures fill the bubble; without a caption the time overlays."""
    if "photo" not in messages[0]:
        return ""
    return "pictured" if any("caption" in each for each in messages) else "pictured bare"


def _is_service(message: Json) -> bool:
    return "successful_payment" in message or "pinned_message" in message


def _service_text(message: Json, words: Words) -> str:
    if "successful_payment" in message:
        payment = message["successful_payment"]
        return words("paid", amount=formatting.money(payment["total_amount"], payment["currency"]))
    return words("pinned")


def _content(message: Json, viewer: Viewer, actions: BubbleActions) -> None:
    words = viewer.words
    if "photo" in message:
        _picture(message, viewer, actions)
    elif "document" in message:
        _document(message["document"], words)
    elif "contact" in message:
        contact = message["contact"]
        name = " ".join(filter(None, (contact.get("first_name"), contact.get("last_name"))))
        _card("person", name or words("contact"), str(contact["phone_number"]))
    elif "invoice" in message:
        _invoice(message["invoice"])
    elif "sticker" in message:
        _card("sticker", words("sticker"), str(message["sticker"].get("emoji", "")))
    elif "voice" in message:
        _card("voice", words("voice"), f"{message['voice'].get('duration', 0)} s")
    elif "text" not in message:
        _card("file", words("unknown"), "")
    _text(message)


def _text(message: Json) -> None:
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        if message.get(text):
            content = formatting.to_html(str(message[text]), message.get(entities, ()))
            body = markup.safe_html(content, "text")
            body.props["dir"] = "auto"


def _album(messages: Sequence[Json], viewer: Viewer, actions: BubbleActions) -> None:
    """Draw pictures as a mosaic with captions below, and documents one below another."""
    pictures = [each for each in messages if "photo" in each]
    if pictures:
        with markup.box("div", f"mosaic of-{min(len(pictures), 10)}"):
            for each in pictures:
                with markup.box("figure", testid=f"message-{each['message_id']}"):
                    _picture(each, viewer, actions)
    for each in messages:
        if "photo" in each:
            _text(each)
        else:
            with markup.box("div", "part", testid=f"message-{each['message_id']}"):
                _content(each, viewer, actions)


def _picture(message: Json, viewer: Viewer, actions: BubbleActions) -> None:
    """Draw the smallest size of at least 640 px; a press shows the largest."""
    sizes: Sequence[Mapping[str, Any]] = message["photo"]
    largest = sizes[-1]
    shown = next((size for size in sizes if size["width"] >= 640), largest)
    # The caption stands below; its first line says what the picture is of.
    caption = str(message.get("caption") or "").strip().split("\n")[0]
    name = viewer.words("photo.of", what=caption) if caption else viewer.words("photo")
    address = file_address(str(largest["file_id"]))
    with markup.button(
        "", lambda: actions.enlarge(address, name), "picture", aria_label=viewer.words("enlarge")
    ):
        image = markup.box("img", src=file_address(str(shown["file_id"])), alt=name)
        # The browser reserves the space by these, so the layout stays when the file arrives.
        image.props["width"] = shown["width"]
        image.props["height"] = shown["height"]


def _document(document: Json, words: Words) -> None:
    name = str(document.get("file_name") or words("file"))
    ending = name.rsplit(".", 1)[-1][:4].upper() if "." in name else ""
    link = markup.box(
        "a",
        "document",
        href=file_address(str(document["file_id"])),
        download=name,
        aria_label=words("download", name=name),
    )
    with link:
        with markup.box("span", "badge"):
            markup.icon("file") if not ending else markup.text(ending)
        with markup.box("span", "about"):
            markup.text(name, "name")
            markup.text(formatting.file_size(int(document.get("file_size", 0))), "detail")


def _card(picture: str, name: str, detail: str) -> None:
    with markup.box("div", "document"):
        with markup.box("span", "badge"):
            markup.icon(picture)
        with markup.box("span", "about"):
            markup.text(name, "name")
            if detail:
                markup.text(detail, "detail")


def _invoice(invoice: Json) -> None:
    with markup.box("div", "invoice"):
        markup.text(str(invoice["title"]), "name", tag="strong")
        markup.text(str(invoice["description"]), "detail")
        amount = formatting.money(int(invoice["total_amount"]), str(invoice["currency"]))
        markup.text(amount, "amount")


def _stamp(message: Json, may_edit: bool, viewer: Viewer, actions: BubbleActions) -> None:
    with markup.box("footer", "stamp"):
        if may_edit:
            markup.button(
                viewer.words("edit"), lambda: actions.edit(message), "edit", picture="edit"
            )
        if "edit_date" in message:
            markup.text(viewer.words("edited"), "edited")
        markup.text(formatting.clock_time(int(message["date"]), viewer.zone), tag="time")


def _inline_keyboard(message: Json, words: Words, actions: BubbleActions) -> None:
    rows = _button_rows(message, words)
    if not rows:
        return
    with markup.box("div", "inline-keyboard"):
        for row in rows:
            with markup.box("div", "buttons"):
                for button in row:
                    _inline_button(message, button, actions)


def _button_rows(message: Json, words: Words) -> Sequence[Sequence[Json]]:
    rows: Sequence[Sequence[Json]] = message.get("reply_markup", {}).get("inline_keyboard", ())
    if rows or "invoice" not in message:
        return rows
    # Bot API, sendInvoice: without a keyboard Telegram shows one "Pay" button.
    invoice = message["invoice"]
    amount = formatting.money(int(invoice["total_amount"]), str(invoice["currency"]))
    return [[{"text": words("pay", amount=amount), "pay": True}]]


def _inline_button(message: Json, button: Json, actions: BubbleActions) -> None:
    text = str(button["text"])
    classes = formatting.button_classes("inline", button)
    address = str(button.get("url", ""))
    if address.lower().startswith(_LINKS):
        link = markup.text(text, classes, tag="a", href=address, target="_blank")
        link.props["rel"] = "noopener noreferrer"
        with link:
            markup.icon("link", "icon corner")
        return
    if "callback_data" in button:
        # The conversation listens for the press: this element may be redrawn meanwhile.
        pressed = f"{message['message_id']} {button['callback_data']}"
        markup.button(text, None, classes, data_press=pressed)
        return
    with markup.button(text, _action_of(message, button, actions), classes):
        if "copy_text" in button:
            markup.icon("copy", "icon corner")
        elif button.get("pay"):
            markup.icon("card", "icon corner")


def _action_of(message: Json, button: Json, actions: BubbleActions) -> Callable[[], None]:
    if button.get("pay"):
        return lambda: actions.pay(message)
    if "copy_text" in button:
        return lambda: actions.copy(str(button["copy_text"]["text"]))
    return actions.show_unsupported
