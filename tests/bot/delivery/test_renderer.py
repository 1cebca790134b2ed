"""A decision becomes one call of the Bot API, in the person's language."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.delivery.i18n import MissingTranslation
from bot.delivery.renderer import ApiCall, Renderer
from bot.media.media_worker import WorkerUnavailable
from bot.media.unreadable import UnreadablePicture
from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go, question_hash_of
from handlers.rendering import AlbumItem, Export, Overtaken, Paper, Portrait, Process, Screen, View
from states.fsm_states import Form, Home
from states.progress.process_steps import StepStatus
from states.records import Records
from states.step_result import DeleteMessage, EditScreen, LeaveChat, ShowScreen
from states.texts import Problem, Text
from storage.candidates.blobs import BlobMissing, Blobs
from storage.data_export import DataExport, NobodyKnown
from tests.fakes.router import KEYRING, TRANSLATIONS
from tests.handlers.people import EXAM, LING, OPEN, person

NEXT = Button(Text("button-keep"), CallbackData(Action.CONFIRM))


def _plain(view: View) -> Screen:
    return Screen((Text("cancel-done"), "西宁 <1>", ("one", "two")))


def _question(view: View) -> Screen:
    return Screen((Text("back-nothing"),), ((NEXT,), (), (go("menu"), go("help"))))


def _portrait(view: View) -> Screen:
    return Screen((Text("photo-confirm"),), ((NEXT,),), Portrait(view.data["portrait"]))


def _process(view: View) -> Screen:
    nodes = ((Text("station-form"), StepStatus.DONE), (Text("station-submit"), StepStatus.CURRENT))
    return Screen((Text("cancel-done"),), (), Process(Text("status-title", {"exam": "X"}), nodes))


def _export(view: View) -> Screen:
    return Screen((Text("cancel-done"),), (), document=Export())


def _paper(view: View) -> Screen:
    return Screen((Text("cancel-done"),), ((NEXT,),), document=Paper(view.data["blob"]))


def _wordless(view: View) -> Screen:
    return Screen((Text("no-such-words"),))


def _wide(view: View) -> Screen:
    short, long = Button("一二三四五六七八九X", NEXT.callback), Button("x" * 20, NEXT.callback)
    return Screen((Text("cancel-done"),), ((short, short), (short, long), (long,)))


def _long(view: View) -> Screen:
    spare = tuple("🙂" * int(length) for length in view.data["lengths"].split())
    return Screen((Text("cancel-done"),), ((NEXT,),), spare=spare, more=MORE)


def _album(view: View) -> Screen:
    blob, is_paper = view.data["blob"], view.data["kind"] == "paper"
    content = Paper(blob, f"a/b {view.data['count']}") if is_paper else Portrait(blob)
    return Screen(
        (), album=tuple(AlbumItem(f"{n}", content) for n in range(int(view.data["count"])))
    )


MORE = Button("more", NEXT.callback)
QUESTION = str(Form.asking.state)
MENU = str(Home.menu.state)
SCREENS = {
    "plain": _plain,
    QUESTION: _question,
    MENU: _question,
    "named": _question,
    "portrait": _portrait,
    "process": _process,
    "export": _export,
    "paper": _paper,
    "wordless": _wordless,
    "wide": _wide,
    "long": _long,
    "album": _album,
}
ENGLISH, CHINESE = Records(person("en")), Records(person("zh-CN"))


@pytest.fixture
def blobs() -> Blobs:
    return Blobs.at("memory://", KEYRING)


@pytest.fixture
def renderer(blobs: Blobs) -> Renderer:
    return Renderer(TRANSLATIONS, EXAM, blobs, SCREENS, kept_of)


async def kept_of(chat_id: int) -> DataExport:
    """Ling's dossier, and nobody else's."""
    if chat_id != LING:
        raise NobodyKnown(chat_id)
    return DataExport(person("en"))


async def call(
    renderer: Renderer,
    effect: ShowScreen | EditScreen | DeleteMessage | LeaveChat,
    records: Records = ENGLISH,
    slot_message: int | None = None,
) -> ApiCall:
    return await renderer.call(effect, LING, records, OPEN, slot_message)


def keyboard(made: ApiCall) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = made.params["reply_markup"]["inline_keyboard"]
    return rows


async def test_leads_stand_above_paragraphs_and_lines_stay_together(renderer: Renderer) -> None:
    made = await call(
        renderer, ShowScreen("plain", header_lines=(Text("photo-kept"), Text("opening-noted")))
    )
    assert made.method == "sendMessage"
    kept, noted, done, rest = made.params["text"].split("\n\n", 3)
    assert [kept, noted] == [
        TRANSLATIONS.html(Text(k), "en") for k in ("photo-kept", "opening-noted")
    ]
    assert done == TRANSLATIONS.html(Text("cancel-done"), "en")
    assert rest == "西宁 &lt;1&gt;\n\none\ntwo"
    assert made.params["parse_mode"] == "HTML"
    assert made.params["chat_id"] == LING


@pytest.mark.row("C2")
async def test_telegram_fetches_no_page_that_words_of_others_name(renderer: Renderer) -> None:
    for effect, slot in ((ShowScreen("plain"), None), (EditScreen("plain", "slot"), 7)):
        made = await call(renderer, effect, slot_message=slot)
        assert made.params["link_preview_options"] == {"is_disabled": True}


async def test_everybody_reads_their_own_language(renderer: Renderer) -> None:
    for records, said in (
        (ENGLISH, "Keep it, go on"),
        (CHINESE, "不改，继续"),
        (Records(), "不改，继续"),
    ):
        made = await call(renderer, ShowScreen(QUESTION, {"field": "employer"}), records)
        assert keyboard(made)[0][0]["text"] == said


async def test_buttons_that_would_be_cut_off_on_a_phone_get_rows_of_their_own(
    renderer: Renderer,
) -> None:
    made = keyboard(await call(renderer, ShowScreen("wide")))
    assert [len(row) for row in made] == [2, 1, 1, 1]


async def test_a_screen_without_buttons_has_no_keyboard(renderer: Renderer) -> None:
    assert "reply_markup" not in (await call(renderer, ShowScreen("plain"))).params


async def test_buttons_carry_the_mark_of_their_question(renderer: Renderer) -> None:
    at = {"field": "employer"}
    made = await call(renderer, ShowScreen(QUESTION, at))
    assert [[b["callback_data"] for b in row] for row in keyboard(made)] == [
        [f"k:{question_hash_of(Form.asking, at)}:"],
        ["g:*:menu", "g:*:help"],
    ]


async def test_buttons_of_a_screen_that_is_no_question_work_anywhere(renderer: Renderer) -> None:
    made = await call(renderer, ShowScreen("named"))
    assert keyboard(made)[0][0]["callback_data"] == f"k:{ANYWHERE}:"


async def test_an_edit_changes_its_message_or_is_sent_anew(renderer: Renderer) -> None:
    edit = EditScreen("plain", "status")
    changed = await call(renderer, edit, slot_message=77)
    assert (changed.method, changed.params["message_id"]) == ("editMessageText", 77)
    anew = await call(renderer, edit)
    assert anew.method == "sendMessage"
    assert "message_id" not in anew.params


async def test_what_was_tapped_is_changed_in_that_very_message(renderer: Renderer) -> None:
    """Whatever the newest message of a slot is."""
    at = {"field": "employer"}
    edit = EditScreen(QUESTION, data=at, message_id=77)
    made = await call(renderer, edit, slot_message=edit.message_id)
    assert (made.method, made.params["message_id"]) == ("editMessageText", 77)
    assert keyboard(made)[0][0]["callback_data"] == f"k:{question_hash_of(Form.asking, at)}:"
    assert edit.as_new() == ShowScreen(QUESTION, at)


async def test_a_picture_in_place_of_a_message_is_sent_anew(
    renderer: Renderer, blobs: Blobs
) -> None:
    name = await blobs.put(65, b"a portrait")
    made = await call(
        renderer, EditScreen("portrait", "album", {"portrait": name}), slot_message=77
    )
    assert made.method == "sendPhoto"
    assert "message_id" not in made.params


async def test_a_portrait_is_opened_and_uploaded(renderer: Renderer, blobs: Blobs) -> None:
    name = await blobs.put(65, b"a portrait")
    made = await call(renderer, ShowScreen("portrait", {"portrait": name}))
    assert made.method == "sendPhoto"
    assert made.files == {"photo": b"a portrait"}
    assert "text" not in made.params
    assert made.params["caption"] == TRANSLATIONS.html(Text("photo-confirm"), "en")


async def test_a_portrait_that_is_gone_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(BlobMissing):
        await call(renderer, ShowScreen("portrait", {"portrait": "0" * 64}))


async def test_the_process_is_drawn_in_the_readers_language(renderer: Renderer) -> None:
    english = await call(renderer, ShowScreen("process"))
    chinese = await call(renderer, ShowScreen("process"), CHINESE)
    again = await call(renderer, ShowScreen("process"), CHINESE)
    assert english.files["photo"].startswith(b"\x89PNG")
    assert english.files["photo"] != chinese.files["photo"] == again.files["photo"]


async def test_erasing_and_leaving_need_no_screen(renderer: Renderer) -> None:
    erased = await call(renderer, DeleteMessage(9))
    assert (erased.method, erased.params) == ("deleteMessage", {"chat_id": LING, "message_id": 9})
    left = await call(renderer, LeaveChat(-5))
    assert (left.method, left.params) == ("leaveChat", {"chat_id": -5})


async def test_messages_of_an_album_are_deleted_by_one_call(renderer: Renderer) -> None:
    erased = await call(renderer, DeleteMessage(9, others=(10, 12)))
    assert erased.method == "deleteMessages"
    assert erased.params == {"chat_id": LING, "message_ids": [9, 10, 12]}


async def test_an_album_is_one_call_with_a_caption_for_each_item(
    renderer: Renderer, blobs: Blobs
) -> None:
    blob = await blobs.put(64, b"picture")
    data = {"kind": "picture", "count": "3", "blob": blob}
    made = await call(renderer, ShowScreen("album", data))
    assert made.method == "sendMediaGroup"
    assert [one["type"] for one in made.params["media"]] == ["photo"] * 3
    assert [one["caption"] for one in made.params["media"]] == ["0", "1", "2"]
    uploads = [one["media"].removeprefix("attach://") for one in made.params["media"]]
    assert {name: made.files[name] for name in uploads} == dict.fromkeys(uploads, b"picture")


@pytest.mark.parametrize(
    ("kind", "method", "field"),
    [("picture", "sendPhoto", "photo"), ("paper", "sendDocument", "document")],
)
async def test_an_album_of_one_item_is_that_item_since_telegram_takes_two_at_least(
    renderer: Renderer, blobs: Blobs, kind: str, method: str, field: str
) -> None:
    blob = await blobs.put(64, b"content")
    made = await call(renderer, ShowScreen("album", {"kind": kind, "count": "1", "blob": blob}))
    assert made.method == method
    assert made.params["caption"] == "0"
    ((name, content),) = made.files.items()
    assert made.params[field] == f"attach://{name}"
    assert content == b"content"
    assert kind != "paper" or name == "a-b-1.pdf", "a paper has the name of its material"


@pytest.mark.parametrize(
    ("pages", "kinds"),
    [
        (3, ["photo"] * 6),
        (5, ["photo"] * 10),
        (6, ["document"] * 2),
        ("broken", ["document"] * 2),
        ("no worker", ["document"] * 2),
        ("slow", ["document"] * 2),
    ],
)
async def test_pdfs_are_shown_page_by_page_where_an_album_has_room_and_else_as_they_are(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch, pages: int | str, kinds: list[str]
) -> None:
    async def drawn(_content: bytes, most: int, _turns: Sequence[int]) -> list[bytes]:
        match pages:
            case "broken":
                raise UnreadablePicture(Problem("problem-scan-pdf-broken"))
            case "no worker":
                raise WorkerUnavailable
            case "slow":
                await asyncio.Event().wait()
        count = int(pages)
        return [b"page"] * count if count <= most else []

    monkeypatch.setattr("bot.delivery.renderer.PAGES_SECONDS", 0.1 if pages == "slow" else 5.0)
    renderer = Renderer(TRANSLATIONS, EXAM, blobs, SCREENS, kept_of, pages=drawn)
    data = {"kind": "paper", "count": "2", "blob": await blobs.put(64, b"scan")}
    made = await call(renderer, ShowScreen("album", data))
    media = made.params["media"]
    assert len(made.files) == len(kinds)
    assert [one["type"] for one in media] == kinds
    assert {one["caption"] for one in media} == {"0", "1"}


async def test_pages_that_stand_on_their_head_are_drawn_upright(blobs: Blobs) -> None:
    seen: list[tuple[int, ...]] = []

    async def drawn(_content: bytes, _most: int, turns: Sequence[int]) -> list[bytes]:
        seen.append(tuple(turns))
        return [b"page"]

    def album(view: View) -> Screen:
        paper = Paper(view.data["blob"], "", turns=(0, 2))
        return Screen((), album=(AlbumItem(Text("cancel-done"), paper),))

    renderer = Renderer(TRANSLATIONS, EXAM, blobs, {"turned": album}, kept_of, pages=drawn)
    await call(renderer, ShowScreen("turned", {"blob": await blobs.put(64, b"scan")}))
    assert seen == [(0, 2)]


@pytest.mark.parametrize(
    ("lengths", "shown", "has_more"),
    [("100 100", 2, False), ("100 2100", 1, True), ("2100 100", 0, True), ("1900", 1, False)],
)
async def test_a_long_message_leaves_out_what_it_has_no_room_for_and_offers_it(
    renderer: Renderer, lengths: str, shown: int, has_more: bool
) -> None:
    """Telegram counts UTF-16 code units: these signs have two each."""
    made = await call(renderer, ShowScreen("long", {"lengths": lengths}))
    text = made.params["text"]
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.count("\n\n") == shown
    labels = [one["text"] for row in keyboard(made) for one in row]
    assert ("more" in labels) is has_more


async def test_what_cannot_be_said_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(MissingTranslation):
        await call(renderer, ShowScreen("wordless"))
    with pytest.raises(KeyError):
        await call(renderer, ShowScreen("no-such-screen"))
    with pytest.raises(KeyError):
        await call(renderer, ShowScreen("portrait"))


# --- documents -----------------------------------------------------------------------------------


async def test_an_export_is_a_file_named_by_its_day_with_the_text_below(renderer: Renderer) -> None:
    made = await call(renderer, ShowScreen("export"))
    assert made.method == "sendDocument"
    assert made.params["caption"] == TRANSLATIONS.html(Text("cancel-done"), "en")
    assert made.params["document"] == "attach://baoming-2025-12-02.json"
    assert b"99999919900307104X" in made.files["baoming-2025-12-02.json"]


async def test_nobody_gets_the_export_of_another_or_one_after_their_erasure(
    renderer: Renderer,
) -> None:
    with pytest.raises(Overtaken):
        await renderer.call(ShowScreen("export"), LING + 1, ENGLISH, OPEN, None)


async def test_a_paper_is_a_pdf_whose_name_tells_nothing(renderer: Renderer, blobs: Blobs) -> None:
    name = await blobs.put(65, b"%PDF-1.4")
    made = await call(renderer, ShowScreen("paper", {"blob": name}))
    assert made.method == "sendDocument"
    assert made.files == {f"{name[:8]}.pdf": b"%PDF-1.4"}
    assert made.params["document"] == f"attach://{name[:8]}.pdf"
    assert keyboard(made)[0][0]["text"] == "Keep it, go on"


async def test_a_paper_that_was_removed_meanwhile_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(BlobMissing):
        await call(renderer, ShowScreen("paper", {"blob": "0" * 64}))


async def test_somebody_who_was_erased_is_told_so_in_their_language(renderer: Renderer) -> None:
    for locale in TRANSLATIONS.locales:
        told = await call(renderer, ShowScreen("plain", {"locale": locale}), Records())
        assert told.params["text"].startswith(TRANSLATIONS.html(Text("cancel-done"), locale))
