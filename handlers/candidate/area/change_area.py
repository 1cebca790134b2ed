"""Changing the area before submitting (guide, part 3): see what goes, change, and go back.

The guide clears the form, so nothing is silently kept. The bot offers the answers that still hold.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, go
from handlers.candidate import withdraw
from handlers.outlook_lines import can_withdraw
from handlers.questions.answer_lines import AREA, answer_lines, say_back
from handlers.rendering import BACK, Screen, View, button, fixed, rows
from handlers.replies import ask, ask_next, show_screen, step_to
from handlers.routing import Feature, Question, pressed
from handlers.update_context import Context
from states.changes import area_change
from states.changes.area_change import has_content
from states.exam import Area
from states.form.pages import FORM
from states.fsm_states import Choose
from states.process.lifecycle import Event, NonStaffActor, is_allowed
from states.progress.next_step import Position
from states.records import Answers, Application, Materials, Stage
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction

TO = "item"
"""The key of position data for the new area; the buttons belong to this area's question."""
NOTHING = "area-nothing"
BACK_TO = go("area-undo")


async def change(_update: Update, context: Context) -> StepResult:
    """Ask for the area; what was submitted has to be withdrawn first."""
    application = context.unit.application
    if application is not None and can_withdraw(context.view):
        return show_screen(withdraw.SCREEN, Text("area-withdraw-first"))
    if application is None or not _can_change(application, context):
        return show_screen("help-area")
    return ask(context, Position(Choose.area))


def _can_change(application: Application, context: Context) -> bool:
    is_draft = application.stage is Stage.DRAFT
    return is_draft and is_allowed(
        application, Event.SUBMIT, context.exam, context.now, NonStaffActor.CANDIDATE
    )


def take_area(context: Context, chosen: Area) -> StepResult:
    """Set the area of the candidate's employer; ask first if the change clears anything."""
    application = context.own_application
    if chosen.code == application.area:
        return say_back(ask_next(context), AREA)
    if application.area and has_content(application):
        return ask(context, Position(Choose.moving, {TO: chosen.code}))
    return _moved(context, chosen.code)


async def move(_update: Update, context: Context) -> StepResult:
    """Change the area that the question names."""
    return _moved(context, context.position.data[TO])


def _moved(context: Context, code: str) -> StepResult:
    before = context.own_application
    after = area_change.move(before, code)
    context.unit.application = after
    context.unit.dropped_blobs += area_change.dropped_files(before, after)
    if before.area:
        context.unit.audit(AuditAction.AREA_CHANGED, f"{before.area} {code}"[:200])
    view = context.view
    if has_content(after) or not (_still_holds(view) or _still_valid(view)):
        return say_back(ask_next(context), AREA)
    return ask(context, Position(Choose.kept))


async def undo(_update: Update, context: Context) -> StepResult:
    """Go back to the former area, with all that was there."""
    before = context.unit.application
    if before is None or before.former is None or not _can_change(before, context):
        return show_screen(NOTHING)
    context.unit.application = area_change.go_back(before)
    context.unit.audit(AuditAction.AREA_RESTORED, f"{before.area} {before.former.area}"[:200])
    return ask_next(context, Text("area-restored"))


async def keep(_update: Update, context: Context) -> StepResult:
    """Take over what still holds."""
    answers, materials = _still_holds(context.view), _still_valid(context.view)
    context.unit.application = replace(
        context.own_application, answers=answers, materials=materials
    )
    return ask_next(context)


async def leave(_update: Update, context: Context) -> StepResult:
    """Begin with an empty form."""
    return ask_next(context)


def _still_holds(view: View) -> Answers:
    """Return the answers of the former area that hold in the present one."""
    former = view.application.former
    if former is None:
        return {}
    kept = {key: value for key, value in former.answers.items() if key not in ("site", "point")}
    normalized = FORM.normalize(kept, view.answer_context)
    return {key: value for key, value in normalized.items() if former.answers.get(key) == value}


def _still_valid(view: View) -> Materials:
    """Return the materials of the former area that the present one takes as they are."""
    former = view.application.former
    return area_change.still_valid(former.materials, view.materials) if former else {}


def render_moving(view: View) -> Screen:
    """Name what goes, each answer and file, and what stays; then one tap."""
    application, to = view.application, view.exam.area(view.data[TO])
    names = {
        "from": view.area.display_name(view.locale) if view.area else "",
        "to": to.display_name(view.locale) if to else view.data[TO],
    }
    lines = answer_lines(FORM.fields.values(), application.answers, view)
    former = application.former
    comes_back = former is not None and former.area == view.data[TO]
    lost = former is not None and not comes_back
    yes = Button(Text("button-area-move", {"to": names["to"]}), CallbackData(Action.CONFIRM))
    return Screen(
        (
            Text("area-move-ask", names),
            (Text("area-move-goes"), *lines, *_photo(view), *_files(view, application.materials)),
            *((Text("area-move-loses"),) if lost else ()),
            Text("area-move-back" if comes_back else "area-move-stays"),
        ),
        rows(yes, button("area-stay", Action.SKIP), BACK),
    )


def _photo(view: View) -> tuple[Text, ...]:
    """Return a line for the photo of this exam."""
    return (Text("area-move-photo"),) if view.application.photo else ()


def _files(view: View, materials: Materials) -> tuple[Text, ...]:
    """Return a line for each material with files."""
    names = {one.code: one.display_name(view.locale) for one in view.materials}
    return tuple(
        Text("area-move-files", {"name": names.get(code, code), "count": len(kept)})
        for code, kept in materials.items()
        if kept
    )


def render_kept(view: View) -> Screen:
    """Offer the answers of the former area that hold in the new one."""
    area = view.area.display_name(view.locale) if view.area else ""
    lines = answer_lines(FORM.fields.values(), _still_holds(view), view)
    offered = (*lines, *_files(view, _still_valid(view)))
    return Screen(
        (Text("area-kept-ask", {"area": area}), offered, Text("area-kept-what-follows")),
        rows(button("area-keep", Action.CONFIRM), button("area-leave", Action.EDIT), BACK_TO),
    )


FEATURE = Feature(
    anywhere=(
        pressed(Action.GO, change, "change-area"),
        pressed(Action.GO, undo, "area-undo"),
    ),
    questions={
        Choose.moving: Question(
            render_moving,
            pressed(Action.CONFIRM, move),
            pressed(Action.SKIP, leave),
            pressed(Action.BACK, step_to(Position(Choose.area))),
        ),
        Choose.kept: Question(
            render_kept,
            pressed(Action.CONFIRM, keep),
            pressed(Action.EDIT, leave),
            pressed(Action.BACK, step_to(Position(Choose.area))),
        ),
    },
    buttons=(go("change-area"), BACK_TO),
    screens={NOTHING: fixed(Text("area-nothing"), buttons=rows(go("resume"), go("status")))},
)
