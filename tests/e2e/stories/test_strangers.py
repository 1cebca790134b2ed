"""Whatever a stranger does first, they are asked for their language, and nobody is alarmed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.core.database import KNOWN
from storage.engine import schema
from storage.engine.tables import InboxState
from tests.databases import opened
from tests.e2e.bot import Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person
from tests.photos import light_jpeg

Act = Callable[[Person], Awaitable[object]]

ACTS: dict[str, Act] = {
    "a greeting": lambda person: person.says("你好"),
    "an ID number": lambda person: person.says("99999919900307104X"),
    "/cancel": lambda person: person.says("/cancel"),
    "/status": lambda person: person.says("/status"),
    "/back": lambda person: person.says("/back"),
    "/language": lambda person: person.says("/language"),
    "/clock": lambda person: person.says("/clock +1d"),
    "a zero byte": lambda person: person.says("/start a\0b"),
    "a link": lambda person: person.says("/start invite-1"),
    "a sticker": Person.sends_sticker,
    "a voice": Person.sends_voice,
    "a file": lambda person: person.sends_file(light_jpeg(10, 10)),
    "a picture": lambda person: person.sends_picture(light_jpeg(200, 200)),
}


@pytest.mark.parametrize("effect", ACTS.values(), ids=ACTS)
async def test_the_first_act(effect: Act, ling: Person, harness: Harness) -> None:
    await effect(ling)
    await ling.sees("请选择语言", "Please choose your language")
    await ling.presses("English")
    await ling.sees("Do you agree")
    await harness.settles()
    assert set((await database_summary(harness.settings)).inbox) == {InboxState.DONE}


async def test_a_stranger_types_the_language(ling: Person) -> None:
    await ling.says("english")
    await ling.sees("Do you agree")


async def test_a_stranger_asks_for_help(ling: Person, harness: Harness) -> None:
    await ling.says("/help")
    await ling.sees("怎么用")
    assert (await database_summary(harness.settings)).people == 0
    await ling.presses("继续报名")
    await ling.sees("请选择语言")


async def test_the_buttons_of_a_bot_that_forgot_everything(ling: Person, harness: Harness) -> None:
    """The sandbox was kept and the bot's data thrown away."""
    await ling.says("/start")
    language = await ling.sees("请选择语言")
    await ling.taps(language, "中文")
    consent = await ling.sees("同意我们这样使用您的信息吗")
    await harness.stops()
    async with opened(harness.settings.database) as db:
        await schema.migrate(db, "base")
    (harness.settings.folder / KNOWN).unlink()  # as the refusal says, to begin anew
    await harness.starts()
    await ling.taps(consent, "同意，开始")
    await ling.sees("请选择语言")
    await ling.taps(language, "English")
    await ling.sees("Do you agree")
