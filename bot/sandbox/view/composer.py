"""The composer: text box, command menu, attachments and the bot's reply keyboard."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.sandbox import samples
from bot.sandbox.view import formatting, markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words

# Enter sends and Shift+Enter breaks the line. Enter in a Chinese input method does neither; some
# browsers report it by key code 229 instead of `isComposing`.
_ENTER = """(event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  const text = sandbox.take();
  if (text) emit(text);
}"""
_TAKE = "() => { const text = sandbox.take(); if (text) emit(text); }"
# The server receives only the prefix of a command.
_COMMAND = "(event) => sandbox.command(event.target.value, (typed) => emit(typed))"


@dataclass(frozen=True, slots=True)
class ComposerActions:
    """Callbacks for the controls of the composer."""

    say: Callable[[str], None]
    revise: Callable[[int, str], None]
    """Edit the person's own message: message_id, new text."""
    share_contact: Callable[[], None]
    share_foreign_contact: Callable[[], None]
    sticker: Callable[[], None]
    voice: Callable[[], None]
    sample: Callable[[str], Awaitable[None]]
    """Send a sample of this kind as a file."""
    id_number: str
    """The person's invented ID number."""
    unblock: Callable[[], None]
    show_unsupported: Callable[[], None]
    """Say that the sandbox lacks this kind of button."""


