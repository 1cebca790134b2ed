"""A paper is shown as it is kept, under a name that says nothing of it."""

from __future__ import annotations

import pytest

from bot.delivery.renderer import ApiCall, Renderer
from handlers.rendering import Paper, Portrait, Screen, View
from states.records import Records
from states.step_result import EditScreen, ShowScreen
from states.texts import Text
from storage.candidates.blobs import BlobMissing, Blobs
from storage.data_export import DataExport
from tests import scans
from tests.bot.people import (
    EXAM,
    IDENTITY,
    KEYRING,
    LING,
    OPEN,
    TRANSLATIONS,
    person,
)

pytestmark = pytest.mark.row("S11")

SAID = Text("material-shown", {"number": "1"})


def draw_paper(view: View) -> Screen:
    """A PDF."""
    return Screen((SAID,), document=Paper(view.data["blob"]))


def draw_picture(view: View) -> Screen:
    """A picture of a paper."""
    return Screen((SAID,), picture=Portrait(view.data["blob"]))


async def exports_nothing(chat_id: int) -> DataExport:
    """A paper needs no dossier."""
    raise LookupError(chat_id)


@pytest.fixture
def blobs() -> Blobs:
    return Blobs.at("memory://", KEYRING)


@pytest.fixture
def renderer(blobs: Blobs) -> Renderer:
    screens = {"paper": draw_paper, "picture": draw_picture}
    return Renderer(TRANSLATIONS, EXAM, blobs, screens, exports_nothing)


async def shown(renderer: Renderer, effect: ShowScreen | EditScreen, locale: str = "en") -> ApiCall:
    """The call that shows it to Ling; an edit finds its message."""
    edited = effect.message_id if isinstance(effect, EditScreen) else None
    return await renderer.call(effect, LING, Records(person(locale)), OPEN, edited)


@pytest.mark.parametrize("locale", TRANSLATIONS.locales)
async def test_a_pdf_is_a_document_with_the_words_below(
    renderer: Renderer, blobs: Blobs, locale: str
) -> None:
    name = await blobs.put(65, scans.pdf(), EXAM.key)
    call = await shown(renderer, ShowScreen("paper", {"blob": name}), locale)
    assert (call.method, call.params["chat_id"]) == ("sendDocument", LING)
    assert call.params["caption"] == TRANSLATIONS.html(SAID, locale)
    assert "text" not in call.params
    ((part, content),) = call.files.items()
    assert content == scans.pdf()
    assert call.params["document"] == f"attach://{part}"


async def test_its_name_says_neither_who_nor_what_nor_all_of_its_own(
    renderer: Renderer, blobs: Blobs
) -> None:
    """It ends up in the downloads of a phone that others look at."""
    name = await blobs.put(65, scans.pdf(), EXAM.key)
    call = await shown(renderer, ShowScreen("paper", {"blob": name}), "zh-CN")
    (part,) = call.files
    assert part == f"{name[:8]}.pdf"
    assert part.isascii()
    for secret in (name, IDENTITY.name, IDENTITY.id_number, str(LING), EXAM.key):
        assert secret not in part


async def test_two_papers_have_two_names(renderer: Renderer, blobs: Blobs) -> None:
    parts: set[str] = set()
    for pages in (1, 2):
        name = await blobs.put(65, scans.pdf(pages), EXAM.key)
        call = await shown(renderer, ShowScreen("paper", {"blob": name}))
        parts |= call.files.keys()
    assert len(parts) == 2


async def test_a_picture_of_a_paper_is_a_picture(renderer: Renderer, blobs: Blobs) -> None:
    name = await blobs.put(65, b"a picture", EXAM.key)
    call = await shown(renderer, ShowScreen("picture", {"blob": name}))
    assert (call.method, call.files) == ("sendPhoto", {"photo": b"a picture"})


async def test_a_paper_in_place_of_a_message_is_sent_anew(renderer: Renderer, blobs: Blobs) -> None:
    """Telegram makes no document of a text."""
    name = await blobs.put(65, scans.pdf(), EXAM.key)
    call = await shown(renderer, EditScreen("paper", data={"blob": name}, message_id=7))
    assert call.method == "sendDocument"
    assert "message_id" not in call.params


async def test_a_paper_that_is_gone_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(BlobMissing):
        await shown(renderer, ShowScreen("paper", {"blob": "0" * 64}))
