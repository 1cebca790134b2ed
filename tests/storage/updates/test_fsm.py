"""aiogram's contract of a storage holds for the worker's class, and aiogram itself runs on it.

The first part is one class, run over both shelves: rows of a unit of work that are written with
its commit, and a commit for each change. What was kept is read by a second connection.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol, cast

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import DataNotDictLikeError
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import StorageKey
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Chat, Message, Update
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage.engine import tables
from storage.engine.database import Database
from storage.updates import fsm
from storage.updates.fsm import (
    FsmRecord,
    LoadedRecords,
    SqlStorage,
    TableRecords,
    candidate_key,
    row_key,
)
from storage.updates.unit_of_work import UnitOfWork
from tests.databases import opened
from tests.storage.process import (
    BOT,
    LING,
    MING,
    NOW,
    StorageProcess,
    kept,
    message,
)

pytestmark = pytest.mark.row("C1")

KEY = candidate_key(BOT, LING)
NEIGHBOURS = {
    "person": candidate_key(BOT, MING),
    "bot": replace(KEY, bot_id=BOT + 1),
    "chat": replace(KEY, chat_id=-100),
    "thread": replace(KEY, thread_id=LING),
    "another thread": replace(KEY, thread_id=7),
    "business connection": replace(KEY, business_connection_id=str(LING)),
    "destiny": replace(KEY, destiny="staff"),
}


class Shelved(Protocol):
    """A storage under test, and what was kept of what it did."""

    storage: SqlStorage

    async def committed(self) -> SqlStorage:
        """The storage as another process finds it afterwards."""
        ...


class InUnit:
    """Over the rows of a unit of work, as in the worker."""

    def __init__(self, process: StorageProcess, second_db: Database) -> None:
        self._services = process
        self._second = second_db
        self._update_id = 0
        self.unit: UnitOfWork
        self.storage: SqlStorage

    async def begin(self) -> None:
        """The next update of the person."""
        self._update_id += 1
        self.unit = await self._services.unit(self._update_id)
        others = [row_key(key) for key in NEIGHBOURS.values()]
        async with self._services.db.read() as connection:
            self.unit.fsm.records |= await fsm.load(connection, others)
        self.storage = SqlStorage(self.unit.fsm)

    async def committed(self) -> SqlStorage:
        """Commit the unit, and begin the next."""
        await self._services.flush(self.unit)
        await self.begin()
        return SqlStorage(TableRecords(self._second))


class Alone:
    """Each change committed by itself."""

    def __init__(self, db: Database, second_db: Database) -> None:
        self.storage = SqlStorage(TableRecords(db))
        self._second = second_db

    async def committed(self) -> SqlStorage:
        """Nothing is left to be done."""
        return SqlStorage(TableRecords(self._second))


@pytest_asyncio.fixture(params=["in a unit", "alone"])
async def shelved(
    request: pytest.FixtureRequest, process: StorageProcess, second_db: Database
) -> AsyncIterator[Shelved]:
    if request.param == "alone":
        yield Alone(process.db, second_db)
        return
    in_unit = InUnit(process, second_db)
    await in_unit.begin()
    yield in_unit


class TestContract:
    async def test_a_key_of_which_nothing_is_known_is_empty(self, shelved: Shelved) -> None:
        assert await shelved.storage.get_state(KEY) is None
        assert await shelved.storage.get_data(KEY) == {}

    async def test_a_state_is_kept_and_taken_away(self, shelved: Shelved) -> None:
        await shelved.storage.set_state(KEY, "state")
        assert await shelved.storage.get_state(KEY) == "state"
        assert await (await shelved.committed()).get_state(KEY) == "state"
        assert await shelved.storage.get_state(KEY) == "state"

        await shelved.storage.set_state(KEY, None)
        assert await shelved.storage.get_state(KEY) is None
        assert await (await shelved.committed()).get_state(KEY) is None

    async def test_a_state_of_a_group_is_kept_by_its_name(self, shelved: Shelved) -> None:
        await shelved.storage.set_state(KEY, Walk.name)
        assert await (await shelved.committed()).get_state(KEY) == "Walk:name"

    async def test_data_is_kept_and_replaced_as_a_whole(self, shelved: Shelved) -> None:
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        assert await shelved.storage.get_data(KEY) == {"foo": "bar"}
        assert await (await shelved.committed()).get_data(KEY) == {"foo": "bar"}

        await shelved.storage.set_data(KEY, MappingProxyType({"页": [1, {"二": None}]}))
        assert await (await shelved.committed()).get_data(KEY) == {"页": [1, {"二": None}]}

        await shelved.storage.set_data(KEY, {})
        assert await (await shelved.committed()).get_data(KEY) == {}

    async def test_an_update_adds_and_overwrites_and_says_the_whole(self, shelved: Shelved) -> None:
        storage = shelved.storage
        assert await storage.update_data(KEY, {"foo": "bar"}) == {"foo": "bar"}
        assert await storage.update_data(KEY, {}) == {"foo": "bar"}
        assert await storage.update_data(KEY, {"baz": "spam"}) == {"foo": "bar", "baz": "spam"}
        assert await storage.update_data(KEY, {"baz": "test"}) == {"foo": "bar", "baz": "test"}
        assert await (await shelved.committed()).get_data(KEY) == {"foo": "bar", "baz": "test"}

    async def test_one_value_is_read_or_a_default(self, shelved: Shelved) -> None:
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        assert await shelved.storage.get_value(KEY, "foo") == "bar"
        assert await shelved.storage.get_value(KEY, "baz") is None
        assert await shelved.storage.get_value(KEY, "baz", "spam") == "spam"

    @pytest.mark.parametrize("data", [[("foo", "bar")], "foo", None, 1])
    async def test_what_is_no_mapping_is_refused(self, shelved: Shelved, data: object) -> None:
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        with pytest.raises(DataNotDictLikeError):
            await shelved.storage.set_data(KEY, cast("dict[str, Any]", data))
        with pytest.raises(DataNotDictLikeError):
            await shelved.storage.update_data(KEY, cast("dict[str, Any]", data))
        assert await (await shelved.committed()).get_data(KEY) == {"foo": "bar"}

    async def test_what_is_no_json_is_refused_at_once(self, shelved: Shelved) -> None:
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        with pytest.raises(TypeError):
            await shelved.storage.set_data(KEY, {"foo": object()})
        with pytest.raises(TypeError):
            await shelved.storage.update_data(KEY, {"foo": object()})
        assert await (await shelved.committed()).get_data(KEY) == {"foo": "bar"}

    async def test_what_goes_in_and_comes_out_are_copies(self, shelved: Shelved) -> None:
        given: dict[str, Any] = {"list": [1]}
        await shelved.storage.set_data(KEY, given)
        given["list"].append(2)
        (await shelved.storage.get_data(KEY))["list"].append(3)
        (await shelved.storage.update_data(KEY, {}))["list"].append(4)
        cast("list[int]", await shelved.storage.get_value(KEY, "list")).append(5)
        more: dict[str, Any] = {"more": [6]}
        await shelved.storage.update_data(KEY, more)
        more["more"].append(7)
        assert await shelved.storage.get_data(KEY) == {"list": [1], "more": [6]}
        assert await (await shelved.committed()).get_data(KEY) == {"list": [1], "more": [6]}

    @pytest.mark.parametrize("neighbour", NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
    async def test_a_neighbour_has_a_record_of_their_own(
        self, shelved: Shelved, neighbour: StorageKey
    ) -> None:
        await shelved.storage.set_state(KEY, "mine")
        await shelved.storage.set_data(KEY, {"whose": "mine"})
        assert await shelved.storage.get_state(neighbour) is None
        await shelved.storage.set_state(neighbour, "theirs")
        await shelved.storage.set_data(neighbour, {"whose": "theirs"})
        after = await shelved.committed()
        assert await after.get_state(KEY) == "mine"
        assert await after.get_data(KEY) == {"whose": "mine"}
        assert await after.get_state(neighbour) == "theirs"
        assert await after.get_data(neighbour) == {"whose": "theirs"}

    async def test_state_and_data_go_their_own_ways(self, shelved: Shelved) -> None:
        await shelved.storage.set_state(KEY, "state")
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        await shelved.storage.set_state(KEY, None)
        assert await (await shelved.committed()).get_data(KEY) == {"foo": "bar"}
        await shelved.storage.set_state(KEY, "state")
        await shelved.storage.set_data(KEY, {})
        assert await (await shelved.committed()).get_state(KEY) == "state"

    async def test_the_row_goes_when_nothing_is_left_to_keep(
        self, shelved: Shelved, database: str
    ) -> None:
        await shelved.storage.set_state(KEY, "state")
        await shelved.storage.set_data(KEY, {"foo": "bar"})
        await shelved.committed()
        assert await kept(database, select(tables.fsm.c.key)) == [(row_key(KEY),)]

        await FSMContext(shelved.storage, KEY).clear()
        await shelved.committed()
        assert await kept(database, select(tables.fsm.c.key)) == []

    async def test_closing_the_storage_leaves_the_database_open(self, shelved: Shelved) -> None:
        await shelved.storage.close()
        await shelved.storage.set_state(KEY, "state")
        assert await (await shelved.committed()).get_state(KEY) == "state"


# --- the shelf of a unit -------------------------------------------------------------------------


async def test_a_unit_refuses_a_key_that_it_has_not_read(process: StorageProcess) -> None:
    unit = await process.unit()
    with pytest.raises(KeyError):
        await SqlStorage(unit.fsm).get_state(NEIGHBOURS["person"])
    with pytest.raises(KeyError):
        await SqlStorage(unit.fsm).set_state(NEIGHBOURS["person"], "state")


async def test_what_was_only_read_is_not_written() -> None:
    loaded = LoadedRecords({row_key(KEY): FsmRecord("state", {"foo": "bar"})})
    storage = SqlStorage(loaded)
    await storage.get_state(KEY)
    await storage.get_data(KEY)
    assert not loaded.records[row_key(KEY)].changed
    await storage.set_state(KEY, "state")
    assert loaded.records[row_key(KEY)].changed


async def test_a_unit_that_is_dropped_leaves_no_trace(
    process: StorageProcess, database: str
) -> None:
    unit = await process.unit()
    await SqlStorage(unit.fsm).set_state(KEY, "state")
    async with process.db.read() as connection:
        assert (await fsm.load(connection, [row_key(KEY)]))[row_key(KEY)].empty
    assert await kept(database, select(tables.fsm)) == []


FEW = st.sampled_from([1, 7])
PARTS = st.sampled_from(["", "1", "7", "1:7", "default"])
KEYS = st.builds(
    StorageKey,
    bot_id=FEW,
    chat_id=FEW,
    user_id=FEW,
    thread_id=st.none() | FEW,
    business_connection_id=st.none() | PARTS,
    destiny=PARTS,
)


@given(KEYS, KEYS)
def test_no_two_keys_share_a_row(one: StorageKey, other: StorageKey) -> None:
    assert (row_key(one) == row_key(other)) == (one == other)


def test_no_two_neighbours_share_a_row() -> None:
    assert len({row_key(key) for key in [KEY, *NEIGHBOURS.values()]}) == 1 + len(NEIGHBOURS)


def test_the_longest_key_fits_its_column() -> None:
    largest = StorageKey(2**52, -(2**52), 2**52, 2**52, "x" * 64, "x" * 16)
    width = tables.fsm.c.key.type
    assert len(row_key(largest)) <= (getattr(width, "length", None) or 0)


# --- aiogram itself ------------------------------------------------------------------------------


class Walk(StatesGroup):
    name = State()
    age = State()
    colour = State()


class Recorder(BaseSession):
    """Takes every request of a bot and sends none."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], *_args: Any, **_kwargs: Any
    ) -> Any:
        assert isinstance(method, SendMessage), method
        self.said.append(method.text)
        chat = Chat(id=int(method.chat_id), type="private")
        return Message(message_id=len(self.said), date=NOW, chat=chat, text=method.text)

    async def stream_content(self, *_args: Any, **_kwargs: Any) -> AsyncGenerator[bytes, None]:
        nothing: list[bytes] = []
        for part in nothing:
            yield part

    async def close(self) -> None:
        """Nothing is open."""


