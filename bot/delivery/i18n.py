"""Translations format Fluent messages, one bundle a language.

A message may hold Telegram's HTML; Translations escape its arguments once. Button labels are plain
text. A missing message is an error, never an empty text.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from fluent.runtime import FluentBundle, FluentResource

from states.own_words.intents import Phrasebook
from states.own_words.reply_words import Replies
from states.texts import DEFAULT_LOCALE, Argument, Headline, Problem, Text, normalize_label


class MissingTranslation(LookupError):
    """A language lacks a message, or the message lacks an argument."""


_LOCALES = resources.files("bot") / "locales"
PHRASEBOOK = "intents.toml"
REPLIES = "replies.toml"
NO_BREAK_HYPHEN = "\u2011"
_PHONE = re.compile(r"(?<=\b0\d\d)-(?=\d{7})|(?<=\b0\d{3})-(?=\d{7})")
"""The hyphen behind the area code of a telephone number, where a line must not break."""
_AFTER_BRACKET = re.compile(r"(?<=）) +(?=[\u4e00-\u9fff])")
"""The blank between a day ("（周三）") and a Chinese word; behind a time of day it stays."""
_TAG = re.compile(r"<[^<>]*>")
_REASON = re.compile(r"[^\n]+(?=\n)|.+?(?:[。！？]|[.!?](?=\s|$)|$)")
"""The reason in a problem: its first line, or its first sentence if it has one line."""


@cache  # a rehearsal's router and each bot of a process read the same words
def load_phrasebook() -> Phrasebook:
    """Read the requests in people's own words, beside the locales.

    Raises:
        BadPhrasebook: the file has a mistake.
    """
    file = _LOCALES / PHRASEBOOK
    return Phrasebook.parse(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def load_replies() -> Replies:
    """Read the words that answer the bot itself, beside the locales.

    Raises:
        BadReplies: the file has a mistake.
    """
    file = _LOCALES / REPLIES
    return Replies.parse(tomllib.loads(file.read_text(encoding="utf-8")))


def without_markup(message: str) -> str:
    """Return the text of a message in Telegram's HTML."""
    return html.unescape(_TAG.sub("", message))


class Translations:
    """All messages in all languages. Moments are shown in the exam's zone."""

    def __init__(self, bundles: Mapping[str, FluentBundle], tz: ZoneInfo) -> None:
        self._bundles = bundles
        self._tz = tz
        self._bare_labels = lru_cache(maxsize=1024)(self._format_bare_labels)
        self._bare_names = lru_cache(maxsize=4096)(lambda name: frozenset({normalize_label(name)}))
        self._bare_label = lru_cache(maxsize=4096)(self._format_plain)
        self._formatted = lru_cache(maxsize=4096)(self._format)  # many people read the same text

    @classmethod
    def load(cls, tz: ZoneInfo, folder: Traversable | None = None) -> Translations:
        """Read every ``<locale>/*.ftl`` below the folder (the package's own by default)."""
        return cls(_own_bundles() if folder is None else _bundles(folder), tz)

    @property
    def locales(self) -> tuple[str, ...]:
        """The loaded languages."""
        return tuple(self._bundles)

    def html(self, text: Text | str, locale: str) -> str:
        """Return HTML for a message; a string is data and is only escaped.

        A problem begins with a sign and its reason in bold.

        Raises:
            MissingTranslation: the key or one of its arguments is unknown.
        """
        if isinstance(text, str):
            return html.escape(text, quote=False)
        locale = locale or DEFAULT_LOCALE  # also for the names of weekdays, which Babel knows
        args = ((name, self._argument(value, locale)) for name, value in text.args.items())
        formatted = self._formatted(text.key, tuple(args), locale)
        match text:
            case Problem():
                return _REASON.sub(r"⚠️ <b>\g<0></b>", formatted, count=1)
            case Headline():
                return formatted.partition("\n")[0]
        return formatted

    def label(self, text: Text | str, locale: str) -> str:
        """Return plain text for a button or a callback answer.

        Raises:
            MissingTranslation: as ``html``.
        """
        if isinstance(text, str):
            return text
        if not text.args:
            return self._bare_label(text.key, locale)
        return html.unescape(self.html(text, locale))

    def plain(self, text: Text, locale: str) -> str:
        """Return a message without its HTML, for a terminal.

        Raises:
            MissingTranslation: as ``html``.
        """
        return without_markup(self.html(text, locale))

    def labels(self, text: Text | str) -> frozenset[str]:
        """Return the label in every language, as people may type it (``bare``)."""
        if isinstance(text, str):
            return self._bare_names(text)
        if not text.args:
            return self._bare_labels(text.key)
        return frozenset(normalize_label(self.label(text, locale)) for locale in self._bundles)

    def _format_bare_labels(self, key: str) -> frozenset[str]:
        return frozenset(
            normalize_label(self._format_plain(key, locale)) for locale in self._bundles
        )

    def _format_plain(self, key: str, locale: str) -> str:
        return html.unescape(self._formatted(key, (), locale))

    def _argument(self, value: Argument, locale: str) -> str | int:
        match value:
            case Text():
                return self.html(value, locale)
            case datetime():
                pattern = self._formatted("pattern-moment", (), locale)
                return _moment(value.astimezone(self._tz), pattern, locale)
            case date():
                pattern = self._formatted("pattern-day", (), locale)
                return _day(value, pattern, locale)
            case int():
                return value
        return html.escape(_PHONE.sub(NO_BREAK_HYPHEN, value), quote=False)

    def _format(self, key: str, args: tuple[tuple[str, str | int], ...], locale: str) -> str:
        bundle = self._bundles.get(locale) or self._bundles[DEFAULT_LOCALE]
        if not bundle.has_message(key):
            raise MissingTranslation(f"{locale or DEFAULT_LOCALE}: {key}")
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise MissingTranslation(f"{locale or DEFAULT_LOCALE}: {key} has no value")
        text, errors = bundle.format_pattern(pattern, dict(args))
        if errors:
            raise MissingTranslation(f"{locale or DEFAULT_LOCALE}: {key}: {errors[0]}")
        return _AFTER_BRACKET.sub("", str(text))


@lru_cache(maxsize=1024)  # all read the same deadlines, and Babel is slow
def _moment(value: datetime, pattern: str, locale: str) -> str:
    return format_datetime(value, pattern, locale=_babel_locale(locale))


@lru_cache(maxsize=1024)
def _day(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=_babel_locale(locale))


def _babel_locale(locale: str) -> str:
    """Return Babel's name of a language; of the default's where none is chosen yet."""
    return (locale or DEFAULT_LOCALE).replace("-", "_")


@cache  # the command line and the bot it starts read the same files
def _own_bundles() -> Mapping[str, FluentBundle]:
    return _bundles(_LOCALES)


def _bundles(folder: Traversable) -> Mapping[str, FluentBundle]:
    bundles = {}
    for locale in folder.iterdir():
        if locale.is_dir():
            bundle = FluentBundle([locale.name], use_isolating=False)
            for file in sorted(locale.iterdir(), key=lambda file: file.name):
                if file.name.endswith(".ftl"):
                    bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
            bundles[locale.name] = bundle
    return bundles
