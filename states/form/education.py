"""The education record (学历学位信息), stored for all years (domain §1.3).

The fields are those of the candidates' platform and of older systems; the project chose the lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from states.form.fields import (
    AnswerContext,
    Field,
    FieldKind,
    LocalizedOption,
    Option,
    localized_options,
)
from states.form.questionnaire import Page, Questionnaire
from states.identity import tidy_code
from states.records import Answers
from states.texts import Problem, Text

MAX_RECORDS: Final = 5
"""Most records of a person (domain §1.3)."""

PENDING: Final = "pending"
CHECKED_FROM: Final = "2002-01"
"""Month from which 学信网 verifies bachelors and above (domain §1.3)."""
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
                Field(
                    "certificate",
                    FieldKind.TEXT,
                    minimum=4,
                    maximum=40,
                    tidy=tidy_code,
                    has_digits=True,
                ),
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
    """Return why the answers of a complete record contradict each other; None if they do not."""
    enrolled = record.get("enrolled")
    if enrolled and enrolled >= record["graduated"]:
        return Problem(
            "problem-enrolled-late", {"enrolled": enrolled, "graduated": record["graduated"]}
        )
    return None


def is_usable(record: Answers) -> bool:
    """Return whether a form with the record can be submitted: some are 未核验 and have to wait."""
    waits = (
        record["verification"] == PENDING
        and record["degree"] in _CHECKED
        and record["graduated"] >= CHECKED_FROM
    )
    return not waits


def record_options(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the records as options; the code is the number of the record (from 1)."""
    return [
        LocalizedOption(str(number), record_line(record))
        for number, record in enumerate(context.education, start=1)
    ]


def chosen_record(answers: Answers, context: AnswerContext) -> Answers | None:
    """Return the record that the form refers to; None before the choice."""
    number = answers.get("education")
    return dict(enumerate(context.education, start=1)).get(int(number)) if number else None


def unchecked_record(answers: Answers, context: AnswerContext) -> str | None:
    """Return the number of the form's record while it has to wait for its check; else None."""
    record = chosen_record(answers, context)
    return answers["education"] if record is not None and not is_usable(record) else None


def record_line(record: Answers) -> Text:
    """Return a record in one line."""
    return Text(
        "record-line",
        {
            "degree": Text(f"choice-degree-{record['degree']}"),
            "school": record["school"],
            "major": record["major"],
            "graduated": record["graduated"],
        },
    )
