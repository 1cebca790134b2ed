"""Files that arrive before their kind is chosen: kept, offered a kind each, or asked one by one.

An album with as many files as kinds are missing is offered in the order of the list. The candidate
agrees with one tap, and may say with it that nothing more comes. Or they say what each file is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.files import uploads
from handlers.candidate.files.material_files import (
    CODE,
    add_file,
    blobs_of,
    material_of,
)
from handlers.candidate.files.uploads import facts_of, kept_scans, packed
from handlers.questions.listing import option_buttons
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.replies import ask, ask_again, reject
from handlers.update_context import Context, Scan
from states.exam import FileFormat, Material
from states.form.fields import joined
from states.fsm_states import Materials, Photo
from states.materials import ScanFacts, kinds_in_order
from states.progress.next_step import Position
from states.step_result import StepResult
from states.texts import Problem, Text

UNSORTED = "unsorted"
"""The key of position data for the files whose kind the candidate has not chosen yet."""
NOTHING_MORE = "complete"
"""The value of the button that agrees to the offer, and says that nothing more comes."""
ONE_BY_ONE = "sorted"
"""The key of position data for the file whose kind is asked: its number (from 1) and its name.

The question hash covers it, so a second tap does not sort the next file.
"""


async def ask_kind(_update: Update, context: Context) -> StepResult:
    """Keep a file whose kind is not chosen yet, and ask for the kind of all such files."""
    scan = context.envelope.file
    if isinstance(scan, Problem):
        return reject(context, scan)
    if not isinstance(scan, Scan):
        return ask_again(context, Text("materials-which"))
    kept = _unsorted(context)
    if all(one.kept.name != scan.kept.name for one in kept):
        context.unit.files.append(scan.kept)
        uploads.note(context, scan)
        kept = (*kept, scan)
    data = {UNSORTED: " ".join(map(packed, kept))}
    return ask(context, Position(Materials.listing, data), *uploads.about(context, scan))


async def choose(_update: Update, context: Context) -> StepResult:
    """Open one kind, which takes the files sent before; or take the kind of one of them."""
    chosen = material_of(context.view, context.callback.value)
    if chosen is None:
        return ask_again(context, Problem("problem-choice"))
    unsorted = _unsorted(context)
    if ONE_BY_ONE in context.position.data and unsorted:
        lines = _sort(context, [(unsorted[0], chosen)])
        return _ask_following(context, unsorted[1:], lines)
    lines = _sort(context, [(scan, chosen) for scan in unsorted], names=False)
    return ask(context, Position(Materials.adding, {"material": chosen.code}), *lines)


async def take_in_order(_update: Update, context: Context) -> StepResult:
    """Take the offered kinds: one file each, in the order of the list."""
    lines = sort_in_order(context)
    if not lines:
        return ask_again(context, Text("materials-which"))
    return ask(context, Position(Materials.listing), *lines)


def sort_in_order(context: Context) -> list[Text]:
    """Add each file to its offered kind; return what became of them, nothing without an offer."""
    unsorted = _unsorted(context)
    kinds = _in_order(context.view, [one.facts for one in unsorted])
    return _sort(context, list(zip(unsorted, kinds, strict=True))) if kinds else []


async def sort_one_by_one(_update: Update, context: Context) -> StepResult:
    """Ask for the kind of each file."""
    unsorted = _unsorted(context)
    return ask(context, asking_one(unsorted, 1)) if unsorted else ask_again(context)


async def back(_update: Update, context: Context) -> StepResult:
    """Return to all files at once, or to the photo; files without a kind are dropped then."""
    if ONE_BY_ONE in context.position.data:
        data = {UNSORTED: context.position.data[UNSORTED]}
        return ask(context, Position(Materials.listing, data), Text("materials-which"))
    used = blobs_of(context.own_application)
    left = [one.kept.name for one in _unsorted(context)]
    context.unit.dropped_blobs += [name for name in left if name not in used]
    return ask(context, Position(Photo.waiting))


def _ask_following(context: Context, left: tuple[Scan, ...], lines: list[Text]) -> StepResult:
    """Ask for the kind of the next file; after the last one show the list."""
    if not left:
        return ask(context, Position(Materials.listing), *lines)
    number = int(context.position.data[ONE_BY_ONE].partition(":")[0]) + 1
    return ask(context, asking_one(left, number), *lines)


def asking_one(scans: Sequence[Scan], number: int) -> Position:
    """Return the position that asks for the kind of the first of these files."""
    asked = f"{number}:{scans[0].kept.name[:CODE]}"
    data = {UNSORTED: " ".join(map(packed, scans)), ONE_BY_ONE: asked}
    return Position(Materials.listing, data)


def _sort(
    context: Context, pairs: list[tuple[Scan, Material]], *, names: bool = True
) -> list[Text]:
    """Add each file to its kind; return what became of them, each sentence once.

    ``names`` says that the sentences name the kind, since the next screen does not.
    """
    kept: list[Text | str] = []
    refused: list[Text] = []
    for scan, kind in pairs:
        name = kind.display_name(context.locale)
        problems = add_file(context, kind, scan)
        if not problems:
            kept.append(name)
            continue
        if scan.kept.name not in blobs_of(context.own_application):
            context.unit.dropped_blobs.append(scan.kept.name)
        head = (Text("material-refused-as", {"material": name}),) if names else ()
        refused += [line for line in (*head, *problems) if line not in refused]
    if not kept:
        return refused
    said = Text("material-kept-as", {"material": joined(kept)}) if names else Text("material-kept")
    return [said, *refused]


def _unsorted(context: Context) -> tuple[Scan, ...]:
    """Return the files whose kind the candidate has not chosen yet."""
    return kept_scans(context, UNSORTED)


def _in_order(view: View, scans: list[ScanFacts]) -> tuple[Material, ...]:
    return kinds_in_order(view.materials, view.application.materials, scans)


# --- screens -------------------------------------------------------------------------------------


def render_unsorted(view: View) -> Screen:
    """Show the files whose kind is open, with the buttons that say it."""
    words = view.data[UNSORTED].split()
    number, _, _ = view.data.get(ONE_BY_ONE, "").partition(":")
    kinds = rows(*option_buttons(view, view.materials))
    if number:
        asked = Text("materials-which-one", {"number": number, "file": _kind_of_file(words[0])})
        return Screen((asked,), (*kinds, (BACK,)))
    offered = _in_order(view, [facts_of(word) for word in words])
    if not offered:
        asked = Text("materials-received", {"count": len(words)})
        each = rows(button("materials-each", Action.EDIT)) if len(words) > 1 else ()
        return Screen((asked,), (*kinds, *each, (BACK,)))
    lines = tuple(
        Text(
            "materials-offered-line",
            {
                "number": str(n),
                "file": _kind_of_file(word),
                "material": kind.display_name(view.locale),
            },
        )
        for n, (word, kind) in enumerate(zip(words, offered, strict=True), start=1)
    )
    asked = Text("materials-offered", {"count": len(words)})
    # The offer has a file for each required kind that is missing.
    complete = replace(button("materials-all-in-order", Action.AGREE, NOTHING_MORE), is_main=True)
    agree = button("materials-in-order", Action.AGREE)
    other = button("materials-one-by-one", Action.EDIT)
    return Screen(
        (asked, lines, Text("materials-or-all")), (*rows(complete, agree, other), *kinds, (BACK,))
    )


def _kind_of_file(word: str) -> Text:
    facts = facts_of(word)
    if facts.format is FileFormat.PDF:
        return Text("file-is-pdf", {"pages": facts.pages})
    return Text("file-is-picture")
