"""python-telegram-bot and aiogram work with the sandbox as with Telegram."""

import io

import pytest
import telegram
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from PIL import Image

from bot.sandbox.world import Upload, World
from bot.sandbox.world.people import Person
from tests.sandbox.caller import TOKEN, Caller


@pytest.fixture
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (295, 413), "white").save(buffer, "PNG")
    return buffer.getvalue()


async def test_python_telegram_bot(world: World, bot: Caller, ling: Person, picture: bytes) -> None:
    world.says(ling, "/start")
    base = bot.base
    client = telegram.Bot(TOKEN, f"{base}/bot", f"{base}/file/bot")
    keyboard = telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton("好", callback_data="ok")]]
    )
    async with client:
        assert client.username == "baoming_sandbox_bot"
        [update] = await client.get_updates(timeout=0)
        assert update.message is not None
        assert update.message.text == "/start"
        sent = await client.send_message(
            ling.id, "<b>您好</b>", parse_mode="HTML", reply_markup=keyboard
        )
        assert sent.entities[0].type == "bold"
        edited = await client.edit_message_text("再见", ling.id, sent.message_id)
        assert isinstance(edited, telegram.Message)
        assert edited.edit_date is not None
        with pytest.raises(telegram.error.BadRequest, match="not modified"):
            await client.edit_message_text("再见", ling.id, sent.message_id)
        photo = await client.send_photo(ling.id, picture, caption="照片")
        file = await client.get_file(photo.photo[-1].file_id)
        assert (await file.download_as_bytearray()).startswith(b"\xff\xd8")
        album = await client.send_media_group(
            ling.id, [telegram.InputMediaPhoto(picture), telegram.InputMediaPhoto(picture)]
        )
        assert len({message.media_group_id for message in album}) == 1
        document = await client.send_document(ling.id, picture, filename="a.png")
        assert document.document is not None
        assert document.document.file_size == len(picture)
        chat = await client.get_chat(ling.id)
        assert chat.username == ling.username
        world.blocks(ling)
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await client.send_message(ling.id, "?")
    assert world.complaints() == []


async def test_aiogram(world: World, bot: Caller, ling: Person, picture: bytes) -> None:
    world.says(ling, "/start")
    [document] = world.sends(ling, [Upload("p.png", picture)], "document")
    server = TelegramAPIServer.from_base(bot.base)
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="好", callback_data="ok")]]
    )
    async with AiogramBot(TOKEN, AiohttpSession(api=server)) as client:
        assert (await client.me()).id == 4242
        first, second = await client.get_updates()
        assert (first.message and first.message.text) == "/start"
        assert second.message is not None
        assert second.message.document is not None
        fetched = await client.download(second.message.document.file_id)
        assert fetched is not None
        assert fetched.read() == picture
        sent = await client.send_message(
            ling.id, "<b>您好</b>", parse_mode="HTML", reply_markup=keyboard
        )
        edited = await client.edit_message_text(
            "再见", chat_id=ling.id, message_id=sent.message_id, reply_markup=keyboard
        )
        assert not isinstance(edited, bool)
        assert edited.reply_markup is not None
        assert edited.reply_markup.model_dump() == keyboard.model_dump()
        with pytest.raises(TelegramBadRequest, match="not modified"):
            await client.edit_message_text(
                "再见", chat_id=ling.id, message_id=sent.message_id, reply_markup=keyboard
            )
        upload = BufferedInputFile(picture, "p.png")
        photo = await client.send_photo(ling.id, upload, caption="照片")
        changed = await client.edit_message_media(
            InputMediaPhoto(media=upload, caption="新"),
            chat_id=ling.id,
            message_id=photo.message_id,
        )
        assert not isinstance(changed, bool)
        assert changed.caption == "新"
        query = world.presses(ling, sent.message_id, "ok")
        assert await client.answer_callback_query(query, text="好")
        assert await client.delete_message(ling.id, document["message_id"])
    assert world.complaints() == []
