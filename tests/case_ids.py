"""How a parametrised case is called in a report: by a word, and never by two hundred signs.

A case whose values say nothing has a name of its own: ``pytest.param(..., id="...")``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from types import ModuleType, NoneType
from typing import Any

import pytest
from aiogram.fsm.state import State

MOST = 40
"""Signs of one value."""
_PLAIN = (bool, int, float, NoneType)
_EMPTY: tuple[()] = ()
"""There is only one, whoever calls it something."""


def called(value: object, module: ModuleType) -> str | None:
    """The name of a value; None where pytest's own is as good."""
    if isinstance(value, type) or (callable(value) and hasattr(value, "__name__")):
        return None
    name = _spelled(value, _constants(module))
    return name if name is None else shortened(name)


def shortened(text: str) -> str:
    """Printable, and of a length that can be read.

    >>> shortened("a" * 50)
    'aaaaaaaaaaaaaaaaaaaaaaaa… (50)'
    """
    printable = "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)
    if len(printable) <= MOST:
        return printable
    return f"{printable[: MOST - 16]}… ({len(text)})"


def numbered(names: str | tuple[str, ...], cases: Sequence[Any]) -> pytest.MarkDecorator:
    """Parametrize with cases whose names are a number and the texts in them.

    Cases of a long table may say the same otherwise, and pytest refuses two of one name.
    """
    ids = []
    for number, case in enumerate(cases):
        values = (case,) if isinstance(names, str) else case
        texts = [shortened(value) for value in values if isinstance(value, str) and value]
        ids.append(" ".join([str(number), *texts]))
    return pytest.mark.parametrize(names, cases, ids=ids)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def _constants(module: ModuleType) -> dict[int, str]:
    """By identity, what the constants of a test's module are called there."""
    return {
        id(value): name.lower().replace("_", " ")
        for name, value in vars(module).items()
        if name.isupper() and not isinstance(value, (str, bytes, *_PLAIN)) and value is not _EMPTY
    }


def _spelled(value: Any, constants: Mapping[int, str]) -> str | None:
    if id(value) in constants:
        return constants[id(value)]
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, (date, timedelta)):
        return str(value)
    if isinstance(value, Mapping):
        return _joined([f"{key}={_spelled(one, constants)}" for key, one in value.items()])
    if isinstance(value, (list, tuple)):
        return _joined([_spelled(one, constants) for one in value])
    if isinstance(value, Set):
        return _joined(sorted(str(_spelled(one, constants)) for one in value))
    if isinstance(value, State):
        return str(value.state)
    if isinstance(value, BaseException):
        return repr(value)
    if is_dataclass(value):
        said = [getattr(value, field.name) for field in fields(value)]
        told = [_spelled(one, constants) for one in said if one]
        return f"{type(value).__name__} {_joined(told)}"
    return None


def _joined(names: list[Any]) -> str:
    return ", ".join(str(name) for name in names) or "nothing"
