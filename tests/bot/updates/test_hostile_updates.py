"""No update stops the worker, whatever lies at any path in it: it is answered or set aside."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.api.decoding import decode
from bot.core.runtime import WallClock
from bot.updates.attachments import attachment_of
from bot.updates.intake import is_ignored, is_talk
from bot.updates.queue_per_person import acted_at
from handlers.update_context import update_kind_of
from states.fsm_states import Home, Materials, Photo
from storage.engine.database import InDoubt
from storage.engine.ids import HIGHEST
from storage.engine.tables import InboxState
from storage.updates.inbox import ReceivedUpdate, queue_key_of
from tests import photos
from tests.bot.people import BOT, CHEN, LING
from tests.e2e.wait import until
from tests.fakes import router as offline
from tests.fakes.attachments import NOW
from tests.fakes.whole_worker import Works, works
from tests.fakes.worker import ADMINISTRATOR

DROPPED = object()
FILES = ("f90", "f800", "d")
SMALL = photos.light_jpeg(300, 400)
NUMBERS = itertools.count(10, 2)


def sent(**body: Any) -> dict[str, Any]:
    """An update of Ling's."""
    return {"update_id": 1, **body}


def joined() -> dict[str, Any]:
    """Ling unblocks the bot."""
    member = {"user": {"id": BOT, "is_bot": True, "first_name": "B"}, "status": "member"}
    person = {"id": LING, "is_bot": False, "first_name": "L"}
    chat = {"id": LING, "type": "private"}
    change = {"chat": chat, "from": person, "date": 1764637200}
    return {
        "my_chat_member": {**change, "old_chat_member": member, "new_chat_member": member},
    }


def pays() -> dict[str, Any]:
    """Ling pays for something."""
    person = {"id": LING, "is_bot": False, "first_name": "L"}
    query = {"id": "7", "from": person, "currency": "CNY", "total_amount": 100}
    return {"pre_checkout_query": {**query, "invoice_payload": "x"}}


KINDS = {
    "text": sent(**offline.says(NOW, "刘玲")),
    "command": sent(**offline.says(NOW, "/start")),
    "staff's command": sent(**offline.says(NOW, "/queue")),
    "photo": sent(**offline.picture(NOW)),
    "album": sent(**offline.picture(NOW, album="9")),
    "document": sent(**offline.document(NOW)),
    "contact": sent(**offline.contact(NOW)),
    "voice": sent(**offline.voice(NOW)),
    "sticker": sent(**offline.sticker(NOW)),
    "edited": sent(**offline.edited(NOW, "x")),
    "tap": sent(**offline.presses(NOW, "g:*:resume")),
    "staff's tap": sent(**offline.presses(NOW, "g:@:queue")),
    "member": sent(**joined()),
    "payment": sent(**pays()),
}
STATES = (Home.menu, Materials.adding, Photo.waiting)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from paths(value[key], (*path, key))


def changed(update: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The update with another value at a path, or without it."""
    if not path:
        return None if value is DROPPED else value
    update = copy.deepcopy(update)
    parent = update
    for key in path[:-1]:
        parent = parent[key]
    if value is DROPPED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return update


NUMBERS_AT_EDGES = (0, -1, 1, HIGHEST, HIGHEST + 1, -HIGHEST - 1, 10**30, 2**32, 253402300799)
FRACTIONS = (-62135596800, 0.5, -0.0, 1e308, float("nan"), float("inf"))
TEXTS = ("", "0", "\ud83d", "\x00", "/", "x" * 70, "private")
NESTED: tuple[Any, ...] = ([], [[]], [None], {}, {"": None}, {"id": LING}, {"\udc00": "\ud83d"})
EDGES = st.sampled_from([None, True, False, *NUMBERS_AT_EDGES, *FRACTIONS, *TEXTS, *NESTED])
JSON = EDGES | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "chat", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A valid update of any kind, with one or two values replaced or dropped."""
    update: Any = copy.deepcopy(KINDS[draw(st.sampled_from(sorted(KINDS)))])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from([*paths(update)]))
        update = changed(update, path, draw(st.just(DROPPED) | JSON))
    return update


