"""The phrasebook: requests in people's own words find the place that answers them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.i18n import load_phrasebook
from states.own_words.intents import LONGEST, BadPhrasebook, Phrasebook

PHRASEBOOK = load_phrasebook()


def read(name: str) -> list[tuple[str, str]]:
    """The rows of a file of two columns."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return [(first, second) for first, second in list(csv.reader(file))[1:]]


def test_each_example_leads_to_its_own_place() -> None:
    examples = PHRASEBOOK.examples
    assert len(examples) >= 2_000
    astray = {
        text: PHRASEBOOK.find(text)
        for text, intent in examples
        if PHRASEBOOK.find(text) != (intent.target if intent else None)
    }
    assert astray == {}


def test_most_phrases_that_no_example_was_written_for_lead_right() -> None:
    """Two others wrote these from the places alone; none of them may become an example."""
    table = read("phrases_unseen.csv")
    examples = {text for text, _ in PHRASEBOOK.examples}
    targets = {intent.name: intent.target for intent in PHRASEBOOK.intents}
    right = sum(PHRASEBOOK.find(phrase) == targets[name] for phrase, name in table)
    offered = sum(targets[name] in PHRASEBOOK.likely(phrase)[:4] for phrase, name in table)
    print(
        f"of {len(table)} unseen phrases {right} lead right; {offered} are among the four offered"
    )
    assert len(table) == 195
    assert examples.isdisjoint(phrase for phrase, _ in table)
    assert right >= 175
    assert offered >= 190


def test_few_texts_that_are_no_request_open_a_screen_and_fewer_are_asked_back() -> None:
    table = read("no_requests.csv")
    opened = [text for text, _ in table if PHRASEBOOK.find(text)]
    doubted = [text for text, _ in table if PHRASEBOOK.find_surely(text)]
    print(f"of {len(table)} texts without a request {len(opened)} open, {len(doubted)} are doubted")
    assert len(table) == 100
    assert len(opened) <= 16
    assert len(doubted) <= 6


def test_each_intent_has_examples_in_both_languages() -> None:
    languages = defaultdict[str, set[bool]](set)
    for text, intent in PHRASEBOOK.examples:
        languages[intent.name if intent else ""].add(text.isascii())
    assert [name for name, both in languages.items() if len(both) < 2] == []


@given(st.text(max_size=LONGEST + 50))
def test_any_text_is_read_without_an_error_and_a_long_one_is_no_request(text: str) -> None:
    targets = {intent.target for intent in PHRASEBOOK.intents}
    likeness = PHRASEBOOK.likeness(text)
    assert all(0 <= one <= 1 + 1e-9 for one in likeness.values())
    assert PHRASEBOOK.find(text) in {*targets, None}
    assert targets.issuperset(PHRASEBOOK.likely(text))
    if len(text) > LONGEST:
        assert likeness == {}


@given(st.sampled_from(PHRASEBOOK.examples), st.sampled_from(["！", " ", "…", "'", "？？", "，"]))
def test_case_width_blanks_and_punctuation_change_nothing(
    example: tuple[str, object], sign: str
) -> None:
    text, _ = example
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text.upper())
    assert PHRASEBOOK.likeness(f"{wide}{sign}") == PHRASEBOOK.likeness(text)


@given(st.text("王李文好谢过交成功考网欣怡 晓燕安", min_size=2, max_size=4))
def test_a_name_of_signs_that_requests_have_too_is_no_request(name: str) -> None:
    examples = {text for text, _ in PHRASEBOOK.examples}
    assert PHRASEBOOK.find_surely(name) is None or name.replace(" ", "") in examples


BOOK = Phrasebook.parse(
    {
        "between": {"zh": ["？", "还有"], "en": ["also"]},
        "asking": {"zh": ["怎么"], "en": ["how"]},
        "refund": {"target": "refund", "zh": ["怎么退钱", "钱能退吗"], "en": ["money back"]},
        "pay": {
            "target": "pay",
            "zh": ["怎么交钱", "在哪里交钱"],
            "en": ["how do I pay", "where do I pay", "I pay"],
        },
        "both": {"target": "fees", "zh": ["交钱和退钱？怎么算"]},
        "hello": {"target": "here", "zh": ["你好"]},
        "nothing": {"zh": ["钱包丢了"]},
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("怎么退钱", "refund"),
        ("怎麼退錢", "refund"),
        ("怎么才能把钱退了", "refund"),
        ("tell me how I pay here", "pay"),
        ("how to", None),
        ("钱包丢了", None),
        ("天气", None),
        ("", None),
        ("。。。", None),
    ],
)
def test_a_text_leads_where_the_examples_lead_that_are_most_like_it(
    text: str, found: str | None
) -> None:
    assert BOOK.find(text) == found


