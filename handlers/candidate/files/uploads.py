"""An uploaded paper: what is noted of it, said about it, and offered to mend it.

Nothing of this rejects a file. The reading is a job: nobody waits for it. Files that belong to no
application yet travel in the position data, as words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData
from handlers.paper_lines import (
    CODE,
    DIFFERS,
    doubts,
    file_of,
    files_of,
    place_of_file,
    untold,
)
from handlers.rendering import ComparedPages, Overtaken, Screen, View
from handlers.replies import ask, show_screen
from handlers.routing import Feature, pressed
from handlers.update_context import Context, Scan
from states.exam import FileFormat
from states.fsm_states import Materials
from states.materials import ScanFacts
from states.papers.checks import PageLook, PaperCheck, PaperRule, findings, page_twice
from states.papers.values import upright
from states.progress import next_step
from states.progress.next_step import Position
from states.records import IMAGE, PDF, MaterialFile
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import blobs, papers
from storage.candidates.blobs import StoredFile
from storage.candidates.papers import PaperJudgement
from storage.engine.jobs import JobKind, StoredJob

TURNED: Final = "paper-turned"
OVER: Final = "paper-over"
TURNED_DONE: Final = "paper-turned-done"
FILE, FIRST, SECOND, KIND = "file", "first", "second", "turn"
QUARTERS: Final = "quarters"
"""Keys of a screen's data: the file, both pages shown, how it stands, the second page's turns."""
ON_THE_WAY: Final = "papers"
"""The key of position data for the papers of a request that is not sent yet.

An offer about one of them has it in its screen's data.
"""
LIES, LEANS = "lies", "leans"
STANDS, ON_SIDE = "stands", "on-side"
"""The page stands on its head, or lies, and the reader knows which way up it belongs."""
_LEFT, _RIGHT = "1", "3"
"""Quarter turns of the copies of a page that lies."""
KEY: Final = 32
"""Letters of a blob name that are the key of the job that reads it."""


def note(context: Context, scan: Scan, *, offers: bool = False) -> None:
    """Keep what was measured of a file, and which copies of it are offered with its answer."""
    copies = tuple(one.name for one in _copies(context, scan)) if offers else ()
    judged = PaperJudgement(
        scan.kept.name,
        context.person.id,
        context.now,
        scan.pages,
        count=scan.facts.pages,
        offered=copies,
    )
    context.unit.papers.append(judged)


def _copies(context: Context, scan: Scan) -> tuple[StoredFile, ...]:
    """Return the turned copies that can be offered: an album has one answer, and no place."""
    return scan.turned if context.album is None else ()


def read_later(context: Context, blob: str) -> None:
    """Have a file read, if the reader is installed."""
    if context.exam.papers.reads:
        owner = context.person.id
        context.unit.jobs.append(StoredJob(JobKind.PAPER, blob[:KEY], context.now, person_id=owner))


def packed(scan: Scan) -> str:
    """Return a kept file as a word of position data."""
    kept, facts = scan.kept, scan.facts
    measures = (facts.format, facts.pages, facts.width, facts.height, facts.size)
    return ":".join(map(str, (kept.name, kept.kind, kept.size, *measures)))


def kept_scans(context: Context, key: str) -> tuple[Scan, ...]:
    """Return the kept files that the position data has under a key."""
    found = []
    for word in context.position.data.get(key, "").split():
        name, kind, size, _, *_ = word.split(":")
        stored = StoredFile(name, context.person.id, kind, int(size), context.now)
        found.append(Scan(stored, facts_of(word)))
    return tuple(found)


def facts_of(word: str) -> ScanFacts:
    """Return the measures of a kept file out of its word."""
    _, _, _, format, *measures = word.split(":")
    return ScanFacts(FileFormat(format), *map(int, measures))


def about(context: Context, scan: Scan) -> tuple[Text, ...]:
    """Return what is to be said of a file: its pages, what is doubtful, the same page twice."""
    lines = about_pages(context, scan)
    names = {one.code: one.display_name(context.locale) for one in context.view.materials}
    application = context.unit.application
    for material, number, one in files_of(application) if application else ():
        if one.blob in scan.alike:
            name = names.get(material, material)
            lines.append(Text("paper-alike", {"name": name, "number": number}))
            break
    return tuple(lines)


def about_pages(context: Context, scan: Scan) -> list[Text]:
    """Return what is to be said of a file's own pages."""
    lines = []
    if scan.facts.pages > 1:
        lines.append(Text("paper-pages", {"pages": scan.facts.pages}))
    if 0 < len(scan.pages) < scan.facts.pages:
        lines.append(Text("paper-pages-judged", {"judged": len(scan.pages)}))
    lines += doubts(scan.pages, context.exam.papers)
    if scan.kept.kind == PDF and _is_turned(scan.pages, context.exam.papers):
        lines.append(Text("paper-pdf-turned"))
    if (twice := page_twice(scan.pages, context.exam.papers)) is not None:
        lines.append(Text("paper-page-twice", {"first": twice[0], "second": twice[1]}))
    return lines


