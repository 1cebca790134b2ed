"""The phrasebook: requests in people's own words find the place that answers them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.i18n import load_phrasebook
from states.intents import LONGEST, BadPhrasebook, Phrasebook, _Pattern

PHRASEBOOK = load_phrasebook()


def phrases(name: str) -> list[tuple[str, str]]:
    """Phrases of a file, each with the name of its intent."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return [(row["phrase"], row["intent"]) for row in csv.DictReader(file)]


def misses(table: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The phrases whose intent was not found."""
    found = [(phrase, name, PHRASEBOOK.find(phrase)) for phrase, name in table]
    return [
        (phrase, name, intent.name if intent else "")
        for phrase, name, intent in found
        if intent is None or intent.name != name
    ]


def test_each_phrase_finds_its_intent() -> None:
    """Column ``origin``: with the patterns, or by other readers before they saw the patterns."""
    table = phrases("phrases.csv")
    assert len(table) >= 676
    assert misses(table) == []


def test_most_phrases_that_the_patterns_were_not_written_for_lead_right() -> None:
    """Somebody else wrote these after the patterns; they count only while no pattern is fitted."""
    table = phrases("phrases_unseen.csv")
    targets = {intent.name: intent.target for intent in PHRASEBOOK.intents}
    found = [(targets[name], PHRASEBOOK.find(phrase)) for phrase, name in table]
    right = sum(intent is not None and intent.target == target for target, intent in found)
    print(f"{right} of {len(table)} unseen phrases lead to the right place")
    assert len(table) == 100
    assert right >= 85


def test_phrases_that_were_left_alone_lead_right_more_often_than_not() -> None:
    """The third reader's: written with theirs, and no pattern was looked at beside them."""
    table = phrases("phrases_left_alone.csv")
    targets = {intent.name: intent.target for intent in PHRASEBOOK.intents}
    found = [(targets[name], PHRASEBOOK.find(phrase)) for phrase, name in table]
    right = sum(intent is not None and intent.target == target for target, intent in found)
    print(f"{right} of {len(table)} phrases that were left alone lead to the right place")
    assert len(table) == 40
    assert right >= 28


def test_a_text_is_compared_with_few_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each typed answer is looked up: with all of 350 patterns that was a quarter of the CPU."""
    calls = Counter[str]()
    weight = _Pattern.weight

    def counting(pattern: _Pattern, found: Mapping[str, int]) -> int:
        calls[phrase] += 1
        return weight(pattern, found)

    monkeypatch.setattr(_Pattern, "weight", counting)
    phrases_of_all = [phrase for phrase, _ in phrases("phrases.csv")]
    for phrase in (*phrases_of_all, "山西示例第一人民医院", "刘玲", "2019-07", "13800138000"):
        PHRASEBOOK.find(phrase)
    assert calls["刘玲"] == calls["2019-07"] == 0
    assert calls.total() / len(phrases_of_all) <= 40


def test_each_intent_is_found_in_both_languages() -> None:
    table = phrases("phrases.csv")
    for intent in PHRASEBOOK.intents:
        theirs = [phrase for phrase, name in table if name == intent.name]
        assert any(phrase.isascii() for phrase in theirs), intent
        assert any(not phrase.isascii() for phrase in theirs), intent


@given(st.text(max_size=LONGEST + 50))
def test_any_text_is_read_without_an_error_and_a_long_one_is_no_request(text: str) -> None:
    found = PHRASEBOOK.find(text)
    assert found is None or found in PHRASEBOOK.intents
    if len(text) > LONGEST:
        assert found is None
        assert PHRASEBOOK.likely(text) == ()


PARTS = ("pay", "pay.", "sign_up", "b超", "费", "缴费", "退", "退费", "怎么")
"""Parts of which some begin others, divided by a blank, or are in both scripts."""


def occurs(part: str, text: str) -> bool:
    """Return whether a part is in a text of lower-case words and Chinese signs, read slowly."""
    if part.isascii():
        words = re.sub(r"[^a-z]+", " ", text).split()
        wanted = part.rstrip(".").split("_")
        rows = [words[at : at + len(wanted)] for at in range(len(words))]
        if part.endswith("."):
            return wanted in rows
        return any(
            row[:-1] == wanted[:-1] and row[-1].startswith(wanted[-1])
            for row in rows
            if len(row) == len(wanted)
        )
    return part in text.replace(" ", "")


@given(
    st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(PARTS)), min_size=1, max_size=4),
    st.lists(st.sampled_from(["pay", "paying", "re", "sign", "up", "b", "超", "缴", "费", "退"])),
    st.booleans(),
)
def test_a_pattern_is_found_where_its_parts_occur(
    patterns: list[tuple[str, str]], pieces: list[str], is_spaced: bool
) -> None:
    text = (" " if is_spaced else "").join(pieces)
    source = {f"i{n}": {"target": "x", "zh": [f"{a} -{b}"]} for n, (a, b) in enumerate(patterns)}
    likely = {intent.name for intent in Phrasebook.parse(source).likely(text)}
    assert likely == {f"i{n}" for n, (a, _) in enumerate(patterns) if occurs(a, text)}
    found = Phrasebook.parse(source).find(text)
    matching = {
        f"i{n}" for n, (a, b) in enumerate(patterns) if occurs(a, text) and not occurs(b, text)
    }
    assert found is None if not matching else found is not None and found.name in matching


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want to pay", "pay"),
        ("Payment?", "pay"),
        ("repay", None),
        ("the seller", None),
        ("ＰＡＹ", "pay"),
        ("缴 费！", "pay"),
        ("怎么退", None),
        ("怎么 退 钱", "refund"),
    ],
)
def test_latin_parts_begin_a_word_and_chinese_ones_stand_anywhere(
    text: str, found: str | None
) -> None:
    book = Phrasebook.parse(
        {
            "refund": {"target": "a", "zh": ["退 钱|费"]},
            "pay": {"target": "b", "zh": ["缴费"], "en": ["pay", "sell. -the"]},
        }
    )
    intent = book.find(text)
    assert (intent.name if intent else None) == found


def test_the_pattern_that_explains_most_wins_and_of_two_equal_ones_the_first() -> None:
    book = Phrasebook.parse(
        {
            "print": {"target": "a", "zh": ["打印", "报名"]},
            "ticket": {"target": "b", "zh": ["打印 准考证", "打印"]},
        }
    )
    found = [book.find(text) for text in ("打印准考证", "打印", "报名")]
    assert [intent.name if intent else None for intent in found] == ["ticket", "print", "print"]


@pytest.mark.parametrize("text", ["钱退不退啊", "请问退钱咋退", "麻烦退一下钱"])
def test_spoken_words_are_read_as_written_ones_and_particles_not_at_all(text: str) -> None:
    book = Phrasebook.parse(
        {
            "spoken": {"咋": "怎么", "请问": "", "麻烦": "", "啊": ""},
            "how": {"target": "a", "zh": ["请问退钱怎么"]},
            "refund": {"target": "b", "zh": ["退 钱"]},
        }
    )
    intent = book.find(text)
    assert intent is not None
    assert intent.name == ("how" if "咋" in text else "refund")


@pytest.mark.parametrize("text", ["I dont wanna pay", "怎麼退費", "抱名退费", "pls refund"])
def test_slips_and_traditional_characters_are_read_as_they_are_meant(text: str) -> None:
    book = Phrasebook.parse(
        {
            "spoken": {"dont": "don't", "wanna": "want to", "抱名": "报名", "pls": "", "u": "you"},
            "refund": {"target": "a", "zh": ["退费"], "en": ["don't want_to_pay", "refund"]},
        }
    )
    assert book.find(text) is not None


def test_a_word_in_latin_letters_is_written_anew_only_where_it_is_whole() -> None:
    book = Phrasebook.parse({"spoken": {"u": "you"}, "fee": {"target": "a", "en": ["you", "fund"]}})
    assert book.find("fund") is not None
    assert book.find("us") is None


def test_likely_intents_share_a_part_with_the_text() -> None:
    book = Phrasebook.parse(
        {
            "refund": {"target": "a", "zh": ["退 钱"]},
            "pay": {"target": "b", "zh": ["交 钱"]},
            "print": {"target": "c", "zh": ["打印"]},
        }
    )
    assert book.find("钱呢") is None
    assert {intent.name for intent in book.likely("钱呢")} == {"refund", "pay"}


@pytest.mark.parametrize(
    "entry",
    [
        {"zh": ["缴费"]},
        {"target": "status"},
        {"target": "status", "zh": []},
        {"target": "status", "zh": "缴费"},
        {"target": "status", "zh": ["-退"]},
        {"target": "status", "zh": ["缴费 |"]},
    ],
    ids=["no target", "no patterns", "no pattern", "no list", "nothing wanted", "an empty part"],
)
def test_a_mistake_names_its_intent(entry: dict[str, object]) -> None:
    with pytest.raises(BadPhrasebook, match=r"^pay: "):
        Phrasebook.parse({"pay": entry})
