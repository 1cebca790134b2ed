"""Asks the questions of a sheet, whatever sheet it is: the form, or an education record.

Every prompt says where it stands. Typed and tapped answers are the same; a wrong one is explained
and asked again; "back" shows what was answered, "skip" leaves open what may be left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from telegram import Update

from handlers.buttons import Button, Verb
from handlers.context import Context
from handlers.listing import FOUND, LEAF, look_up
from handlers.options import CHOSEN, YEAR, YEARS, offered, ticked
from handlers.route import Route, pressed, text
from handlers.screens import (
    BACK,
    OUT,
    SKIP,
    WHOLE,
    WHY,
    Paragraph,
    Screen,
    View,
    button,
    rows,
    time_left,
)
from states.flow import EDITED, Place
from states.form.engine import Page, Position, Sheet
from states.form.fields import Field, Kind
from states.groups import State
from states.outcome import Outcome
from states.records import Answers, Records
from states.texts import Problem, Text

REST = "rest"

_BROWSING = frozenset({FOUND, LEAF, YEARS, YEAR})
_BETWEEN = (re.compile(r"[\s,;，；、+]+"), re.compile(r"[\n,;，；、+]+"))
"""What stands between several that are typed: blanks or signs; in English, signs only, since names
have blanks there. In that order, or two Chinese names with a blank would be taken for one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions of one sheet in the chat.

    Args:
        read: the answers, out of what is known of a person.
        write: keeps the answers in the unit of work.
        onward: what follows an answer.
        before: what comes before the first question.
        head: the line that says where a question stands.
        about: what stands above the questions of a page, and below those of a record.
        more: the buttons of a question beside its options.
    """

    sheet: Sheet
    state: State
    read: Callable[[Records], Answers]
    write: Callable[[Context, Answers], None]
    onward: Callable[..., Outcome]
    before: Callable[[Context], Outcome]
    head: Callable[[View, Position], Text]
    about: Callable[[View, Page], tuple[Paragraph, ...]] = lambda _view, _page: ()
    more: Callable[[View, Field], tuple[Button, ...]] = lambda _view, _field: ()

    # --- steps -----------------------------------------------------------------------------------

    @property
    def routes(self) -> tuple[Route, ...]:
        """What can be done with a question."""
        return (
            pressed(Verb.CHOOSE, self.choose),
            pressed(Verb.TICK, self.tick),
            pressed(Verb.CONFIRM, self.keep),
            pressed(Verb.SKIP, self.skip),
            pressed(Verb.LEAF, self.leaf),
            pressed(Verb.PICK, self.pick),
            pressed(Verb.BACK, self.back),
            pressed(Verb.WHY, self.why),
            text(self.typed),
        )

    def at(self, key: str, *, edited: bool = False) -> Place:
        """Where this field is asked."""
        return Place(self.state, {"field": key} | ({EDITED: "yes"} if edited else {}))

    async def typed(self, _update: Update, context: Context) -> Outcome:
        """A typed answer: of options, the one that is meant."""
        field, answers = self._field(context), self.read(context.unit.records)
        if field.kind is Kind.SEARCH:
            options = field.options(answers, context.around)
            return look_up(
                context, options, lambda _context, option: self.take(context, option.code)
            )
        if field.kind is Kind.MULTI:
            return self._take_several(context, field)
        found = field.find(context.text, answers, context.around)
        return self.take(context, found[0].code if len(found) == 1 else context.text)

    async def choose(self, _update: Update, context: Context) -> Outcome:
        """A tapped answer."""
        return self.take(context, context.press.value)

    async def tick(self, _update: Update, context: Context) -> Outcome:
        """One of several more, or less; the button says which, so twice is once."""
        field, sign, code = self._field(context), *_split(context.press.value)
        now = ticked(field, self.read(context.unit.records), context.around, context.at.at)
        others = [one for one in now if one != code]
        chosen = " ".join([*others, code] if sign == "+" else others)
        return context.change(Place(self.state, {**context.at.at, CHOSEN: chosen}))

    async def skip(self, _update: Update, context: Context) -> Outcome:
        """Leave the question open, where that is allowed; or all of the page that is."""
        field, answers = self._field(context), self.read(context.unit.records)
        leave = self.sheet.skip_rest if context.press.value == REST else self.sheet.skip
        return self._keep(context, leave(answers, field, context.around))

    async def keep(self, _update: Update, context: Context) -> Outcome:
        """The answer stands as it is; of several, what is ticked."""
        field, answers = self._field(context), self.read(context.unit.records)
        if field.kind is not Kind.MULTI:
            return self.onward(context)
        return self.take(context, " ".join(ticked(field, answers, context.around, context.at.at)))

    async def leaf(self, _update: Update, context: Context) -> Outcome:
        """Further on, or back, in a long list."""
        return context.change(
            Place(self.state, {**self._plain(context), LEAF: context.press.value})
        )

    async def pick(self, _update: Update, context: Context) -> Outcome:
        """A month in two taps: the years, then the months of one."""
        sign, year = _split(context.press.value or f"-{context.around.today.year}")
        if not (year.isdecimal() and len(year) == 4):
            return context.stay()
        picked = {YEARS: year} if sign == "-" else {YEAR: year}
        return context.change(Place(self.state, {**self._plain(context), **picked}))

    async def back(self, _update: Update, context: Context) -> Outcome:
        """Out of a list; else the question before; before the first one, what came before."""
        if context.press.value == WHOLE or _BROWSING & context.at.at.keys():
            return context.change(Place(self.state, self._plain(context)))
        answers = self.read(context.unit.records)
        previous = self.sheet.before(answers, self._field(context).key, context.around)
        if previous is None or EDITED in context.at.at:
            return self.before(context)
        return context.ask(self.at(previous.key))

    async def why(self, _update: Update, context: Context) -> Outcome:
        """What the question is for, and the question again."""
        return context.stay(Text(f"field-{self._field(context).slug}-why"))

    def take(self, context: Context, given: str) -> Outcome:
        """The answer of the present question, if it can be one."""
        answers = self.read(context.unit.records)
        return self._keep(
            context, self.sheet.answer(answers, self._field(context), given, context.around)
        )

    def _take_several(self, context: Context, field: Field) -> Outcome:
        """Several options that were typed in one message."""
        answers, around = self.read(context.unit.records), context.around
        for between in _BETWEEN:
            parts = [part for part in between.split(context.text) if part.strip()]
            meant = [field.find(part, answers, around) for part in parts]
            if meant and all(len(found) == 1 for found in meant):
                return self.take(context, " ".join({found[0].code: "" for found in meant}))
        return context.refuse(Problem("problem-several", {"field": field.name}))

    def _keep(self, context: Context, answers: Answers | Problem) -> Outcome:
        if isinstance(answers, Problem):
            return context.refuse(answers)
        before = self.read(context.unit.records)
        self.write(context, answers)
        return self.onward(context, *self._by_itself(context, before, answers))

    def _by_itself(self, context: Context, before: Answers, answers: Answers) -> tuple[Text, ...]:
        """What nobody was asked, since there was nothing to choose: it is said all the same."""
        around, locale = context.around, context.person.locale
        keys = {key for key, _ in answers.items() - before.items()}
        changed = [field for key, field in self.sheet.fields.items() if key in keys]
        return tuple(
            Text(
                "answered-by-itself",
                {
                    "field": field.name,
                    "value": field.shown(answers[field.key], answers, around, locale),
                },
            )
            for field in changed
            if field.only(answers, around) is not None
        )

    def _field(self, context: Context) -> Field:
        return self.sheet.fields[context.at.at["field"]]

    def _plain(self, context: Context) -> Mapping[str, str]:
        """The present place without what was being looked through."""
        return {key: value for key, value in context.at.at.items() if key not in _BROWSING}

    # --- screens ---------------------------------------------------------------------------------

    def draw(self, view: View) -> Screen:
        """The question: where it stands, what it asks, what was answered before."""
        field, around = self.sheet.fields[view.at["field"]], view.around
        answers = self.read(view.records)
        position = self.sheet.position(answers, field, around)
        value = answers.get(field.key)
        shown = () if value is None else (field.shown(value, answers, around, view.locale),)
        listed, options = offered(view, field, answers, around)
        is_kept = value is not None and field.kind is not Kind.MULTI
        kept = (button("keep", Verb.CONFIRM),) if is_kept else ()
        optional = () if field.required else (SKIP,)
        has_rest = optional and self.sheet.optional_rest(answers, field, around)
        rest = (button("skip-rest", Verb.SKIP, REST),) if has_rest else ()
        return Screen(
            (
                (self.head(view, position), *time_left(view)),
                *self.about(view, position.page),
                Text(f"field-{field.slug}-ask"),
                *listed,
                *(Text("value-now", {"value": one}) for one in shown),
            ),
            (
                *options,
                *rows(*self.more(view, field)),
                *rows(*kept),
                *rows(*rest),
                (OUT if _BROWSING & view.at.keys() else BACK, *optional, WHY),
            ),
            format=field.format,
        )


def _split(value: str) -> tuple[str, str]:
    return value[:1], value[1:]
