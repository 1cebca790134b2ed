"""Files of an exam that cannot be read: where, and how to mend them, in the reader's language."""

from __future__ import annotations

import re
from csv import Error as CsvError
from typing import Final

from states.exam import Mistake
from states.texts import Argument, Text

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
    plain = f"{name}: {error}"
    if isinstance(error, UnicodeDecodeError):
        return Mistake(plain, Text("exam-not-utf8", {"file": name}))
    if isinstance(error, CsvError):
        return Mistake(plain, Text("exam-not-csv", {"file": name}))
    return Mistake(plain, _of_toml(name, str(error)))


def missing(name: str) -> Mistake:
    """Return that there is no exam of this name."""
    plain = f"{name}: no such file, folder or shipped exam"
    return Mistake(plain, Text("exam-not-found", {"name": name}))


def _of_toml(name: str, message: str) -> Text:
    found = _PLACE.fullmatch(message)
    words = found["words"] if found else message
    kind = next((kind for start, kind in KINDS if words.startswith(start)), "other")
    args: dict[str, Argument] = {"file": name, "why": Text(f"toml-{kind}", {"words": words})}
    if found is None or found["line"] is None:
        return Text("exam-not-toml-end", args)
    return Text("exam-not-toml", {**args, "line": found["line"], "column": found["column"]})
