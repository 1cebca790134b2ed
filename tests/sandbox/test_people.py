"""Actions of people become updates; calls of the bot change their chats."""

import asyncio
import io
from typing import Any, ClassVar

import aiohttp
import pytest
from aiogram.types import Update
from PIL import Image

from bot.sandbox.rules.refusals import Impossible
from bot.sandbox.world import Upload, World
from bot.sandbox.world.people import PEOPLE, Person, Role
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import MovedClock, Watched


async def heard(bot: Caller) -> list[dict[str, Any]]:
    """Return and confirm the pending updates; aiogram parses each of them."""
    updates = (await bot("getUpdates")).result
    for update in updates:
        assert not Update.model_validate(update).model_extra
    await bot("getUpdates", offset=-1)
    if updates:
        await bot("getUpdates", offset=updates[-1]["update_id"] + 1)
    return list(updates)


def jpeg(width: int, height: int, **save: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "JPEG", **save)
    return buffer.getvalue()


class TestResidents:
    def test_are_six_with_addresses_of_their_own(self) -> None:
        assert [(r.slug, r.id) for r in PEOPLE] == [
            ("ling", 1001),
            ("chen", 1002),
            ("clerk", 1003),
            ("site", 1004),
            ("area", 1005),
            ("admin", 1000),
        ]
        assert {r.role for r in PEOPLE} == set(Role)
        assert len({r.username for r in PEOPLE}) == len(PEOPLE)


