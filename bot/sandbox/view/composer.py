"""Where a person writes: text, commands, pictures and files, the bot's reply keyboard."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.sandbox import samples
from bot.sandbox.view import markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words

# Enter sends, Shift+Enter breaks the line; Enter that picks a word in a Chinese input method does
# neither (229 is that key's code in browsers that do not say `isComposing`).
_ENTER = """(event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  const text = sandbox.take();
  if (text) emit(text);
}"""
_TAKE = "() => { const text = sandbox.take(); if (text) emit(text); }"
# Told to the server: only whether a command is being typed, and how far.
_COMMAND = "(event) => sandbox.command(event.target.value, (typed) => emit(typed))"


@dataclass(frozen=True, slots=True)
class Writing:
    """What the composer's parts do, given by the chat they stand in."""

    say: Callable[[str], None]
    revise: Callable[[int, str], None]
    """Edit an own message: message_id, new text."""
    share_contact: Callable[[], None]
    share_foreign_contact: Callable[[], None]
    sticker: Callable[[], None]
    voice: Callable[[], None]
    sample: Callable[[str], Awaitable[None]]
    """Send a sample of this kind as a file."""
    id_number: str
    """The invented ID number of whoever writes."""
    unblock: Callable[[], None]
    pass_over: Callable[[], None]
    """A keyboard button whose kind the sandbox does not have was pressed."""


