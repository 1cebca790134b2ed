"""Materials: the candidate uploads the papers of an area that confirms online (guide, part 2).

The list says what is missing. One material at a time takes files; the candidate views, replaces or
removes them. A change after "all there" needs a new "all there".
"""

from collections.abc import Mapping
from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, go
from handlers.candidate.files import unsorted_materials, uploads
from handlers.candidate.files.material_files import CODE, add_file, keep_files, material_of
from handlers.candidate.files.unsorted_materials import NOTHING_MORE, UNSORTED
from handlers.questions.listing import option_buttons
from handlers.rendering import BACK, WRONG, Screen, View, button, file_screen, rows, time_left
from handlers.replies import ask, ask_again, ask_next, reject, show_screen
from handlers.routing import ExpectedFile, Feature, Question, file, pressed
from handlers.update_context import Context, Scan
from states import materials
from states.exam import Material
from states.fsm_states import Corrections, Materials
from states.photo import KB
from states.progress.next_step import Position
from states.records import MaterialFile, Stage
from states.step_result import StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction

SHOWN = "material-file"
REPLACED = "replaced"
"""The key of position data for the file that the next file replaces."""


def adding(code: str, data: Mapping[str, str] | None = None) -> Position:
    """Return the position that takes files of this material."""
    return Position(Materials.adding, {"material": code, **(data or {})})


async def done(_update: Update, context: Context) -> StepResult:
    """Store that all materials are there; refuse while a required one is missing."""
    if UNSORTED in context.position.data:
        return ask_again(context, Text("materials-which"))
    application = context.own_application
    missing = materials.missing_materials(context.view.materials, application.materials)
    if missing:
        name = missing[0].display_name(context.person.locale)
        return ask_again(context, Problem("problem-materials-missing", {"material": name}))
    return _done(context)


async def take_in_order_and_finish(_update: Update, context: Context) -> StepResult:
    """Take the offered kinds, and store that all materials are there; a refused file stops it."""
    lines = unsorted_materials.sort_in_order(context)
    if not lines:
        return ask_again(context, Text("materials-which"))
    if any(isinstance(line, Problem) for line in lines):
        return ask(context, Position(Materials.listing), *lines)
    return _done(context, *lines)


def _done(context: Context, *lines: Text) -> StepResult:
    context.unit.application = replace(context.own_application, uploaded_at=context.now)
    context.unit.audit(AuditAction.MATERIALS_DONE)
    return ask_next(context, *lines, Text("materials-done"))


async def take(_update: Update, context: Context) -> StepResult:
    """Store a file of the material, or explain why not; the other files stay."""
    scan = context.envelope.file
    asked = material_of(context.view, context.position.data["material"])
    if asked is None:
        return ask_next(context)
    if isinstance(scan, Problem):
        return reject(context, scan)
    if not isinstance(scan, Scan):
        return ask_again(context, Text("scan-not-fetched"))
    kept = context.own_application.materials.get(asked.code, ())
    replaced = _file(kept, context.position.data.get(REPLACED, ""))
    about = uploads.about(context, scan)
    if problems := add_file(context, asked, scan, replaced):
        return reject(context, *problems)
    context.unit.files.append(scan.kept)
    uploads.note(context, scan, offers=True)
    result = Text("material-replaced" if replaced else "material-kept")
    if context.is_of_the_same_album and WRONG in context.position.data:
        # An album has one answer, which is edited: keep its problem with another file.
        position = adding(asked.code, {WRONG: context.position.data[WRONG]})
        return ask(context, position, result, Text("material-album-refused"))
    asked_again = ask(context, adding(asked.code), result, *about)
    return replace(asked_again, effects=(*uploads.offered(context, scan), *asked_again.effects))


async def see(_update: Update, context: Context) -> StepResult:
    """Send a stored file."""
    (code, kept), shown = _opened(context), context.callback.value
    if _file(kept, shown) is None:
        return ask_again(context)
    return show_screen(SHOWN, data={"material": code, "file": shown})


async def exchange(_update: Update, context: Context) -> StepResult:
    """Ask for the file that replaces this one."""
    (code, kept), old = _opened(context), context.callback.value
    replaced = _file(kept, old)
    if replaced is None:
        return ask_again(context)
    number = str(kept.index(replaced) + 1)
    header = Text("material-replace-ask", {"number": number})
    return ask(context, adding(code, {REPLACED: old}), header)


async def remove(_update: Update, context: Context) -> StepResult:
    """Remove a file."""
    code, kept = _opened(context)
    gone = _file(kept, context.callback.value)
    if material_of(context.view, code) is None or gone is None:
        return ask_again(context)
    keep_files(context, code, tuple(one for one in kept if one is not gone))
    return ask(context, adding(code), Text("material-removed"))


