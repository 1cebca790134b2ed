"""A change of area: what an application leaves behind, and how it comes back (guide, part 3).

The guide clears the form of this exam; account, photo and education records stay. The project keeps
what was cleared until the next submission: going back to that area restores it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from states.records import Application, FormerArea, Materials


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
