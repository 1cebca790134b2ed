"""The line to Telegram: answers, refusals, trouble; and the token is in none of their words."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot

from bot.api.client import ApiError, BotApi, Unreachable
from tests.fakes.proxies import listening
from tests.fakes.telegram_server import (
    Answer,
    FakeTelegramServer,
    ReceivedCall,
    breaks_off,
    hangs_up,
    json,
    never_answers,
    raw,
    refuses,
    says,
    serving,
)

TOKEN = "4242:a-token-that-nobody-may-see"


@asynccontextmanager
async def line(*answers: Answer) -> AsyncIterator[tuple[BotApi, FakeTelegramServer]]:
    """An open line to a server that answers like this."""
    async with serving(*answers) as (address, telegram), opened(BotApi(TOKEN, address)) as api:
        yield api, telegram


@asynccontextmanager
async def opened(api: BotApi) -> AsyncIterator[BotApi]:
    await api.initialize()
    try:
        yield api
    finally:
        await api.shutdown()


async def trouble(api: BotApi, time_limit: float = 5) -> Unreachable:
    """A call that fails for want of an answer."""
    with pytest.raises(Unreachable) as caught:
        await api.call("getMe", time_limit=time_limit)
    assert_silent(caught.value)
    return caught.value


def assert_silent(error: BaseException) -> None:
    """The token, which is the secret half of the address, is in no line that could be logged."""
    told = "".join(traceback.format_exception(error))
    assert TOKEN.partition(":")[2] not in told
    assert TOKEN.partition(":")[2] not in repr(error)


# --- calls ---------------------------------------------------------------------------------------


async def test_a_call_is_json_and_returns_the_result() -> None:
    async with line(says({"message_id": 7})) as (api, telegram):
        keyboard = {"inline_keyboard": [[{"text": "下一步", "callback_data": "c:m:x"}]]}
        params = {"chat_id": 1001, "text": "您好", "reply_markup": keyboard}
        assert await api.call("sendMessage", params) == {"message_id": 7}
    assert telegram.asked == [ReceivedCall(f"/bot{TOKEN}/sendMessage", params, "application/json")]


async def test_a_call_without_parameters_is_one_too() -> None:
    async with line(says(True)) as (api, telegram):
        assert await api.call("logOut") is True
    assert telegram.asked[0].fields == {}


async def test_files_are_uploaded_beside_the_parameters() -> None:
    async with line(says({"message_id": 8})) as (api, telegram):
        params = {"chat_id": 1001, "caption": "照片", "reply_markup": {"inline_keyboard": []}}
        await api.call("sendPhoto", params, files={"photo": b"\x89PNG"})
    (asked,) = telegram.asked
    assert asked.content_type == "multipart/form-data"
    assert asked.fields == {
        "chat_id": "1001",
        "caption": "照片",
        "reply_markup": '{"inline_keyboard":[]}',
        "photo": ("photo", b"\x89PNG"),
    }


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409])
async def test_a_refusal_has_its_code_and_words(code: int) -> None:
    async with line(refuses(code, "Bad Request: chat not found")) as (api, _):
        with pytest.raises(ApiError) as caught:
            await api.call("sendMessage", {"chat_id": 1})
    assert (caught.value.code, caught.value.description) == (code, "Bad Request: chat not found")
    assert caught.value.retry_after is None
    assert_silent(caught.value)


async def test_too_many_requests_say_how_long_to_wait() -> None:
    async with line(refuses(429, "Too Many Requests", retry_after=17)) as (api, _):
        with pytest.raises(ApiError) as caught:
            await api.call("sendMessage")
    assert (caught.value.code, caught.value.retry_after) == (429, 17)


@pytest.mark.parametrize("code", [500, 502, 504])
async def test_trouble_on_telegrams_side_is_no_refusal(code: int) -> None:
    async with line(refuses(code, "Bad Gateway")) as (api, _):
        assert str(code) in str(await trouble(api))


GARBAGE: dict[str, Answer] = {
    "a page": raw(b"<html>502 Bad Gateway</html>", 502),
    "nothing": raw(b""),
    "half of it": raw(b'{"ok": true, "result": {"mess'),
    "a list": json([]),
    "a number": json(7),
    "null": json(None),
    "no result": json({"ok": True}),
    "no code": json({"ok": False, "description": "?"}),
    "a code in words": json({"ok": False, "error_code": "many", "description": "?"}),
    "no text": raw(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
async def test_an_answer_that_cannot_be_read_is_trouble(answer: Answer) -> None:
    async with line(answer) as (api, _):
        await trouble(api)


@pytest.mark.parametrize("parameters", [None, [], "soon", {"retry_after": None}])
async def test_odd_parameters_of_a_refusal_are_left_aside(parameters: object) -> None:
    body = {"ok": False, "error_code": 400, "description": "no", "parameters": parameters}
    async with line(json(body)) as (api, _):
        with pytest.raises(ApiError) as caught:
            await api.call("sendMessage")
    assert caught.value.retry_after is None


@pytest.mark.parametrize("answer", [hangs_up, breaks_off])
async def test_a_connection_that_breaks_is_trouble_and_the_next_call_works(answer: Answer) -> None:
    async with line(answer, says("here")) as (api, _):
        await trouble(api)
        assert await api.call("getMe") == "here"


async def test_an_answer_is_waited_for_no_longer_than_asked() -> None:
    async with line(never_answers) as (api, _):
        await trouble(api, time_limit=0.05)


async def test_nobody_listens() -> None:
    async with listening(_nothing) as port:
        pass
    async with opened(BotApi(TOKEN, f"http://127.0.0.1:{port}")) as api:
        await trouble(api)


@pytest.mark.parametrize("address", ["http://[broken", "http://", "http://no such host:99999"])
async def test_an_address_that_is_none_is_trouble_without_the_token(address: str) -> None:
    async with opened(BotApi(TOKEN, address)) as api:
        await trouble(api)


async def test_a_line_that_was_not_opened_says_so() -> None:
    api = BotApi(TOKEN, "http://127.0.0.1:9")
    with pytest.raises(RuntimeError, match="initialize"):
        await api.call("getMe")


async def test_opening_and_closing_twice_is_harmless() -> None:
    async with line(says(1)) as (api, _):
        await api.initialize()
        assert await api.call("getMe") == 1
        await api.shutdown()
        await api.shutdown()
        await api.initialize()
        assert await api.call("getMe") == 1


# --- downloads -----------------------------------------------------------------------------------


async def test_a_file_is_downloaded() -> None:
    content = bytes(range(256)) * 1000
    async with line(raw(content)) as (api, telegram):
        assert await api.download("photos/file 1.jpg", 1_000_000) == content
    assert telegram.asked[0].path == f"/file/bot{TOKEN}/photos/file 1.jpg"


async def test_a_file_of_just_the_limit_is_fine_and_one_byte_more_is_not() -> None:
    async with line(raw(b"x" * 70_000)) as (api, _):
        assert len(await api.download("f", 70_000)) == 70_000
        with pytest.raises(ApiError) as caught:
            await api.download("f", 69_999)
    assert caught.value.code == 413


async def test_an_empty_file_is_a_file() -> None:
    async with line(raw(b"")) as (api, _):
        assert await api.download("f", 10) == b""


async def test_a_file_that_is_gone_is_a_refusal() -> None:
    async with line(raw(b"", 404)) as (api, _):
        with pytest.raises(ApiError) as caught:
            await api.download("f", 10)
    assert caught.value.code == 404
    assert_silent(caught.value)


@pytest.mark.parametrize("answer", [hangs_up, breaks_off, raw(b"", 502)])
async def test_a_download_that_breaks_is_trouble(answer: Answer) -> None:
    async with line(answer) as (api, _):
        with pytest.raises(Unreachable) as caught:
            await api.download("f", 5_000)
    assert_silent(caught.value)


# --- PTB's side ----------------------------------------------------------------------------------


async def test_ptb_gets_status_and_body() -> None:
    async with line(refuses(404, "Not Found")) as (api, telegram):
        status, body = await api.do_request(f"{telegram.address}/bot{TOKEN}/getMe", "POST")
    assert status == 404
    assert b"Not Found" in body
    assert telegram.asked[0].path == f"/bot{TOKEN}/getMe"


async def test_ptb_sends_files_and_parameters_through_it() -> None:
    me = {"id": 4242, "is_bot": True, "first_name": "Baoming", "username": "baoming_bot"}
    sent = {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}
    async with serving(says(me), says(sent)) as (address, telegram):
        api = BotApi(TOKEN, address)
        bot = ExtBot(
            TOKEN,
            base_url=f"{address}/bot",
            request=api,
            get_updates_request=BotApi(TOKEN, address),
        )
        async with bot:
            assert bot.username == "baoming_bot"
            await bot.send_document(5, b"%PDF", filename="表.pdf", caption="报名表")
    fields = telegram.asked[1].fields
    assert fields["caption"] == "报名表"
    assert ("表.pdf", b"%PDF") in fields.values()


async def test_ptb_hears_of_trouble_in_its_own_words() -> None:
    async with line(hangs_up) as (api, telegram):
        with pytest.raises(NetworkError) as caught:
            await api.do_request(f"{telegram.address}/bot{TOKEN}/getMe", "POST")
    assert_silent(caught.value)


async def test_ptb_hears_of_a_timeout_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.api.client.CALL_TIMEOUT", 0.05)
    async with line(never_answers) as (api, telegram):
        with pytest.raises(TimedOut) as caught:
            await api.do_request(f"{telegram.address}/bot{TOKEN}/getMe", "POST")
    assert_silent(caught.value)


async def _nothing(*_: object) -> None:
    """A server that says nothing."""
