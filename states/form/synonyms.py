"""The linter of an exam's synonyms: each names options of its list, and no name is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from states.exam import Exam, codes_of
from states.exam.parsing import unknown_codes
from states.form.education import RECORD
from states.form.fields import HAS_OPTIONS, AnswerContext, Option
from states.form.identity_choices import SEXES, id_types
from states.form.pages import FORM
from states.list_search import normalize_name
from states.texts import Mistake, none_of


def find_synonym_mistakes(exam: Exam) -> Iterator[Mistake]:
    """Yield the words that mean nothing, count twice or are names already."""
    lists = _lists(exam)
    for key, words in exam.synonyms.items():
        if key not in lists:
            yield none_of(f"synonyms.{key}", key, lists)
            continue
        options = lists[key]
        codes = {one.code for one in options}
        names = {normalize_name(name) for one in options for name in (one.name, one.name_en)}
        for word, meant in words.items():
            path = f"synonyms.{key}.{word}"
            yield from unknown_codes(path, codes_of(meant), key, codes)
            if not codes_of(meant) or not normalize_name(word):
                yield Mistake.of(path, "means-nothing")
            elif normalize_name(word) in names:
                yield Mistake.of(path, "name-already")
        yield from _twice(key, words)


def _twice(key: str, words: Mapping[str, object]) -> Iterator[Mistake]:
    """Yield the words that count as one when typed: they need one line with all meanings."""
    spellings = defaultdict(list)
    for word in words:
        spellings[normalize_name(word)].append(word)
    for first, *others in spellings.values():
        for other in others:
            yield Mistake.of(f"synonyms.{key}.{other}", "word-twice", other=first)


def _lists(exam: Exam) -> Mapping[str, Sequence[Option]]:
    """Return the options of each list, over all areas."""
    context = AnswerContext(exam, exam.today(exam.windows.registration.opens))
    asked = {**FORM.fields, **RECORD.fields}
    fixed = {
        key: field.options({}, context) for key, field in asked.items() if field.kind in HAS_OPTIONS
    }
    by_area = [replace(context, area=area) for area in exam.areas]
    placed = {
        key: [one for where in by_area for one in asked[key].options({}, where)]
        for key in ("site", "point", "employer")
    }
    return {**fixed, **placed, "area": exam.areas, "id_type": id_types(exam), "sex": SEXES}
