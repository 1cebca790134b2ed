"""The command line: ``python -m bot --help``. What it says is in ``bot/locales/*/cli.ftl``."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cyclopts import App

from bot import settings as configuration
from bot.settings import BadSettings, Settings
from states.texts import Argument, Text

# Everything heavier is imported by the command that needs it: aiogram alone takes seconds.

if TYPE_CHECKING:
    from bot.words import Words

app = App(name="python -m bot", help="报名助手 · the registration assistant", version_flags=[])
exam_commands = App(name="exam", help="考试定义 · exam definitions")
app.command(exam_commands)


@app.command
def run() -> int:
    """启动机器人，没有 BOT_TOKEN 时连同沙盒 · start the bot; without BOT_TOKEN the sandbox too."""
    settings = _settings()
    if not settings.in_sandbox:
        return _run_bot(settings, settings.bot_api_url, "cli-running-telegram")
    _say("cli-starting")
    with _sandbox(settings) as address:
        return _run_bot(settings, address, "cli-running-sandbox") if address else 1


@app.command
def sandbox(*, port: int = configuration.SANDBOX_PORT) -> int:
    """只启动沙盒，打印它的地址 · only the sandbox, a Telegram on loopback; prints its address."""
    from bot.sandbox.serve import serve

    place = _settings().place
    place.mkdir(parents=True, exist_ok=True)
    ready = lambda address: print(address, flush=True)  # noqa: E731
    serve(place / "world.sqlite3", "127.0.0.1", port, page=True, ready=ready)
    return 0


@app.command
def reset() -> int:
    """清空沙盒：聊天、报名和文件 · clear the sandbox: chats, applications and files."""
    from bot.stores import SecondPump, only_pump

    place = Settings(bot_token="").place
    if place.exists():
        try:
            with only_pump(place):
                shutil.rmtree(place)
        except SecondPump:
            _say("cli-reset-running")
            return 1
    _say("cli-reset-done", place=str(place))
    return 0


@app.command
def migrate() -> int:
    """把数据库升级到当前版本 · bring the database to this version."""
    from storage import schema
    from storage.db import Database

    async def go() -> None:
        db = Database(settings.database)
        try:
            await schema.migrate(db)
        finally:
            await db.close()

    settings = _settings()
    settings.place.mkdir(parents=True, exist_ok=True)
    asyncio.run(go())
    _say("cli-migrated", version=schema.wanted())
    return 0


@app.command(name="doctor")
def examine() -> int:
    """检查设置、密钥、数据库、考试和网络 · check settings, keys, database, exam and network."""
    from bot import doctor

    findings = asyncio.run(doctor.examine(_settings()))
    for finding in findings:
        print("✓" if finding.fine else "✗", _words().label(finding.text, _locale()))
    return 0 if all(finding.fine for finding in findings) else 1


@exam_commands.command
def check(file: str) -> int:
    """检查考试定义，指出每处错误 · check an exam definition; names the place of each mistake."""
    from bot import exam_files
    from states.exam import BadExam

    try:
        exam = exam_files.load(file)
    except BadExam as error:
        for mistake in error.mistakes:
            print(f"✗ {mistake}")
        return 1
    _say("cli-exam-good", name=exam.name, areas=len(exam.areas))
    return 0


def _run_bot(settings: Settings, address: str, ready: str) -> int:
    import structlog

    from bot import app as bot
    from bot import exam_files
    from states.exam import BadExam

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )

    async def go() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with bot.running(settings, exam, address) as running:
            _say(ready, address=address)
            if not exam.windows.registration.holds(running.calendar.now()):
                _say("cli-closed", exam=exam.name)
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait((running.stopped, stopping), return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if running.stopped.done():
                await running.stopped  # a loop that ended says why

    try:
        exam = exam_files.load(settings.exam)
        asyncio.run(go())
    except BadExam as error:
        _say("cli-bad-exam", reason="\n".join(error.mistakes))
        return 2
    except bot.REFUSALS as error:
        _say("cli-refused", reason=str(error))
        return 2
    _say("cli-stopped")
    return 0


@contextmanager
def _sandbox(settings: Settings) -> Iterator[str]:
    """The sandbox in a process of its own; its address, or an empty one if it did not start."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--port", str(settings.sandbox_port)],
        stdout=subprocess.PIPE,
        text=True,
        # The terminal's Ctrl-C is ours to pass on, after the bot has stopped.
        start_new_session=True,
    ) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def _settings() -> Settings:
    try:
        return configuration.load()
    except BadSettings as error:
        _say("cli-bad-settings", reason=str(error))
        sys.exit(2)


def _say(key: str, **args: Argument) -> None:
    print(_words().label(Text(key, args), _locale()), flush=True)


def _words() -> Words:
    from bot.words import Words

    return Words.load(ZoneInfo("Asia/Shanghai"))


def _locale() -> str:
    """The terminal's language: Chinese unless it says otherwise."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "en" if spoken.startswith("en") else "zh-CN"


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(app())


if __name__ == "__main__":
    main()