class TestUpdates:
    async def test_text_with_a_command(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock
    ) -> None:
        world.says(ling, "  /start from_poster 看 https://example.org。 ")
        [update] = await heard(bot)
        message = update["message"]
        assert message["text"] == "/start from_poster 看 https://example.org。"
        assert message["entities"] == [
            {"type": "bot_command", "offset": 0, "length": 6},
            {"type": "url", "offset": 21, "length": 19},
        ]
        assert message["from"]["id"] == message["chat"]["id"] == ling.id
        assert message["date"] == clock.now

    async def test_edit(self, world: World, bot: Caller, ling: Person) -> None:
        sent = world.says(ling, "刘铃")
        world.edits(ling, sent["message_id"], "刘玲")
        first, second = await heard(bot)
        assert first["message"]["text"] == "刘铃"
        assert second["edited_message"]["text"] == "刘玲"
        assert second["edited_message"]["message_id"] == sent["message_id"]
        assert [m["text"] for m in world.chat(ling)] == ["刘玲"]

    async def test_button(self, world: World, bot: Caller, ling: Person) -> None:
        world.says(ling, "/start")
        keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "ok:1"}]]}
        sent = await bot("sendMessage", chat_id=ling.id, text="好吗", reply_markup=keyboard)
        number = world.presses(ling, sent.result["message_id"], "ok:1")
        query = (await heard(bot))[-1]["callback_query"]
        assert (query["id"], query["data"]) == (number, "ok:1")
        assert query["message"] == sent.result
        assert query["chat_instance"]

    async def test_contact_of_ones_own_of_another_and_of_nobody(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.shares_contact(ling, "+8613900000001")
        world.shares_contact(ling, "+8613900000002", 1002)
        world.shares_contact(ling, "+8613900000003", 0)
        contacts = [update["message"]["contact"] for update in await heard(bot)]
        assert [contact.get("user_id") for contact in contacts] == [1001, 1002, None]

    async def test_sticker_and_voice(self, world: World, bot: Caller, ling: Person) -> None:
        world.sticker(ling)
        world.voice(ling)
        sticker, voice = await heard(bot)
        for file in (sticker["message"]["sticker"], voice["message"]["voice"]):
            assert len(world.file(file["file_id"])) == file["file_size"]

    async def test_blocking_and_coming_back(self, world: World, bot: Caller, ling: Person) -> None:
        world.says(ling, "/start")
        world.blocks(ling)
        world.blocks(ling)
        world.says(ling, "/start")
        kinds = [sorted(update)[0] for update in await heard(bot)]
        assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]

    async def test_a_text_of_5000_characters_becomes_two_messages(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.says(ling, "文" * 5000)
        assert [len(u["message"]["text"]) for u in await heard(bot)] == [4096, 904]

    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_nothing_cannot_be_said(self, world: World, ling: Person, text: str) -> None:
        with pytest.raises(Impossible):
            world.says(ling, text)
        assert len(world.updates) == 0

    @pytest.mark.parametrize("payload", ["a b", "张", "x" * 65])
    def test_no_link_carries_this(self, world: World, ling: Person, payload: str) -> None:
        with pytest.raises(Impossible):
            world.opens(ling, payload)
        assert world.opens(ling, "x" * 64)["text"] == "/start " + "x" * 64


class TestFiles:
    async def test_photo_is_made_smaller_upright_and_loses_its_metadata(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # lies on its side
        exif[0x010F] = "camera"
        [message] = world.sends(ling, [Upload("p.jpg", jpeg(4000, 3000, exif=exif))], "photo", "我")
        assert message["caption"] == "我"
        [update] = await heard(bot)
        sizes = update["message"]["photo"]
        assert [(s["width"], s["height"]) for s in sizes] == [
            (68, 90),
            (240, 320),
            (600, 800),
            (960, 1280),
            (1920, 2560),
        ]
        with Image.open(io.BytesIO(world.file(sizes[-1]["file_id"]))) as image:
            assert (image.format, image.size) == ("JPEG", (1920, 2560))
            assert not image.getexif()

    async def test_small_photo_keeps_its_size(self, world: World, ling: Person) -> None:
        [message] = world.sends(ling, [Upload("p.jpg", jpeg(295, 413))], "photo")
        assert [(s["width"], s["height"]) for s in message["photo"]] == [
            (64, 90),
            (229, 320),
            (295, 413),
        ]

    async def test_transparent_photo_lies_on_white(self, world: World, ling: Person) -> None:
        buffer = io.BytesIO()
        Image.new("RGBA", (80, 80), (0, 0, 0, 0)).save(buffer, "PNG")
        [message] = world.sends(ling, [Upload("p.png", buffer.getvalue())], "photo")
        with Image.open(io.BytesIO(world.file(message["photo"][-1]["file_id"]))) as image:
            assert image.getpixel((40, 40)) == (255, 255, 255)

    async def test_document_keeps_its_bytes(self, world: World, bot: Caller, ling: Person) -> None:
        content = jpeg(4000, 3000)
        [message] = world.sends(ling, [Upload("证件照.jpg", content)], "document")
        document = message["document"]
        assert (document["file_name"], document["mime_type"]) == ("证件照.jpg", "image/jpeg")
        path = (await bot("getFile", file_id=document["file_id"])).result["file_path"]
        async with bot.session.get(f"{bot.base}/file/bot4242:sandbox/{path}") as response:
            assert await response.read() == content

    async def test_album_is_several_messages_of_one_group(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        files = [Upload(f"{n}.jpg", jpeg(100 + n, 100)) for n in range(3)]
        world.sends(ling, files, "photo", "三张")
        messages = [update["message"] for update in await heard(bot)]
        assert len({message["media_group_id"] for message in messages}) == 1
        assert [message.get("caption") for message in messages] == ["三张", None, None]

    @pytest.mark.parametrize("count", [0, 11])
    def test_no_or_too_many_files(self, world: World, ling: Person, count: int) -> None:
        with pytest.raises(Impossible):
            world.sends(ling, [Upload("x.txt", b"x")] * count, "document")

    def test_not_a_picture(self, world: World, ling: Person) -> None:
        files = [Upload("1.jpg", jpeg(9, 9)), Upload("2.jpg", b"no picture")]
        with pytest.raises(Impossible):
            world.sends(ling, files, "photo")
        assert world.chat(ling) == []
        assert len(world.updates) == 0

    async def test_more_than_20_megabytes_cannot_be_fetched(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        [message] = world.sends(ling, [Upload("x.bin", bytes((20 << 20) + 1))], "document")
        reply = await bot("getFile", file_id=message["document"]["file_id"])
        assert reply.refusal == (400, "Bad Request: file is too big")


class TestPayment:
    INVOICE: ClassVar[dict[str, Any]] = {
        "title": "考试费",
        "description": "护理学（师）四科",
        "payload": "application:7",
        "provider_token": "4242:TEST:sandbox",
        "currency": "CNY",
        "prices": [{"label": "四科", "amount": 24400}],
    }

    async def test_is_asked_for_let_through_and_told(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.says(ling, "/start")
        invoice = (await bot("sendInvoice", chat_id=ling.id, **self.INVOICE)).result
        assert invoice["invoice"]["total_amount"] == 24400
        world.pays(ling, invoice["message_id"])
        query = (await heard(bot))[-1]["pre_checkout_query"]
        assert query["invoice_payload"] == "application:7"
        granted = await bot("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        assert granted.result is True
        payment = (await heard(bot))[-1]["message"]["successful_payment"]
        assert (payment["total_amount"], payment["currency"]) == (24400, "CNY")
        assert world.paid(ling, invoice["message_id"])
        with pytest.raises(Impossible):
            world.pays(ling, invoice["message_id"])

    async def test_refused_by_the_bot(self, world: World, bot: Caller, ling: Person) -> None:
        world.says(ling, "/start")
        invoice = (await bot("sendInvoice", chat_id=ling.id, **self.INVOICE)).result
        number = world.pays(ling, invoice["message_id"])
        answer = {"pre_checkout_query_id": number, "ok": False}
        assert (await bot("answerPreCheckoutQuery", **answer)).refusal == (
            400,
            'Bad Request: parameter "error_message" is required',
        )
        await bot("answerPreCheckoutQuery", **answer, error_message="已截止")
        toast = world.toast(ling)
        assert toast is not None
        assert toast["text"] == "已截止"
        assert not world.paid(ling, invoice["message_id"])

    async def test_answered_after_10_seconds(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock
    ) -> None:
        world.says(ling, "/start")
        invoice = (await bot("sendInvoice", chat_id=ling.id, **self.INVOICE)).result
        number = world.pays(ling, invoice["message_id"])
        clock.forward(10.1)
        late = await bot("answerPreCheckoutQuery", pre_checkout_query_id=number, ok=True)
        assert late.refusal[0] == 400
        assert not world.paid(ling, invoice["message_id"])

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
            ({"payload": "字" * 43}, "INVOICE_PAYLOAD_INVALID"),
            ({"currency": "元"}, "CURRENCY_INVALID"),
            ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID"),
            ({"prices": []}, "there must be at least one price"),
            ({"prices": [{"label": "x", "amount": 0}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ],
    )
    async def test_wrong_invoice(
        self, world: World, bot: Caller, ling: Person, wrong: dict[str, Any], why: str
    ) -> None:
        world.says(ling, "/start")
        reply = await bot("sendInvoice", chat_id=ling.id, **{**self.INVOICE, **wrong})
        assert reply.refusal == (400, f"Bad Request: {why}")


class TestWhatIsSeen:
    async def test_keyboard_comes_goes_and_hides(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        world.says(ling, "/start")
        keyboard = {"keyboard": [[{"text": "是"}, {"text": "否"}]], "one_time_keyboard": True}
        await bot("sendMessage", chat_id=ling.id, text="?", reply_markup=keyboard)
        assert world.keyboard(ling) == keyboard
        world.says(ling, "也许")
        assert world.keyboard(ling) == keyboard
        world.says(ling, "是")
        assert world.keyboard(ling) is None
        await bot("sendMessage", chat_id=ling.id, text="?", reply_markup=keyboard)
        gone = {"remove_keyboard": True}
        await bot("sendMessage", chat_id=ling.id, text="!", reply_markup=gone)
        assert world.keyboard(ling) is None

    async def test_typing_ends_after_5_seconds_or_with_a_message(
        self, world: World, bot: Caller, ling: Person, clock: MovedClock
    ) -> None:
        world.says(ling, "/start")
        await bot("sendChatAction", chat_id=ling.id, action="typing")
        assert world.typing(ling)
        clock.forward(5)
        assert not world.typing(ling)
        await bot("sendChatAction", chat_id=ling.id, action="upload_photo")
        await bot("sendMessage", chat_id=ling.id, text="a")
        assert not world.typing(ling)
        wrong = await bot("sendChatAction", chat_id=ling.id, action="dancing")
        assert wrong.refusal == (400, "Bad Request: wrong parameter action in request")

    async def test_version_grows_with_every_change(
        self, world: World, bot: Caller, ling: Person, chen: Person
    ) -> None:
        world.says(ling, "/start")
        others = world.version(chen)
        seen = [world.version(ling)]
        keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
        await bot("sendMessage", chat_id=ling.id, text="a", reply_markup=keyboard)
        seen.append(world.version(ling))
        query = world.presses(ling, 2, "x")
        seen.append(world.version(ling))
        await bot("answerCallbackQuery", callback_query_id=query, text="好")
        seen.append(world.version(ling))
        await bot("sendChatAction", chat_id=ling.id, action="typing")
        seen.append(world.version(ling))
        await bot("deleteMessage", chat_id=ling.id, message_id=2)
        seen.append(world.version(ling))
        assert seen == sorted(set(seen))
        assert world.version(chen) == others

    async def test_commands_of_the_narrowest_scope(
        self, world: World, bot: Caller, ling: Person, chen: Person
    ) -> None:
        def commands(name: str) -> list[dict[str, str]]:
            return [{"command": name, "description": name}]

        await bot("setMyCommands", commands=commands("everyone"))
        await bot(
            "setMyCommands",
            commands=commands("chinese"),
            language_code="zh",
            scope={"type": "all_private_chats"},
        )
        scope = {"type": "chat", "chat_id": chen.id}
        await bot("setMyCommands", commands=commands("chen"), scope=scope)
        assert world.commands(ling) == commands("chinese")
        assert world.commands(chen) == commands("chen")
        await bot("deleteMyCommands", scope=scope)
        assert world.commands(chen) == commands("chinese")
        assert (await bot("getMyCommands")).result == commands("everyone")
        wrong = await bot("setMyCommands", commands=commands("Start"))
        assert wrong.refusal == (400, "Bad Request: BOT_COMMAND_INVALID")


class TestOverHttp:
    async def effect(self, bot: Caller, path: str, **given: Any) -> tuple[int, Any]:
        async with bot.session.post(f"{bot.base}/sandbox/{path}", json=given) as response:
            return response.status, await response.json()

    async def look(self, bot: Caller, path: str, **query: str | int) -> Any:
        async with bot.session.get(f"{bot.base}/sandbox/{path}", params=query) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def test_everything_a_person_can_do(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        assert len(await self.look(bot, "people")) == 6
        keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
        await self.effect(bot, "ling/opens", payload="abc")
        await bot("sendMessage", chat_id=ling.id, text="a", reply_markup=keyboard)
        for path, given in (
            ("ling/says", {"text": "你好"}),
            ("ling/edits", {"message_id": 3, "text": "您好"}),
            ("ling/presses", {"message_id": 2, "data": "x"}),
            ("ling/contact", {"phone": "+8613900000000"}),
            ("ling/sticker", {}),
            ("ling/voice", {}),
            ("ling/blocks", {"blocked": True}),
        ):
            status, body = await self.effect(bot, path, **given)
            assert status == 200, body
        assert len(await heard(bot)) == 8
        assert (await self.look(bot, "ling/chat", last=2))["messages"] == world.chat(ling)[-2:]
        log = await self.look(bot, "log", after=1)
        assert [call["method"] for call in log] == ["getUpdates"] * 3
        assert await self.look(bot, "complaints") == []

    async def test_files_are_sent_as_a_form(self, world: World, bot: Caller, ling: Person) -> None:
        form = aiohttp.FormData({"as": "photo", "caption": "我"})
        form.add_field("file", jpeg(40, 40), filename="1.jpg")
        form.add_field("file", jpeg(50, 40), filename="2.jpg")
        async with bot.session.post(f"{bot.base}/sandbox/ling/sends", data=form) as response:
            assert await response.json() == world.chat(ling)

    async def test_looking_waits_for_a_change(
        self, world: World, bot: Caller, ling: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looking = Watched(world.chats.changed)
        monkeypatch.setattr(world.chats, "changed", looking)

        async def says_once_somebody_looks() -> None:
            await looking.began.wait()
            world.says(ling, "1")

        before = await self.look(bot, "ling/chat")
        assert before["messages"] == []
        look = self.look(bot, "ling/chat", since=before["version"], timeout=30)
        after, _ = await asyncio.gather(look, says_once_somebody_looks())
        assert after["messages"] == world.chat(ling)
        assert after["version"] > before["version"]

    @pytest.mark.parametrize(
        ("path", "given", "status"),
        [
            ("nobody/says", {"text": "a"}, 404),
            ("ling/dances", {}, 404),
            ("ling/says", {}, 400),
            ("ling/says", {"text": ""}, 400),
            ("ling/presses", {"message_id": 99, "data": "x"}, 400),
            ("faults", {"kind": "earthquake"}, 400),
        ],
    )
    async def test_what_cannot_be_done(
        self, bot: Caller, path: str, given: dict[str, Any], status: int
    ) -> None:
        answered, body = await self.effect(bot, path, **given)
        assert answered == status
        assert body["error"]

    @pytest.mark.parametrize("host", ["sandbox.example.org", "127.0.0.1.example.org", ""])
    async def test_another_host_name_is_refused(self, bot: Caller, host: str) -> None:
        url = f"{bot.base}/sandbox/people"
        async with bot.session.get(url, headers={"Host": host}) as response:
            assert response.status == 400
