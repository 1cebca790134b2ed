"""What comes up over the chat: an alert, a payment, a phone number to share, a large picture."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui
from nicegui.element import Element

from bot.sandbox.people import Resident
from bot.sandbox.view import formatting, markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words


def alert(text: str, words: Words) -> None:
    """What a bot says with `show_alert`: it stays until the person has read it."""
    with _Sheet("alert") as sheet:
        markup.words(text, "alert-text", tag="p")
        with markup.box("div", "choices"):
            markup.press(words("ok"), sheet.close, "primary", autofocus="autofocus")


def payment(invoice: Json, words: Words, on_pay: Callable[[], None]) -> None:
    """The payment sheet of an invoice: what, how much, and that no money moves."""
    amount = formatting.money(int(invoice["total_amount"]), str(invoice["currency"]))
    with _Sheet("payment") as sheet:
        markup.words(words("pay.sheet"), tag="h2")
        markup.words(str(invoice["title"]), "name", tag="p")
        markup.words(str(invoice["description"]), "detail", tag="p")
        markup.words(amount, "total", tag="p")
        markup.words(words("pay.note"), "hint", tag="p")
        with markup.box("div", "choices"):
            markup.press(words("cancel"), sheet.close, "plain")
            markup.press(words("pay", amount=amount), sheet.then(on_pay), "primary")


def phone(number: str, question: str, words: Words, on_share: Callable[[str], None]) -> None:
    """Ask which phone number is shared with the bot; `number` is the proposal."""
    with _Sheet("phone") as sheet:
        markup.words(question, tag="h2")
        with markup.box("label", "field"):
            markup.words(words("phone"))
            box = ui.input(value=number).props("dense outlined autofocus inputmode=tel")
            box.props["data-testid"] = "phone-number"
        with markup.box("div", "choices"):
            markup.press(words("cancel"), sheet.close, "plain")
            share = sheet.then(lambda: on_share(str(box.value).strip()))
            markup.press(words("share"), share, "primary")


def open_as(
    people: Sequence[Resident], words: Words, on_choose: Callable[[Resident], None]
) -> None:
    """Ask which of the people follows a link to the bot."""
    with _Sheet("open-as") as sheet:
        markup.words(words("open.as"), tag="h2")
        for person in people:
            choose = sheet.then(partial(on_choose, person))
            label = f"{person.first_name} · {words(f'role.{person.role}')}"
            markup.press(label, choose, "plain wide")
        markup.press(words("cancel"), sheet.close, "plain wide")


def picture(address: str, name: str, words: Words) -> None:
    """A picture as large as the window lets it be; a press anywhere closes it."""
    with _Sheet("lightbox") as sheet:
        markup.press(words("close"), sheet.close, "round close", picture="close")
        markup.box("img", src=address, alt=name).on("click", lambda _: sheet.close(), [])


class _Sheet:
    """A dialog that is gone for good once closed; `with` opens it to be filled, then shows it."""

    def __init__(self, kind: str) -> None:
        self._dialog = ui.dialog()
        self._dialog.props["transition-duration"] = "150"
        with self._dialog:
            self._card: Element = markup.box("div", f"sheet-card {kind}", testid=kind)
        _ = self._dialog.on("hide", lambda _: self._dialog.delete(), [])

    def __enter__(self) -> "_Sheet":
        self._card.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._card.__exit__()
        self._dialog.value = True

    def close(self) -> None:
        """Close it and forget it."""
        self._dialog.value = False

    def then(self, act: Callable[[], None]) -> Callable[[], None]:
        """Close it, then do this."""

        def close_and_act() -> None:
            self.close()
            act()

        return close_and_act
