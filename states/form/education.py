"""An education record (学历学位信息): kept for every year, never taken away (domain §1.3).

Seen on the candidates' platform, or known from older systems; the lists are our own words for what
certificates say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from states.form.answer_context import AnswerContext
from states.form.engine import Page, Questionnaire
from states.form.fields import Field, FieldKind, LocalizedOption, Option, localized_options
from states.records import Answers
from states.texts import Problem, Text

MAX_RECORDS: Final = 5
"""Domain §1.3: at most five."""

PENDING: Final = "pending"
CHECKED_FROM: Final = "2002-01"
"""From this month on bachelors and above are checked at 学信网, and wait for it (domain §1.3)."""
_CHECKED: Final = frozenset(
    {"bachelor", "master", "doctor", "bachelor-degree", "master-degree", "doctor-degree"}
)

RECORD = Questionnaire(
    (
        Page(
            "record",
            (
                Field(
                    "degree",
                    FieldKind.CHOICE,
                    options=localized_options(
                        "degree",
                        *("secondary", "college", "bachelor", "master", "doctor"),
                        *("bachelor-degree", "master-degree", "doctor-degree"),
                    ),
                ),
                Field("school", FieldKind.TEXT, minimum=4, maximum=60),
                Field("major", FieldKind.TEXT, minimum=2, maximum=40),
                Field(
                    "study",
                    FieldKind.CHOICE,
                    options=localized_options(
                        "study", "full-time", "adult", "self", "online", "other"
                    ),
                ),
                Field("graduated", FieldKind.MONTH),
                Field("certificate", FieldKind.TEXT, minimum=4, maximum=40),
                Field(
                    "verification",
                    FieldKind.CHOICE,
                    options=localized_options("verification", "passed", PENDING, "failed"),
                ),
                Field("enrolled", FieldKind.MONTH, required=False),
            ),
        ),
    )
)


def find_contradiction(record: Answers) -> Problem | None:
    """Why a whole record cannot be true; it is said before the record is kept for good."""
    enrolled = record.get("enrolled")
    if enrolled and enrolled >= record["graduated"]:
        return Problem(
            "problem-enrolled-late", {"enrolled": enrolled, "graduated": record["graduated"]}
        )
    return None


def is_usable(record: Answers) -> bool:
    """Whether a form may refer to it: some degrees have to wait while they are 未核验."""
    waits = (
        record["verification"] == PENDING
        and record["degree"] in _CHECKED
        and record["graduated"] >= CHECKED_FROM
    )
    return not waits


def usable_records(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    """The records that a form may refer to, by their number (from 1)."""
    return [
        LocalizedOption(str(number), record_line(record))
        for number, record in enumerate(answer_context.education, start=1)
        if is_usable(record)
    ]


def record_line(record: Answers) -> Text:
    """A record in one line."""
    return Text(
        "record-line",
        {
            "degree": Text(f"choice-degree-{record['degree']}"),
            "school": record["school"],
            "major": record["major"],
            "graduated": record["graduated"],
        },
    )
