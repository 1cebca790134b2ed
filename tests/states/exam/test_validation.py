"""Each mistake of a definition is told in the reader's language: place, fault and remedy."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError, field_validator

from states.exam import BadExam, Exam, read_exam
from states.exam.validation import mistakes_of
from states.texts import Mistake
from tests.bot.people import TRANSLATIONS
from tests.handlers.all_screens import ROOT
from tests.states.exam.refused_definitions import REFUSED, SOURCE, Slip, mistakes

pytestmark = pytest.mark.row("B15")

OF_FILES = {"in-two-files", "not-toml", "not-toml-end", "not-utf8", "not-csv", "not-found"}
"""The rules of files that cannot be read; ``test_exam_files`` and ``test_toml_mistakes``."""
ENGLISH = re.compile(
    r"\b(should|valid|must|input|value|field|string|integer|unable|extra|at least)\b", re.I
)


@pytest.mark.parametrize(
    ("rule", "path", "slip"), REFUSED, ids=[f"{rule}: {path}" for rule, path, _ in REFUSED]
)
def test_a_planted_mistake_is_told_with_its_place(rule: str, path: str, slip: Slip) -> None:
    found = [one for one in mistakes(slip) if one.path == path]
    assert [one.rule for one in found] == [rule]
    for one in found:
        chinese = TRANSLATIONS.plain(one.line, "zh-CN")
        english = TRANSLATIONS.plain(one.line, "en")
        assert chinese.startswith(f"{path}：")
        assert english.startswith(f"{path}: ")
        assert re.search("[\u4e00-\u9fff]{3}", chinese.removeprefix(path))
        assert not ENGLISH.search(chinese.removeprefix(path)), chinese
        assert str(one) == f"{path}: {rule}", "a log has no words of a language"


def test_each_rule_with_words_has_a_planted_mistake() -> None:
    planted = {rule for rule, _, _ in REFUSED}
    for locale in ("zh-CN", "en"):
        words = (ROOT / "bot/locales" / locale / "exam-mistakes.ftl").read_text("utf-8")
        told = set(re.findall("^mistake-([a-z0-9-]+)", words, re.MULTILINE))
        assert told == planted | OF_FILES | {"other"}


SPOILT: tuple[object, ...] = (
    *(None, "", "x y", "9" * 60, -1, 2**70, 1.5, float("inf"), float("nan"), True, "2026-02-30"),
    *([], ["?"], [1], [None] * 200, {}, {"a": 1}),
    *(date(2026, 1, 1), datetime(2026, 1, 1, 3, tzinfo=UTC), time(3)),
)
"""Values of which each is wrong somewhere."""


@pytest.mark.parametrize("value", SPOILT, ids=lambda value: f"{value!r:.20}")
def test_no_wrong_value_anywhere_is_told_in_the_words_of_a_library(value: object) -> None:
    places = [place for place in _places(SOURCE) if place]
    told: list[Mistake] = []
    for depth in range(1, max(map(len, places)) + 1):
        data: Any = copy.deepcopy(SOURCE)
        for place in places:
            if len(place) == depth:
                _put(data, place, value)
        with suppress(ValidationError):
            Exam.model_validate(data)
            continue
        with pytest.raises(BadExam) as refused:
            read_exam(data)
        told += refused.value.mistakes
    assert told
    assert not [one for one in told if one.rule == "other"]


Place = tuple[str | int, ...]


def _places(part: object, place: Place = ()) -> Iterator[Place]:
    """Yield the paths of all parts; of a list the first two items stand for all."""
    yield place
    if isinstance(part, dict):
        for name, item in part.items():
            yield from _places(item, (*place, name))
    elif isinstance(part, list):
        for number, item in enumerate(part[:2]):
            yield from _places(item, (*place, number))


def _put(data: Any, place: Place, value: object) -> None:
    for step in place[:-1]:
        data = data[step]
    data[place[-1]] = value


class Fruit(BaseModel):
    """Data with rules that no exam has."""

    colour: str

    @field_validator("colour")
    @classmethod
    def _is_red(cls, colour: str) -> str:
        raise ValueError(f"not {colour}")


def test_what_nobody_foresaw_keeps_the_words_of_the_library() -> None:
    with pytest.raises(ValidationError) as caught:
        Fruit.model_validate({"colour": "blue"})
    (found,) = mistakes_of(caught.value)
    assert (found.path, found.rule) == ("colour", "other")
    assert TRANSLATIONS.plain(found.line, "zh-CN") == (
        "colour：“blue”不能用在这里（Value error, not blue）。"
    )


def test_a_long_value_is_shown_in_part_and_a_table_not_at_all() -> None:
    def shown(slip: Slip) -> list[str]:
        return [TRANSLATIONS.plain(one.text, "zh-CN") for one in mistakes(slip)]

    (long,) = shown(lambda data: data.update(year="9" * 5000))
    assert long == f"“{'9' * 40}”不是整数。请写整数，不带单位，例如 50。"
    (table,) = shown(lambda data: data.update(year={"a": 1}))
    assert table.startswith("“…”不是整数")


def test_a_clerk_reads_what_is_wrong_and_how_to_mend_it() -> None:
    def slip(data: dict[str, Any]) -> None:
        data["zone"] = "Beijing"
        data["areas"][0]["payment"] = "cash"
        del data["areas"][1]["contact"]

    assert [TRANSLATIONS.plain(one.line, "zh-CN") for one in mistakes(slip)] == [
        "zone：没有叫“Beijing”的时区。例如 Asia/Shanghai（北京时间）。",
        "areas[0].payment：“cash”不能用在这里。可以写的有：mobile, desktop, none。",
        "areas[1].contact：缺少这一项，请补上。",
    ]


def test_a_mistake_is_a_value() -> None:
    assert Mistake.of("key", "missing") == Mistake("key", "missing", {})
