"""Name the mistakes that pydantic finds in the data of an exam."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from states.exam.data import CODE, ELIGIBILITY_VERSION, SPECIALTY_CODE, TERMS_VERSION
from states.exam.rules import RULE_TAGS
from states.texts import Argument, Mistake

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Place = tuple[int | str, ...]

_RULES: Final = MappingProxyType(
    {
        "missing": "missing",
        "extra_forbidden": "unknown-key",
        "unexpected_keyword_argument": "unknown-key",
        "string_type": "no-text",
        "string_pattern_mismatch": "pattern",
        "string_too_short": "empty-text",
        "too_short": "too-few",
        "too_long": "too-many",
        "int_type": "no-whole-number",
        "int_parsing": "no-whole-number",
        "int_parsing_size": "no-whole-number",
        "int_from_float": "no-whole-number",
        "finite_number": "no-whole-number",
        "float_type": "no-number",
        "float_parsing": "no-number",
        "bool_type": "no-yes-or-no",
        "bool_parsing": "no-yes-or-no",
        "greater_than": "not-above",
        "greater_than_equal": "not-at-least",
        "less_than_equal": "not-at-most",
        "enum": "none-of",
        "datetime_type": "no-moment",
        "datetime_parsing": "no-moment",
        "datetime_from_date_parsing": "no-moment",
        "timezone_aware": "no-offset",
        "date_type": "no-day",
        "date_parsing": "no-day",
        "date_from_datetime_parsing": "no-day",
        "date_from_datetime_inexact": "no-day",
        "time_type": "no-hour",
        "time_parsing": "no-hour",
        "tuple_type": "no-list",
        "dict_type": "no-table",
        "model_type": "no-table",
        "dataclass_type": "no-table",
    }
)
"""The rule by pydantic's type of an error: https://docs.pydantic.dev/latest/errors/errors/."""
_SHAPES: Final = MappingProxyType(
    {
        CODE: "no-code",
        SPECIALTY_CODE: "no-specialty-code",
        TERMS_VERSION: "no-version",
        ELIGIBILITY_VERSION: "no-version",
    }
)
"""The rule by the pattern that a text does not match."""
_LIMITS: Final = ("gt", "ge", "le", "min_length", "max_length")
_BRANCHES: Final = RULE_TAGS | {"str", "tuple[str, ...]", "[key]"}
"""The parts of pydantic's paths that name a branch of a union or a key, and no key of a file."""
_WITHOUT_VALUE: Final = frozenset({"missing", "unknown-key", "empty-text", "too-few", "too-many"})
"""The rules whose texts do not show the wrong value."""
_SHOWN: Final = 40
"""Characters of a wrong value that are shown."""


def mistakes_of(error: ValidationError) -> list[Mistake]:
    """Return a mistake for each place; a list with invalid items is not also too short."""
    found: dict[Place, ErrorDetails] = {}
    for one in error.errors():
        found.setdefault(tuple(part for part in one["loc"] if part not in _BRANCHES), one)
    parents = {place[:depth] for place in found for depth in range(len(place))}
    return [_mistake(_path(place), one) for place, one in found.items() if place not in parents]


def _mistake(path: str, error: ErrorDetails) -> Mistake:
    context: Mapping[str, object] = error.get("ctx", {})
    cause = context.get("error")
    raised = cause.args[0] if isinstance(cause, ValueError) and cause.args else None
    if isinstance(raised, Mistake):
        return replace(raised, path=".".join(filter(None, (path, raised.path))))
    rule = _RULES.get(error["type"], "other")
    if rule == "pattern":
        rule = _SHAPES.get(str(context["pattern"]), "other")
    return Mistake(path or "exam", rule, dict(_arguments(rule, error, context)))


def _arguments(
    rule: str, error: ErrorDetails, context: Mapping[str, object]
) -> Iterator[tuple[str, Argument]]:
    if rule not in _WITHOUT_VALUE:
        given = error["input"]
        is_plain = isinstance(given, str | int | float | date | time)
        yield "given", f"{given}"[:_SHOWN] if is_plain else "…"
    limits = [f"{context[key]}" for key in _LIMITS if key in context]
    limits += re.findall(r"(\d+)\}", f"{context.get('pattern')}")
    if limits:
        yield "limit", limits[0]
    if "expected" in context:
        yield "choices", ", ".join(re.findall("'([^']*)'", f"{context['expected']}"))
    if rule == "other":
        yield "words", error["msg"]


def _path(place: Place) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return path.lstrip(".")
