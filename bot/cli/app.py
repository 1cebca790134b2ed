"""The program ``baoming`` and the commands that stand alone."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from cyclopts import App

from bot.cli import console, sandbox_port
from bot.core.settings import SANDBOX_PORT, Refused, Settings, load_settings
from states.texts import Text

SANDBOX_LIBRARIES = ("fastapi", "nicegui")
"""The libraries of the extra ``sandbox``; the bot imports none of them."""
_TOKEN = "BAOMING_SANDBOX_TOKEN"
"""The variable in which the sandbox gets the bot's token from the process that starts it."""
NOT_NOW = 3
"""The exit code of ``reset`` while the bot runs."""

# A command imports heavy modules when it runs, and cyclopts imports a group by name: aiogram alone
# takes seconds.

app = App(name="baoming", help="报名助手 · the registration assistant", version_flags=[])
for name, about in {
    "exam": "考试定义 · exam definitions",
    "staff": "工作人员 · the staff",
    "payments": "收款的导入和核对 · payments: import and check",
    "jobs": "定时工作 · scheduled work",
    "keys": "加密密钥 · the keys of the encryption",
    "audit": "操作记录的封存和查验 · the audit, which is sealed",
}.items():
    app.command(f"bot.cli.{name}:app", name=name, help=about)


app.command(
    "bot.cli.verify:verify",
    name="verify",
    help="核对打印的报名表 · verify a printed form",
)


@app.command
def run() -> int:
    """启动机器人，没有 BOT_TOKEN 时连同沙盒 · start the bot; without BOT_TOKEN the sandbox too."""
    settings = load_settings()
    with console.lossy_output():
        return _run(settings)


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
    require_sandbox()
    from bot.sandbox.archive import InUse
    from bot.sandbox.serve import serve

    folder = load_settings().folder
    folder.mkdir(parents=True, exist_ok=True)
    if until_eof:
        threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        serve(
            folder / "world.sqlite3",
            "127.0.0.1",
            port,
            page=True,
            ready=_print_address,
            token=os.environ.get(_TOKEN, ""),
        )
    except InUse:
        raise Refused(Text("cli-sandbox-in-use")) from None
    return 0


@app.command
def reset() -> int:
    """清空沙盒：聊天、报名和文件 · clear the sandbox: chats, applications and files."""
    from storage.engine.instance_lock import AlreadyRunning, lock_folder

    folder = Settings(bot_token="").folder
    if folder.exists():
        try:
            with lock_folder(folder):
                shutil.rmtree(folder)
        except AlreadyRunning:
            # make ends with an error of its own, except for this code.
            raise Refused(Text("cli-reset-running"), code=NOT_NOW) from None
    console.say("cli-reset-done", place=str(folder))
    return 0


@app.command
def migrate() -> int:
    """把数据库升级到当前版本 · bring the database to this version."""
    from bot.core import database
    from storage.engine import schema

    async def migrate_database() -> None:
        async with database.connect(settings.database, time_limit=None) as db:
            await database.migrate(db, settings)

    settings = load_settings()
    database.check_not_lost(settings)
    settings.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(migrate_database())
    console.say("cli-migrated", version=schema.WANTED)
    return 0


@app.command
def backup(file: Path) -> int:
    """备份数据库和文件，机器人可以在运行 · back up database and files, also of a bot that runs.

    Parameters
    ----------
    file
        备份写到哪里 · where the backup goes; a file that exists is kept.
    """
    from bot.cli import backup as backups

    console.say_all(asyncio.run(backups.write(load_settings(), file)))
    return 0


@app.command
def restore(file: Path, *, verify: bool = False) -> int:
    """把备份恢复到空的数据库 · restore a backup into an empty database and folder.

    Parameters
    ----------
    file
        备份文件 · the backup.
    verify
        只检查备份，不恢复 · only check the backup; restores nothing.
    """
    from bot.cli import backup as backups

    settings = load_settings()
    if verify:
        texts, is_sound = asyncio.run(backups.verify(settings, file))
        console.say_all(texts)
        return 0 if is_sound else 1
    console.say_all(asyncio.run(backups.restore(settings, file)))
    return 0


@app.command(name="doctor")
def examine() -> int:
    """检查设置、密钥、数据库、考试和网络 · check settings, keys, database, exam and network."""
    from bot.ops import doctor

    findings = asyncio.run(doctor.examine(load_settings()))
    for finding in findings:
        print("✓" if finding.fine else "✗", console.localized(finding.text))
    return 0 if all(finding.fine for finding in findings) else 1


def require_sandbox() -> None:
    """Check that the extra ``sandbox`` is installed, without an import.

    Raises:
        Refused: a library of the extra is missing.
    """
    if not all(map(find_spec, SANDBOX_LIBRARIES)):
        raise Refused(Text("cli-sandbox-missing"), code=2)


def _run(settings: Settings) -> int:
    if not settings.in_sandbox:
        return _run_bot(settings, settings.bot_api_url, "cli-running-telegram")
    require_sandbox()
    console.say("cli-starting")
    asked = settings.sandbox_port
    begins = sandbox_port.preferred(settings.folder, asked)
    # Made anew at each start, so that no other program of this computer is taken for the bot.
    token = f"{settings.bot_id}:{secrets.token_urlsafe(24)}"
    with _sandbox(begins, token) as address:
        if not address:
            return 1
        used = urlsplit(address).port or asked
        sandbox_port.keep(settings.folder, asked, used)
        if used != asked:
            told = "cli-port-kept" if used == begins else "cli-port-busy"
            place = str(settings.folder / sandbox_port.KEPT)
            console.say(told, port=str(asked), used=str(used), place=place)
        return _run_bot(settings, address, "cli-running-sandbox", token)


def _run_bot(settings: Settings, address: str, ready: str, token: str = "") -> int:
    import structlog
    import uvloop

    from bot.core.lean_aiogram import import_aiogram

    import_aiogram()
    from bot import app as bot
    from bot.core.runtime import RestartWanted

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(settings.least_logged),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )

    async def serve() -> None:
        # The runner turns Ctrl-C into a cancelled task; SIGTERM does the same.
        if me := asyncio.current_task():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
        async with bot.build(settings, exam, address, bot.Options(token=token)) as running:
            console.say(ready, address=address)
            if running.is_exam_changed:
                console.say("cli-exam-differs", setting=settings.exam)
            if not running.exam.windows.registration.holds(running.clocks.wall.now()):
                console.say("cli-closed", exam=running.exam.name)
            await running.stopped  # raises the error of a failed loop

    exam = console.exam(settings)
    try:
        while True:
            try:
                uvloop.run(serve())
            except RestartWanted:
                console.say("cli-exam-taken-up")
                gc.unfreeze()  # the bot before froze its own objects
                continue
            return 0
    except (asyncio.CancelledError, KeyboardInterrupt):
        console.say("cli-stopped")
    except Refused:
        raise
    except bot.REFUSALS as error:
        raise Refused(bot.refusal(error), code=2) from None
    return 0


@contextmanager
def _sandbox(port: int, token: str) -> Iterator[str]:
    """Run the sandbox in its own process; yield its address, empty if it did not start."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--until-eof", "--port", str(port)],
        # The sandbox ends with its input, however this process ends.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, _TOKEN: token},
        # Ctrl-C must not reach the sandbox before the bot has stopped.
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
    """Run the command line and exit with its code; whatever it makes is its user's alone."""
    os.umask(0o077)
    sys.exit(console.finish(app))
