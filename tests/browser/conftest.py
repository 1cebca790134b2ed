"""A sandbox with its page in its own process, and Chromium.

The tests skip without Chromium; in continuous integration a skip is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.driver import Sandbox, Screen

_ROOT = Path(__file__).parents[2]
_SERVE = (
    "from bot.sandbox.serve import serve;"
    "serve(None, '127.0.0.1', 0, page=True, ready=lambda address: print(address, flush=True))"
)
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 20_000
"""Milliseconds until an expectation fails: the pace of a chat holds a fast typist back."""


@contextmanager
def running(*arguments: str) -> Iterator[Sandbox]:
    """Run a sandbox with its page in a process of its own."""
    command = [sys.executable, *(arguments or ("-c", _SERVE))]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the sandbox did not start"
        with Sandbox(address) as driven:
            yield driven
        process.terminate()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox for the tests of one module."""
    with running() as driven:
        yield driven


@pytest.fixture
def empty() -> Iterator[Sandbox]:
    """Return a sandbox without messages."""
    with running() as driven:
        yield driven


@pytest.fixture
def swift(tmp_path: Path) -> Iterator[Sandbox]:
    """Return a sandbox and a bot, both without Telegram's limits."""
    with running("-m", "tests.browser.swift", str(tmp_path)) as driven:
        yield driven


@pytest.fixture
def approved(tmp_path: Path) -> Iterator[Sandbox]:
    """Return the same, where Ling has passed both reviews."""
    with running("-m", "tests.browser.swift", str(tmp_path), "--approved") as driven:
        yield driven


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium, or the one that CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium here: install it, or name it in CHROMIUM")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def screen(chromium: Browser, sandbox: Sandbox) -> Iterator[Screen]:
    """Return a phone without cookies; a request to another computer fails the test."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=sandbox.address,
        accept_downloads=True,
    )
    screen = Screen(context)
    yield screen
    context.close()
    assert screen.errors == []
    assert screen.strays == []