# --- the functions before the dispatcher are total -----------------------------------------------


@given(mutated())
def test_no_function_over_a_raw_update_raises(update: Any) -> None:
    raw = decode(json.dumps(update).encode())
    if isinstance(raw, dict):
        assert abs(queue_key_of(raw)) <= HIGHEST
        update_kind_of(raw)
        attachment_of(raw)
        row = ReceivedUpdate(1, BOT, 1, LING, NOW, raw)
        assert acted_at(row, WallClock()).year < 2107


# --- the worker ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Works]]:
    """A worker over one database for all examples, and the loop that it runs in."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    with asyncio.Runner() as runner:
        context = works(folder)
        made = runner.run(context.__aenter__())
        made.desk.api.files |= dict.fromkeys(FILES, SMALL)
        yield runner, made
        runner.run(context.__aexit__(None, None, None))


async def survives(made: Works, update: Any, number: int) -> InboxState | None:
    """Send Ling's update and then Chen's; return what became of Ling's."""
    if isinstance(update, dict) and update.get("update_id") == 1:
        update = {**update, "update_id": number}
    other = {"update_id": number + 1, **offline.says(NOW, "/start", CHEN)}
    async with made.started() as intake:
        await intake.take([decode(json.dumps(update).encode()), other])
        await made.until_done()
        await until(lambda: CHEN in made.answered)
    async with made.started():  # nothing that was kept ends the next start
        assert await made.waiting() == []
    return (await made.states()).get(number)


@given(update=mutated(), state=st.sampled_from(STATES))
@settings(max_examples=150)
@example(update=sent(message="hello"), state=Home.menu)
@example(update=sent(message=[]), state=Home.menu)
@example(update=sent(message=[1]), state=Home.menu)
@example(update=sent(message=None), state=Home.menu)
@example(update=sent(callback_query=[]), state=Home.menu)
@example(update=sent(), state=Home.menu)
def test_the_worker_survives_and_answers_the_others(
    stage: tuple[asyncio.Runner, Works], update: Any, state: Any
) -> None:
    runner, made = stage
    runner.run(made.desk.is_in_state(state))
    runner.run(survives(made, update, next(NUMBERS)))


MALFORMED = {
    "a photo size without its height": ("photo", ("message", "photo", 1, "height"), DROPPED),
    "a photo size without its file_id": ("photo", ("message", "photo", 1, "file_id"), DROPPED),
    "a photo size that is text": ("photo", ("message", "photo", 0), "x"),
    "a document without file_id": ("document", ("message", "document", "file_id"), DROPPED),
    "a document that is a list": ("document", ("message", "document"), [1]),
    "a message that is text": ("text", ("message",), "hello"),
    "a message that is a list": ("text", ("message",), [1]),
    "a text that is an object": ("text", ("message", "text"), {"x": 1}),
    "from without id": ("photo", ("message", "from", "id"), DROPPED),
    "chat without id": ("photo", ("message", "chat", "id"), DROPPED),
    "a chat that is text": ("text", ("message", "chat"), "x"),
    "callback data that is a list": ("tap", ("callback_query", "data"), ["x"]),
    "a tapped message without date": ("tap", ("callback_query", "message", "date"), DROPPED),
}


