"""A person's chat with the bot: header, conversation, composer and toast."""

import asyncio
from collections.abc import Callable
from datetime import tzinfo

from nicegui import ui
from nicegui.element import Element

from bot.sandbox import samples
from bot.sandbox.rules.refusals import Impossible
from bot.sandbox.view import markup, sheets
from bot.sandbox.view.bubbles import BubbleActions, Viewer
from bot.sandbox.view.composer import Composer, ComposerActions
from bot.sandbox.view.conversation import Conversation
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words
from bot.sandbox.world import World
from bot.sandbox.world.people import Person

_REFRESH_SECONDS = 30.0
# While "typing…" shows, the chat refreshes more often.
_TYPING_REFRESH_SECONDS = 0.5


class Chat:
    """The chat, drawn into the open element; `follow` keeps it current."""

    def __init__(
        self, world: World, person: Person, words: Words, on_tools: Callable[[], None]
    ) -> None:
        self._world = world
        self._person = person
        self._words = words
        self._toast_seen = self._toast_now()
        # The page around it is the main landmark already.
        with markup.box("section", "chat", aria_label=self._world.bot.first_name):
            self._build_head(on_tools)
            self._room: Element = markup.box("div", "room")
            self._composer = Composer(words, self._composer_actions(), f"/page/{person.slug}/files")
        self._toast = markup.text("", "toast", testid="toast", role="status", tag="div")
        self._toast.set_visibility(False)

    def _build_head(self, on_tools: Callable[[], None]) -> None:
        words, person = self._words, self._person
        with markup.box("header", "chat-head"):
            back = markup.box("a", "round back", href="/", aria_label=words("people.back"))
            with back:
                markup.icon("back")
            markup.text(self._world.bot.first_name[:1], "avatar bot", aria_hidden="true")
            with markup.box("div", "about"):
                markup.text(self._world.bot.first_name, "name", tag="h1")
                with markup.box("p", "line"):
                    role = words(f"role.{person.role}")
                    you = words("you", name=person.first_name, role=role)
                    self._you = markup.text(you, "you", testid="you")
                    self._typing = markup.text(words("typing"), "typing", testid="typing")
                self._typing.set_visibility(False)
            self._block = markup.button(
                words("block"), self._toggle_block, "round", testid="block", picture="block"
            )
            markup.button(words("tools"), on_tools, "round", testid="open-tools", picture="tools")

    async def follow(self, zone: tzinfo) -> None:
        """Refresh the chat with every change until cancelled."""
        viewer = Viewer(self._person.id, self._words, zone)
        with self._room:
            conversation = Conversation(viewer, self._bubble_actions(), self._world.bot.username)
        while True:
            seen = self._world.version(self._person)
            is_typing = self._refresh(conversation)
            timeout = _TYPING_REFRESH_SECONDS if is_typing else _REFRESH_SECONDS
            await self._world.changed(self._person, seen, timeout)

    def _refresh(self, conversation: Conversation) -> bool:
        """Show the current state; return whether the bot is typing."""
        world, person = self._world, self._person
        language = person.language_code.partition("-")[0]
        conversation.greet(world.profile.description(language=language))
        conversation.show(world.chat(person), world.seconds(), world.waiting(person))
        is_typing = world.typing(person)
        self._typing.set_visibility(is_typing)
        self._you.set_visibility(not is_typing)
        blocked = world.blocked(person)
        self._block.set_visibility(not blocked)
        self._composer.show(world.keyboard(person), world.commands(person), blocked=blocked)
        self._show_toast()
        return is_typing

    def _toast_now(self) -> int:
        toast = self._world.toast(self._person)
        return int(toast["seq"]) if toast else 0

    def _show_toast(self) -> None:
        """Show a new callback answer as a toast or an alert."""
        toast = self._world.toast(self._person)
        if toast is None or int(toast["seq"]) <= self._toast_seen:
            return
        self._toast_seen = int(toast["seq"])
        text = str(toast.get("text") or "")
        if text and toast.get("show_alert"):
            with self._room:
                sheets.alert(text, self._words)
        elif text:
            self._show_notice(text)

    def _show_notice(self, text: str) -> None:
        self._toast.text = text
        self._toast.set_visibility(True)
        markup.run(self._toast, "sandbox.toast()")

    def _bubble_actions(self) -> BubbleActions:
        return BubbleActions(
            press=self._press,
            pay=self._ask_payment,
            copy=self._copy,
            edit=self._composer.edit,
            enlarge=lambda address, name: sheets.picture(address, name, self._words),
            say=self._say,
            follow_link=self._follow_link,
            show_unsupported=self._show_unsupported,
        )

    def _composer_actions(self) -> ComposerActions:
        world, person = self._world, self._person
        return ComposerActions(
            say=self._say,
            revise=lambda message_id, text: self._attempt(
                lambda: world.edits(person, message_id, text)
            ),
            share_contact=self._ask_phone,
            share_foreign_contact=self._ask_foreign_phone,
            sticker=lambda: self._attempt(lambda: world.sticker(person)),
            voice=lambda: self._attempt(lambda: world.voice(person)),
            sample=self._send_sample,
            id_number=samples.id_number(person),
            unblock=self._toggle_block,
            show_unsupported=self._show_unsupported,
        )

    def _attempt(self, action: Callable[[], object]) -> None:
        """Run the person's action; show the reason if a Telegram client forbids it."""
        try:
            action()
        except Impossible as error:
            self._show_notice(self._words("impossible", reason=str(error)))

    async def _send_sample(self, kind: str) -> None:
        """Send a sample document, drawn in a thread."""
        title = self._words(f"sample.{kind}")
        file = await asyncio.to_thread(samples.draw, self._person, kind, title)
        self._attempt(lambda: self._world.sends(self._person, [file], "document"))

    def _say(self, text: str) -> None:
        self._attempt(lambda: self._world.says(self._person, text))

    def _follow_link(self, payload: str) -> None:
        """Ask which person follows a link to the bot: an invite may be for another one."""

        def follow(person: Person) -> None:
            self._attempt(lambda: self._world.opens(person, payload))
            if person.id != self._person.id:
                ui.navigate.to(f"/chat/{person.slug}")

        sheets.open_as(tuple(self._world.people.values()), self._words, follow)

    def _press(self, message_id: int, data: str) -> None:
        self._attempt(lambda: self._world.presses(self._person, message_id, data))

    def _ask_payment(self, message: Json) -> None:
        def pay() -> None:
            self._attempt(lambda: self._world.pays(self._person, int(message["message_id"])))

        sheets.payment(message["invoice"], self._words, pay)

    def _ask_phone(self) -> None:
        def share(number: str) -> None:
            self._attempt(lambda: self._world.shares_contact(self._person, number))

        sheets.phone(_phone(self._person.id), self._words("phone.share"), self._words, share)

    def _ask_foreign_phone(self) -> None:
        """Ask for the phone number of another person and share their contact."""
        other = next(each for each in self._world.people.values() if each.id != self._person.id)

        def share(number: str) -> None:
            self._attempt(lambda: self._world.shares_contact(self._person, number, other.id))

        sheets.phone(_phone(other.id), self._words("phone.foreign"), self._words, share)

    def _copy(self, text: str) -> None:
        markup.run(self._toast, f"navigator.clipboard.writeText({markup.as_javascript(text)})")
        self._show_notice(self._words("copied"))

    def _show_unsupported(self) -> None:
        self._show_notice(self._words("unsupported"))

    def _toggle_block(self) -> None:
        blocked = self._world.blocked(self._person)
        self._attempt(lambda: self._world.blocks(self._person, not blocked))


def _phone(person_id: int) -> str:
    """Return an invented number in the form of a Chinese mobile one."""
    return f"+86199{person_id:08d}"
