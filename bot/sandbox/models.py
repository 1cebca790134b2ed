"""A second reading of the Bot API: aiogram's model of each method judges every call we receive.

Importing aiogram's methods takes some three seconds, so a server begins it in a thread of its own
(`Models.load`) and only the first call waits for it.
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
from bot.sandbox.refusals import Refusal, broken

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
"""Telegram's own words for a parameter that is missing; for others `parameter "x" is required`."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of one method: its model, its fields, and which of those are plain values."""

    kind: Any
    fields: frozenset[str]
    scalars: frozenset[str]
    files: frozenset[str]


@cache
def model_of(method: str) -> Model:
    """The model of a method by its name in the documentation; raises KeyError if it has none."""
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
    """The types of a union; anything nested counts as one type of its own."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return frozenset().union(*map(_leaves, typing.get_args(annotation)))
    return frozenset({annotation})


def read(method: str, raw: Mapping[str, Any]) -> JsonObject:
    """The parameters as they are meant: text that stands for a number, a flag or JSON is decoded.

    Raises Refusal for a parameter that is missing, unknown, or not of its type; nested ones too.
    """
    from pydantic import ValidationError

    model = model_of(method)
    params = {name: value for name, value in raw.items() if value is not None and value != ""}
    for name, value in params.items():
        if isinstance(value, str) and name in model.fields and name not in model.scalars:
            params[name] = _decoded(name, value)
    if unknown := params.keys() - model.fields:
        raise broken(f"unknown parameter {', '.join(sorted(unknown))} of {method}")
    checked = {name: value for name, value in params.items() if name not in model.files}
    try:
        typed = model.kind.model_validate(checked)
    except ValidationError as error:
        raise _misfit(error) from error
    values = typed.__dict__
    for name, value in checked.items():
        if name in model.scalars:
            params[name] = values[name]
        elif path := _unknown_inside(values[name], value):
            raise broken(f"unknown field {name}{path} of {method}")
    return params


def _decoded(name: str, value: str) -> Any:
    if value[0] not in "[{":
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        what = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
        raise broken(f"can't parse {what} JSON object") from error


def _misfit(error: "ValidationError") -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return broken(_ABSENT.get(name, f'parameter "{name}" is required'))
    where = ".".join(str(step) for step in first["loc"])
    return broken(f"can't parse {where}: {first['msg']}")


def _unknown_inside(typed: Any, raw: Any) -> str | None:
    """The path of a field that the model does not know, below the top."""
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
    """Loads aiogram's methods beside the event loop."""

    def __init__(self) -> None:
        self._loading: asyncio.Future[None] | None = None
        self.loaded = False

    def load(self) -> asyncio.Future[None]:
        """Begin to load, or join a load that has begun."""
        if self._loading is None:
            loop = asyncio.get_running_loop()
            self._loading = loop.run_in_executor(None, self._import)
        return self._loading

    async def ready(self) -> None:
        """Wait for the load. A caller who gives up does not stop it for the others."""
        if not self.loaded:
            await asyncio.shield(self.load())

    def _import(self) -> None:
        model_of("sendMessage")
        self.loaded = True