def _is_turned(pages: Sequence[PageLook], rule: PaperRule) -> bool:
    """Return whether one of the pages lies or leans."""
    turned = {PaperCheck.SIDEWAYS, PaperCheck.SLANT}
    return any(one.check in turned for one in findings(pages, rule))


def offered(context: Context, scan: Scan, **about: str) -> tuple[ShowScreen, ...]:
    """Return the offer of turned copies of a page that lies or leans.

    The newest copies stay for their answers; the oldest that nobody chose go. ``about`` is further
    data of its screen.
    """
    context.unit.dropped_blobs += scan.untaken
    copies = _copies(context, scan)
    if not copies:
        return ()
    context.unit.files += copies
    lies = len(copies) > 1
    first = copies[0].name if lies else scan.kept.name
    shown = {
        FILE: scan.kept.name,
        FIRST: first,
        SECOND: copies[-1].name,
        KIND: LIES if lies else LEANS,
        **about,
    }
    return (ShowScreen(TURNED, shown),)


async def turn(_update: Update, context: Context) -> StepResult:
    """Put the chosen copy in the place of the file, or leave the file as it is."""
    code, chosen, quarters = (*context.callback.value.split("-"), "", "")[:3]
    application = context.unit.application
    old = file_of(application, code) if application else None
    files = await blobs.of_person(context.unit.tx, context.person.id)
    copy = next((one for one in files if chosen and one.name[:CODE] == chosen), None)
    on_the_way = {one.kept.name[:CODE]: one for one in kept_scans(context, ON_THE_WAY)}
    if code in on_the_way and copy is not None:
        return await _turn_on_the_way(context, on_the_way[code], copy, quarters)
    if code in on_the_way and not chosen:
        return show_screen(TURNED_DONE, data={KIND: "kept"})
    if application is None or old is None or (chosen and copy is None):
        return show_screen(OVER)
    if copy is None:
        return show_screen(TURNED_DONE, data={KIND: "kept"})
    place = next(name for name, _, one in files_of(application) if one is old)
    position = Position(Materials.adding, {"material": place})
    if not next_step.is_answerable(position, context.unit.records, context.exam, context.now):
        return show_screen(OVER)
    new = MaterialFile(copy.name, IMAGE, copy.size)
    after = tuple(new if one is old else one for one in application.materials[place])
    changed = {**application.materials, place: after}
    context.unit.application = replace(application, materials=changed)
    judged = await _take_copy(context, old.blob, copy, quarters)
    shown = ShowScreen(TURNED_DONE, {KIND: "taken"})
    if not judged.is_read:
        read_later(context, copy.name)
        return StepResult(effects=(shown,))
    asks = untold(context.view, judged)  # its question named the file that is gone now
    again = (ShowScreen(DIFFERS, {FILE: copy.name[:CODE]}),) if asks else ()
    return StepResult(effects=(shown, *again))


