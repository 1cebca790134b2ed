"""A typed text is split at its placeholders; what would be read as a brace is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.broadcasts.message import (
    LONGEST,
    AttachedFile,
    BroadcastMessage,
    FileKind,
    Placeholder,
    filled_length,
    is_cut,
    parse,
)
from states.texts import Problem

NAMES = {"姓名": Placeholder.NAME, "name": Placeholder.NAME, "截止时间": Placeholder.DEADLINE}


def test_placeholders_are_known_in_both_languages_and_both_kinds_of_braces() -> None:
    name, deadline = Placeholder.NAME, Placeholder.DEADLINE
    assert parse("{姓名}您好，｛截止时间｝前", NAMES) == (name, "您好，", deadline, "前")
    assert parse(" { Name }! ", NAMES) == (name, "!")
    assert parse("没有花括号", NAMES) == ("没有花括号",)


@pytest.mark.parametrize(
    ("typed", "key", "named"),
    [
        ("{性名}您好{手机}", "problem-broadcast-unknown", "{性名} {手机}"),
        ("{姓名您好", "problem-broadcast-brace", "{姓名您好"),
        ("您好姓名}，请提交", "problem-broadcast-brace", "您好姓名}，请提交"),
        ("   ", "problem-broadcast-empty", ""),
        ("", "problem-broadcast-empty", ""),
    ],
)
def test_what_is_unknown_or_broken_is_named(typed: str, key: str, named: str) -> None:
    found = parse(typed, NAMES)
    assert isinstance(found, Problem)
    assert found.key == key
    assert named in "".join(map(str, found.args.values()))


@given(st.text())
def test_no_brace_is_ever_left_in_a_text(typed: str) -> None:
    found = parse(typed, NAMES)
    if not isinstance(found, Problem):
        plain = [one for one in found if not isinstance(one, Placeholder)]
        assert not any(brace in one for one in plain for brace in "{}｛｝")
        assert plain or Placeholder.NAME in found or Placeholder.DEADLINE in found


def test_the_limit_is_that_of_the_filled_in_text_and_a_file_lowers_it() -> None:
    text = BroadcastMessage({"zh-CN": ("字" * 4090, Placeholder.NAME)})
    problem = text.too_long()
    assert problem is not None
    assert problem.args["over"] == 4090 + LONGEST[Placeholder.NAME] - 4095
    short = BroadcastMessage({"zh-CN": ("字" * 1024,)})
    assert short.too_long() is None
    with_file = BroadcastMessage(short.texts, AttachedFile(FileKind.PHOTO, "id"))
    assert with_file.too_long() is None
    longer = BroadcastMessage({"zh-CN": ("字" * 1025,)}, with_file.file)
    assert longer.too_long() is not None
    assert filled_length(("😀",)) == 2, "Telegram counts UTF-16 units"


def test_a_language_without_a_text_reads_the_chinese_one_and_json_keeps_all() -> None:
    file = AttachedFile(FileKind.DOCUMENT, "id")
    message = BroadcastMessage({"zh-CN": (Placeholder.NAME, "您好")}, file)
    assert message.pieces("en") == message.pieces("zh-CN") == (Placeholder.NAME, "您好")
    assert BroadcastMessage.of_plain(message.to_plain()) == message


@pytest.mark.parametrize(
    ("typed", "cut"), [("长" * 4096, True), ("长" * 4095, False), ("😀" * 2048, True), ("", False)]
)
def test_a_message_as_long_as_any_was_cut_by_the_app(typed: str, cut: bool) -> None:
    assert is_cut(typed) is cut
    message = BroadcastMessage({"zh-CN": (typed,)})
    assert (filled_length((typed,)) > message.limit) is cut, "one number is told and kept"
