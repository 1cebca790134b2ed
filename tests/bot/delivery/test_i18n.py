"""Words: what people typed is never markup, moments are the exam's, and nothing is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.i18n import MissingTranslation, Translations
from handlers.questions.answer_lines import identity_lines
from states.records import Identity
from states.texts import DEFAULT_LOCALE, Argument, Text, normalize_label

FILES = {
    "zh-CN": {
        "a.ftl": "hello = 您好，<b>{$name}</b>\nbutton-on = 下一步 →\nonly-here = 只有中文\n",
        "b.ftl": "pattern-moment = y年M月d日 HH:mm\npattern-day = y年M月d日\n"
        "at = {$moment} 截止\non = {$day}\ncount = {$n} 个\n"
        "pixels = {NUMBER($n, useGrouping: 0)}\ntold = {$field}太短\nfield = 姓名 &amp; 号\n",
    },
    "en": {
        "a.ftl": "hello = Hello <b>{$name}</b>\nbutton-on = Next →\n",
        "b.ftl": "pattern-moment = d MMMM y, HH:mm\npattern-day = d MMMM y\n"
        "at = until {$moment}\non = {$day}\ncount = {$n} of them\n"
        "pixels = {NUMBER($n, useGrouping: 0)}\ntold = {$field}: too short\n"
        "field = name &amp; number\n",
    },
}


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Translations:
    folder: Path = tmp_path_factory.mktemp("locales")
    (folder / "README.txt").write_text("no language")
    for locale, files in FILES.items():
        (folder / locale).mkdir()
        for name, text in files.items():
            (folder / locale / name).write_text(text, encoding="utf-8")
    return Translations.load(ZoneInfo("Asia/Shanghai"), folder)


def test_every_folder_is_a_language(translations: Translations) -> None:
    assert set(translations.locales) == {"zh-CN", "en"}


def test_what_people_typed_is_escaped_once(translations: Translations) -> None:
    text = Text("hello", {"name": "<b>刘玲</b> & 'co'"})
    said = translations.html(text, "en")
    assert said == "Hello <b>&lt;b&gt;刘玲&lt;/b&gt; &amp; 'co'</b>"
    assert translations.html("<i>& co</i>", "en") == "&lt;i&gt;&amp; co&lt;/i&gt;"


def test_a_birthday_keeps_its_month_in_both_languages() -> None:
    real = Translations.load(ZoneInfo("Asia/Shanghai"))
    identity = Identity(born="1990-03-07")
    said = identity_lines(identity)["born"]
    assert isinstance(said, Text)
    assert real.html(said, "en") == "7 March 1990"
    assert real.html(said, "zh-CN") == "1990年3月7日"


def test_places_are_not_wrapped_in_invisible_marks(translations: Translations) -> None:
    assert translations.html(Text("hello", {"name": "刘玲"}), "zh-CN") == "您好，<b>刘玲</b>"


def test_a_text_in_a_text_is_said_in_the_same_language_and_escaped_once(
    translations: Translations,
) -> None:
    nested = Text("told", {"field": Text("field")})
    assert translations.html(nested, "zh-CN") == "姓名 &amp; 号太短"
    assert translations.html(nested, "en") == "name &amp; number: too short"


def test_moments_are_shown_in_the_exams_zone(translations: Translations) -> None:
    """23:59 in Beijing is 15:59 in UTC, of the same moment."""
    text = Text("at", {"moment": datetime(2025, 12, 15, 15, 59, tzinfo=UTC)})
    assert translations.html(text, "zh-CN") == "2025年12月15日 23:59 截止"
    assert translations.html(text, "en") == "until 15 December 2025, 23:59"


def test_weekdays_are_chinese_before_a_language_is_chosen() -> None:
    shipped = Translations.load(ZoneInfo("Asia/Shanghai"))
    text = Text("clock-now", {"now": datetime(2025, 12, 4, 1, 5, tzinfo=UTC)})
    assert shipped.html(text, "") == shipped.html(text, DEFAULT_LOCALE)
    assert "（周四）" in shipped.html(text, "")


def test_a_day_is_that_day_in_every_zone(translations: Translations) -> None:
    text = Text("on", {"day": date(1990, 3, 7)})
    assert translations.html(text, "zh-CN") == "1990年3月7日"
    assert translations.html(text, "en") == "7 March 1990"


def test_numbers_are_grouped_unless_the_words_say_otherwise(translations: Translations) -> None:
    assert translations.html(Text("count", {"n": 1500}), "en") == "1,500 of them"
    assert translations.html(Text("pixels", {"n": 1500}), "en") == "1500"


def test_who_has_chosen_no_language_reads_the_default(translations: Translations) -> None:
    chinese = translations.html(Text("button-on"), DEFAULT_LOCALE)
    assert (
        translations.html(Text("button-on"), "")
        == translations.html(Text("button-on"), "fr")
        == chinese
    )


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        (Text("nothing"), "en"),
        (Text("only-here"), "en"),
        (Text("hello"), "en"),
        (Text("hello", {"who": "刘玲"}), "zh-CN"),
        (Text("told", {"field": Text("nothing")}), "en"),
    ],
)
def test_missing_words_are_an_error_never_an_empty_message(
    translations: Translations, text: Text, locale: str
) -> None:
    with pytest.raises(MissingTranslation, match=text.key if text.args == {} else None):
        translations.html(text, locale)
    with pytest.raises(MissingTranslation):
        translations.label(text, locale)


def test_labels_are_plain_text(translations: Translations) -> None:
    assert translations.label(Text("field"), "en") == "name & number"
    assert translations.label(Text("told", {"field": "<A&B>"}), "en") == "<A&B>: too short"
    assert translations.label("西宁考点 <1>", "en") == "西宁考点 <1>"


def test_a_button_can_be_typed_in_any_language(translations: Translations) -> None:
    assert translations.labels(Text("button-on")) == {"下一步", "next"}
    assert translations.labels("Xining  1") == {"xining1"}


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(anything)
def test_whatever_is_typed_comes_back_as_it_was(translations: Translations, typed: str) -> None:
    said = translations.html(Text("hello", {"name": typed}), "en")
    inner = said.removeprefix("Hello <b>").removesuffix("</b>")
    assert unescape(inner) == typed
    assert "<" not in inner


@given(anything)
def test_bare_is_the_same_however_it_is_written(typed: str) -> None:
    assert normalize_label(f" → {typed}！") == normalize_label(typed)
    assert not any(c.isspace() or c in "→！,。-" for c in normalize_label(typed))


@pytest.mark.row("B26")
@pytest.mark.parametrize("lost", ["\ufffd", "\ue000", "\u0301", "\u0378"])
def test_a_damaged_sign_is_no_part_of_a_label_and_makes_another_one(lost: str) -> None:
    assert normalize_label(f"{lost}海") != normalize_label("海")


def test_no_blank_stands_between_a_day_and_a_chinese_word() -> None:
    """A time of day keeps its blank: "23:59 截止"; a weekday in brackets wants none."""
    texts = Translations.load(ZoneInfo("Asia/Shanghai"))
    day, moment = date(2025, 12, 2), datetime(2025, 12, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert "（周二）截止" in texts.html(Text("now-begin-open", {"closes": day}), "zh-CN")
    assert "09:00 截止" in texts.html(Text("now-begin-open", {"closes": moment}), "zh-CN")


ARGUMENTS: list[tuple[Argument, str]] = [(7, "7 of them"), (0, "0 of them"), (-3, "-3 of them")]


@pytest.mark.parametrize(("value", "said"), ARGUMENTS)
def test_whole_numbers(translations: Translations, value: Argument, said: str) -> None:
    assert translations.html(Text("count", {"n": value}), "en") == said