class Composer:
    """The composer, drawn into the open element.

    Args:
        upload: the address for a multipart form `as`, `caption`, `files`.
    """

    def __init__(self, words: Words, actions: ComposerActions, upload: str) -> None:
        self._words = words
        self._actions = actions
        self._commands: Sequence[tuple[str, str]] = ()
        self._edited: int | None = None
        self._keyboard: Json | None = None
        self._keyboard_shown = True
        with markup.box("div", "dock"):
            self._menu = markup.box("div", "menu", testid="commands")
            self._menu.on("dismiss", lambda _: self._menu.set_visibility(False), [])
            self._edit_bar = markup.box("div", "edit-bar")
            markup.text(words("unsent"), "unsent", testid="unsent", role="alert", tag="p")
            with markup.box("div", "writing") as self._writing_row:
                self._build_row(upload)
            self._keys = markup.box("div", "keys", testid="keyboard", role="group")
            self._keys.props["aria-label"] = words("keyboard")
            self._build_blocked()
        for part in (self._menu, self._edit_bar, self._keys, self._toggle):
            part.set_visibility(False)

    def _build_row(self, upload: str) -> None:
        words = self._words
        markup.button(words("menu"), self._toggle_menu, "round", testid="menu", picture="menu")
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
        markup.emits(self._box, "input", _COMMAND, self._suggest_commands)
        self._toggle = markup.button(
            words("keyboard.toggle"), self._toggle_keyboard, "round", picture="keyboard"
        )
        send = markup.button(words("send"), None, "round send", testid="send", picture="send")
        markup.emits(send, "click", _TAKE, self._send)

    def _build_attach(self, upload: str) -> None:
        words, actions = self._words, self._actions
        with markup.box("details", "attach", testid="attach"):
            with markup.box("summary", "round", aria_label=words("attach"), title=words("attach")):
                markup.icon("attach")
            with markup.box("div", "sheet"):
                for kind, picture in (("photo", "photo"), ("file", "file")):
                    self._build_input(kind, picture, upload)
                for key, picture, action in (
                    ("attach.contact", "person", actions.share_contact),
                    ("attach.foreign", "person", actions.share_foreign_contact),
                    ("sticker", "sticker", actions.sticker),
                    ("voice", "voice", actions.voice),
                ):
                    row = markup.button("", action, "choice")
                    with row:
                        markup.icon(picture)
                        markup.text(words(key))
                self._build_samples()
                markup.text(words("attach.hint"), "hint", tag="p")

    def _build_samples(self) -> None:
        """Build the sample menu: the ID number goes into the text box, files go to the bot."""
        words, actions = self._words, self._actions
        with markup.box("details", "samples", testid="samples"):
            with markup.box("summary", "choice"):
                markup.icon("card")
                markup.text(words("samples"))
            self._build_sample("number", actions.id_number, lambda: self._put(actions.id_number))
            for kind in samples.KINDS:
                self._build_sample(kind, samples.ending(kind), partial(actions.sample, kind))

    def _build_sample(self, kind: str, detail: str, action: Callable[[], object]) -> None:
        row = markup.button("", action, "choice", testid=f"sample-{kind}")
        row.on("click", js_handler="() => sandbox.close()")
        with row:
            markup.text(self._words(f"sample.{kind}"))
            markup.text(detail, "detail")

    def _build_input(self, kind: str, picture: str, upload: str) -> None:
        with markup.box("label", "choice"):
            markup.icon(picture)
            markup.text(self._words(f"attach.{kind}"))
            chooser = markup.box("input", testid=f"attach-{kind}", type="file", multiple="multiple")
            if kind == "photo":
                chooser.props["accept"] = "image/*"
            chooser.props["data-upload"] = upload
            chooser.props["data-as"] = "photo" if kind == "photo" else "document"
            chooser.props["data-failed"] = self._words("attach.failed", reason="{reason}")
            chooser.on("change", js_handler="(event) => sandbox.upload(event.target)")

    def _build_blocked(self) -> None:
        with markup.box("div", "blocked") as self._blocked:
            markup.text(self._words("blocked"), tag="p")
            markup.button(
                self._words("unblock"), self._actions.unblock, "primary", testid="unblock"
            )
        self._blocked.set_visibility(False)

    def show(self, keyboard: Json | None, commands: Sequence[Json], *, blocked: bool) -> None:
        """Update the reply keyboard, the commands and the blocked notice."""
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
        """Begin to edit the person's own message in the text box."""
        self._edited = int(message["message_id"])
        self._edit_bar.clear()
        with self._edit_bar:
            markup.icon("edit")
            with markup.box("span", "about"):
                markup.text(self._words("editing"), "name")
                markup.text(str(message["text"]), "detail")
            markup.button(self._words("cancel"), self._stop_editing, "round", picture="close")
        self._edit_bar.set_visibility(True)
        self._put(str(message["text"]))

    def _send(self, text: str) -> None:
        self._menu.set_visibility(False)
        if self._edited is not None:
            edited = self._edited
            self._leave_editing()
            self._actions.revise(edited, text)
        else:
            self._actions.say(text)

    def _stop_editing(self) -> None:
        self._leave_editing()
        self._put("")

    def _leave_editing(self) -> None:
        self._edited = None
        self._edit_bar.set_visibility(False)

    def _put(self, text: str) -> None:
        """Set the text box in the browser; the server does not track its text."""
        markup.run(self._box, f"sandbox.put({markup.as_javascript(text)})")

    def _toggle_menu(self) -> None:
        if self._menu.visible:
            self._menu.set_visibility(False)
        else:
            self._draw_menu("/")

    def _suggest_commands(self, typed: str) -> None:
        if typed:
            self._draw_menu(typed)
        else:
            self._menu.set_visibility(False)

    def _draw_menu(self, typed: str) -> None:
        """Draw the commands with the typed prefix; `/` draws all."""
        prefix = typed.removeprefix("/")
        fitting = [each for each in self._commands if each[0].startswith(prefix)]
        self._menu.clear()
        self._menu.set_visibility(bool(fitting) or typed == "/")
        with self._menu:
            if not fitting:
                markup.text(self._words("menu.none"), "hint", tag="p")
            for command, description in fitting:
                with markup.button("", self._chooser(command), "command-row"):
                    markup.text(f"/{command}", "name")
                    markup.text(description, "detail")

    def _chooser(self, command: str) -> Callable[[], None]:
        def choose() -> None:
            self._put("")
            self._menu.set_visibility(False)
            self._actions.say(f"/{command}")

        return choose

    def _draw_keys(self) -> None:
        self._keys.clear()
        rows: Sequence[Sequence[Json]] = (self._keyboard or {}).get("keyboard", ())
        with self._keys:
            for row in rows:
                with markup.box("div", "buttons"):
                    for button in row:
                        self._draw_key(button)

    def _draw_key(self, button: Json) -> None:
        text = str(button["text"])
        markup.button(
            text, lambda: self._press_key(button), formatting.button_classes("key", button)
        )

    def _press_key(self, button: Json) -> None:
        if button.get("request_contact"):
            self._actions.share_contact()
        elif button.keys() & {"request_location", "request_poll", "web_app", "request_users"}:
            self._actions.show_unsupported()
        else:
            self._actions.say(str(button["text"]))

    def _toggle_keyboard(self) -> None:
        self._keyboard_shown = not self._keyboard_shown
        self._keys.set_visibility(self._keyboard_shown)
