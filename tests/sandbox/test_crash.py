"""A sandbox keeps every acknowledged change after SIGKILL."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.archive import InUse
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import Person
from tests.sandbox.caller import Caller

SERVE = """
import sys
from pathlib import Path
from bot.sandbox.serve import serve

serve(Path(sys.argv[1]), "127.0.0.1", 0, page=False, ready=lambda at: print(at, flush=True))
"""


def start(path: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server process on this file; return it and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


async def test_kill_9_loses_nothing_that_was_told(tmp_path: Path, ling: Person) -> None:
    path = tmp_path / "world.sqlite"
    process, base = start(path)
    try:
        async with aiohttp.ClientSession() as session:
            bot = Caller(session, base)
            for text in ("/start", "刘玲"):
                url = f"{base}/sandbox/ling/says"
                async with session.post(url, json={"text": text}) as response:
                    assert response.status == 200
            first, second = (await bot("getUpdates")).result
            await bot("getUpdates", offset=second["update_id"])
            keyboard = {"keyboard": [[{"text": "好"}]]}
            sent = await bot("sendMessage", chat_id=ling.id, text="您好", reply_markup=keyboard)
            assert sent.result["message_id"] == 3
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    world = World(path)
    assert [message["text"] for message in world.chat(ling)] == ["/start", "刘玲", "您好"]
    assert world.keyboard(ling) == keyboard
    assert [call.method for call in world.log()] == ["getUpdates", "getUpdates", "sendMessage"]
    async with serving(world) as base, aiohttp.ClientSession() as session:
        bot = Caller(session, base)
        assert (await bot("getUpdates")).result == [second]
        assert world.says(ling, "又来了")["message_id"] == 4
        assert (await bot("getUpdates")).result[-1]["update_id"] == second["update_id"] + 1
        assert first["update_id"] < second["update_id"]
    world.close()


def test_a_world_is_open_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.archive._LOCK_SECONDS", 0.0)
    path = tmp_path / "world.sqlite"
    first = World(path)
    with pytest.raises(InUse):
        World(path)
    first.close()
    World(path).close()


def test_numbers_never_go_back_even_when_all_is_confirmed_and_deleted(
    tmp_path: Path, ling: Person
) -> None:
    path = tmp_path / "world.sqlite"
    world = World(path)
    world.says(ling, "1")
    [(update_id, _)] = world.updates.oldest(1)
    world.updates.confirm_below(update_id + 1)
    world.chats.remove(ling.id, [1])
    world.close()
    world = World(path)
    assert world.says(ling, "2")["message_id"] == 2
    assert world.updates.oldest(1)[0][0] == update_id + 1
    world.close()


def test_terminating_ends_it_in_order(tmp_path: Path) -> None:
    process, base = start(tmp_path / "world.sqlite")
    assert base.startswith("http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) in (0, -signal.SIGTERM)
    process.communicate()
