"""The albums above a card: the portrait with the scanned pictures, then the PDFs.

An album is one call of the Bot API, and holds pictures or documents, not both
(https://core.telegram.org/bots/api#sendmediagroup).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.rendering import AlbumItem, Paper, Portrait, View
from handlers.replies import replace_message
from states.records import PDF, Application, MaterialFile
from states.step_result import Effect, ShowScreen
from states.texts import Text
from storage.candidates import papers
from storage.engine.tables import MOST_OF_AN_ALBUM
from storage.staff.access.staff_view import StaffView
from storage.staff.cases.cards import APPLICATION, MOST_ALBUMS, album_slot

ALBUM = "card-album"
NUMBER = "number"
"""The key of a screen's data for the number of the album."""
ORIGINAL = "original"
"""The key of a screen's data that is there if PDFs come as they are."""


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """The portrait (``file`` is None), or file ``number`` of ``count`` of a material's ``code``."""

    code: str = ""
    file: MaterialFile | None = None
    number: int = 1
    count: int = 1


def albums(application: Application) -> list[list[ReviewedFile]]:
    """Return the albums of an application, at most ``MOST_ALBUMS``; none without any file."""
    files = [
        ReviewedFile(code, file, number, len(kept))
        for code, kept in application.materials.items()
        for number, file in enumerate(kept, start=1)
    ]
    documents = [one for one in files if one.file is not None and one.file.kind == PDF]
    portrait = [ReviewedFile()] if application.photo else []
    pictures = [*portrait, *(one for one in files if one not in documents)]
    groups = [
        group[start : start + MOST_OF_AN_ALBUM]
        for group in (pictures, documents)
        for start in range(0, len(group), MOST_OF_AN_ALBUM)
    ]
    return groups[:MOST_ALBUMS]


def show_albums(application: Application, *, anew: bool = False) -> tuple[Effect, ...]:
    """Return the effects that send the albums; ``anew`` replaces them, with PDFs as they are."""
    effects: list[Effect] = []
    for number in range(len(albums(application))):
        data = {APPLICATION: str(application.id), NUMBER: str(number)}
        data |= {ORIGINAL: "yes"} if anew else {}
        shown = ShowScreen(ALBUM, data, slot=album_slot(application.id, number))
        effects += replace_message(shown) if anew else (shown,)
    return tuple(effects)


async def album_items(
    staff_view: StaffView, view: View, shown: Sequence[ReviewedFile]
) -> tuple[AlbumItem, ...]:
    """Return the items of an album in the candidate's view; pages of PDFs come upright."""
    pdfs = [one.file.blob for one in shown if one.file is not None and one.file.kind == PDF]
    turns = await papers.turns(staff_view.connection, staff_view.keyring, pdfs)
    return tuple(_album_item(view, one, turns) for one in shown)


def _album_item(view: View, shown: ReviewedFile, turns: Mapping[str, tuple[int, ...]]) -> AlbumItem:
    """Return one item: the portrait, or a file of a material with its name."""
    if shown.file is None:
        return AlbumItem(Text("item-photo"), Portrait(view.application.photo or ""))
    names = {one.code: one.display_name(view.locale) for one in view.materials}
    place = {"number": str(shown.number), "count": str(shown.count)}
    caption = Text("card-paper", {"name": names.get(shown.code, shown.code), **place})
    blob = shown.file.blob
    if shown.file.kind != PDF:
        return AlbumItem(caption, Portrait(blob))
    return AlbumItem(caption, Paper(blob, caption, ORIGINAL in view.data, turns.get(blob, ())))
