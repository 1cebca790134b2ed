"""One person's chat with the bot: everything on the page that is theirs, kept up to date."""

import asyncio
from collections.abc import Callable
from datetime import tzinfo

from nicegui import ui
from nicegui.element import Element

from bot.sandbox import samples
from bot.sandbox.people import Resident
from bot.sandbox.refusals import Impossible
from bot.sandbox.view import markup, sheets
from bot.sandbox.view.bubbles import Acts, Sight
from bot.sandbox.view.composer import Composer, Writing
from bot.sandbox.view.conversation import Conversation
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words
from bot.sandbox.world import World

_PATIENCE = 30.0
# "typing…" ends by itself, without a new version of the chat: while it shows we look more often.
_TYPING_PATIENCE = 0.5


class Chat:
    """Draws the chat into the element that is open; `follow` keeps it up to date."""

    def __init__(
        self, world: World, person: Resident, words: Words, on_tools: Callable[[], None]
    ) -> None:
        self._world = world
        self._person = person
        self._words = words
        self._toast_seen = self._toast_now()
        with markup.box("main", "chat"):
            self._build_head(on_tools)
            self._room: Element = markup.box("div", "room")
            self._composer = Composer(words, self._writing(), f"/page/{person.slug}/files")
        self._toast = markup.words("", "toast", testid="toast", role="status", tag="div")
        self._toast.set_visibility(False)

    def _build_head(self, on_tools: Callable[[], None]) -> None:
        words, person = self._words, self._person
        with markup.box("header", "chat-head"):
            back = markup.box("a", "round back", href="/", aria_label=words("people.back"))
            with back:
                markup.icon("back")
            markup.words(self._world.bot.first_name[:1], "avatar bot", aria_hidden="true")
            with markup.box("div", "about"):
                markup.words(self._world.bot.first_name, "name", tag="h1")
                with markup.box("p", "line"):
                    role = words(f"role.{person.role}")
                    you = words("you", name=person.first_name, role=role)
                    self._you = markup.words(you, "you", testid="you")
                    self._typing = markup.words(words("typing"), "typing", testid="typing")
                self._typing.set_visibility(False)
            self._block = markup.press(
                words("block"), self._toggle_block, "round", testid="block", picture="block"
            )
            markup.press(words("tools"), on_tools, "round", testid="open-tools", picture="tools")

    async def follow(self, zone: tzinfo) -> None:
        """Show the chat as it is and as it becomes, until cancelled."""
        sight = Sight(self._person.id, self._words, zone)
        with self._room:
            conversation = Conversation(sight, self._acts(), self._world.bot.username)
        while True:
            seen = self._world.version(self._person)
            is_typing = self._refresh(conversation)
            patience = _TYPING_PATIENCE if is_typing else _PATIENCE
            await self._world.changed(self._person, seen, patience)

    def _refresh(self, conversation: Conversation) -> bool:
        """Show what is new; whether the bot is typing."""
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
        """The answer to a press, if there is a new one: a toast, an alert, or nothing to read."""
        toast = self._world.toast(self._person)
        if toast is None or int(toast["seq"]) <= self._toast_seen:
            return
        self._toast_seen = int(toast["seq"])
        text = str(toast.get("text") or "")
        if text and toast.get("show_alert"):
            with self._room:
                sheets.alert(text, self._words)
        elif text:
            self._say_briefly(text)

    def _say_briefly(self, text: str) -> None:
        self._toast.text = text
        self._toast.set_visibility(True)
        markup.run(self._toast, "sandbox.toast()")

    def _acts(self) -> Acts:
        return Acts(
            press=self._press,
            pay=self._ask_payment,
            copy=self._copy,
            edit=self._composer.edit,
            enlarge=lambda address, name: sheets.picture(address, name, self._words),
            say=self._say,
            follow_link=self._follow_link,
            pass_over=self._pass_over,
        )

    def _writing(self) -> Writing:
        world, person = self._world, self._person
        return Writing(
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
            pass_over=self._pass_over,
        )

    def _attempt(self, act: Callable[[], object]) -> None:
        """Do what the person wants; where no Telegram client lets them, say why."""
        try:
            act()
        except Impossible as error:
            self._say_briefly(self._words("impossible", reason=str(error)))

    async def _send_sample(self, kind: str) -> None:
        """Send a sample; drawing it does not make others wait."""
        title = self._words(f"sample.{kind}")
        file = await asyncio.to_thread(samples.draw, self._person, kind, title)
        self._attempt(lambda: self._world.sends(self._person, [file], "document"))

    def _say(self, text: str) -> None:
        self._attempt(lambda: self._world.says(self._person, text))

    def _follow_link(self, payload: str) -> None:
        """A link to the bot was pressed, perhaps an invitation meant for somebody else: ask who."""

        def follow(person: Resident) -> None:
            self._attempt(lambda: self._world.opens(person, payload))
            if person.id != self._person.id:
                ui.navigate.to(f"/chat/{person.slug}")

        sheets.open_as(tuple(self._world.residents.values()), self._words, follow)

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
        """Somebody else's card from the address book: it names the other account, not one's own."""
        other = next(each for each in self._world.residents.values() if each.id != self._person.id)

        def share(number: str) -> None:
            self._attempt(lambda: self._world.shares_contact(self._person, number, other.id))

        sheets.phone(_phone(other.id), self._words("phone.foreign"), self._words, share)

    def _copy(self, text: str) -> None:
        markup.run(self._toast, f"navigator.clipboard.writeText({markup.as_javascript(text)})")
        self._say_briefly(self._words("copied"))

    def _pass_over(self) -> None:
        self._say_briefly(self._words("unsupported"))

    def _toggle_block(self) -> None:
        blocked = self._world.blocked(self._person)
        self._attempt(lambda: self._world.blocks(self._person, not blocked))


def _phone(person_id: int) -> str:
    """An invented number in the form of a Chinese mobile one."""
    return f"+86199{person_id:08d}"
