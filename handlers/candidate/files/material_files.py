"""The files of an application's materials: added by the rules, replaced, dropped."""

from __future__ import annotations

from dataclasses import replace

from handlers.candidate.files.uploads import read_later
from handlers.rendering import View
from handlers.update_context import Context, Scan
from states import materials
from states.exam import Material
from states.records import Application, MaterialFile, Stage
from states.texts import Problem

CODE = 16
"""Letters of a blob name that identify a file of a material.

A number would not do: it changes when the candidate removes a file, and a second tap would remove
the next file.
"""


def material_of(view: View, code: str) -> Material | None:
    """Return the material of this code that the area asks for."""
    return next((one for one in view.materials if one.code == code), None)


def add_file(
    context: Context, asked: Material, scan: Scan, replaced: MaterialFile | None = None
) -> tuple[Problem, ...]:
    """Add a file to a material, or put it in another's place; return the problems if it has any."""
    kept = context.own_application.materials.get(asked.code, ())
    problems = materials.check_scan(scan.facts, asked, len(kept) - (replaced is not None))
    if any(one.blob == scan.kept.name for one in kept):
        problems = (Problem("problem-scan-known"),)
    if not problems:
        new = MaterialFile(scan.kept.name, scan.kept.kind, scan.kept.size)
        after = tuple(new if one is replaced else one for one in kept)
        keep_files(context, asked.code, after if replaced else (*kept, new))
        read_later(context, new.blob)
    return problems


def keep_files(context: Context, code: str, files: tuple[MaterialFile, ...]) -> None:
    """Store the files of a material; drop the blobs that nothing refers to any more."""
    application = context.own_application
    changed = {**application.materials, code: files}
    if not files:
        del changed[code]
    gone = blobs_of(application) - {one.blob for kept in changed.values() for one in kept}
    context.unit.dropped_blobs += sorted(gone)
    # The candidate declares corrected materials complete by submitting again.
    uploaded_at = None if application.stage is Stage.DRAFT else application.uploaded_at
    context.unit.application = replace(application, materials=changed, uploaded_at=uploaded_at)


def blobs_of(application: Application) -> set[str]:
    """Return the names of all files of the application's materials."""
    return {one.blob for kept in application.materials.values() for one in kept}
