"""Words of an exam about its questions: the example that a question gives, and a note below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from states.exam import Exam
from states.form.education import RECORD
from states.form.fields import named
from states.form.pages import FORM
from states.texts import Mistake, Text, none_of

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


def find_wording_mistakes(exam: Exam) -> Iterator[Mistake]:
    """Yield words about no question, and such without English."""
    known = {*FORM.fields, *RECORD.fields, ELIGIBILITY}
    for key, words in exam.wording.items():
        if key not in known:
            yield Mistake.of(f"wording.{key}", "no-such-question", given=key)
        if words.example and key not in EXAMPLES:
            yield none_of(f"wording.{key}.example", key, sorted(EXAMPLES))
        yield from (
            Mistake.of(f"wording.{key}.{name}_en", "missing")
            for name in ("example", "note")
            if getattr(words, name) and not getattr(words, f"{name}_en")
        )
