"""Screens: text, buttons and perhaps a picture, made of values only.

A screen is a pure function of a ``View``. The renderer calls it when the sender sends the message,
in the person's language. Therefore the outbox holds no personal data.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from handlers import place_lines
from handlers.callback_data import Action, Button, CallbackData, Link, go
from states.broadcasts.message import AttachedFile
from states.exam import Area, Exam, Material, Point, Site
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.form.questionnaire import Page
from states.progress.outlook import Matter, Moment, outlook
from states.progress.process_steps import StepStatus
from states.records import PDF, Application, MaterialFile, Person, PersonId, Records
from states.reminders.calendar_events import CalendarEvent
from states.texts import Headline, Text
from states.values import dataclass
from storage.engine.database import Connection
from storage.engine.encryption import Keyring
from storage.staff.access.staff_view import StaffView

WRONG = "wrong"
"""The key of position data that counts the wrong answers to this question."""
DOUBT = "doubt"
"""The key of position data that says: typed words are asked back; its value is what is offered."""
FIRST_OF_DAY = "today"
"""The key of a screen's data that says: no question was asked earlier on this day."""
TWO_DAYS = timedelta(days=2)
SPELLED_OUT = 2
"""Wrong answers before a question shows the format; one more shows the contact."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A stored picture (a blob name): the portrait, or another picture of the person."""

    blob: str


class MarkShape(StrEnum):
    """The shapes that are drawn on a photo."""

    ACROSS = "across"
    DOWN = "down"
    LINE = "line"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class PhotoMark:
    """A mark on a photo: a shape at places that are parts of its width and height, and a figure.

    ``at`` is one number for a line across or down, else left, top, right and bottom.
    """

    shape: MarkShape
    at: tuple[float, ...]
    label: Text
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class MarkedPhoto:
    """A stored picture (a blob name) with marks drawn on it, and lines of figures below it."""

    blob: str
    marks: tuple[PhotoMark, ...]
    legend: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedPhotos:
    """Two stored pictures (blob names) side by side, each below its label."""

    first: str
    second: str
    labels: tuple[Text, Text]

    @property
    def blob(self) -> str:
        """The picture that stands alone where both cannot be drawn."""
        return self.second


@dataclass(frozen=True, slots=True)
class ComparedPages:
    """Two stored pages (blob names) side by side, each below its label."""

    first: str
    second: str
    labels: tuple[Text, Text]


@dataclass(frozen=True, slots=True)
class PaperCrop:
    """A piece of a paper with lines below it; ``box`` has parts of the page, or nothing."""

    page: int
    box: tuple[float, ...]
    lines: tuple[Text, ...]
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class PaperCrops:
    """Pieces of a stored paper (a blob name), one above the other.

    ``turns`` are the quarter turns, counterclockwise, that put its first pages upright.
    """

    blob: str
    crops: tuple[PaperCrop, ...]
    turns: tuple[int, ...] = ()

    def turns_of(self, page: int) -> int:
        """Return the quarter turns of a page, from 0; none of a page whose turns are not known."""
        return self.turns[page] if page < len(self.turns) else 0


@dataclass(frozen=True, slots=True)
class SendAsFile:
    """The picture of the three steps by which a photo is sent as a file, with their words."""

    title: Text
    steps: tuple[Text, Text, Text]


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored PDF (a blob name), sent as a document with the name of the file.

    An album shows its pages as pictures, unless the ``original`` is asked for. ``turns`` are the
    quarter turns, counterclockwise, that put the first pages upright.
    """

    blob: str
    name: Text | str = ""
    original: bool = False
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """The picture of the process: its title, and its nodes with their status."""

    title: Text
    nodes: tuple[tuple[Text, StepStatus], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """All stored data of the reader as a JSON file, made when it is sent."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """A Telegram invoice: its title, the order number that Telegram returns, and its fen.

    https://core.telegram.org/bots/api#sendinvoice: the description is the screen's text.
    """

    title: Text
    order: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of a link, as a picture to scan."""

    link: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The reader's dates as a calendar file; ``place`` is where they are confirmed on site."""

    events: tuple[CalendarEvent, ...]
    title: str
    place: Text | None = None


