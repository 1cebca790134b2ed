"""``baoming exam`` checks a definition, or makes a new year's definition from another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import App, Parameter

from bot.cli import console, exam_new
from bot.core import exam_files
from states.exam import BadExam

app = App(name="exam")


@app.command
def check(file: str) -> int:
    """检查考试定义，指出每处错误 · check an exam definition; names the place of each mistake."""
    try:
        exam = exam_files.load(file)
    except BadExam as error:
        return _print_mistakes(error.mistakes, sys.stdout)
    counts = {
        "areas": len(exam.areas),
        "sites": sum(len(area.sites) for area in exam.areas),
        "specialties": sum(not specialty.discontinued for specialty in exam.catalogue),
        "employers": len(exam.employers),
    }
    console.say("cli-exam-good", name=exam.name, **counts)
    return 0


@app.command
def new(
    year: int,
    *,
    source: Annotated[str, Parameter(name="--from")] = "health-2026",
    folder: Annotated[Path | None, Parameter(name="--to")] = None,
) -> int:
    """以旧考试为底稿新建一年的考试 · begin a year's exam as a copy of another; all of it a sample.

    Parameters
    ----------
    year
        新的年份 · the new year.
    source
        自带考试的名称、文件夹或文件 · a shipped exam, a folder or a file.
    folder
        新文件夹，默认以考试代码命名 · the new folder; named by the exam's key if not given.
    """
    try:
        made = exam_new.create(year, source, folder)
    except BadExam as error:
        return _print_mistakes(error.mistakes, sys.stderr)
    console.say("cli-exam-new", folder=str(made))
    return 0


def _print_mistakes(mistakes: list[str], file: TextIO) -> int:
    for mistake in mistakes:
        print(f"✗ {mistake}", file=file)
    return 1
