"""The sandbox refuses the same calls as Telegram, in the same words."""

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.rules import limits
from bot.sandbox.world import World
from bot.sandbox.world.people import Person
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import MovedClock

pytestmark = pytest.mark.row("B22")

Params = dict[str, Any]


def inline(*rows: list[Params]) -> Params:
    """Return a reply_markup with these rows of inline buttons."""
    return {"reply_markup": {"inline_keyboard": list(rows)}}


def button(data: str, text: str = "下一步") -> Params:
    """Return a callback button."""
    return {"text": text, "callback_data": data}


def buttons(count: int) -> list[list[Params]]:
    """Return `count` buttons, two in a row."""
    row = [button("a"), button("b")]
    return [row] * (count // 2) + [row[:1]] * (count % 2)


FACE = "😀"  # two UTF-16 units, one character
UNSUPPORTED = "can't parse entities: Unsupported start tag"

SENT = [
    pytest.param({"text": "文" * 4096}, id="4096 units"),
    pytest.param({"text": FACE * 2048}, id="4096 units in 2048 characters"),
    pytest.param({"text": "<b>" + "a" * 4096 + "</b>", "parse_mode": "HTML"}, id="tags count not"),
    pytest.param({"text": " a "}, id="white space is trimmed"),
    pytest.param({"text": "a", **inline([button("x")])}, id="1 byte of data"),
    pytest.param({"text": "a", **inline([button("文" * 21 + "x")])}, id="64 bytes of data"),
    pytest.param({"text": "a", **inline(*buttons(100))}, id="100 buttons"),
    pytest.param({"text": "a", **inline([button("x")] * 8)}, id="8 in a row"),
    pytest.param({"text": "1 < 2 & 3", "parse_mode": None}, id="no parse mode, no tags"),
]

REFUSED = [
    pytest.param({"text": ""}, "message text is empty", id="empty"),
    pytest.param({}, "message text is empty", id="no text"),
    pytest.param({"text": " \n "}, "text must be non-empty", id="white space only"),
    pytest.param({"text": "文" * 4097}, "message is too long", id="4097 units"),
    pytest.param({"text": FACE * 2049}, "message is too long", id="4098 units"),
    pytest.param({"text": "a" * 32769}, "text is too long", id="over 32 KB"),
    pytest.param(
        {"text": "a", **inline([button("x" * 65)])}, "BUTTON_DATA_INVALID", id="65 bytes of data"
    ),
    pytest.param(
        {"text": "a", **inline([button("文" * 22)])}, "BUTTON_DATA_INVALID", id="66 bytes of data"
    ),
    pytest.param(
        {"text": "a", **inline([{"text": "x", "callback_data": ""}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        id="no data",
    ),
    pytest.param(
        {"text": "a", **inline([button("x", text="")])},
        "inline keyboard button text must be non-empty",
        id="no label",
    ),
    pytest.param(
        {"text": "a", **inline([{"text": "x", "url": "file:///etc/passwd"}])},
        "inline keyboard button URL 'file:///etc/passwd' is invalid: Unsupported URL protocol",
        id="strange address",
    ),
    pytest.param({"text": "a", **inline(*buttons(101))}, "reply markup is too long", id="101"),
    pytest.param(
        {"text": "a", **inline([button("x")] * 9)}, "reply markup is too long", id="9 in a row"
    ),
    pytest.param(
        {"text": "a", "reply_markup": '{"inline_keyboard": [['},
        "can't parse reply keyboard markup JSON object",
        id="broken JSON",
    ),
    pytest.param(
        {"text": "你<x>", "parse_mode": "HTML"}, f'{UNSUPPORTED} "x" at byte offset 3', id="tag"
    ),
    pytest.param(
        {"text": "<b>a", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        id="not closed",
    ),
    pytest.param(
        {"text": "<b>a</i>", "parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        id="wrongly closed",
    ),
    pytest.param(
        {"text": "a</b>", "parse_mode": "HTML"},
        "can't parse entities: Unexpected end tag at byte offset 1",
        id="never opened",
    ),
    pytest.param(
        {"text": "1 < 2", "parse_mode": "HTML"},
        "can't parse entities: Unclosed start tag at byte offset 2",
        id="not escaped",
    ),
    pytest.param({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode", id="parse mode"),
    pytest.param({"text": "a", "colour": "red"}, "unknown parameter colour of sendMessage"),
    pytest.param(
        {"text": "a", **inline([{"text": "x", "callback_data": "x", "colour": "red"}])},
        "unknown field reply_markup.inline_keyboard[0][0].colour of sendMessage",
        id="unknown field",
    ),
]


class TestSendMessage:
    @pytest.mark.parametrize("params", SENT)
    async def test_is_sent(self, world: World, bot: Caller, ling: Person, params: Params) -> None:
        world.says(ling, "/start")
        sent = (await bot("sendMessage", chat_id=ling.id, **params)).result
        assert world.chat(ling)[-1] == sent
        assert world.complaints() == []

    @pytest.mark.parametrize(("params", "why"), REFUSED)
    async def test_is_refused_and_complained_of(
        self, world: World, bot: Caller, ling: Person, params: Params, why: str
    ) -> None:
        world.says(ling, "/start")
        reply = await bot("sendMessage", chat_id=ling.id, **params)
        assert reply.refusal == (400, f"Bad Request: {why}")
        assert len(world.chat(ling)) == 1
        assert world.complaints() == [f"sendMessage: Bad Request: {why}"]
        assert [(call.method, call.ok) for call in world.log()] == [("sendMessage", False)]

    async def test_a_value_of_the_wrong_type_is_refused(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.says(ling, "/start")
        reply = await bot("sendMessage", chat_id=ling.id, text=["a"])
        code, why = reply.refusal
        assert (code, why.startswith("Bad Request: can't parse text")) == (400, True)
        assert len(world.complaints()) == 1


class TestWhoCanBeWrittenTo:
    async def test_nobody_who_has_not_written(self, bot: Caller, ling: Person) -> None:
        reply = await bot("sendMessage", chat_id=ling.id, text="a")
        why = "Forbidden: bot can't initiate conversation with a user"
        assert reply.refusal == (403, why)

    @pytest.mark.parametrize("chat_id", [7, "8", "@nobody", -100])
    async def test_nobody_who_is_not_there(
        self, world: World, bot: Caller, chat_id: int | str
    ) -> None:
        reply = await bot("sendMessage", chat_id=chat_id, text="a")
        assert reply.refusal == (400, "Bad Request: chat not found")
        assert world.complaints() == []

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("sendMessage", {"text": "a"}),
            ("sendChatAction", {"action": "typing"}),
            ("editMessageText", {"message_id": 2, "text": "b"}),
        ],
    )
    async def test_nobody_who_blocked_the_bot_until_they_write_again(
        self, world: World, bot: Caller, ling: Person, method: str, params: Params
    ) -> None:
        world.says(ling, "/start")
        await bot("sendMessage", chat_id=ling.id, text="a")
        world.blocks(ling)
        reply = await bot(method, chat_id=ling.id, **params)
        assert reply.refusal == (403, "Forbidden: bot was blocked by the user")
        world.says(ling, "/start")
        assert (await bot(method, chat_id=ling.id, **params)).result
        assert not world.blocked(ling)


class TestEditing:
    @pytest.fixture
    async def sent(self, world: World, bot: Caller, ling: Person) -> int:
        world.says(ling, "/start")
        markup = inline([button("x")])
        sent = (await bot("sendMessage", chat_id=ling.id, text="一", **markup)).result
        return int(sent["message_id"])

    async def test_the_same_again_is_not_modified(
        self, world: World, bot: Caller, ling: Person, sent: int
    ) -> None:
        same = {"chat_id": ling.id, "message_id": sent, "text": "一", **inline([button("x")])}
        not_modified = (
            400,
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message",
        )
        assert (await bot("editMessageText", **same)).refusal == not_modified
        assert (await bot("editMessageText", **{**same, "text": "二"})).result["edit_date"]
        assert (await bot("editMessageText", **{**same, "text": "二"})).refusal == not_modified
        assert world.complaints() == []

    async def test_without_markup_the_buttons_go(
        self, world: World, bot: Caller, ling: Person, sent: int
    ) -> None:
        await bot("editMessageText", chat_id=ling.id, message_id=sent, text="一")
        assert "reply_markup" not in world.chat(ling)[-1]

    async def test_what_is_gone_cannot_be_edited(
        self, bot: Caller, ling: Person, sent: int
    ) -> None:
        assert (await bot("deleteMessage", chat_id=ling.id, message_id=sent)).result is True
        edit = await bot("editMessageText", chat_id=ling.id, message_id=sent, text="二")
        assert edit.refusal == (400, "Bad Request: message to edit not found")
        delete = await bot("deleteMessage", chat_id=ling.id, message_id=sent)
        assert delete.refusal == (400, "Bad Request: message to delete not found")

    async def test_only_ones_own_without_a_reply_keyboard(
        self, bot: Caller, ling: Person, sent: int
    ) -> None:
        keyboard = {"keyboard": [[{"text": "好"}]]}
        fixed = await bot("sendMessage", chat_id=ling.id, text="一", reply_markup=keyboard)
        for message_id in (1, fixed.result["message_id"]):
            edit = await bot("editMessageText", chat_id=ling.id, message_id=message_id, text="二")
            assert edit.refusal == (400, "Bad Request: message can't be edited")

    @pytest.mark.parametrize(
        ("method", "params", "why"),
        [
            ("editMessageText", {"text": ""}, "message text is empty"),
            ("editMessageText", {"text": "x" * 4097}, "message is too long"),
            ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
            (
                "editMessageReplyMarkup",
                inline([button("x" * 65)]),
                "BUTTON_DATA_INVALID",
            ),
        ],
    )
    async def test_limits_hold_for_edits(
        self, bot: Caller, ling: Person, sent: int, method: str, params: Params, why: str
    ) -> None:
        edit = await bot(method, chat_id=ling.id, message_id=sent, **params)
        assert edit.refusal == (400, f"Bad Request: {why}")

    async def test_deleting_is_for_48_hours(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock, sent: int
    ) -> None:
        clock.forward(limits.DELETE_SECONDS)
        late = await bot("deleteMessage", chat_id=ling.id, message_id=sent)
        assert late.refusal == (400, "Bad Request: message can't be deleted for everyone")
        clock.forward(-1)
        gone = await bot("deleteMessages", chat_id=ling.id, message_ids=[1, sent, 99])
        assert gone.result is True
        assert world.chat(ling) == []


class TestCallbacks:
    @pytest.fixture
    async def pressed(self, world: World, bot: Caller, ling: Person) -> str:
        world.says(ling, "/start")
        markup = inline([button("x")])
        sent = (await bot("sendMessage", chat_id=ling.id, text="一", **markup)).result
        return world.presses(ling, sent["message_id"], "x")

    async def test_is_answered_once_within_15_seconds(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock, pressed: str
    ) -> None:
        assert world.waiting(ling) == {2}
        clock.forward(15)
        params = {"callback_query_id": pressed, "text": "好", "show_alert": True}
        assert (await bot("answerCallbackQuery", **params)).result is True
        toast = world.toast(ling)
        assert toast is not None
        assert (toast["text"], toast["show_alert"]) == ("好", True)
        assert world.waiting(ling) == set()
        assert (await bot("answerCallbackQuery", **params)).refusal == STALE

    async def test_is_too_old_after_15_seconds(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock, pressed: str
    ) -> None:
        clock.forward(15.1)
        assert (await bot("answerCallbackQuery", callback_query_id=pressed)).refusal == STALE
        assert world.waiting(ling) == set()
        assert world.toast(ling) is None

    @pytest.mark.parametrize("number", ["1", "x", "-1", "9" * 30, "²"])
    async def test_nobody_asked(self, bot: Caller, number: str) -> None:
        assert (await bot("answerCallbackQuery", callback_query_id=number)).refusal == STALE

    async def test_says_200_characters(self, bot: Caller, pressed: str) -> None:
        long = await bot("answerCallbackQuery", callback_query_id=pressed, text="字" * 201)
        assert long.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
        fits = await bot("answerCallbackQuery", callback_query_id=pressed, text="字" * 200)
        assert fits.result is True


STALE = (
    400,
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """Return a plain picture of this size in px."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(buffer, kind)
    return buffer.getvalue()


def photo(content: bytes, **more: str) -> aiohttp.FormData:
    """Return the form of a sendPhoto to ling."""
    form = aiohttp.FormData({"chat_id": "1001", **more})
    form.add_field("photo", io.BytesIO(content), filename="p.png")
    return form


class TestUploads:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            pytest.param(picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS", id="width + height"),
            pytest.param(picture(2100, 100), "PHOTO_INVALID_DIMENSIONS", id="ratio over 20"),
            pytest.param(b"not a picture", "IMAGE_PROCESS_FAILED", id="not a picture"),
            pytest.param(picture(64, 64)[:100], "IMAGE_PROCESS_FAILED", id="cut off"),
            pytest.param(b"", "file must be non-empty", id="empty"),
            pytest.param(
                bytes(10 * 1024 * 1024 + 1),
                "file of size 10485761 bytes is too big for a photo; "
                "the maximum size is 10485760 bytes",
                id="over 10 MB",
            ),
        ],
    )
    async def test_photo_is_refused(
        self, world: World, bot: Caller, ling: Person, content: bytes, why: str
    ) -> None:
        world.says(ling, "/start")
        reply = await bot.form("sendPhoto", photo(content))
        assert reply.refusal == (400, f"Bad Request: {why}")

    async def test_photo_at_the_edge_is_sent(self, world: World, bot: Caller, ling: Person) -> None:
        world.says(ling, "/start")
        sent = (await bot.form("sendPhoto", photo(picture(9000, 1000)))).result
        assert [(s["width"], s["height"]) for s in sent["photo"]] == [
            (90, 10),
            (320, 36),
            (800, 89),
            (1280, 142),
            (2560, 284),
        ]

    async def test_document_of_more_than_50_megabytes_is_refused(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.says(ling, "/start")
        form = aiohttp.FormData({"chat_id": "1001"})
        big = io.BytesIO(bytes(limits.DOCUMENT_BYTES + 1))
        form.add_field("document", big, filename="big.bin")
        assert (await bot.form("sendDocument", form)).refusal == (413, "Request Entity Too Large")

    @pytest.mark.parametrize(("units", "sent"), [(1024, True), (1025, False)])
    async def test_caption(
        self, world: World, bot: Caller, ling: Person, units: int, sent: bool
    ) -> None:
        world.says(ling, "/start")
        text = FACE * (units // 2) + "a" * (units % 2)
        reply = await bot.form("sendPhoto", photo(picture(64, 64), caption=text))
        if sent:
            assert reply.result["caption"] == text
        else:
            assert reply.refusal == (400, "Bad Request: message caption is too long")

    @pytest.mark.parametrize("count", [1, 11])
    async def test_album_of(self, world: World, bot: Caller, ling: Person, count: int) -> None:
        world.says(ling, "/start")
        media = [{"type": "photo", "media": "AgACx"}] * count
        reply = await bot("sendMediaGroup", chat_id=ling.id, media=media)
        assert reply.refusal == (400, "Bad Request: an album must include 2-10 items")

    @pytest.mark.parametrize(
        ("media", "why"),
        [
            ("https://example.org/x.jpg", "failed to get HTTP URL content"),
            ("AgACnothing", "wrong file identifier/HTTP URL specified"),
            ("attach://elsewhere", "there is no photo in the request"),
        ],
    )
    async def test_photo_from_elsewhere(
        self, world: World, bot: Caller, ling: Person, media: str, why: str
    ) -> None:
        world.says(ling, "/start")
        reply = await bot("sendPhoto", chat_id=ling.id, photo=media)
        assert reply.refusal == (400, f"Bad Request: {why}")


class TestMethodsAndTokens:
    @pytest.mark.parametrize("method", ["sendVenue", "getupdate", "x"])
    async def test_unknown_method(self, bot: Caller, method: str) -> None:
        assert (await bot(method)).refusal == (404, "Not Found: method not found")

    @pytest.mark.parametrize("method", ["getme", "GETME", "getMe"])
    async def test_case_does_not_matter(self, bot: Caller, method: str) -> None:
        assert (await bot(method)).result["username"] == "baoming_sandbox_bot"

    @pytest.mark.parametrize(
        ("token", "why"),
        [
            ("4242:wrong", "Unauthorized"),
            ("wrong", "Unauthorized: invalid token specified"),
            ("0:sandbox", "Unauthorized: invalid token specified"),
        ],
    )
    async def test_wrong_token(self, bot: Caller, token: str, why: str) -> None:
        stranger = Caller(bot.session, bot.base, token)
        assert (await stranger("getMe")).refusal == (401, why)

    @pytest.mark.parametrize(
        ("method", "why"),
        [
            ("sendMessage", "chat_id is empty"),
            ("editMessageCaption", "message identifier is not specified"),
            ("deleteMessage", "chat_id is empty"),
            ("getFile", "file_id not specified"),
            ("answerCallbackQuery", 'parameter "callback_query_id" is required'),
        ],
    )
    async def test_missing_parameter(self, bot: Caller, method: str, why: str) -> None:
        assert (await bot(method)).refusal == (400, f"Bad Request: {why}")


class TestStartLinks:
    @pytest.mark.parametrize(
        ("payload", "good"), [("a" * 64, True), ("A-z_9", True), ("a" * 65, False), ("张", False)]
    )
    async def test_a_link_nobody_can_follow_is_complained_of(
        self, world: World, bot: Caller, ling: Person, payload: str, good: bool
    ) -> None:
        world.says(ling, "/start")
        link = f"https://t.me/baoming_sandbox_bot?start={payload}"
        for params in (
            {"text": link},
            {"text": f'<a href="{link}">x</a>', "parse_mode": "HTML"},
            {"text": "x", **inline([{"text": "x", "url": link}])},
        ):
            assert (await bot("sendMessage", chat_id=ling.id, **params)).result
        assert len(world.complaints()) == (0 if good else 3)
