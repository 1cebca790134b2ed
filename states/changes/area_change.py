"""A change of area: what an application leaves behind, and how it comes back (guide, part 3).

The guide clears the form of this exam; account, photo and education records stay. The project keeps
what was cleared until the next submission: going back to that area restores it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from states.exam import FileFormat, Material
from states.materials import check_size
from states.records import PDF, Application, FormerArea, MaterialFile, Materials


def has_content(application: Application) -> bool:
    """Return whether a change of area would clear anything."""
    return bool(application.answers or application.photo or _names(application.materials))


def move(application: Application, area: str) -> Application:
    """Return the application in another area: as it was there before, or empty.

    An area without content is not worth a way back: the one before it stays the former.
    """
    former = application.former
    if former is not None and former.area == area:
        return go_back(application)
    left = _snapshot(application) if has_content(application) else former
    return _filled(application, FormerArea(area), left)


def go_back(application: Application) -> Application:
    """Return the application as it was in its former area, which becomes the present one.

    Raises:
        LookupError: it has no former area.
    """
    former = application.former
    if former is None:
        raise LookupError("no former area")
    return _filled(application, former, _snapshot(application))


def dropped_files(before: Application, after: Application) -> list[str]:
    """Return the files that an application referred to, and does not any more."""
    kept = set(_files(after))
    return [name for name in dict.fromkeys(_files(before)) if name not in kept]


def _files(application: Application) -> Iterator[str]:
    """Yield the scans of the present and of the former area; the photo belongs to the person."""
    yield from _names(application.materials)
    if application.former is not None:
        yield from _names(application.former.materials)


def kept_files(application: Application) -> frozenset[str]:
    """Return the files that the former area needs, so that nothing may drop them."""
    former = application.former
    if former is None:
        return frozenset()
    return frozenset((*_names(former.materials), *((former.photo,) if former.photo else ())))


def still_valid(materials: Materials, asked: Sequence[Material]) -> Materials:
    """Return those of the former area's materials that the new area asks for and takes as they are.

    A material is taken with all its files or not at all.
    """
    found = {one.code: materials.get(one.code, ()) for one in asked}
    return {
        one.code: found[one.code]
        for one in asked
        if found[one.code] and _takes(one, found[one.code])
    }


def _takes(asked: Material, files: Sequence[MaterialFile]) -> bool:
    """Return whether an area takes these files: their number, their sizes, and any PDF."""
    return len(files) <= asked.max_files and all(
        check_size(file.size, asked, is_pdf=file.kind == PDF) is None
        and (file.kind != PDF or FileFormat.PDF in asked.formats)
        for file in files
    )


def _names(materials: Materials) -> list[str]:
    return [file.blob for files in materials.values() for file in files]


def _snapshot(application: Application) -> FormerArea:
    return FormerArea(
        application.area,
        application.agreed,
        application.agreed_at,
        application.answers,
        application.photo,
        application.materials,
        application.uploaded_at,
    )


def _filled(
    application: Application, content: FormerArea, former: FormerArea | None
) -> Application:
    return replace(
        application,
        area=content.area,
        agreed=content.agreed,
        agreed_at=content.agreed_at,
        answers=content.answers,
        photo=content.photo,
        materials=content.materials,
        uploaded_at=content.uploaded_at,
        former=former,
    )
