"""Printing the form (guide, part 2): the candidate asks for it, and gets it as a document.

A job makes it (``bot/scheduler/print_forms.py``), one a person, so nobody waits for it with
another answer. Before the submission, and after a withdrawal, it is a draft.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, go
from handlers.outlook_lines import now_line, outlook_args
from handlers.rendering import (
    Overtaken,
    Paper,
    Paragraph,
    Screen,
    View,
    fixed,
    resuming,
    rows,
    whom_to_ask,
)
from handlers.replies import show_screen
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.progress.outlook import Matter, outlook
from states.records import Stage
from states.step_result import StepResult
from states.texts import Text
from storage.engine.jobs import JobKind, StoredJob

PRINTED = "print"
WAITING = "print-waiting"
NOTHING = "print-nothing"
FAILED = "print-failed"
OVER = {Stage.EXPIRED: "print-over", Stage.REJECTED: "print-over-rejected"}
"""Why an application at these stages has nothing to print."""
BLOB, NUMBER, VOID, BOXES = "blob", "number", "void", "boxes"
"""Keys of position data: the file, the submission (0 for a draft), the last void one, the boxes.

The print of the last void submission is void. Boxes stand for the characters that no font has.
"""


async def ask(_update: Update, context: Context) -> StepResult:
    """Have the form made; a second request meanwhile is the same one."""
    application, unit = context.unit.application, context.unit
    if application is None or not application.area or application.stage in OVER:
        return show_screen(NOTHING)
    key = str(application.person_id)
    unit.jobs.append(StoredJob(JobKind.PRINT, key, context.now, person_id=application.person_id))
    if context.envelope.was_tapped:
        return StepResult(toast=Text("toast-print"))
    return show_screen(WAITING)


def render(view: View) -> Screen:
    """Send the form: which submission it is, which prints are void, what to bring, where and when.

    Raises:
        Overtaken: the candidate has withdrawn or submitted it again since.
    """
    application, number = view.application, int(view.data[NUMBER])
    is_submitted = application.stage is not Stage.DRAFT
    if number != (application.revision if is_submitted else 0):
        raise Overtaken
    name = Text("print-file", {"number": number}) if number else Text("print-file-draft")
    return Screen(
        (*(_submitted(view, number) if number else _draft(view)), *_boxes(view)),
        rows(*resuming(view), go("status"), across=2),
        document=Paper(view.data[BLOB], name),
    )


def _submitted(view: View, number: int) -> tuple[Paragraph, ...]:
    head: list[Text] = [Text("printed-number", {"number": number})]
    if void := int(view.data[VOID]):
        head.append(Text("printed-void" if void == 1 else "printed-void-all", {"last": void}))
    seen = outlook(view.records, view.exam, view.now)
    if seen.matter is not Matter.VISIT:
        return (tuple(head),)
    visit = Text("todo-confirm-on-site", outlook_args(view, seen))
    return tuple(head), Text("printed-how"), now_line(view), visit


def _draft(_view: View) -> tuple[Paragraph, ...]:
    return (Text("printed-draft"),)


def _boxes(view: View) -> tuple[Paragraph, ...]:
    """Return which characters no font has: they stand as code points in boxes."""
    boxes = view.data.get(BOXES, "")
    return (Text("printed-boxes", {"characters": boxes}),) if boxes else ()


def render_nothing(view: View) -> Screen:
    """Say why there is nothing to print."""
    application = view.records.application
    over = OVER.get(application.stage) if application is not None else None
    why = Text(over or "print-nothing")
    return Screen((why,), rows(*resuming(view), go("status"), across=2))


def render_failed(view: View) -> Screen:
    """Say that the form could not be made, and whom to ask."""
    return Screen((Text("problem-print"), whom_to_ask(view)), rows(go("print"), go("status")))


FEATURE = Feature(
    anywhere=(command("print", ask), pressed(Action.GO, ask, "print")),
    buttons=(go("print"),),
    screens={
        PRINTED: render,
        WAITING: fixed(Text("print-waiting")),
        NOTHING: render_nothing,
        FAILED: render_failed,
    },
)