async def finish(_update: Update, context: Context) -> StepResult:
    """Open the next missing material, or the list; of a refused application, the refused items."""
    application = context.own_application
    missing = materials.missing_materials(context.view.materials, application.materials)
    is_draft = application.stage is Stage.DRAFT
    if is_draft and missing and missing[0].code != context.position.data["material"]:
        return ask(context, adding(missing[0].code))
    return await to_list(_update, context)


async def to_list(_update: Update, context: Context) -> StepResult:
    """Return to all materials, or to the refused items."""
    is_draft = context.own_application.stage is Stage.DRAFT
    return ask(context, Position(Materials.listing if is_draft else Corrections.listing))


def _opened(context: Context) -> tuple[str, tuple[MaterialFile, ...]]:
    """Return the code of the open material, and its files."""
    code = context.position.data["material"]
    return code, context.own_application.materials.get(code, ())


def _file(files: tuple[MaterialFile, ...], code: str) -> MaterialFile | None:
    """Return the file whose name begins with this code."""
    return next((one for one in files if one.blob[:CODE] == code), None)


def render_listing(view: View) -> Screen:
    """List every material with its state and its limits; files without a kind come first."""
    if UNSORTED in view.data:
        return unsorted_materials.render_unsorted(view)
    asked, have = view.materials, view.application.materials
    lines = tuple(
        (
            Text(
                f"material-line-{_state_of(one, have.get(one.code, ()))}",
                {"material": one.display_name(view.locale), "count": len(have.get(one.code, ()))},
            ),
            Text("material-limits", _limits(one)),
        )
        for one in asked
    )

    sample = (Text("materials-sample"),) if any(one.sample for one in asked) else ()
    missing = len(materials.missing_materials(asked, have))
    how = {0: "materials-complete", 1: "materials-how"}.get(missing, "materials-how-at-once")
    kinds = rows(*option_buttons(view, asked))
    done = replace(button("materials-done", Action.CONFIRM), is_main=not missing)
    buttons = (*kinds, (done,)) if missing else ((done,), *kinds)
    head = (Text("materials-head"), Text(how))
    return Screen((*time_left(view), head, *lines, *sample), (*buttons, (BACK,)))


def render_adding(view: View) -> Screen:
    """Show one material: its limits, and its files with their buttons."""
    asked = material_of(view, view.data["material"])
    if asked is None:  # a new exam file has dropped it meanwhile
        return Screen((Text("material-gone"),), ((BACK,),))
    files = view.application.materials.get(asked.code, ())
    count = Text("material-count", {"count": len(files), "limit": asked.max_files})
    question = Text("material-ask", {"material": asked.display_name(view.locale)})
    each = [
        tuple(
            Button(
                Text(f"button-file-{name}", {"number": str(n)}),
                CallbackData(action, one.blob[:CODE]),
            )
            for name, action in (
                ("see", Action.SEE),
                ("replace", Action.REPLACE),
                ("remove", Action.REMOVE),
            )
        )
        for n, one in enumerate(files, start=1)
    ]
    enough = ((replace(button("material-enough", Action.CONFIRM), is_main=True),),) if files else ()
    return Screen(
        ((question, Text("material-limits", _limits(asked))), count), (*enough, *each, (BACK,))
    )


def render_file(view: View) -> Screen:
    """Show a stored file as a picture or a document.

    Raises:
        LookupError: the candidate removed it meanwhile.
    """
    files = view.application.materials.get(view.data["material"], ())
    shown = _file(files, view.data["file"])
    if shown is None:
        raise LookupError("no such file")
    caption = (Text("material-shown", {"number": str(files.index(shown) + 1)}),)
    return file_screen(caption, shown, rows(go("resume")))


def _state_of(asked: Material, files: tuple[MaterialFile, ...]) -> str:
    if files:
        return "there"
    return "missing" if asked.required else "optional"


def _limits(asked: Material) -> dict[str, Argument]:
    """Return formats, size and number of files, as arguments of a message."""
    return {
        "formats": materials.format_names(asked),
        "mb": f"{asked.max_kb / KB:g}",
        "files": asked.max_files,
    }


FEATURE = Feature(
    questions={
        Materials.listing: Question(
            render_listing,
            pressed(Action.CHOOSE, unsorted_materials.choose),
            pressed(Action.AGREE, take_in_order_and_finish, NOTHING_MORE),
            pressed(Action.AGREE, unsorted_materials.take_in_order),
            pressed(Action.EDIT, unsorted_materials.sort_one_by_one),
            pressed(Action.CONFIRM, done),
            pressed(Action.BACK, unsorted_materials.back),
            file(unsorted_materials.ask_kind, ExpectedFile.SCAN),
        ),
        Materials.adding: Question(
            render_adding,
            file(take, ExpectedFile.SCAN),
            pressed(Action.SEE, see),
            pressed(Action.REPLACE, exchange),
            pressed(Action.REMOVE, remove),
            pressed(Action.CONFIRM, finish),
            pressed(Action.BACK, to_list),
        ),
    },
    screens={SHOWN: render_file},
)
