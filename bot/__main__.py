"""The command line: ``python -m bot --help``. What it says is in ``bot/locales/*/cli.ftl``."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot import audit_commands, staff_commands, terminal
from bot.settings import SANDBOX_PORT, Settings

# Everything heavier is imported by the command that needs it: aiogram alone takes seconds.

app = App(name="python -m bot", help="报名助手 · the registration assistant", version_flags=[])
exam_commands = App(name="exam", help="考试定义 · exam definitions")
app.command(exam_commands)
app.command(staff_commands.app)
app.command(audit_commands.app)


@app.command
def run() -> int:
    """启动机器人，没有 BOT_TOKEN 时连同沙盒 · start the bot; without BOT_TOKEN the sandbox too."""
    settings = terminal.settings()
    if not settings.in_sandbox:
        return _run_bot(settings, settings.bot_api_url, "cli-running-telegram")
    terminal.say("cli-starting")
    with _sandbox(settings) as address:
        return _run_bot(settings, address, "cli-running-sandbox") if address else 1


@app.command
def sandbox(*, port: int = SANDBOX_PORT, until_eof: bool = False) -> int:
    """只启动沙盒，打印它的地址 · only the sandbox, a Telegram on loopback; prints its address.

    Parameters
    ----------
    port
        另一个程序占用时换一个 · another is taken if it is busy.
    until_eof
        标准输入关闭时退出 · end when standard input does.
    """
    from bot.sandbox.archive import InUse
    from bot.sandbox.serve import serve

    place = terminal.settings().folder
    place.mkdir(parents=True, exist_ok=True)
    if until_eof:
        threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        serve(place / "world.sqlite3", "127.0.0.1", port, page=True, ready=_print_address)
    except InUse:
        terminal.complain("cli-sandbox-in-use")
        return 1
    return 0


@app.command
def reset() -> int:
    """清空沙盒：聊天、报名和文件 · clear the sandbox: chats, applications and files."""
    from storage.pump_lock import SecondPump, only_pump

    place = Settings(bot_token="").folder
    if place.exists():
        try:
            with only_pump(place):
                shutil.rmtree(place)
        except SecondPump:
            terminal.complain("cli-reset-running")
            return 1
    terminal.say("cli-reset-done", place=str(place))
    return 0


@app.command
def migrate() -> int:
    """把数据库升级到当前版本 · bring the database to this version."""
    from storage import schema
    from storage.db import Database, Unavailable

    async def go() -> None:
        db = Database(settings.database, patience=None)
        try:
            await schema.migrate(db)
        finally:
            await db.close()

    settings = terminal.settings()
    settings.folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(go())
    except Unavailable as error:
        terminal.complain("cli-refused", reason=str(error))
        return 1
    terminal.say("cli-migrated", version=schema.WANTED)
    return 0


@app.command(name="doctor")
def examine() -> int:
    """检查设置、密钥、数据库、考试和网络 · check settings, keys, database, exam and network."""
    from bot import doctor

    findings = asyncio.run(doctor.examine(terminal.settings()))
    for finding in findings:
        print("✓" if finding.fine else "✗", terminal.worded(finding.text))
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
    counts = {
        "areas": len(exam.areas),
        "sites": sum(len(area.sites) for area in exam.areas),
        "specialties": sum(not specialty.discontinued for specialty in exam.catalogue),
        "employers": len(exam.employers),
    }
    terminal.say("cli-exam-good", name=exam.name, **counts)
    return 0


@exam_commands.command
def new(
    year: int,
    *,
    source: Annotated[str, Parameter(name="--from")] = "health-2026",
    folder: Annotated[Path | None, Parameter(name="--to")] = None,
) -> int:
    """以旧考试为底稿新建一年的考试 · begin a year's exam as a copy of another; all of it a sample.

    Parameters
    ----------
    year
        新的年份 · the new year.
    source
        自带考试的名称、文件夹或文件 · a shipped exam, a folder or a file.
    folder
        新文件夹，默认以考试代码命名 · the new folder; named by the exam's key if not given.
    """
    from bot import exam_new
    from states.exam import BadExam

    try:
        made = exam_new.create(year, source, folder)
    except BadExam as error:
        for mistake in error.mistakes:
            print(f"✗ {mistake}", file=sys.stderr)
        return 1
    except exam_new.Exists as error:
        terminal.complain("cli-exam-exists", folder=str(error))
        return 1
    terminal.say("cli-exam-new", folder=str(made))
    return 0


def _run_bot(settings: Settings, address: str, ready: str) -> int:
    import structlog
    import uvloop

    from bot import app as bot
    from bot import exam_files
    from bot.stores import DroppedCodes
    from states.exam import BadExam

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )

    async def go() -> None:
        # The runner turns Ctrl-C into a cancelled task; a service manager's wish is the same.
        if me := asyncio.current_task():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
        async with bot.running(settings, exam, address) as running:
            terminal.say(ready, address=address)
            if not exam.windows.registration.holds(running.calendar.now()):
                terminal.say("cli-closed", exam=exam.name)
            await running.stopped  # raises why a loop ended, which none should

    try:
        exam = exam_files.load(settings.exam)
        uvloop.run(go())
    except (asyncio.CancelledError, KeyboardInterrupt):
        terminal.say("cli-stopped")
    except BadExam as error:
        terminal.complain("cli-bad-exam", reason="\n".join(error.mistakes))
        return 2
    except DroppedCodes as error:
        terminal.complain("cli-dropped-codes", exam=error.exam, codes=", ".join(error.codes))
        return 2
    except bot.REFUSALS as error:
        terminal.complain("cli-refused", reason=str(error))
        return 2
    return 0


@contextmanager
def _sandbox(settings: Settings) -> Iterator[str]:
    """The sandbox in a process of its own; its address, or an empty one if it did not start."""
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bot",
            "sandbox",
            "--until-eof",
            "--port",
            str(settings.sandbox_port),
        ],
        # Kept open: however this process ends, the sandbox's input ends with it.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # The terminal's Ctrl-C is ours to pass on, after the bot has stopped.
        start_new_session=True,
    ) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _print_address(address: str) -> None:
    print(address, flush=True)


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(app())


if __name__ == "__main__":
    main()
