"""Fixtures of all tests: the profile of examples, and databases, each for one test.

Which tests run on both databases
    Whatever a database may do in its own way: locks, order, uniqueness, encodings, migrations,
    several writers at once, a crash and what is found after it. In every room but one a test that
    asks for a database is about such a thing, and the fixture ``kind`` runs it on both.
    The stories are the other room: most of them are about words, and those run on SQLite only.
    A story that depends on the database says so: ``@pytest.mark.both_databases``.
"""

from __future__ import annotations

import gc
import itertools
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from storage.engine import schema
from storage.engine.database import Database
from tests.case_ids import called
from tests.databases import KINDS, opened, url_of
from tests.postgres import CARELESS, Server, serving

NUMBERS = itertools.count(1)
TEMPLATE = "migrated"
TESTS = Path(__file__).parent

# --- Hypothesis ----------------------------------------------------------------------------------

# No example is judged by time: a busy machine makes one slow, and Hypothesis plays it again. The
# second time it is quick, and the failure reads "Inconsistent data generation".
settings.register_profile(
    "searching", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
# Every run has the same examples; --hypothesis-profile=searching looks for new ones.
settings.register_profile("same", settings.get_profile("searching"), derandomize=True)
settings.load_profile("same")

# --- Cases ---------------------------------------------------------------------------------------

MODULE = pytest.StashKey[ModuleType]()
"""The module of the test whose cases get their names."""


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Remember whose cases come next."""
    metafunc.config.stash[MODULE] = metafunc.module


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Return the id of a case without a name of its own."""
    return called(val, config.stash[MODULE])


# --- Garbage -------------------------------------------------------------------------------------

# The imports and the collection make millions of objects that stay; nothing of them is garbage.
gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage from now on, and leave out all that exists before the first test."""
    gc.freeze()
    gc.enable()


# --- Which tests run, and in which order --------------------------------------------------------

LONGEST = ("crash", "browser", "e2e", "sandbox")
"""Folders whose tests take longest, in this order; they start first."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--bench`` for ``make bench`` and ``make soak``, ``--measured`` for ``python -m tests``."""
    parser.addoption("--bench", action="store_true", help="run the tests of the bench itself too")
    parser.addoption(
        "--measured",
        choices=("all", "none", "only"),
        default="all",
        help="the tests that judge by the clock",
    )


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Return one more than cores: tests that wait for a process or a browser leave cores idle."""
    return (yield) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect by ``--bench`` and ``--measured``, whatever ``-m`` says; put the longest first."""
    measured = config.getoption("--measured")
    chosen: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        runs = config.getoption("--bench") or not item.get_closest_marker("bench")
        if measured != "all":
            runs = runs and bool(item.get_closest_marker("measured")) == (measured == "only")
        (chosen if runs else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = sorted(chosen, key=_turn)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(TESTS).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)


# --- Which database ------------------------------------------------------------------------------


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two: whoever asks for a database below is run on both."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database of the test's own."""
    url: str = request.getfixturevalue(f"{kind}_database")
    return url


@pytest.fixture
def bare(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database that was never migrated."""
    url: str = request.getfixturevalue(f"{kind}_bare")
    return url


@pytest_asyncio.fixture
async def db(database: str) -> AsyncIterator[Database]:
    """The database that is tested."""
    async with opened(database) as db:
        yield db


# --- SQLite --------------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the present schema, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "bot.db"
    async with opened(url_of(file)) as db:
        await schema.migrate(db)
    return file


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    """A migrated database's file, for what is true of files only."""
    return Path(shutil.copy(migrated_file, tmp_path / "bot.db"))


@pytest.fixture
def sqlite_database(file: Path) -> str:
    """Its URL."""
    return url_of(file)


@pytest.fixture
def sqlite_bare(tmp_path: Path) -> str:
    """The URL of a file that does not exist yet."""
    return url_of(tmp_path / "bare.db")


# --- PostgreSQL ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of all databases of this process; started when the first test needs it."""
    with serving(CARELESS) as server:
        yield server


@pytest.fixture(scope="session")
def careful_server() -> Iterator[Server]:
    """One that waits for its disk, as in operation; for tests that kill the server."""
    with serving({}) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_template(server: Server) -> str:
    """The name of a database of the present schema, to be copied.

    pytest-asyncio may make it again with another loop; so each has a name of its own.
    """
    name = f"{TEMPLATE}_{next(NUMBERS)}"
    async with opened(server.create(name)) as db:
        await schema.migrate(db)
    return name


@pytest.fixture
def postgresql_database(server: Server, migrated_template: str) -> Iterator[str]:
    """The URL of a copy."""
    name = f"test_{next(NUMBERS)}"
    yield server.create(name, migrated_template)
    server.drop(name)


@pytest_asyncio.fixture
async def careful_database(careful_server: Server) -> AsyncIterator[str]:
    """The URL of a migrated database on the server that may be killed."""
    name = f"test_{next(NUMBERS)}"
    url = careful_server.create(name)
    async with opened(url) as db:
        await schema.migrate(db)
    yield url
    careful_server.drop(name)


@pytest.fixture
def postgresql_bare(server: Server) -> Iterator[str]:
    """The URL of a new database."""
    name = f"test_{next(NUMBERS)}"
    yield server.create(name)
    server.drop(name)
