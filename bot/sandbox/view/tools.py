"""The tool panel beside the chat: the bot's clock, fault injection and the cashier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from nicegui.element import Element

from bot.sandbox.view import formatting, markup
from bot.sandbox.view.formatting import Json
from bot.sandbox.view.words import Words
from bot.sandbox.world import World
from bot.sandbox.world.cashier import Outcome
from bot.sandbox.world.faults import FaultKind
from bot.sandbox.world.people import Role

_STEPS = (("clock.hour", "+1h"), ("clock.day", "+1d"), ("clock.week", "+7d"))
_REFRESH_SECONDS = 30.0
_LOOKED_BACK = 100
"""The newest messages among which the answer is looked for."""
CLOCK = "/clock"
"""The administrator's command that shows and moves the bot's time."""


@dataclass(frozen=True, slots=True)
class _FaultSwitch:
    """The fault of a switch; `times` None: until it is off."""

    key: str
    kind: FaultKind
    times: int | None
    seconds: float


_FAULT_SWITCHES = (
    _FaultSwitch("fault.slow", FaultKind.DELAY, None, 2.0),
    _FaultSwitch("fault.flood", FaultKind.TOO_MANY, 3, 2.0),
    _FaultSwitch("fault.lost", FaultKind.TIMEOUT, 1, 3.0),
)


class Tools:
    """The tool panel, drawn into the open element; `follow` keeps it current."""

    def __init__(self, world: World, words: Words, on_close: Callable[[], None]) -> None:
        self._world = world
        self._words = words
        self._switches: dict[FaultKind, Element] = {}
        self._outcomes: dict[Outcome, Element] = {}
        self._admin = next(each for each in world.people.values() if each.role is Role.ADMIN)
        with markup.box("aside", "tools", testid="tools", aria_label=words("tools")):
            with markup.box("div", "tools-head"):
                markup.text(words("tools"), tag="h2")
                markup.button(words("close"), on_close, "round close", picture="close")
            self._build_clock()
            self._build_faults()
            self._build_cashier()

    def _build_clock(self) -> None:
        words = self._words
        with markup.box("section", "tool", testid="clock"):
            markup.text(words("clock"), tag="h3")
            markup.text(words("clock.hint", name=self._admin.first_name), "hint", tag="p")
            with markup.box("div", "steps"):
                for key, step in _STEPS:
                    markup.button(words(key), self._stepper(step), "plain")
            # The browser sends the date on a press of "go".
            with markup.box("div", "to-date"):
                with markup.box("label"):
                    markup.text(words("clock.date"))
                    # A date field would show the order of the browser's own language.
                    markup.box(
                        "input",
                        "date",
                        testid="clock-date",
                        inputmode="numeric",
                        autocomplete="off",
                        placeholder=words("clock.example"),
                    )
                go = markup.button(words("clock.go"), None, "plain", testid="clock-go")
                markup.emits(go, "click", "() => sandbox.date((day) => emit(day))", self._send)
            markup.text(words("clock.answer"), "hint", tag="p")
            self._answer = markup.safe_html("", "answer")
            self._answer.props["data-testid"] = "clock-answer"

    def _build_faults(self) -> None:
        words = self._words
        with markup.box("section", "tool", testid="faults"):
            markup.text(words("faults"), tag="h3")
            markup.text(words("faults.hint"), "hint", tag="p")
            for fault in _FAULT_SWITCHES:
                switch = markup.button("", self._switcher(fault), "switch", role="switch")
                with switch:
                    markup.text(words(fault.key))
                    markup.box("span", "knob", aria_hidden="true")
                self._switches[fault.kind] = switch
        self.show_faults()

    def _build_cashier(self) -> None:
        words = self._words
        with markup.box("section", "tool", testid="cashier"):
            markup.text(words("cashier"), tag="h3")
            markup.text(words("cashier.hint"), "hint", tag="p")
            for outcome in Outcome:
                choosing = self._chooser(outcome)
                switch = markup.button("", choosing, "switch", role="switch")
                with switch:
                    markup.text(words(f"cashier.{outcome}"))
                    markup.box("span", "knob", aria_hidden="true")
                self._outcomes[outcome] = switch
            markup.button(words("cashier.deliver"), self._world.deliver_payments, "plain")
        self._show_outcome()

    def _show_outcome(self) -> None:
        for outcome, switch in self._outcomes.items():
            chosen = outcome is self._world.cashier.outcome
            switch.props["aria-checked"] = "true" if chosen else "false"

    def _chooser(self, outcome: Outcome) -> Callable[[], None]:
        def choose() -> None:
            self._world.cashier.choose(outcome)
            self._show_outcome()

        return choose

    async def follow(self, _: tzinfo) -> None:
        """Refresh the bot's answer to the administrator, and the switches, until cancelled."""
        while True:
            seen = self._world.version(self._admin)
            self._show_answer()
            self.show_faults()
            await self._world.changed(self._admin, seen, _REFRESH_SECONDS)

    def show_faults(self) -> None:
        """Set the switches by the active faults."""
        active = {fault.kind for fault in self._world.faults.active()}
        for kind, switch in self._switches.items():
            state = "true" if kind in active else "false"
            if switch.props.get("aria-checked") != state:
                switch.props["aria-checked"] = state

    def ask_time(self) -> None:
        """Ask the bot for its time, unless it has told it."""
        if self._last_answer() is None:
            self._world.says(self._admin, CLOCK)

    def _last_answer(self) -> Json | None:
        """Return the bot's answer to the administrator's last ``/clock``."""
        messages = self._world.chat(self._admin, last=_LOOKED_BACK)
        asked = [n for n, one in enumerate(messages) if str(one.get("text", "")).startswith(CLOCK)]
        answers = messages[asked[-1] + 1 :] if asked else ()
        return next((one for one in answers if one["from"]["id"] != self._admin.id), None)

    def _show_answer(self) -> None:
        """Show the bot's answer to the last ``/clock``."""
        last = self._last_answer()
        if last is None:
            self._answer.set_content(formatting.to_html(self._words("clock.none")))
            return
        text = str(last.get("text") or last.get("caption") or "")
        entities = last.get("entities") or last.get("caption_entities") or ()
        self._answer.set_content(formatting.to_html(text, entities))

    def _send(self, to: str) -> None:
        self._world.says(self._admin, f"{CLOCK} {to}")

    def _stepper(self, step: str) -> Callable[[], None]:
        return lambda: self._send(step)

    def _switcher(self, fault: _FaultSwitch) -> Callable[[], None]:
        def switch() -> None:
            faults = self._world.faults
            if any(active.kind is fault.kind for active in faults.active()):
                faults.clear(fault.kind)
            else:
                faults.add(fault.kind, times=fault.times, seconds=fault.seconds)
            self.show_faults()

        return switch