async def _turn_on_the_way(
    context: Context, old: Scan, copy: StoredFile, quarters: str
) -> StepResult:
    """Put the copy in the place of a paper of a request that is not sent yet."""
    await _take_copy(context, old.kept.name, copy, quarters)
    new = replace(old, kept=replace(copy, kind=IMAGE))
    kept = (new if one.kept == old.kept else one for one in kept_scans(context, ON_THE_WAY))
    data = {**context.position.data, ON_THE_WAY: " ".join(map(packed, kept))}
    return ask(context, Position(context.position.state, data), Text("paper-turn-taken"))


async def _take_copy(context: Context, old: str, copy: StoredFile, quarters: str) -> PaperJudgement:
    """Keep the copy instead of a file; return its judgement."""
    await blobs.set_kind(context.unit.tx, copy.name, IMAGE)
    context.unit.dropped_blobs.append(old)
    context.unit.audit(AuditAction.PAPER_TURNED)
    judged = await _judged_copy(context, old, copy.name, quarters)
    context.unit.papers.append(judged)
    return judged


async def _judged_copy(context: Context, old: str, copy: str, quarters: str) -> PaperJudgement:
    """Return the judgement of the copy: that of the file, upright and level.

    If the reader would have turned the page as far, its reading stays true of the copy. So does
    the candidate's word on it.
    """
    tx, keyring, person = context.unit.tx, context.services.keyring, context.person
    known = (await papers.of_person(tx, keyring, person.id)).get(old)
    if known is None:
        return PaperJudgement(copy, person.id, context.now)
    pages = tuple(PageLook(replace(p.measures, sideways=0.0, slant=0.0)) for p in known.pages)
    judged = PaperJudgement(copy, person.id, context.now, pages, count=known.count)
    if not known.is_read or [str(one) for one in known.reading.turns[:1]] != [quarters]:
        return judged
    reading = upright(known.reading)
    return replace(judged, read_at=known.read_at, reading=reading, said=known.said)


def render_turned(view: View) -> Screen:
    """Show a page that lies turned both ways, or another one beside its upright copy.

    Raises:
        Overtaken: the file was removed or exchanged meanwhile, or can be changed no more.
    """
    code, lies = view.data[FILE][:CODE], view.data[KIND] == LIES
    file = file_of(view.application, code) if view.records.application else None
    if ON_THE_WAY not in view.data and (file is None or not _is_open(view, file)):
        raise Overtaken
    first, second = view.data[FIRST], view.data[SECOND]
    sides = ("left", "right") if lies else ("before", "after")
    labels = Text(f"paper-{sides[0]}"), Text(f"paper-{sides[1]}")
    use, far = ("right", _RIGHT) if lies else ("level", view.data.get(QUARTERS, ""))
    left = (_button("paper-use-left", f"{code}-{first[:CODE]}-{_LEFT}"),) if lies else ()
    right = _button(f"paper-use-{use}", f"{code}-{second[:CODE]}-{far}")
    buttons = ((*left, right), (_button("paper-keep", f"{code}-"),))
    text = Text(f"paper-{view.data[KIND]}", place_of_file(view, view.data[FILE]))
    return Screen((text,), buttons, ComparedPages(first, second, labels))


def _is_open(view: View, file: MaterialFile) -> bool:
    """Return whether the candidate may still exchange a file."""
    place = next(name for name, _, one in files_of(view.application) if one is file)
    position = Position(Materials.adding, {"material": place})
    return next_step.is_answerable(position, view.records, view.exam, view.now)


def _button(label: str, value: str) -> Button:
    return Button(Text(f"button-{label}"), CallbackData(Action.TURN, value, ANYWHERE))


def render_done(view: View) -> Screen:
    """Say which page is kept."""
    return Screen((Text(f"paper-turn-{view.data[KIND]}"),))


def render_over(_view: View) -> Screen:
    """Say that the file or the answer has changed meanwhile."""
    return Screen((Text("paper-over"),))


FEATURE = Feature(
    anywhere=(pressed(Action.TURN, turn, exclusive=True),),
    screens={TURNED: render_turned, TURNED_DONE: render_done, OVER: render_over},
)
