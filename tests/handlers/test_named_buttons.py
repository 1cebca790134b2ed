"""Sentences that name a button: it exists with exactly that label, in the same language."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fluent.syntax import ast

from handlers.rendering import Screen
from tests.fakes.router import TRANSLATIONS
from tests.handlers.all_screens import drawn, texts_of
from tests.handlers.people import EXAM, LOCALES
from tests.handlers.test_screen_texts import MESSAGES

pytestmark = pytest.mark.row("B25")

GAP: Final = "\0"
"""The sign for a value in a flattened message."""
NAMED: Final = {
    "zh-CN": re.compile(
        r"(?:点|按)(?:一下|击|下面的|上面的|里面的|里的|下方的)?((?:[“][^“”]+[”][、或和]?)+)"
    ),
    "en": re.compile(
        r"(?:[Tt]ap|[Pp]ress|[Cc]hoose|button)(?:ping|ped|s)?(?: on| the button| below| then| or)?"
        r" ((?:“[^“”]+”(?:, | or | and )?)+)"
    ),
}
"""A sentence that asks for a tap, with one or more labels in quotes."""
QUOTED: Final = re.compile("“([^“”]+)”")
TELEGRAM: Final = frozenset({"开始", "Start"})
"""Buttons of Telegram itself."""


def flattened(locale: str, node: Any) -> list[str]:
    """The texts that a piece of Fluent can become, with its references filled in."""
    match node:
        case ast.Message() | ast.Term():
            return flattened(locale, node.value) if node.value else [""]
        case ast.Pattern():
            parts = [flattened(locale, one) for one in node.elements]
            return ["".join(one) for one in itertools.islice(itertools.product(*parts), 64)]
        case ast.TextElement():
            return [node.value]
        case ast.Placeable():
            return flattened(locale, node.expression)
        case ast.StringLiteral():
            return [node.value]
        case ast.MessageReference():
            return flattened(locale, MESSAGES[locale][node.id.name])
        case ast.SelectExpression():
            return [text for one in node.variants for text in flattened(locale, one.value)]
    return [GAP]


def labels(locale: str) -> list[re.Pattern[str]]:
    """The labels of all buttons, as patterns: a composed label has any value in its gaps."""
    found = []
    for key, message in MESSAGES[locale].items():
        if key.startswith(("button-", "choice-", "language-name-")):
            for text in flattened(locale, message):
                parts = map(re.escape, text.strip().split(GAP))
                found.append(re.compile("[^“”]+".join(parts)))
    return found


def named(locale: str, text: str) -> Iterator[str]:
    """The labels that a text tells its reader to tap."""
    for sentence in NAMED[locale].findall(text):
        yield from QUOTED.findall(sentence)


LABELS: Final = {locale: labels(locale) for locale in LOCALES}


def exists(locale: str, label: str) -> bool:
    """Whether a button has this label; a label that is a value of the message is known to it."""
    whole = label.strip()
    bare = whole.lstrip("✓○← ")
    return (
        whole in TELEGRAM
        or GAP in whole
        or any(one.fullmatch(whole) or one.fullmatch(bare) for one in LABELS[locale])
    )


def strings_in(value: object) -> Iterator[str]:
    """Every string of the exam's data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings_in(one)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_named_button_has_exactly_this_label(locale: str) -> None:
    wrong = [
        (key, label)
        for key, message in MESSAGES[locale].items()
        for text in flattened(locale, message)
        for label in named(locale, text)
        if not exists(locale, label)
    ]
    assert wrong == []


def test_the_exams_words_name_buttons_that_exist() -> None:
    for text in strings_in(EXAM.model_dump(mode="json")):
        for locale in LOCALES:
            assert all(exists(locale, label) for label in named(locale, text)), text


ELSEWHERE: Final = frozenset(
    {
        "status-submit",  # first to the summary, whose button it is
        "gap-submit",
        "gap-resubmit",
        "bill-checking",  # the screen of "pay the fee" repeats it
        "form-locked",  # behind /profile, which it names
    }
)
"""Sentences that lead to a button of the next screen; help topics tell of other screens, too."""
OF_THE_PHONE: Final = frozenset({"文件", "File"})
"""Entries of Telegram's own menus on a phone."""


def _labels_of(screen: Screen, locale: str) -> set[str]:
    shown = [button for row in screen.buttons for button in row]
    shown += [screen.more] if screen.more else []
    return {TRANSLATIONS.label(one.label, locale).strip() for one in shown}


def test_a_question_names_only_buttons_that_it_has() -> None:
    """Of questions: whoever is told to tap a button must find it below."""
    missing = set()
    for locale, screen in drawn():
        labels = _labels_of(screen, locale)
        for text in texts_of(screen):
            if text.key in ELSEWHERE or text.key.startswith("help-"):
                continue
            said = TRANSLATIONS.html(text, locale)
            missing |= {
                (text.key, label)
                for label in named(locale, said)
                if label.strip() not in {*labels, *TELEGRAM, *OF_THE_PHONE}
            }
    assert missing == set()
