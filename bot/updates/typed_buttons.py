"""Typed buttons: a label, its short form, or a reply such as "yes" that presses a button shown.

The whole label counts anywhere (decision 0013). A short form or a reply counts only where exactly
one button of the screen can be meant (decision 0073).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from bot.delivery.i18n import Translations
from handlers.callback_data import Action, Button, CallbackData, go
from states.own_words.reply_words import Replies, Reply
from states.texts import Text, normalize_label

_BETWEEN: Final = re.compile(r"[，,。.；;：:！!？?…/]+")
_ASKED: Final = (Reply.YES, Reply.NO)
"""The replies to a screen that asks yes or no beside the open question."""
_PRESSING: Final = (*_ASKED, Reply.AGREE, Reply.SKIP, Reply.DONE, Reply.NEXT)


class TypedButtons:
    """Finds the button that typed words press."""

    def __init__(self, translations: Translations, replies: Replies) -> None:
        self._translations = translations
        self._replies = replies
        self._parts = lru_cache(maxsize=1024)(self._parts_of)

    def find(
        self, text: str, shown: Sequence[Button], aside: Sequence[Button] = ()
    ) -> CallbackData | None:
        """Return the callback data of the button that the text presses; None for other text.

        Args:
            shown: the buttons of the open question.
            aside: those of a screen that asked yes or no since then.
        """
        forms = self._replies.forms(text)
        kinds = self._replies.kinds_of(forms)
        pressed = (
            (self._short(forms, aside) or self._by_kind(kinds, _ASKED, aside))
            or self._short(forms, shown)
            or self._by_kind(kinds, _PRESSING, shown)
        )
        return pressed or _leading_away(kinds, shown)

    def _short(self, forms: Iterable[str], buttons: Sequence[Button]) -> CallbackData | None:
        """Return the only button with one of these short forms."""
        for form in forms:
            found = {one.callback for one in buttons if form in self._short_forms(one.label)}
            if len(found) == 1:
                return found.pop()
        return None

    def _short_forms(self, label: Text | str) -> frozenset[str]:
        """Return the short forms of a label; the name of an option has none."""
        if isinstance(label, str) or label.args:
            return frozenset()
        return self._parts(label.key)

    def _parts_of(self, key: str) -> frozenset[str]:
        labels = (
            self._translations.label(Text(key), locale) for locale in self._translations.locales
        )
        parts = {
            normalize_label(part)
            for label in labels
            for part in _BETWEEN.split(label.partition("(")[0])
        }
        return frozenset(parts - {""}) | self._replies.short.get(key, frozenset())

    def _by_kind(
        self, kinds: Collection[Reply], pressing: Sequence[Reply], buttons: Sequence[Button]
    ) -> CallbackData | None:
        """Return the only button that a reply of these kinds presses."""
        for kind in pressing:
            if kind not in kinds:
                continue
            keys = self._replies.presses.get(kind, frozenset())
            found = {
                one.callback
                for one in buttons
                if isinstance(one.label, Text) and one.label.key in keys
            }
            if len(found) == 1:
                return found.pop()
        return None


def _leading_away(kinds: Collection[Reply], shown: Sequence[Button]) -> CallbackData | None:
    """Return where words lead that go back, leave, or go on, whatever is asked."""
    if Reply.BACK in kinds:
        back = next((one for one in shown if one.callback.action is Action.BACK), None)
        return back.callback if back is not None else CallbackData(Action.BACK)
    if Reply.LEAVE in kinds:
        return go("leave").callback
    return go("resume").callback if Reply.NEXT in kinds else None
