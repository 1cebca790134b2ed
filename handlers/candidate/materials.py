"""The candidate uploads the papers that an area asks for which confirms online (guide, part 2).

The list says what is missing; one kind at a time takes files, which can be looked at, replaced and
removed. "All there" ends it; whatever is changed afterwards has to be ended again.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, go
from handlers.rendering import (
    BACK,
    WRONG,
    Paper,
    Portrait,
    Screen,
    View,
    button,
    rows,
    time_left,
)
from handlers.routing import ExpectedFile, Feature, file, pressed
from handlers.update_context import Context, Scan
from states import materials
from states.exam import Material
from states.flow import Position
from states.photo import KB
from states.records import PDF, Application, MaterialFile, Stage
from states.state_groups import Materials, Mend, Photo
from states.step_result import ShowScreen, StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction

SHOWN = "material-file"
REPLACED = "replaced"
"""In a place: the file that the next one takes the place of."""
CODE = 16
"""Signs of a file's name that tell it from the others of its kind. A number would not do: when the
first file is removed, the second one is the first, and another tap would remove that too."""


# --- the list ------------------------------------------------------------------------------------


async def choose(_update: Update, context: Context) -> StepResult:
    """One kind of paper."""
    chosen = _material(context, context.callback.value)
    if chosen is None:
        return context.stay(Problem("problem-choice"))
    return context.ask(Position(Materials.adding, {"material": chosen.code}))


async def done(_update: Update, context: Context) -> StepResult:
    """Everything is there, if nothing that is required is missing."""
    application = context.own_application
    missing = materials.missing_materials(_asked(context), application.materials)
    if missing:
        name = missing[0].display_name(context.person.locale)
        return context.stay(Problem("problem-materials-missing", {"material": name}))
    context.unit.application = replace(application, uploaded_at=context.now)
    context.unit.audit(AuditAction.MATERIALS_DONE)
    return context.onward(Text("materials-done"))


async def which(_update: Update, context: Context) -> StepResult:
    """A file, but of what? Nothing is fetched before that is said."""
    return context.stay(Text("materials-which"))


async def to_photo(_update: Update, context: Context) -> StepResult:
    """The photo, which came before."""
    return context.ask(Position(Photo.waiting))


# --- one kind ------------------------------------------------------------------------------------


async def take(_update: Update, context: Context) -> StepResult:
    """A file of the kind: kept, or why not; the others stay whatever happens."""
    scan, asked = context.envelope.file, _material(context, context.position.data["material"])
    if asked is None:
        return context.onward()
    if isinstance(scan, Problem):
        return context.refuse(scan)
    if not isinstance(scan, Scan):
        return context.stay(Text("scan-not-fetched"))
    kept = context.own_application.materials.get(asked.code, ())
    replaced = _file(kept, context.position.data.get(REPLACED, ""))
    problems = materials.check_scan(scan.facts, asked, len(kept) - (replaced is not None))
    if any(one.blob == scan.kept.name for one in kept):
        problems = (Problem("problem-scan-known"),)
    if problems:
        return context.refuse(*problems)
    context.unit.files.append(scan.kept)
    new = MaterialFile(scan.kept.name, scan.kept.kind, scan.kept.size)
    after = tuple(new if one is replaced else one for one in kept)
    _keep(context, asked, after if replaced else (*kept, new))
    said = Text("material-replaced" if replaced else "material-kept")
    at = {"material": asked.code}
    if context.is_of_the_same_album and WRONG in context.position.data:
        # The answer to an album is one that changes: what it said of another file must not go.
        at[WRONG] = context.position.data[WRONG]
        return context.ask(Position(Materials.adding, at), said, Text("material-album-refused"))
    return context.ask(Position(Materials.adding, at), said)


async def see(_update: Update, context: Context) -> StepResult:
    """A file as it is kept."""
    code, shown = context.position.data["material"], context.callback.value
    if _file(context.own_application.materials.get(code, ()), shown) is None:
        return context.stay()
    return StepResult(effects=(ShowScreen(SHOWN, {"material": code, "file": shown}),))


async def exchange(_update: Update, context: Context) -> StepResult:
    """The next file takes the place of this one."""
    code, old = context.position.data["material"], context.callback.value
    kept = context.own_application.materials.get(code, ())
    replaced = _file(kept, old)
    if replaced is None:
        return context.stay()
    place = Position(Materials.adding, {"material": code, REPLACED: old})
    number = str(kept.index(replaced) + 1)
    return context.ask(place, Text("material-replace-ask", {"number": number}))


async def remove(_update: Update, context: Context) -> StepResult:
    """A file goes."""
    asked = _material(context, context.position.data["material"])
    kept = context.own_application.materials.get(asked.code, ()) if asked else ()
    gone = _file(kept, context.callback.value)
    if asked is None or gone is None:
        return context.stay()
    _keep(context, asked, tuple(one for one in kept if one is not gone))
    place = Position(Materials.adding, {"material": asked.code})
    return context.ask(place, Text("material-removed"))


async def enough(_update: Update, context: Context) -> StepResult:
    """This kind is there: the next that is required and missing, or the list; or what is mended."""
    if context.own_application.stage is not Stage.DRAFT:
        return context.ask(Position(Mend.listing))
    missing = materials.missing_materials(_asked(context), context.own_application.materials)
    if missing and missing[0].code != context.position.data["material"]:
        return context.ask(Position(Materials.adding, {"material": missing[0].code}))
    return context.ask(Position(Materials.listing))


async def to_list(_update: Update, context: Context) -> StepResult:
    """Back to all kinds, or to all that was refused."""
    is_draft = context.own_application.stage is Stage.DRAFT
    return context.ask(Position(Materials.listing if is_draft else Mend.listing))


def _keep(context: Context, asked: Material, files: tuple[MaterialFile, ...]) -> None:
    """The files of a kind; what nothing refers to any more is let go."""
    application = context.own_application
    changed = {**application.materials, asked.code: files}
    if not files:
        del changed[asked.code]
    gone = _blobs(application) - {one.blob for kept in changed.values() for one in kept}
    context.unit.dropped_blobs += sorted(gone)
    # What is mended is said to be there by handing it in again.
    uploaded_at = None if application.stage is Stage.DRAFT else application.uploaded_at
    context.unit.application = replace(application, materials=changed, uploaded_at=uploaded_at)


def _blobs(application: Application) -> set[str]:
    return {one.blob for kept in application.materials.values() for one in kept}


def _asked(context: Context) -> tuple[Material, ...]:
    area = context.exam.area(context.own_application.area)
    return area.materials if area else ()


def _material(context: Context, code: str) -> Material | None:
    return next((one for one in _asked(context) if one.code == code), None)


def _file(files: tuple[MaterialFile, ...], code: str) -> MaterialFile | None:
    """The file whose name begins so."""
    return next((one for one in files if one.blob[:CODE] == code), None)


def render_listing(view: View) -> Screen:
    """Every kind, whether it is there, and what it may be."""
    asked = view.area.materials if view.area else ()
    have = view.application.materials
    lines = tuple(
        (
            Text(
                f"material-line-{_standing(one, have.get(one.code, ()))}",
                {"material": one.display_name(view.locale), "count": len(have.get(one.code, ()))},
            ),
            Text("material-limits", _limits(one)),
        )
        for one in asked
    )
    kinds = [
        Button(one.display_name(view.locale), CallbackData(Action.CHOOSE, one.code))
        for one in asked
    ]
    sample = (Text("materials-sample"),) if any(one.sample for one in asked) else ()
    return Screen(
        (*time_left(view), Text("materials-head"), *lines, *sample),
        (*rows(*kinds), (button("materials-done", Action.CONFIRM),), (BACK,)),
    )


def render_adding(view: View) -> Screen:
    """One kind: what it may be, what is there, and what can be done with each file."""
    among = view.area.materials if view.area else ()
    asked = next((one for one in among if one.code == view.data["material"]), None)
    if asked is None:  # the exam file has dropped it while somebody was here
        return Screen((Text("material-gone"),), ((BACK,),))
    files = view.application.materials.get(asked.code, ())
    count = Text("material-count", {"count": len(files), "limit": asked.max_files})
    name = Text("material-ask", {"material": asked.display_name(view.locale)})
    each = [
        tuple(
            Button(
                Text(f"button-file-{what}", {"number": str(n)}), CallbackData(verb, one.blob[:CODE])
            )
            for what, verb in (
                ("see", Action.SEE),
                ("replace", Action.REPLACE),
                ("remove", Action.REMOVE),
            )
        )
        for n, one in enumerate(files, start=1)
    ]
    enough = ((button("material-enough", Action.CONFIRM),),) if files else ()
    return Screen(
        ((name, Text("material-limits", _limits(asked))), count),
        (*each, *enough, (BACK,)),
    )


def render_file(view: View) -> Screen:
    """A file as it is kept: a picture, or a document.

    Raises:
        LookupError: it was removed meanwhile.
    """
    files = view.application.materials.get(view.data["material"], ())
    shown = _file(files, view.data["file"])
    if shown is None:
        raise LookupError("no such file")
    said = (Text("material-shown", {"number": str(files.index(shown) + 1)}),)
    ways = rows(go("resume"))
    if shown.kind == PDF:
        return Screen(said, ways, document=Paper(shown.blob))
    return Screen(said, ways, picture=Portrait(shown.blob))


def _standing(asked: Material, files: tuple[MaterialFile, ...]) -> str:
    if files:
        return "there"
    return "missing" if asked.required else "optional"


def _limits(asked: Material) -> dict[str, Argument]:
    """Formats, size and number of files, as arguments of a message."""
    return {
        "formats": materials.format_names(asked),
        "mb": f"{asked.max_kb / KB:g}",
        "files": asked.max_files,
    }


FEATURE = Feature(
    routes={
        Materials.listing: (
            pressed(Action.CHOOSE, choose),
            pressed(Action.CONFIRM, done),
            pressed(Action.BACK, to_photo),
            file(which, None),
        ),
        Materials.adding: (
            file(take, ExpectedFile.SCAN),
            pressed(Action.SEE, see),
            pressed(Action.REPLACE, exchange),
            pressed(Action.REMOVE, remove),
            pressed(Action.CONFIRM, enough),
            pressed(Action.BACK, to_list),
        ),
    },
    screens={
        Materials.listing: render_listing,
        Materials.adding: render_adding,
        SHOWN: render_file,
    },
)
