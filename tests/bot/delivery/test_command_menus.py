"""The longer menu is in the chats of the staff and nowhere else, whatever Telegram says to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import MonotonicClock
from bot.delivery.command_menus import COMMANDS, OF_STAFF, RETRY_AFTER, CommandMenus
from storage.updates.fsm import StaffCache
from tests.bot.people import EXAM, TRANSLATIONS

ADMIN, CHEN, LIN = 1000, 1002, 1003


class Api:
    """Keeps the menus of chats by language, as Telegram does; fails as often as it is told to."""

    def __init__(self) -> None:
        self.menus: dict[tuple[int | None, str], list[str]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.fails: list[Exception] = []
        self.calls = 0

    async def call(self, method: str, params: Mapping[str, Any]) -> bool:
        self.calls += 1
        if self.fails:
            raise self.fails.pop(0)
        if method in ("setMyDescription", "setMyShortDescription"):
            (name,) = params.keys() - {"language_code"}
            self.texts[name, params["language_code"]] = params[name]
            return True
        key = params.get("scope", {}).get("chat_id"), params["language_code"]
        if method == "deleteMyCommands":
            self.menus.pop(key, None)
        else:
            assert all(one["description"] for one in params["commands"])
            self.menus[key] = [one["command"] for one in params["commands"]]
        return True

    def longer(self) -> set[int | None]:
        """The chats whose menus have the commands of the staff, in both languages."""
        found = {
            language: {chat for (chat, spoken), menu in self.menus.items() if spoken == language}
            for language in ("zh", "en")
        }
        assert found["zh"] == found["en"]
        return found["zh"] - {None}


class Sleepless(MonotonicClock):
    """Waits for nothing; its time is set."""

    moment = 0.0

    def now(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """No time passes."""


@pytest.fixture
def monotonic() -> Sleepless:
    return Sleepless()


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def staff() -> StaffCache:
    return StaffCache(administrators=frozenset({ADMIN}))


@pytest.fixture
def menus(api: Api, staff: StaffCache, monotonic: Sleepless) -> CommandMenus:
    return CommandMenus(cast(BotApi, api), TRANSLATIONS, staff, monotonic, EXAM)


async def test_everybody_has_the_shorter_one(api: Api, menus: CommandMenus) -> None:
    await menus.update()
    assert api.menus[None, "zh"] == api.menus[None, "en"] == list(COMMANDS)


async def test_it_comes_with_a_seat_and_goes_with_it(
    api: Api, menus: CommandMenus, staff: StaffCache
) -> None:
    staff.active = {CHEN}
    await menus.update()
    assert api.longer() == {ADMIN, CHEN}
    assert api.menus[CHEN, "zh"] == [*OF_STAFF, *COMMANDS]
    staff.active, staff.former = {LIN}, {CHEN}
    await menus.update()
    assert api.longer() == {ADMIN, LIN}
    calls = api.calls
    await menus.update()
    assert api.calls == calls, "what stands is not said again"
    staff.active, staff.former = {CHEN, LIN}, set()
    await menus.update()
    assert api.longer() == {ADMIN, CHEN, LIN}


async def test_who_lost_a_seat_while_the_bot_was_away_loses_the_menu_too(
    api: Api, menus: CommandMenus, staff: StaffCache
) -> None:
    api.menus = {(CHEN, language): [*OF_STAFF, *COMMANDS] for language in ("zh", "en")}
    staff.former = {CHEN}
    await menus.update()
    assert api.longer() == {ADMIN}


async def test_what_telegram_did_not_hear_is_said_again(api: Api, menus: CommandMenus) -> None:
    for _ in range(3):
        api.fails = [Unreachable("down")]
        await menus.update()
        assert api.menus == {}
    await menus.update()
    assert api.longer() == {ADMIN}
    assert api.menus[None, "zh"] == list(COMMANDS)


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        (ApiError(400, "Bad Request: chat not found"), RETRY_AFTER),
        (ApiError(429, "Too Many Requests", 3), 3.0),
    ],
)
async def test_a_chat_that_refuses_holds_up_nobody_and_is_tried_again(
    api: Api,
    menus: CommandMenus,
    staff: StaffCache,
    monotonic: Sleepless,
    refusal: ApiError,
    seconds: float,
) -> None:
    await menus.update()
    staff.active = {CHEN, LIN}
    api.fails = [refusal]
    for _ in range(2):
        await menus.update()
        assert api.longer() == {ADMIN, LIN}
    monotonic.moment += seconds
    await menus.update()
    assert api.longer() == {ADMIN, CHEN, LIN}


async def test_an_empty_chat_and_the_profile_say_what_the_bot_is_for(
    menus: CommandMenus, api: Api
) -> None:
    await menus.update()
    assert {name for name, _ in api.texts} == {"description", "short_description"}
    for language in ("", "zh", "en"):
        assert 1 <= len(api.texts["description", language]) <= 512
        assert 1 <= len(api.texts["short_description", language]) <= 120
    assert api.texts["description", ""] == api.texts["description", "zh"]
    assert api.texts["description", "en"] != api.texts["description", "zh"]


async def test_what_the_bot_says_about_itself_names_the_exam_that_runs(
    api: Api, staff: StaffCache, monotonic: Sleepless
) -> None:
    """Telegram takes 512 and 120 characters: a name that is too long is left out."""
    named = {"name": "2027 年护士执业资格考试", "name_en": "Nurses' licence exam 2027"}
    nurses = EXAM.model_copy(update=named)
    await CommandMenus(cast(BotApi, api), TRANSLATIONS, staff, monotonic, nurses).update()
    for name in ("description", "short_description"):
        assert nurses.name in api.texts[name, "zh"]
        assert nurses.name_en in api.texts[name, "en"]
        assert "卫生" not in api.texts[name, "zh"]
    endless = EXAM.model_copy(update={"name": "长" * 600, "name_en": "long " * 120})
    await CommandMenus(cast(BotApi, api), TRANSLATIONS, staff, monotonic, endless).update()
    assert all(len(text) <= 120 for text in api.texts.values())
