"""Whatever a stranger does first, they are asked for their language, and nobody is alarmed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from storage.engine import schema
from storage.engine.tables import InboxState
from tests.databases import opened
from tests.photos import light_jpeg
from tests.stage.kept import kept
from tests.stage.person import Person
from tests.stage.play import Stage

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
async def test_the_first_act(effect: Act, ling: Person, stage: Stage) -> None:
    await effect(ling)
    await ling.sees("请选择语言", "Please choose your language")
    await ling.presses("English")
    await ling.sees("Do you agree")
    await stage.settles()
    assert set((await kept(stage.settings)).inbox) == {InboxState.DONE}


async def test_a_stranger_types_the_language(ling: Person) -> None:
    await ling.says("english")
    await ling.sees("Do you agree")


async def test_a_stranger_asks_for_help(ling: Person, stage: Stage) -> None:
    await ling.says("/help")
    await ling.sees("怎么用")
    assert (await kept(stage.settings)).people == 0
    await ling.presses("继续报名")
    await ling.sees("请选择语言")


async def test_the_buttons_of_a_bot_that_forgot_everything(ling: Person, stage: Stage) -> None:
    """The sandbox was kept and the bot's data thrown away."""
    await ling.says("/start")
    language = await ling.sees("请选择语言")
    await ling.taps(language, "中文")
    consent = await ling.sees("同意我们这样使用您的信息吗")
    await stage.stops()
    async with opened(stage.settings.database) as db:
        await schema.migrate(db, "base")
    await stage.starts()
    await ling.taps(consent, "同意，开始")
    await ling.sees("请选择语言")
    await ling.taps(language, "English")
    await ling.sees("Do you agree")
