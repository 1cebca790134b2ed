"""Dialogs over the chat: alert, payment, phone number, choice of a person, large picture."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui
from nicegui.element import Element

from bot.sandbox.view import formatting, markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words
from bot.sandbox.world.people import Person


def alert(text: str, words: Words) -> None:
    """Show a callback answer with `show_alert` until the person closes it."""
    with _Sheet("alert") as sheet:
        markup.text(text, "alert-text", tag="p")
        with markup.box("div", "choices"):
            markup.button(words("ok"), sheet.close, "primary", autofocus="autofocus")


def payment(invoice: Json, words: Words, on_pay: Callable[[], None]) -> None:
    """Show an invoice for payment, with a note that no money moves."""
    amount = formatting.money(int(invoice["total_amount"]), str(invoice["currency"]))
    with _Sheet("payment") as sheet:
        markup.text(words("pay.sheet"), tag="h2")
        markup.text(str(invoice["title"]), "name", tag="p")
        markup.text(str(invoice["description"]), "detail", tag="p")
        markup.text(amount, "total", tag="p")
        markup.text(words("pay.note"), "hint", tag="p")
        with markup.box("div", "choices"):
            markup.button(words("cancel"), sheet.close, "plain")
            markup.button(words("pay", amount=amount), sheet.then(on_pay), "primary")


def phone(number: str, question: str, words: Words, on_share: Callable[[str], None]) -> None:
    """Ask for the phone number to share; `number` is the default."""
    with _Sheet("phone") as sheet:
        markup.text(question, tag="h2")
        with markup.box("label", "field"):
            markup.text(words("phone"))
            box = ui.input(value=number).props("dense outlined autofocus inputmode=tel")
            box.props["data-testid"] = "phone-number"
        with markup.box("div", "choices"):
            markup.button(words("cancel"), sheet.close, "plain")
            share = sheet.then(lambda: on_share(str(box.value).strip()))
            markup.button(words("share"), share, "primary")


def open_as(people: Sequence[Person], words: Words, on_choose: Callable[[Person], None]) -> None:
    """Ask which person follows a link to the bot."""
    with _Sheet("open-as") as sheet:
        markup.text(words("open.as"), tag="h2")
        for person in people:
            choose = sheet.then(partial(on_choose, person))
            label = f"{person.first_name} · {words(f'role.{person.role}')}"
            markup.button(label, choose, "plain wide")
        markup.button(words("cancel"), sheet.close, "plain wide")


def picture(address: str, name: str, words: Words) -> None:
    """Show a picture in the size of the window; a press closes it."""
    with _Sheet("lightbox") as sheet:
        markup.button(words("close"), sheet.close, "round close", picture="close")
        markup.box("img", src=address, alt=name).on("click", lambda _: sheet.close(), [])


class _Sheet:
    """A dialog, deleted when it closes; `with` fills it and shows it on exit."""

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
        """Close the dialog."""
        self._dialog.value = False

    def then(self, action: Callable[[], None]) -> Callable[[], None]:
        """Return a callback that closes the dialog and runs `action`."""

        def close_and_run() -> None:
            self.close()
            action()

        return close_and_run
