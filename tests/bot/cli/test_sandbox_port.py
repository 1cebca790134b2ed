"""The sandbox's port: that of the last start while it is free."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.cli import sandbox_port

ASKED = 8017


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_first_start_takes_the_port_that_is_asked_for(tmp_path: Path) -> None:
    assert sandbox_port.preferred(tmp_path, ASKED) == ASKED
    sandbox_port.keep(tmp_path, ASKED, ASKED)
    assert list(tmp_path.iterdir()) == []


def test_the_next_start_begins_with_the_port_of_the_last(tmp_path: Path) -> None:
    used = free_port()
    sandbox_port.keep(tmp_path, ASKED, used)
    assert sandbox_port.preferred(tmp_path, ASKED) == used
    assert sandbox_port.preferred(tmp_path, ASKED + 1) == ASKED + 1, "another setting counts"
    sandbox_port.keep(tmp_path, ASKED, ASKED)
    assert sandbox_port.preferred(tmp_path, ASKED) == ASKED


def test_a_port_that_is_busy_now_is_left(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        sandbox_port.keep(tmp_path, ASKED, taken.getsockname()[1])
        assert sandbox_port.preferred(tmp_path, ASKED) == ASKED


@pytest.mark.parametrize("kept", ["", "8017", "8017 x", "8017 99999", "1 2 3"])
def test_a_file_that_makes_no_sense_is_ignored(tmp_path: Path, kept: str) -> None:
    (tmp_path / sandbox_port.KEPT).write_text(kept)
    assert sandbox_port.preferred(tmp_path, ASKED) == ASKED