@dataclass(frozen=True, slots=True)
class AlbumItem:
    """A picture or a document of an album, with its caption."""

    caption: Text | str
    content: Portrait | Paper


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its label, its length, and whether it begins a new group."""

    label: Text | str
    value: int
    begins_group: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars below a title."""

    title: Text
    bars: tuple[Bar, ...]


Cell = Text | str | int | datetime | date | None


class SheetFormat(StrEnum):
    """The file formats of a table."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as a file, whose ``rows`` are read in batches when it is sent, for its reader."""

    name: str
    title: Text
    format: SheetFormat
    columns: tuple[Text, ...]
    rows: Callable[[StaffView], AsyncIterator[Sequence[Sequence[Cell]]]]


@dataclass(frozen=True, slots=True)
class Inline:
    """Pieces of text one after another, such as a typed text with its placeholders filled in."""

    pieces: tuple[Text | str, ...]


class Overtaken(Exception):
    """A screen raises it if it has nothing to say any more; the message is then not sent."""


Line = Text | str | Inline
Paragraph = Line | tuple[Line, ...]
"""A text, or a name from the exam file; a tuple holds one line each."""
Rows = tuple[tuple[Button, ...], ...]
Picture = (
    Portrait
    | MarkedPhoto
    | ComparedPhotos
    | ComparedPages
    | PaperCrops
    | SendAsFile
    | Process
    | Chart
    | Code
)
"""A picture above a text, stored or drawn when it is sent."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Paragraphs, rows of buttons, and a picture or document that carries the text as caption.

    ``format`` describes how to write the answer; a question shows it after repeated wrong answers.
    ``link`` is a button below the others, from a group to the private chat. ``spare`` are
    paragraphs below the text, the most needed first: as many as the message has room for; ``more``
    is a button that only a message without room for all of them has. ``attached`` is a file that
    Telegram has. ``album`` has 1 to 10 items, all pictures or all documents, and stands for text
    and buttons. ``above`` is a picture in a message of its own above a new message; an edit leaves
    it as it is. ``url`` is a button that opens a web page.
    """

    text: tuple[Paragraph, ...]
    buttons: Rows = ()
    picture: Picture | None = None
    document: Export | Paper | Sheet | CalendarFile | None = None
    attached: AttachedFile | None = None
    format: Text | None = None
    link: Link | None = None
    spare: tuple[Paragraph, ...] = ()
    more: Button | None = None
    album: tuple[AlbumItem, ...] = ()
    above: AlbumItem | None = None
    invoice: Invoice | None = None
    url: tuple[Text, str] | None = None


@dataclass(frozen=True)
class View:
    """The values that a screen of a candidate is rendered from."""

    records: Records
    exam: Exam
    now: datetime
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The reader's language; empty before the choice.

        Only the position data still names the language of an erased person.
        """
        return self.records.person.locale if self.records.person else self.data.get("locale", "")

    @property
    def person(self) -> Person:
        """The person; a blank one for a stranger."""
        return self.records.person or Person(PersonId(0), 0, 0)

    @property
    def application(self) -> Application:
        """The application.

        Raises:
            LookupError: the person has none.
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
        """The chosen point, in areas that ask for one."""
        return self.site.point(self.application.point) if self.site else None

    @property
    def materials(self) -> tuple[Material, ...]:
        """The materials that the chosen area asks for."""
        return self.area.materials if self.area else ()

    @cached_property
    def answer_context(self) -> AnswerContext:
        """The context that the rules judge the answers in."""
        return AnswerContext.of(self.records, self.exam, self.now)


RenderScreen = Callable[[View], Screen]
RenderReadingScreen = Callable[[View, Connection, Keyring], Awaitable[Screen]]
"""A screen of a candidate that reads the database when it is sent."""
RenderStaffScreen = Callable[[StaffView], Awaitable[Screen]]
StaffScreens = Mapping[str, RenderStaffScreen]
"""Screens of the staff by name; they read the database when they are sent."""


def fixed(*text: Paragraph, buttons: Rows = (), document: Export | None = None) -> RenderScreen:
    """Return a function that renders the same screen for every reader."""
    screen = Screen(text, buttons, document=document)
    return lambda _view: screen


@lru_cache(maxsize=1024)
def button(key: str, action: Action, value: str = "") -> Button:
    """Build a button of the open question, with the label ``button-KEY``."""
    return Button(Text(f"button-{key}"), CallbackData(action, value))


