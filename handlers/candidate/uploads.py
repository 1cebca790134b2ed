"""An uploaded paper: what is noted of it, said about it, and offered to mend it.

Nothing of this rejects a file. The reading is a job: nobody waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData
from handlers.paper_lines import CODE, doubts, file_of, files_of
from handlers.rendering import ComparedPages, Overtaken, Screen, View
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.update_context import Context, Scan
from states import next_step
from states.fsm_states import Materials
from states.next_step import Position
from states.papers.checks import PageLook
from states.records import IMAGE, MaterialFile
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import blobs, papers
from storage.candidates.papers import PaperJudgement
from storage.engine.jobs import JobKind, StoredJob

TURNED: Final = "paper-turned"
OVER: Final = "paper-over"
TURNED_DONE: Final = "paper-turned-done"
FILE, FIRST, SECOND, KIND = "file", "first", "second", "turn"
"""Keys of a screen's data: the file, both pages shown, and whether it lies or leans."""
LIES, LEANS = "lies", "leans"
KEY: Final = 32
"""Letters of a blob name that are the key of the job that reads it."""


def note(context: Context, scan: Scan) -> None:
    """Keep what was measured of a file."""
    unit = context.unit
    unit.papers.append(PaperJudgement(scan.kept.name, context.person.id, context.now, scan.pages))


def read_later(context: Context, blob: str) -> None:
    """Have a file read, if the reader is installed."""
    if context.exam.papers.reads:
        owner = context.person.id
        context.unit.jobs.append(StoredJob(JobKind.PAPER, blob[:KEY], context.now, person_id=owner))


def about(context: Context, scan: Scan) -> tuple[Text, ...]:
    """Return what is to be said of a file: its pages, what is doubtful, the same page twice."""
    lines = []
    if scan.facts.pages > 1:
        lines.append(Text("paper-pages", {"pages": scan.facts.pages}))
    lines += doubts(scan.pages, context.exam.papers)
    names = {one.code: one.display_name(context.locale) for one in context.view.materials}
    application = context.unit.application
    for material, number, one in files_of(application) if application else ():
        if one.blob in scan.alike:
            name = names.get(material, material)
            lines.append(Text("paper-alike", {"name": name, "number": number}))
            break
    return tuple(lines)


def offered(context: Context, scan: Scan) -> tuple[ShowScreen, ...]:
    """Return the offer of turned copies of a page that lies or leans.

    They are kept until the next offer; earlier ones that nobody chose go.
    """
    context.unit.dropped_blobs += scan.untaken
    if not scan.turned or context.album is not None:  # an album has one answer
        return ()
    context.unit.files += scan.turned
    lies = len(scan.turned) > 1
    first = scan.turned[0].name if lies else scan.kept.name
    shown = {
        FILE: scan.kept.name,
        FIRST: first,
        SECOND: scan.turned[-1].name,
        KIND: LIES if lies else LEANS,
    }
    return (ShowScreen(TURNED, shown),)


async def turn(_update: Update, context: Context) -> StepResult:
    """Put the chosen copy in the place of the file, or leave the file as it is."""
    code, _, chosen = context.callback.value.partition("-")
    application = context.unit.application
    old = file_of(application, code) if application else None
    files = await blobs.of_person(context.unit.tx, context.person.id)
    copy = next((one for one in files if chosen and one.name[:CODE] == chosen), None)
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
    await blobs.set_kind(context.unit.tx, copy.name, IMAGE)
    context.unit.dropped_blobs.append(old.blob)
    await _note_copy(context, old.blob, copy.name)
    read_later(context, copy.name)
    context.unit.audit(AuditAction.PAPER_TURNED)
    return show_screen(TURNED_DONE, data={KIND: "taken"})


async def _note_copy(context: Context, old: str, copy: str) -> None:
    """Keep the measures of the copy: those of the file, upright and level."""
    tx, keyring, person = context.unit.tx, context.services.keyring, context.person
    known = (await papers.of_person(tx, keyring, person.id)).get(old)
    pages = known.pages if known else ()
    upright = tuple(PageLook(replace(p.measures, sideways=0.0, slant=0.0)) for p in pages)
    context.unit.papers.append(PaperJudgement(copy, person.id, context.now, upright))


def render_turned(view: View) -> Screen:
    """Show a page that lies turned both ways, or one that leans beside its level copy.

    Raises:
        Overtaken: the file was removed or exchanged meanwhile.
    """
    code, lies = view.data[FILE][:CODE], view.data[KIND] == LIES
    if view.records.application is None or file_of(view.application, code) is None:
        raise Overtaken
    first, second = view.data[FIRST], view.data[SECOND]
    sides = ("left", "right") if lies else ("before", "after")
    labels = Text(f"paper-{sides[0]}"), Text(f"paper-{sides[1]}")
    left = (_button("paper-use-left", f"{code}-{first[:CODE]}"),) if lies else ()
    right = _button("paper-use-right" if lies else "paper-use-level", f"{code}-{second[:CODE]}")
    buttons = ((*left, right), (_button("paper-keep", f"{code}-"),))
    text = Text("paper-lies" if lies else "paper-leans")
    return Screen((text,), buttons, ComparedPages(first, second, labels))


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