def test_a_text_that_is_hardly_like_any_is_only_offered_what_it_resembles() -> None:
    assert BOOK.find("我昨天给他的那笔钱和这件事没有什么关系") is None
    assert BOOK.likely("我昨天给他的那笔钱和这件事没有什么关系")[0] == "fees"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("怎么交钱？怎么退钱", ("pay", "refund")),
        ("how do I pay, also money back", ("pay", "refund")),
        ("怎么交钱，怎么退钱", ("pay", "refund")),
        ("how do I pay, how money back", ("pay", "refund")),
        ("钱交了，怎么退钱", ("refund",)),
        ("您好，怎么交钱，怎么退钱", ("pay", "refund")),
        ("怎么交钱，怎么退钱，谢谢", ("pay", "refund")),
        ("怎么交钱，怎么去", ("pay",)),
        ("你好？怎么交钱", ("pay",)),
        ("交钱和退钱？怎么算", ("fees",)),
        ("怎么交钱？怎么交钱", ("pay",)),
        ("天气？", ()),
    ],
)
def test_each_part_of_a_question_is_found_unless_an_example_asks_the_whole(
    text: str, found: tuple[str, ...]
) -> None:
    assert BOOK.find_each(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("老师您好，考试什么时候，怎么缴费", {"help-exam", "help-payment"}),
        ("照片能不能换，怎么换", {"help-photo"}),
        ("考点在哪，怎么去", {"visit"}),
        ("审核要多久，不通过怎么办", {"help-review", "refusal"}),
        ("钱什么时候交，交给谁", {"help-payment"}),
        ("密码忘了怎么办，号码换了还能登吗", {"help-account", "help-moved"}),
        ("几号考，考几天，在哪考", {"help-exam"}),
        ("what do I bring, where do I go, how much is it", {"visit", "help-payment"}),
    ],
)
def test_a_part_without_a_topic_of_its_own_goes_on_about_the_one_before(
    text: str, found: set[str]
) -> None:
    assert set(PHRASEBOOK.find_each(text)) == found


@pytest.mark.parametrize(
    "entry",
    [
        {"zh": ["缴费"]},
        {"target": "status"},
        {"target": "status", "zh": []},
        {"target": "status", "zh": "缴费"},
        {"target": "status", "zh": ["！？"]},
        {"target": "status", "zh": ["缴费", "缴费"]},
    ],
    ids=["no target", "no examples", "an empty list", "no list", "no sign to read", "twice"],
)
def test_a_mistake_names_its_intent(entry: Mapping[str, object]) -> None:
    with pytest.raises(BadPhrasebook, match=r"^pay: "):
        Phrasebook.parse({"pay": entry})


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("我手机号填错了", "change-answer"),
        ("手机填错了怎么办", "change-answer"),
        ("我想换单位，还能报吗", "change-answer"),
        ("may I change my employer", "change-answer"),
        ("身份证号码填错了", "help-identity"),
        ("身份证不在手边，能晚点填吗", "help-later"),
        ("我先下班，回家再接着填行不行", "help-later"),
        ("填到一半能保存吗", "help-later"),
        ("数据会自动保存吗", "help-later"),
        ("要一次填完吗", "help-later"),
        ("will it be saved if I stop now", "help-later"),
        ("do i have to do it all at once", "help-later"),
        ("考什么科目", "help-subjects"),
        ("多少分合格", "help-subjects"),
        ("去年过了两科今年还要全部考吗", "help-subjects"),
        ("怀孕了能延期吗", "help-give-up"),
        ("缴完费以后发票去哪里开", "help-payment"),
        ("迟到了还能进吗", "help-exam"),
        ("退休了还能报吗", "help-eligibility"),
        ("我在外地进修怎么报", "help-area"),
        ("你是真人吗", "help-human"),
        ("who checks my documents", "help-review"),
        ("我能帮同事一起报名吗", "help-another"),
        ("我可以让我同事帮我报名吗", "help-another"),
        ("can a colleague register me", "help-another"),
        ("你们不会是骗子吧", "help-safe"),
        ("身份证号填在这里安全不安全", "help-safe"),
        ("how do I know this is not a scam", "help-safe"),
        ("付不了怎么办，银行拒绝了", "help-payment"),
        ("the bank declined my payment", "help-payment"),
        ("我是儿科的", None),
        ("号码没问题，名字也对", None),
    ],
)
def test_questions_that_led_astray_lead_right(said: str, target: str | None) -> None:
    assert said not in {text for text, _ in PHRASEBOOK.examples}
    assert PHRASEBOOK.find(said) == target