def rows(*buttons: Button, across: int = 1) -> Rows:
    """Arrange buttons in rows of at most ``across``."""
    return tuple(buttons[n : n + across] for n in range(0, len(buttons), across))


BACK = button("back", Action.BACK)
WHOLE = "whole"
OUT = button("back", Action.BACK, WHOLE)
"""From a part of a list back to the whole list; a second tap goes no further back."""
WHY = button("why", Action.WHY)
SKIP = button("skip", Action.SKIP)


def resuming(view: View) -> tuple[Button, ...]:
    """Return the button to the open question; nothing where none can be answered now.

    Once registration is over, an account alone leads no further.
    """
    seen = outlook(view.records, view.exam, view.now)
    return (go("resume"),) if seen.resumes and not _is_over(view) else ()


def _is_over(view: View) -> bool:
    """Return whether registration is over for somebody who has not submitted."""
    seen = outlook(view.records, view.exam, view.now)
    return seen.moment is Moment.OVER and (seen.is_draft or seen.matter is Matter.BEGIN)


def file_screen(text: tuple[Paragraph, ...], file: MaterialFile, buttons: Rows = ()) -> Screen:
    """Build the screen of a stored file: a document for a PDF, else a picture."""
    if file.kind == PDF:
        return Screen(text, buttons, document=Paper(file.blob))
    return Screen(text, buttons, picture=Portrait(file.blob))


def place_on_form(page: Page) -> Text:
    """Return the line with the page's number and title.

    The number of a question is not told: answers add and take away later questions. The numbers are
    text, because some languages would group the digits.
    """
    return Text(
        "form-position",
        {
            "page": str(FORM.pages.index(page) + 1),
            "pages": str(len(FORM.pages)),
            "title": page.title,
        },
    )


def time_left(view: View) -> tuple[Text, ...]:
    """Return the time left to submit: the days once a day, the last hours in each question.

    Nothing outside that time, or of a submitted form: its correction has a deadline of its own.
    """
    is_soon = view.exam.windows.registration.closes - view.now < TWO_DAYS
    if not is_soon and FIRST_OF_DAY not in view.data:  # so it is for nearly all questions
        return ()
    seen = outlook(view.records, view.exam, view.now)
    is_new = seen.is_draft or seen.matter is Matter.BEGIN
    if not is_new or seen.time is None or seen.moment is not Moment.OPEN:
        return ()
    left = seen.time.closes - view.now
    if left >= TWO_DAYS:
        return (Text("left-days", {"days": left.days}),) if FIRST_OF_DAY in view.data else ()
    minutes = int(left.total_seconds()) // 60
    if minutes >= 60:
        return (Text("left-hours", {"hours": minutes // 60}),)
    return (Text("left-minutes", {"minutes": max(1, minutes)}),)


def whom_to_ask(view: View, place: Area | Site | None = None) -> Text:
    """Return the contact of this place; without one, of the chosen point, site or area."""
    where = place or view.point or view.site or view.area
    if where is None:
        return Text("help-contact-none", {"is-over": "yes" if _is_over(view) else "no"})
    contact = place_lines.contact(where, view.locale)
    return Text("help-contact", {"site": where.display_name(view.locale), "contact": contact})


def _headline(paragraph: Paragraph) -> Paragraph:
    if isinstance(paragraph, Text) and paragraph.key.endswith("-ask"):
        return Headline(paragraph.key, paragraph.args)
    return paragraph


def with_retry_hints(render_question: RenderScreen) -> RenderScreen:
    """Wrap a question's screen: it shows hints after wrong answers.

    The problem gives an example, so the question itself is one line then. A question without a
    format of its own stays whole: its text is the format.
    """

    def render_with_hints(view: View) -> Screen:
        screen, wrong = render_question(view), int(view.data.get(WRONG, "0"))
        if wrong and screen.format is not None:
            spelled = (screen.format,) if wrong >= SPELLED_OUT else ()
            screen = replace(screen, text=(*map(_headline, screen.text), *spelled))
        if wrong > SPELLED_OUT:
            text, buttons = (*screen.text, whom_to_ask(view)), (*screen.buttons, (go("help"),))
            screen = replace(screen, text=text, buttons=buttons)
        return screen

    return render_with_hints
