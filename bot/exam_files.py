"""Exams lie in folders: the package's own under ``bot/exams``, or any path."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from states.exam import BadExam, Exam, read_exam

FILE = "exam.toml"


def load(name: str) -> Exam:
    """The exam of a shipped name (``health-2026``), a folder, or a file.

    Raises:
        BadExam: there is none, it is no TOML, or it does not say what an exam has to.
    """
    path = Path(name)
    shipped = resources.files("bot") / "exams" / name / FILE
    if path.is_dir():
        path = path / FILE
    try:
        if path.is_file():
            return read_exam(tomllib.loads(path.read_text(encoding="utf-8")))
        if shipped.is_file():
            return read_exam(tomllib.loads(shipped.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadExam([f"{name}: {error}"]) from None
    raise BadExam([f"{name}: no such file, folder or shipped exam"])