@pytest.mark.parametrize(("kind", "path", "value"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_update_is_set_aside_with_an_alert(
    tmp_path: Path, kind: str, path: tuple[Any, ...], value: Any
) -> None:
    async with works(tmp_path) as made:
        await made.desk.is_in_state(Photo.waiting)
        made.desk.api.files |= dict.fromkeys(FILES, SMALL)
        async with made.started() as intake:
            await intake.take([changed(KINDS[kind], path, value)])
            await made.until_done()
            assert await made.states() == {1: InboxState.DEAD}
            await until(lambda: ADMINISTRATOR in made.answered)
        assert made.monotonic.slept == [1, 2], "three tries, as for any failure"


@pytest.mark.parametrize("raw", [b'{"update_id":1,"x":' + b"[" * 500 + b"]" * 500 + b"}", b"[]"])
async def test_a_stand_in_is_set_aside_at_once_with_an_alert(tmp_path: Path, raw: bytes) -> None:
    async with works(tmp_path) as made, made.started() as intake:
        await intake.take([decode(raw)])
        await made.until_done()
        assert [*(await made.states()).values()] == [InboxState.DEAD]
        await until(lambda: made.answered == {ADMINISTRATOR})
        assert made.monotonic.slept == []


async def test_a_dead_letter_that_was_committed_in_doubt_ends_its_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to the commit is lost; the update's next dead letter finds it set aside."""
    async with works(tmp_path) as made, made.started() as intake:
        write, flush = made.storage.db.write, made.storage.units.flush
        became: list[InboxState] = []

        @asynccontextmanager
        async def in_doubt() -> AsyncIterator[Any]:
            async with write() as connection:
                yield connection
            if became == [InboxState.DEAD]:
                became.clear()
                became.append(InboxState.DONE)
                raise InDoubt("lost")

        async def noted(*args: Any, **kwargs: Any) -> None:
            await flush(*args, **kwargs)
            if kwargs.get("final_state"):
                became.append(kwargs["final_state"])

        monkeypatch.setattr(made.storage.db, "write", in_doubt)
        monkeypatch.setattr(made.storage.units, "flush", noted)
        await intake.take([sent(message="hello")])
        await until(lambda: made.post.caught_up > 0)
        next_one = sent(update_id=2, **offline.says(NOW, "/start"))
        await intake.take([next_one])
        await made.until_done()
        assert await made.states() == {1: InboxState.DEAD, 2: InboxState.DONE}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "inline_query": {"id": "1", "from": {"id": 7}, "query": ""}},
        {"update_id": 1, "poll_answer": {"poll_id": "1", "user": {"id": 7}}},
        {"update_id": 1, "business_message": {"from": {"id": 7}, "text": "/start"}},
        {"update_id": 1, "a_kind_of_next_year": {"from": {"id": 7}}},
        {"update_id": 1, "message": {"chat": {"type": "private"}, "pinned_message": {}}},
        {"update_id": 1, "edited_message": {"chat": {"type": "private"}, "location": {}}},
    ],
    ids=["inline", "poll", "business", "unknown", "service", "live location"],
)
def test_what_nobody_asked_for_costs_no_row(update: dict[str, object]) -> None:
    assert is_ignored(update)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "message": "no message"},
        {"update_id": 1, "message": {"chat": {"type": "private"}, "text": "/start"}},
        {"update_id": 1, "message": {"chat": {"type": "supergroup"}, "pinned_message": {}}},
        {"update_id": 1, "edited_message": {"chat": {"type": "private"}, "text": "x"}},
        {"update_id": 1, "callback_query": {}},
        None,
        [],
    ],
)
def test_everything_else_is_taken(update: object) -> None:
    assert not is_ignored(update)


TALK = {"message_id": 1, "chat": {"id": -5, "type": "supergroup"}, "from": {"id": 7}}


@pytest.mark.parametrize(
    ("more", "is_nothing"),
    [
        ({"text": "午饭吃什么"}, True),
        ({"photo": [{}]}, True),
        ({"new_chat_members": [{}]}, True),
        ({"text": "/bind"}, False),
        ({"text": "/unbind@baoming_bot"}, False),
        ({"migrate_to_chat_id": -100}, False),
        ({"migrate_from_chat_id": -4}, False),
    ],
)
def test_talk_in_a_bound_group_costs_no_row(more: dict[str, object], is_nothing: bool) -> None:
    update = {"update_id": 1, "message": {**TALK, **more}}
    assert is_talk(update, lambda chat: chat == -5) is is_nothing
    assert not is_talk(update, lambda chat: chat == -6)
    edited_update = {"update_id": 1, "edited_message": {**TALK, **more}}
    assert is_talk(edited_update, lambda chat: chat == -5) is is_nothing
