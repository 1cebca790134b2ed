"""The glossary and the code agree: each name exists, and each public class has a row."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from aiogram.fsm.state import StatesGroup
from sqlalchemy.types import TypeDecorator
from telegram.ext import BaseHandler

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
ROOMS = ("states", "storage", "handlers", "bot.updates", "bot.delivery", "bot.scheduler")
PLAIN = {
    "states.exam.data.Coded": "base of exam data with a code",
    "states.exam.data.Data": "base of exam data",
    "states.exam.data.Named": "base of exam data with a name",
    "states.exam.definition.Wording": "an exam's words about one question",
    "states.exam.places.Place": "base of Site and Point",
    "states.exam.parsing.CodesInUse": "an argument of one check",
    "states.list_search.Spellings": "an index of one function",
    "storage.candidates.decoded_rows.DecodedRows": "a memory of rows",
    "storage.candidates.records.RecordCache": "DecodedRows of people and applications",
    "storage.audit.chain.KeptHead": "a ChainHead as a row",
    "storage.engine.sqlite.SqliteConnection": "the driver's, in one trip",
    "storage.engine.sqlite.SqliteCursor": "the driver's, in one trip",
    "storage.updates.fsm.LoadedRecords": "a RecordStore in memory",
    "storage.updates.fsm.TableRecords": "a RecordStore in the database",
    "bot.updates.webhook.Batch": "calls that share a commit",
    "bot.updates.webhook.GroupCommit": "calls that wait for a batch",
    "bot.updates.worker.UnreadableUpdate": "an Envelope that could not be made",
}
"""The public classes without a row, and the reason."""

TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| zh |")
]
NAMES = [name for row in TABLE for name in re.findall(r"`([\w.]+)`", row[2])]


def classes(package: str) -> Iterator[type[Any]]:
    """Yield the public classes that the modules of a package define."""
    root = import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if module.name.startswith("storage.migrations"):
            continue  # Alembic runs its files; nobody imports them
        for name, cls in inspect.getmembers(import_module(module.name), inspect.isclass):
            if cls.__module__ == module.name and not name.startswith("_"):
                yield cls


def path_of(cls: type[Any]) -> str:
    return f"{cls.__module__}.{cls.__name__}"


def needs_no_row(cls: type[Any]) -> bool:
    """Return whether the kind of a class, or the row of its singular, explains it."""
    if getattr(cls, "_is_protocol", False):
        return True
    if issubclass(cls, (BaseException, BaseHandler, StatesGroup, TypeDecorator)):
        return True
    return path_of(cls).removesuffix("s") in NAMES


def resolve(name: str) -> object:
    """Import a module, or a name in one; a dataclass's field counts as a name of the class.

    Raises:
        LookupError: there is no such name.
    """
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                raise LookupError(f"{name}: no {part}")
            found = getattr(found, part)
        return found
    raise LookupError(name)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_name_of_the_glossary_exists(name: str) -> None:
    found = resolve(name)
    if inspect.isclass(found) and not issubclass(found, Enum):
        assert found.__module__ == name.rpartition(".")[0], "the row names the place it is defined"


def test_no_name_and_no_word_stands_twice() -> None:
    assert len(NAMES) == len(set(NAMES))
    words = [row[1] for row in TABLE]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[1])
def test_a_row_has_four_cells_and_a_name_in_the_code(row: list[str]) -> None:
    assert len(row) == 4
    assert all(row)
    assert re.search(r"`[\w.]+`", row[2])


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_class_has_a_row(room: str) -> None:
    known = {*NAMES, *PLAIN}
    missing = [path_of(cls) for cls in classes(room) if not needs_no_row(cls)]
    assert [path for path in missing if path not in known] == []


def test_the_list_of_plain_classes_has_no_leftovers() -> None:
    defined = {path_of(cls) for room in ROOMS for cls in classes(room)}
    assert set(PLAIN) <= defined
    assert not set(PLAIN) & set(NAMES)
