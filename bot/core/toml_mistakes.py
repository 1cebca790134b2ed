"""Files of an exam that cannot be read: where, and how to mend them, in the reader's language."""

from __future__ import annotations

import re
from csv import Error as CsvError
from typing import Final

from states.texts import Mistake, Text

_PLACE: Final = re.compile(
    r"(?P<words>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)"
)
"""A message of ``tomllib``, with the place that it names; behind the end it has no line."""
KINDS: Final = (
    ("Unclosed array", "array"),
    ("Unclosed inline table", "table"),
    ("Expected ']", "header"),
    ("Expected newline", "rest"),
    ("Expected '='", "key"),
    ("Invalid initial character", "key"),
    ("Invalid statement", "key"),
    ("Cannot ", "twice"),
    ("Duplicate ", "twice"),
    ("Unterminated", "string"),
    ("Illegal character", "string"),
    ("Found invalid character", "string"),
    ("Unescaped", "string"),
    ("Invalid hex", "string"),
    ("Escaped character", "string"),
    ("Expected '", "string"),
    ("Invalid", "value"),
)
"""How the messages of ``tomllib`` begin, and the kind of the mistake; the first one counts."""


def of_file(name: str, error: ValueError | CsvError) -> Mistake:
    """Return why a file of an exam cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return Mistake.of(name, "not-utf8")
    if isinstance(error, CsvError):
        return Mistake.of(name, "not-csv")
    found = _PLACE.fullmatch(str(error))
    words = found["words"] if found else str(error)
    kind = next((kind for start, kind in KINDS if words.startswith(start)), "other")
    why = Text(f"toml-{kind}", {"words": words})
    if found is None or found["line"] is None:
        return Mistake.of(name, "not-toml-end", why=why)
    return Mistake.of(name, "not-toml", line=found["line"], column=found["column"], why=why)


def missing(name: str) -> Mistake:
    """Return that there is no exam of this name."""
    return Mistake.of(name or '""', "not-found")
