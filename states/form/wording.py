"""Words of an exam about its questions: the example that a question gives, and a note below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from states.exam import Exam
from states.form.education import RECORD
from states.form.fields import named
from states.form.pages import FORM
from states.texts import Text

ELIGIBILITY: Final = "eligibility"
"""The key of the note below the general rules of who may register."""
EXAMPLES: Final = frozenset({"school", "major", "employer_name", "department"})
"""The questions whose example belongs to an exam; without one they have a neutral example."""


def example(key: str, exam: Exam) -> Text | None:
    """Return the example of a question; None for one whose example is the same in every exam."""
    if key not in EXAMPLES:
        return None
    words = exam.wording.get(key)
    if words is None or not words.example:
        return Text(f"example-{key.replace('_', '-')}")
    return named(words.example, words.example_en)


def note(key: str, exam: Exam) -> Text | None:
    """Return the note of an exam below a question; None without one."""
    words = exam.wording.get(key)
    return named(words.note, words.note_en) if words and words.note else None


def find_wording_mistakes(exam: Exam) -> Iterator[str]:
    """Yield one line per mistake, such as ``wording.scool: no such question``."""
    known = {*FORM.fields, *RECORD.fields, ELIGIBILITY}
    for key, words in exam.wording.items():
        if key not in known:
            yield f"wording.{key}: no such question"
        if words.example and key not in EXAMPLES:
            yield f"wording.{key}.example: only of {', '.join(sorted(EXAMPLES))}"
        yield from (
            f"wording.{key}.{name}_en: missing"
            for name in ("example", "note")
            if getattr(words, name) and not getattr(words, f"{name}_en")
        )
