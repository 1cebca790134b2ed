"""Validation of every call by aiogram's model of its method.

The import of aiogram's methods takes about 3 s. A server starts it in a thread (`Models.load`), and
the first call waits for it.
"""

import asyncio
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules.refusals import Refusal, invalid_call

if typing.TYPE_CHECKING:
    from pydantic import ValidationError

_SCALARS = frozenset({str, int, float, bool, types.NoneType})
_ABSENT = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
}
"""Telegram's wording for a missing parameter; the others get `parameter "x" is required`."""


@dataclass(frozen=True, slots=True)
class Model:
    """A method's pydantic model, its fields, and those with plain values or files."""

    kind: Any
    fields: frozenset[str]
    scalars: frozenset[str]
    files: frozenset[str]


@cache
def model_of(method: str) -> Model:
    """Return the model of a method by its documented name; raise KeyError if none exists."""
    import aiogram.methods as methods
    from aiogram.client.default import Default
    from aiogram.types import InputFile

    kind = getattr(methods, method[0].upper() + method[1:], None)
    if kind is None:
        raise KeyError(method)
    leaves = {name: _leaves(field.annotation) for name, field in kind.model_fields.items()}
    plain = _SCALARS | {Default}
    return Model(
        kind,
        frozenset(leaves),
        frozenset(name for name, leaf in leaves.items() if leaf <= plain | {InputFile}),
        frozenset(name for name, leaf in leaves.items() if InputFile in leaf and str not in leaf),
    )


def _leaves(annotation: Any) -> frozenset[Any]:
    """Return the types of a union; a nested type counts as one."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return frozenset().union(*map(_leaves, typing.get_args(annotation)))
    return frozenset({annotation})


def read(method: str, raw: Mapping[str, Any]) -> JsonObject:
    """Return the parameters with numbers, flags and JSON decoded from text.

    Raises Refusal for a missing, unknown or mistyped parameter, also a nested one.
    """
    from pydantic import ValidationError

    model = model_of(method)
    params = {name: value for name, value in raw.items() if value is not None and value != ""}
    for name, value in params.items():
        if isinstance(value, str) and name in model.fields and name not in model.scalars:
            params[name] = _decoded(name, value)
    if unknown := params.keys() - model.fields:
        raise invalid_call(f"unknown parameter {', '.join(sorted(unknown))} of {method}")
    checked = {name: value for name, value in params.items() if name not in model.files}
    try:
        typed = model.kind.model_validate(checked)
    except ValidationError as error:
        raise _validation_refusal(error) from error
    values = typed.__dict__
    for name, value in checked.items():
        if name in model.scalars:
            params[name] = values[name]
        elif path := _unknown_inside(values[name], value):
            raise invalid_call(f"unknown field {name}{path} of {method}")
    return params


def _decoded(name: str, value: str) -> Any:
    if value[0] not in "[{":
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        label = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
        raise invalid_call(f"can't parse {label} JSON object") from error


def _validation_refusal(error: "ValidationError") -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return invalid_call(_ABSENT.get(name, f'parameter "{name}" is required'))
    where = ".".join(str(step) for step in first["loc"])
    return invalid_call(f"can't parse {where}: {first['msg']}")


def _unknown_inside(typed: Any, raw: Any) -> str | None:
    """Return the path of an unknown nested field, or None."""
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            if isinstance(item, (dict, list)) and (path := _unknown_inside(typed[index], item)):
                return f"[{index}]{path}"
    elif isinstance(raw, dict) and hasattr(typed, "model_extra"):
        for extra in typed.model_extra or ():
            return f".{extra}"
        for name, value in raw.items():
            if isinstance(value, (dict, list)):
                inner = getattr(typed, name, None)
                if inner is not None and (path := _unknown_inside(inner, value)):
                    return f".{name}{path}"
    return None


class Models:
    """The import of aiogram's methods in a thread."""

    def __init__(self) -> None:
        self._loading: asyncio.Future[None] | None = None
        self.loaded = False

    def load(self) -> asyncio.Future[None]:
        """Start the import, or join the running one."""
        if self._loading is None:
            loop = asyncio.get_running_loop()
            self._loading = loop.run_in_executor(None, self._import)
        return self._loading

    async def ready(self) -> None:
        """Wait for the import; a cancelled caller does not cancel it."""
        if not self.loaded:
            await asyncio.shield(self.load())

    def _import(self) -> None:
        model_of("sendMessage")
        self.loaded = True
