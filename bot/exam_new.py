"""A new year's exam begins as a copy of an old one, in which everything is a sample."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from bot import exam_files
from states.exam import read_exam

Values = Mapping[str, object]


class Exists(Exception):
    """There is something at that path already; nothing was written."""


def create(year: int, name: str, folder: Path | None = None) -> Path:
    """Copy an exam for another year into a folder (by default named as the new key, here).

    Key and year change, also within name and version; every moment moves by whole years; whatever
    the old exam had confirmed is a sample in the new one.

    Raises:
        BadExam: the old one cannot be read, or ``year`` is none that an exam can have.
        Exists: the folder exists.
    """
    data = exam_files.source(name)
    old = read_exam(data)
    copied = _for_year(data, old.year, year)
    key = read_exam(copied).key
    folder = folder or Path(key)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise Exists(str(folder)) from None
    _write(folder, copied, f"# {old.key} -> {key} (sample)")
    return folder


def _for_year(data: Values, old: int, new: int) -> dict[str, object]:
    moved = {key: _moved(value, new - old) for key, value in data.items()}
    for key in ("key", "name", "name_en"):
        moved[key] = str(moved.get(key, "")).replace(str(old), str(new))
    terms = moved["terms"]
    if isinstance(terms, dict):
        terms["version"] = str(terms["version"]).replace(str(old), str(new))
    return moved | {"year": new, "sample": True}


def _moved(value: object, years: int) -> object:
    """The same, later by whole years, and no longer confirmed."""
    match value:
        case date():  # a datetime is one
            return _later(value, years)
        case list():
            return [_moved(item, years) for item in value]
        case dict():
            doubted = {"sample": True, "confirmed": False}
            moved = {key: _moved(item, years) for key, item in value.items()}
            return moved | {key: doubt for key, doubt in doubted.items() if key in moved}
        case _:
            return value


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # there is no 29 February in that year
        return day.replace(year=day.year + years, day=28)


def _write(folder: Path, data: dict[str, object], head: str) -> None:
    files = {}
    for name, key in exam_files.PARTS.items():
        if part := data.pop(key, None):
            files[name] = _csv(part) if name.endswith(".csv") else _toml({key: part}, head)
    files[exam_files.FILE] = _toml(data, head)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _csv(rows: object) -> str:
    if not isinstance(rows, list):
        raise TypeError("a table has rows")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    said = {True: "yes", False: "no"}
    for row in rows:
        cells = {k: said[v] if isinstance(v, bool) else v for k, v in row.items()}
        writer.writerow(cells)
    return text.getvalue()


def _toml(data: Values, head: str) -> str:
    return "\n".join((head, *_table(data, ""))) + "\n"


def _table(data: Values, path: str) -> Iterator[str]:
    """The lines of a table: first what stands in it, then the tables below it."""
    below = {key: value for key, value in data.items() if _is_below(key, value)}
    for key, value in data.items():
        if key not in below:
            yield f"{key} = {_inline(value)}"
    for key, value in below.items():
        if isinstance(value, dict):
            yield from ("", f"[{path}{key}]", *_table(value, f"{path}{key}."))
        elif isinstance(value, list):
            for item in value:
                yield from ("", f"[[{path}{key}]]", *_table(item, f"{path}{key}."))


INLINE = ("fee", "materials", "points")
"""Small tables that read better in a line."""


def _is_below(key: str, value: object) -> bool:
    if key in INLINE:
        return False
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
    )


def _inline(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case dict():
            return f"{{ {', '.join(f'{key} = {_inline(item)}' for key, item in value.items())} }}"
        case [dict(), *_]:
            return "[\n" + "".join(f"  {_inline(item)},\n" for item in value) + "]"
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case str():
            # TOML's basic strings know JSON's escapes; DEL is the one sign only TOML wants escaped.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return str(value)
