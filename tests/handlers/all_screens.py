"""All that can be said: every screen in every case, and every key that stands in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from handlers.candidate.files.material_files import CODE
from handlers.candidate.print_form import BLOB, BOXES, NUMBER, VOID
from handlers.candidate.progress.status import COUNT, HALF, MOST, NOTICES
from handlers.candidate.reminders import MUTED, PROMISED, REMINDER, REMINDERS
from handlers.everyone import help
from handlers.rendering import (
    ComparedPhotos,
    MarkedPhoto,
    Overtaken,
    Process,
    Screen,
    SendAsFile,
)
from states.fsm_states import Home
from states.process.deadlines import HoldReason
from states.progress.next_step import Position
from states.records import Stage
from states.reminders.planning import ReminderKind, deadline_of
from states.staff.cases import DESK_KINDS, CaseKind
from states.texts import Text
from tests.fakes.router import screen_of
from tests.handlers.people import EXAM, LOCALES, Standing
from tests.handlers.standings import standings

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "states", "storage")
ANYWHERE = (
    "language",
    "help",
    *help.TOPICS,
    "status",
    "visit",
    "withdraw",
    "withdraw-decided",
    "withdraw-often",
    "late-change",
    "late-change-drop",
    "correct-not-locked",
    "correct-waits",
    "area-nothing",
    "print-waiting",
    "print-nothing",
    "print-failed",
    "opening",
    "told-missed",
    "open-items",
    "calendar",
    "apology",
    "clock",
    "profile",
    "nothing-kept",
    "only-staff-kept",
    "export",
    "erase-ask",
    "erase-refused",
    "erased",
    "forfeits",
    "forfeits-said",
    "group-hello",
    "group-anonymous",
    "export-often",
)


def sources() -> list[Path]:
    """The modules of the bot; the sandbox is a tool for developers and speaks for itself."""
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "sandbox" not in path.parts]


def drawn() -> list[tuple[str, Screen]]:
    """Every screen for everybody who can see it, in both languages: the language, the screen."""
    found = []
    for locale in LOCALES:
        for standing in standings(locale).values():
            for at, name in _looks(standing):
                with suppress(Overtaken):
                    found.append((locale, screen_of(at, name)))
    return found


def _looks(standing: Standing) -> Iterator[tuple[Standing, str | None]]:
    """Yield each screen that one person may look at."""
    yield from ((standing, name) for name in (None, *ANYWHERE))
    yield from ((_told(standing), name) for name in (*ALERTS, "audit-head"))
    yield _waiting(standing), "forfeits"
    yield from ((shown, "material-file") for shown in files_of(standing))
    yield from ((reminded, REMINDER) for reminded in reminders_of(standing))
    yield from ((one, REMINDERS) for one in reminder_settings(standing))
    yield from cases_of(standing)
    yield from ((printed, "print") for printed in prints_of(standing))
    person, application = standing.records.person, standing.records.application
    if person is not None and person.photo:
        yield standing, "export-photo"
    if "measures" in standing.position.data:
        yield standing, "photo-marked"
        yield standing, "photo-as-file"
    if application is not None and application.submitted_at is not None:
        yield standing, "todo"
    if application is not None and application.stage in (Stage.APPROVED, Stage.REGISTERED):
        yield from _money(standing)
    if application is not None and application.stage is not Stage.DRAFT:
        yield from ((one, "status") for one in _timed(standing))
        yield from ((standing, f"told-{what}") for what in NOTICES)
        yield from ((standing, name) for name in REFUSED)


ALERTS = ("alert", "stuck", "job-set-aside", "conflict", "too-many")
REFUSED = (
    *("refusal", "told-confirm-refused", "told-review-refused", "told-rejected"),
    *("told-change-opened", "told-change-declined"),
)


_AT = {"area": "qinghai", "site": "xining"}
CASES: dict[str, tuple[dict[str, str], ...]] = {
    **{
        name: tuple({**_AT, "kind": kind, "words": "号码对不上"} for kind in DESK_KINDS)
        for name in ("told-case-agreed", "told-case-declined")
    },
    "told-contested": tuple(
        {**_AT, "kind": kind} for kind in (CaseKind.NUMBER_TAKEN, CaseKind.ACCOUNT_MOVED)
    ),
    "told-account-left": (_AT,),
    "told-number-released": (_AT,),
    "told-account-kept": (_AT,),
    "told-account-closed": (_AT,),
    "told-account-reopened": (_AT,),
}
"""The screens about cases, and the data that they come with."""

MONEY: dict[str, dict[str, str]] = {
    "pay": {},
    "invoice": {"order": "B1", "amount": "26000"},
    "payment-link": {"way": "wechat", "url": "https://example.com/pay"},
    "payment-preparing": {"way": "wechat"},
    "payment-asking": {},
    "payment-told": {"way": "alipay", "text": "asked-nothing"},
    **{
        name: {"amount": "26000", "charge": "charge-0123456789", "verdict": "review-undone"}
        for name in ("told-paid", "told-money-owed", "told-money-back")
    },
    "refund-refused": {"code": "NOT_ENOUGH", "refund": "R123"},
    "way-refused": {"way": "alipay", "code": "NO_AUTH"},
    "payment-differences": {"count": "12", "amount": "312000", "looks": "3"},
}
"""The screens about money, and the data that they come with."""


def cases_of(standing: Standing) -> Iterator[tuple[Standing, str]]:
    """Yield what somebody whose identity is known reads of each case."""
    person = standing.records.person
    if person is None or not person.number_hash:
        return
    for name, some in CASES.items():
        yield from ((replace(standing, position=Position(Home.menu, data)), name) for data in some)


def _money(standing: Standing) -> Iterator[tuple[Standing, str]]:
    """Somebody who reads each of them."""
    for name, data in MONEY.items():
        yield replace(standing, position=Position(Home.menu, data)), name
    for text in ("way-ended", "way-refused"):
        ended = {"way": "wechat", "text": text}
        yield replace(standing, position=Position(Home.menu, ended)), "payment-told"
    scanned = {"way": "wechat", "url": "weixin://wxpay/bizpayurl?pr=x"}
    yield replace(standing, position=Position(Home.menu, scanned)), "payment-link"


def _timed(standing: Standing) -> list[Standing]:
    """Somebody who asks how long it takes: it is known, it takes days, it is not known."""
    known: tuple[dict[str, str], ...] = (
        {HALF: "1", MOST: "30", COUNT: "20"},
        {HALF: "47", MOST: "100", COUNT: "200"},
        {COUNT: ""},
    )
    return [replace(standing, position=Position(Home.menu, at)) for at in known]


def reminders_of(standing: Standing) -> list[Standing]:
    """Somebody who is reminded of what they have to do, in each way."""
    deadline = deadline_of(standing.records, EXAM, standing.now)
    if deadline is None:
        return []
    return [
        replace(standing, position=Position(Home.menu, {"kind": kind, "name": deadline.name}))
        for kind in ReminderKind
    ]


def reminder_settings(standing: Standing) -> list[Standing]:
    """Somebody who looks at the settings: on, off, and with a time of their own."""
    promised = {MUTED: "", PROMISED: "2025-12-14T12:00:00+00:00"}
    return [
        replace(standing, position=Position(Home.menu, data))
        for data in ({}, {MUTED: "yes"}, promised)
    ]


def files_of(standing: Standing) -> list[Standing]:
    """Somebody who looks at each of their files in turn."""
    if standing.records.application is None:
        return []
    return [
        replace(
            standing,
            position=Position(standing.position.state, {"material": code, "file": one.blob[:CODE]}),
        )
        for code, files in standing.application.materials.items()
        for one in files
    ]


def prints_of(standing: Standing) -> list[Standing]:
    """Somebody whose form is sent: the first one, a later one, one with boxes; or a draft."""
    application = standing.records.application
    if application is None:
        return []
    is_draft = application.stage is Stage.DRAFT
    found = []
    for void, boxes in (("0", ""), ("1", "\U0003134f"), ("7", "")):
        number = "0" if is_draft else str(application.revision)
        at = {BLOB: "a" * 64, NUMBER: number, VOID: void, BOXES: boxes}
        found.append(replace(standing, position=Position(Home.menu, at)))
    return found


def _waiting(standing: Standing) -> Standing:
    held = {hold.value: "3" for hold in HoldReason}
    return replace(standing, position=Position(standing.position.state, held))


def _told(standing: Standing) -> Standing:
    """An administrator who is told of the bot itself."""
    head = {"day": "2025-12-02", "seq": "123456", "digest": "0123456789abcdef" * 4, "since": "78"}
    failed = {"update": "123456789", "verdict": "123456789", "kind": "decision", "key": "123"}
    return replace(standing, position=Position(standing.position.state, failed | head))


def texts_of(screen: Screen) -> Iterator[Text]:
    """Every text of a screen, those inside of others too."""
    for paragraph in screen.text:
        for line in paragraph if isinstance(paragraph, tuple) else (paragraph,):
            yield from inside(line)
    for row in screen.buttons:
        for button in row:
            yield from inside(button.label)
    if screen.above is not None:
        yield from inside(screen.above.caption)
    yield from _drawn_texts(screen)
    if isinstance(screen.picture, Process):
        yield from inside(screen.picture.title)
        for label, _mark in screen.picture.nodes:
            yield from inside(label)


def _drawn_texts(screen: Screen) -> Iterator[Text]:
    """The texts that stand in a picture about a photo."""
    match screen.picture:
        case MarkedPhoto(_, marks, legend):
            yield from (mark.label for mark in marks)
            yield from legend
        case ComparedPhotos(_, _, labels):
            yield from labels
        case SendAsFile(title, steps):
            yield from (title, *steps)


def inside(text: object) -> Iterator[Text]:
    """A text and the texts among its arguments."""
    if isinstance(text, Text):
        yield text
        for value in text.args.values():
            yield from inside(value)


def literals() -> set[str]:
    """Every string that stands in the code, docstrings left out."""
    return {node.value for path in sources() for node in strings(path)}


@dataclass(frozen=True, slots=True)
class StringConstant:
    """A string in the code, and its line."""

    value: str
    line: int


def strings(path: Path) -> Iterator[StringConstant]:
    """The string constants of a module, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield StringConstant(node.value, node.lineno)


_SAYING = {
    "Text": "",
    "Problem": "",
    **dict.fromkeys(("say", "complain"), ""),
    "button": "button-",
    "go": "button-",
    "staff_go": "button-",
}
"""Calls whose first argument is a key, and what they put before it."""


def named() -> dict[str, str]:
    """By key, where the code names one in a call that makes a text of it."""
    found = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            first = node.args[0] if node.args else None
            called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if called not in _SAYING or not isinstance(first, ast.Constant):
                continue
            if isinstance(first.value, str):
                key = _SAYING[called] + first.value
                found[key] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found
