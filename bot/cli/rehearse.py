"""``baoming exam rehearse``: invented people go through a definition before real ones do."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from bot.cli import console
from bot.core import exam_files
from bot.core.settings import Refused
from states.exam import BadExam
from states.texts import Text

PEOPLE = 500
SEED = 2026


def rehearse(
    folder: str,
    *,
    people: Annotated[int, Parameter(validator=Number(gte=1, lte=100_000))] = PEOPLE,
    seed: int = SEED,
    report: Path | None = None,
) -> int:
    """用虚构的考生和工作人员走一遍考试定义 · play an exam with invented people, in minutes.

    Parameters
    ----------
    folder
        自带考试的名称、文件夹或文件 · a shipped exam, a folder or a file.
    people
        虚构考生的人数 · the number of invented candidates.
    seed
        随机种子，相同的种子结果相同 · the same seed makes the same rehearsal.
    report
        报告写到哪个文件夹（HTML 和 Markdown）· the folder of the report, as HTML and Markdown.
    """
    import structlog

    from bot.rehearsal.rehearse import rehearse as play
    from bot.rehearsal.report import report_files

    try:
        exam = exam_files.load(folder)
    except BadExam as error:
        raise Refused(Text("cli-rehearsal-bad-exam"), *error.texts) from None
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console.say("cli-rehearsal-begins", exam=exam.name, people=people)
    with tempfile.TemporaryDirectory(prefix="baoming-rehearsal-") as scratch:
        results = asyncio.run(play(exam, Path(scratch), people, seed=seed))
    for one in results.findings:
        print(f"✗ {console.localized(one.text)}")
    if report is not None:
        for file in report_files.write(results, report):
            console.say("cli-rehearsal-report", file=str(file))
    key = "cli-rehearsal-failed" if results.findings else "cli-rehearsal-green"
    console.say(key, registered=results.registered, people=people, count=len(results.findings))
    return 1 if results.findings else 0
