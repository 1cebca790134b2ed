"""The tools beside the chat: the bot's clock, and what goes wrong on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from nicegui.element import Element

from bot.sandbox.faults import FaultKind
from bot.sandbox.people import Resident, Role
from bot.sandbox.view import formatting, markup
from bot.sandbox.view.words import Words
from bot.sandbox.world import World

_STEPS = (("clock.hour", "+1h"), ("clock.day", "+1d"), ("clock.week", "+7d"))
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class _Mishap:
    """A fault as a switch offers it. `times` None: until it is switched off."""

    key: str
    kind: FaultKind
    times: int | None
    seconds: float


_MISHAPS = (
    _Mishap("fault.slow", FaultKind.DELAY, None, 2.0),
    _Mishap("fault.flood", FaultKind.TOO_MANY, 3, 2.0),
    _Mishap("fault.lost", FaultKind.TIMEOUT, 1, 3.0),
)


class Tools:
    """Draws the panel into the element that is open; `follow` keeps it up to date."""

    def __init__(self, world: World, words: Words, on_close: Callable[[], None]) -> None:
        self._world = world
        self._words = words
        self._switches: dict[FaultKind, Element] = {}
        self._admin = next(each for each in world.residents.values() if each.role is Role.ADMIN)
        with markup.box("aside", "tools", testid="tools", aria_label=words("tools")):
            with markup.box("div", "tools-head"):
                markup.words(words("tools"), tag="h2")
                markup.press(words("close"), on_close, "round close", picture="close")
            self._build_clock()
            self._build_faults()

    def _build_clock(self) -> None:
        words = self._words
        with markup.box("section", "tool", testid="clock"):
            markup.words(words("clock"), tag="h3")
            markup.words(words("clock.hint", name=self._admin.first_name), "hint", tag="p")
            with markup.box("div", "steps"):
                for key, step in _STEPS:
                    markup.press(words(key), self._stepper(step), "plain")
            # Only the browser knows the date while it is being picked: it is asked when one goes.
            with markup.box("div", "to-date"):
                with markup.box("label"):
                    markup.words(words("clock.date"))
                    markup.box("input", "date", testid="clock-date", type="date")
                go = markup.press(words("clock.go"), None, "plain", testid="clock-go")
                markup.emits(go, "click", "() => sandbox.date((day) => emit(day))", self._send)
            markup.words(words("clock.answer"), "hint", tag="p")
            self._answer = markup.safe_html("", "answer")
            self._answer.props["data-testid"] = "clock-answer"

    def _build_faults(self) -> None:
        words = self._words
        with markup.box("section", "tool", testid="faults"):
            markup.words(words("faults"), tag="h3")
            markup.words(words("faults.hint"), "hint", tag="p")
            for mishap in _MISHAPS:
                switch = markup.press("", self._switcher(mishap), "switch", role="switch")
                with switch:
                    markup.words(words(mishap.key))
                    markup.box("span", "knob", aria_hidden="true")
                self._switches[mishap.kind] = switch
        self.show_faults()

    async def follow(self, _: tzinfo) -> None:
        """Show the bot's answers to the administrator until cancelled."""
        while True:
            seen = self._world.version(self._admin)
            self._show_answer(self._admin)
            self.show_faults()
            await self._world.changed(self._admin, seen, _PATIENCE)

    def show_faults(self) -> None:
        """Bring the switches up to date: a fault that struck often enough is over."""
        active = {fault.kind for fault in self._world.faults.now_on()}
        for kind, switch in self._switches.items():
            state = "true" if kind in active else "false"
            if switch.props.get("aria-checked") != state:
                switch.props["aria-checked"] = state

    def _show_answer(self, admin: Resident) -> None:
        """The last message in the administrator's chat, if the bot wrote it after the command."""
        messages = self._world.chat(admin, last=1)
        last = messages[-1] if messages else None
        if last is None or last["from"]["id"] == admin.id:
            self._answer.set_content(formatting.to_html(self._words("clock.none")))
            return
        text = str(last.get("text") or last.get("caption") or "")
        entities = last.get("entities") or last.get("caption_entities") or ()
        self._answer.set_content(formatting.to_html(text, entities))

    def _send(self, to: str) -> None:
        self._world.says(self._admin, f"/clock {to}")

    def _stepper(self, step: str) -> Callable[[], None]:
        return lambda: self._send(step)

    def _switcher(self, mishap: _Mishap) -> Callable[[], None]:
        def switch() -> None:
            faults = self._world.faults
            if any(fault.kind is mishap.kind for fault in faults.now_on()):
                faults.clear(mishap.kind)
            else:
                faults.add(mishap.kind, times=mishap.times, seconds=mishap.seconds)
            self.show_faults()

        return switch
