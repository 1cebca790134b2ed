"""The options of the account's questions: kinds of documents, and the sex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from states.exam import Exam
from states.form.fields import LocalizedOption
from states.identity import IdType, Sex
from states.texts import Text

SEXES: Final = tuple(LocalizedOption(one, Text(f"sex-{one}")) for one in Sex)


def id_types(exam: Exam) -> Sequence[LocalizedOption]:
    """Return the kinds of documents that the exam takes."""
    return [LocalizedOption(kind, IdType(kind).label) for kind in exam.id_types]
