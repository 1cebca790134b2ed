"""What people see: a screen is text, buttons and perhaps a picture, made of values only.

A screen is a pure function of a ``View``; it is called when the message is sent, in the person's
language, so that nothing personal waits in the outbox.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from handlers.callback_data import Action, Button, CallbackData, Link
from states.exam import Area, Exam, Point, Site
from states.form.answer_context import AnswerContext
from states.process_steps import StepStatus
from states.records import Application, Person, PersonId, Records
from states.texts import Text
from storage.staff.staff_view import StaffView

WRONG = "wrong"
"""In a place: how often an answer could not be taken."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """The kept portrait of this name (a blob), or another picture of the person's, as a picture."""

    blob: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept file of this name (a blob) as a document."""

    blob: str


@dataclass(frozen=True, slots=True)
class Process:
    """The picture of the process: its title, and its nodes with their marks."""

    title: Text
    nodes: tuple[tuple[Text, StepStatus], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is kept of the reader, as a JSON file; read and made when it is sent."""


Paragraph = Text | str | tuple[Text | str, ...]
"""Words, or a name or text out of the exam's data; a tuple is one line each."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Paragraphs, rows of buttons, and a picture or document that the text stands under.

    ``format`` spells out how the answer has to be written, for who could not guess it; ``link``
    is a button below the others, from a group to the private chat.
    """

    text: tuple[Paragraph, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Portrait | Process | None = None
    document: Export | Paper | None = None
    format: Text | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What a screen is drawn from."""

    records: Records
    exam: Exam
    now: datetime
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The reader's language, as chosen; empty before.

        Of somebody who was erased only the message itself still knows it.
        """
        return self.records.person.locale if self.records.person else self.data.get("locale", "")

    @property
    def person(self) -> Person:
        """The person; a blank one before anything is known."""
        return self.records.person or Person(PersonId(0), 0, 0)

    @property
    def application(self) -> Application:
        """The application.

        Raises:
            LookupError: a screen of the form was to be drawn for somebody who has none.
        """
        if self.records.application is None:
            raise LookupError("no application")
        return self.records.application

    @property
    def area(self) -> Area | None:
        """The chosen area."""
        application = self.records.application
        return self.exam.area(application.area) if application else None

    @property
    def site(self) -> Site | None:
        """The chosen site."""
        return self.area.site(self.application.site) if self.area else None

    @property
    def point(self) -> Point | None:
        """The chosen point, where the area asks for one."""
        return self.site.point(self.application.point) if self.site else None

    @property
    def answer_context(self) -> AnswerContext:
        """What the answers are judged against."""
        return AnswerContext.of(self.records, self.exam, self.now)


RenderScreen = Callable[[View], Screen]
RenderStaffScreen = Callable[[StaffView], Awaitable[Screen]]
StaffScreens = Mapping[str, RenderStaffScreen]
"""Drawings for the staff by name; they read what they show when it is sent."""


@lru_cache(maxsize=1024)
def button(key: str, action: Action, value: str = "") -> Button:
    """A button of the present question, labelled by the words ``button-KEY``."""
    return Button(Text(f"button-{key}"), CallbackData(action, value))


def rows(*buttons: Button, across: int = 1) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of at most ``across``."""
    return tuple(buttons[n : n + across] for n in range(0, len(buttons), across))


BACK = button("back", Action.BACK)
WHOLE = "whole"
OUT = button("back", Action.BACK, WHOLE)
"""Out of a part of a list to all of it; another tap on the same button goes no further back."""
WHY = button("why", Action.WHY)
SKIP = button("skip", Action.SKIP)


def time_left(view: View) -> tuple[Text, ...]:
    """How much of the registration is left; nothing outside of it."""
    window = view.exam.windows.registration
    if not window.holds(view.now):
        return ()
    minutes = int((window.closes - view.now).total_seconds()) // 60
    if minutes >= 48 * 60:
        return (Text("left-days", {"days": minutes // (24 * 60)}),)
    if minutes >= 60:
        return (Text("left-hours", {"hours": minutes // 60}),)
    return (Text("left-minutes", {"minutes": max(1, minutes)}),)