def walk() -> Router:
    router = Router()

    @router.message(Command("begin"))
    async def begin(message: Message, state: FSMContext) -> None:
        await state.set_state(Walk.name)
        await message.answer("name?")

    @router.message(Walk.name, F.text)
    async def name(message: Message, state: FSMContext) -> None:
        await state.update_data(name=message.text)
        await state.set_state(Walk.age)
        await message.answer("age?")

    @router.message(Walk.age, F.text)
    async def age(message: Message, state: FSMContext) -> None:
        await state.update_data(age=message.text)
        await state.set_state(Walk.colour)
        await message.answer("colour?")

    @router.message(Walk.colour, F.text)
    async def colour(message: Message, state: FSMContext) -> None:
        data = await state.get_data()
        await state.clear()
        await message.answer(f"{data['name']}, {data['age']}, {message.text}")

    return router


class Process:
    """A bot on aiogram's own dispatcher, from its start on."""

    def __init__(self, db: Database) -> None:
        self._session = Recorder()
        self._bot = Bot(f"{BOT}:TEST", session=self._session)
        self._dispatcher = Dispatcher(storage=SqlStorage(TableRecords(db)))
        self._dispatcher.include_router(walk())
        self._update_id = 0

    async def hears(self, telegram_id: int, text: str) -> list[str]:
        """Return the reply to this message."""
        self._update_id += 1
        self._session.said.clear()
        update = Update.model_validate(message(self._update_id, telegram_id, text))
        await self._dispatcher.feed_update(self._bot, update)
        return list(self._session.said)


async def test_aiograms_own_dispatcher_walks_on_it_over_a_restart(database: str) -> None:
    async with opened(database) as db:
        bot = Process(db)
        assert await bot.hears(LING, "刘玲") == []
        assert await bot.hears(LING, "/begin") == ["name?"]
        assert await bot.hears(MING, "/begin") == ["name?"]
        assert await bot.hears(LING, "刘玲") == ["age?"]

    async with opened(database) as db:
        bot = Process(db)
        assert await bot.hears(MING, "王明") == ["age?"]
        assert await bot.hears(LING, "35") == ["colour?"]
        assert await bot.hears(LING, "绿") == ["刘玲, 35, 绿"]
        assert await bot.hears(LING, "蓝") == []

    rows = await kept(database, select(tables.fsm.c.key, tables.fsm.c.state))
    assert rows == [(row_key(candidate_key(BOT, MING)), "Walk:age")]