class Composer:
    """Draws itself into the element that is open.

    Args:
        upload: address that takes a multipart form `as`, `caption`, `files` (several: an album).
    """

    def __init__(self, words: Words, writing: Writing, upload: str) -> None:
        self._words = words
        self._writing = writing
        self._commands: Sequence[tuple[str, str]] = ()
        self._edited: int | None = None
        self._keyboard: Json | None = None
        self._keyboard_shown = True
        with markup.box("div", "dock"):
            self._menu = markup.box("div", "menu", testid="commands")
            self._edit_bar = markup.box("div", "edit-bar")
            with markup.box("div", "writing") as self._writing_row:
                self._build_row(upload)
            self._keys = markup.box("div", "keys", testid="keyboard", role="group")
            self._keys.props["aria-label"] = words("keyboard")
            self._build_blocked()
        for part in (self._menu, self._edit_bar, self._keys, self._toggle):
            part.set_visibility(False)

    def _build_row(self, upload: str) -> None:
        words = self._words
        markup.press(words("menu"), self._toggle_menu, "round", testid="menu", picture="menu")
        self._build_attach(upload)
        self._box = markup.box(
            "textarea",
            "composer",
            testid="composer",
            rows="1",
            placeholder=words("message"),
            aria_label=words("message"),
            enterkeyhint="send",
        )
        markup.emits(self._box, "keydown", _ENTER, self._send)
        markup.emits(self._box, "input", _COMMAND, self._offer)
        self._toggle = markup.press(
            words("keyboard.toggle"), self._toggle_keyboard, "round", picture="keyboard"
        )
        send = markup.press(words("send"), None, "round send", testid="send", picture="send")
        markup.emits(send, "click", _TAKE, self._send)

    def _build_attach(self, upload: str) -> None:
        words, writing = self._words, self._writing
        with markup.box("details", "attach", testid="attach"):
            with markup.box("summary", "round", aria_label=words("attach"), title=words("attach")):
                markup.icon("attach")
            with markup.box("div", "sheet"):
                for kind, picture in (("photo", "photo"), ("file", "file")):
                    self._build_input(kind, picture, upload)
                for key, picture, act in (
                    ("attach.contact", "person", writing.share_contact),
                    ("attach.foreign", "person", writing.share_foreign_contact),
                    ("sticker", "sticker", writing.sticker),
                    ("voice", "voice", writing.voice),
                ):
                    row = markup.press("", act, "choice")
                    with row:
                        markup.icon(picture)
                        markup.words(words(key))
                self._build_samples()
                markup.words(words("attach.hint"), "hint", tag="p")

    def _build_samples(self) -> None:
        """What a trial needs besides answers: the number goes into the box, a file is sent."""
        words, writing = self._words, self._writing
        with markup.box("details", "samples", testid="samples"):
            with markup.box("summary", "choice"):
                markup.icon("card")
                markup.words(words("samples"))
            self._build_sample("number", writing.id_number, lambda: self._put(writing.id_number))
            for kind in samples.KINDS:
                self._build_sample(kind, samples.ending(kind), partial(writing.sample, kind))

    def _build_sample(self, kind: str, detail: str, act: Callable[[], object]) -> None:
        row = markup.press("", act, "choice", testid=f"sample-{kind}")
        row.on("click", js_handler="() => sandbox.close()")
        with row:
            markup.words(self._words(f"sample.{kind}"))
            markup.words(detail, "detail")

    def _build_input(self, kind: str, picture: str, upload: str) -> None:
        with markup.box("label", "choice"):
            markup.icon(picture)
            markup.words(self._words(f"attach.{kind}"))
            chooser = markup.box("input", testid=f"attach-{kind}", type="file", multiple="multiple")
            if kind == "photo":
                chooser.props["accept"] = "image/*"
            chooser.props["data-upload"] = upload
            chooser.props["data-as"] = "photo" if kind == "photo" else "document"
            chooser.props["data-failed"] = self._words("attach.failed", reason="{reason}")
            chooser.on("change", js_handler="(event) => sandbox.upload(event.target)")

    def _build_blocked(self) -> None:
        with markup.box("div", "blocked") as self._blocked:
            markup.words(self._words("blocked"), tag="p")
            markup.press(self._words("unblock"), self._writing.unblock, "primary", testid="unblock")
        self._blocked.set_visibility(False)

    def show(self, keyboard: Json | None, commands: Sequence[Json], *, blocked: bool) -> None:
        """Bring the reply keyboard, the command menu and the block up to date."""
        self._commands = [(str(each["command"]), str(each["description"])) for each in commands]
        self._blocked.set_visibility(blocked)
        self._writing_row.set_visibility(not blocked)
        if keyboard != self._keyboard:
            self._keyboard = keyboard
            self._keyboard_shown = True
            self._draw_keys()
        self._keys.set_visibility(keyboard is not None and self._keyboard_shown and not blocked)
        self._toggle.set_visibility(keyboard is not None)

    def edit(self, message: Json) -> None:
        """Begin to edit an own message: its text goes into the box."""
        self._edited = int(message["message_id"])
        self._edit_bar.clear()
        with self._edit_bar:
            markup.icon("edit")
            with markup.box("span", "about"):
                markup.words(self._words("editing"), "name")
                markup.words(str(message["text"]), "detail")
            markup.press(self._words("cancel"), self._stop_editing, "round", picture="close")
        self._edit_bar.set_visibility(True)
        self._put(str(message["text"]))

    def _send(self, text: str) -> None:
        self._menu.set_visibility(False)
        if self._edited is not None:
            edited = self._edited
            self._leave_editing()
            self._writing.revise(edited, text)
        else:
            self._writing.say(text)

    def _stop_editing(self) -> None:
        self._leave_editing()
        self._put("")

    def _leave_editing(self) -> None:
        self._edited = None
        self._edit_bar.set_visibility(False)

    def _put(self, text: str) -> None:
        """Set the box's text, in the browser: the server does not follow what is being typed."""
        markup.run(self._box, f"sandbox.put({markup.as_javascript(text)})")

    def _toggle_menu(self) -> None:
        if self._menu.visible:
            self._menu.set_visibility(False)
        else:
            self._draw_menu("/")

    def _offer(self, typed: str) -> None:
        if typed:
            self._draw_menu(typed)
        else:
            self._menu.set_visibility(False)

    def _draw_menu(self, typed: str) -> None:
        """The commands that begin as what was typed; the menu button asks for all by `/`."""
        prefix = typed.removeprefix("/")
        fitting = [each for each in self._commands if each[0].startswith(prefix)]
        self._menu.clear()
        self._menu.set_visibility(bool(fitting) or typed == "/")
        with self._menu:
            if not fitting:
                markup.words(self._words("menu.none"), "hint", tag="p")
            for command, description in fitting:
                with markup.press("", self._chooser(command), "command-row"):
                    markup.words(f"/{command}", "name")
                    markup.words(description, "detail")

    def _chooser(self, command: str) -> Callable[[], None]:
        def choose() -> None:
            self._put("")
            self._menu.set_visibility(False)
            self._writing.say(f"/{command}")

        return choose

    def _draw_keys(self) -> None:
        self._keys.clear()
        rows: Sequence[Sequence[Json | str]] = (self._keyboard or {}).get("keyboard", ())
        with self._keys:
            for row in rows:
                with markup.box("div", "buttons"):
                    for button in row:
                        self._draw_key({"text": button} if isinstance(button, str) else button)

    def _draw_key(self, button: Json) -> None:
        text = str(button["text"])
        markup.press(text, lambda: self._press_key(button), _key_classes(button))

    def _press_key(self, button: Json) -> None:
        if button.get("request_contact"):
            self._writing.share_contact()
        elif button.keys() & {"request_location", "request_poll", "web_app", "request_users"}:
            self._writing.pass_over()
        else:
            self._writing.say(str(button["text"]))

    def _toggle_keyboard(self) -> None:
        self._keyboard_shown = not self._keyboard_shown
        self._keys.set_visibility(self._keyboard_shown)


def _key_classes(button: Json) -> str:
    style = button.get("style")
    return f"key {style}" if style in {"primary", "success", "danger"} else "key"
