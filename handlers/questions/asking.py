"""Asks the questions of a sheet, whatever sheet it is: the form, or an education record.

Every prompt says where it stands. Typed and tapped answers are the same; a wrong one is explained
and asked again; "back" shows what was answered, "skip" leaves open what may be left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from telegram import Update

from handlers.callback_data import Action, Button
from handlers.questions.listing import FOUND, LEAF, look_up
from handlers.questions.options import CHOSEN, YEAR, YEARS, offered, toggles
from handlers.rendering import (
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
from handlers.routing import Route, pressed, text
from handlers.update_context import Context
from states.flow import EDITED, Position
from states.form.engine import Page, Questionnaire, QuestionProgress
from states.form.fields import Field, FieldKind
from states.records import Answers, Records
from states.state_groups import State
from states.step_result import StepResult
from states.texts import Problem, Text

REST = "rest"

_BROWSING = frozenset({FOUND, LEAF, YEARS, YEAR})
_BETWEEN = (re.compile(r"[\s,;，；、+]+"), re.compile(r"[\n,;，；、+]+"))
"""What stands between several that are typed: blanks or signs; in English, signs only, since names
have blanks there. In that order, or two Chinese names with a blank would be taken for one."""


@dataclass(frozen=True, slots=True)
class Questions:
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

    questionnaire: Questionnaire
    state: State
    read: Callable[[Records], Answers]
    write: Callable[[Context, Answers], None]
    onward: Callable[..., StepResult]
    before: Callable[[Context], StepResult]
    head: Callable[[View, QuestionProgress], Text]
    about: Callable[[View, Page], tuple[Paragraph, ...]] = lambda _view, _page: ()
    more: Callable[[View, Field], tuple[Button, ...]] = lambda _view, _field: ()

    # --- steps -----------------------------------------------------------------------------------

    @property
    def routes(self) -> tuple[Route, ...]:
        """What can be done with a question."""
        return (
            pressed(Action.CHOOSE, self.choose),
            pressed(Action.TOGGLE, self.toggle),
            pressed(Action.CONFIRM, self.keep),
            pressed(Action.SKIP, self.skip),
            pressed(Action.TURN_PAGE, self.turn_page),
            pressed(Action.PICK, self.pick),
            pressed(Action.BACK, self.back),
            pressed(Action.WHY, self.why),
            text(self.typed),
        )

    def at(self, key: str, *, edited: bool = False) -> Position:
        """Where this field is asked."""
        return Position(self.state, {"field": key} | ({EDITED: "yes"} if edited else {}))

    async def typed(self, _update: Update, context: Context) -> StepResult:
        """A typed answer: of options, the one that is meant."""
        field, answers = self._field(context), self.read(context.unit.records)
        if field.kind is FieldKind.SEARCH:
            options = field.options(answers, context.answer_context)
            return look_up(
                context, options, lambda _context, option: self.take(context, option.code)
            )
        if field.kind is FieldKind.MULTI:
            return self._take_several(context, field)
        found = field.find(context.text, answers, context.answer_context)
        return self.take(context, found[0].code if len(found) == 1 else context.text)

    async def choose(self, _update: Update, context: Context) -> StepResult:
        """A tapped answer."""
        return self.take(context, context.callback.value)

    async def toggle(self, _update: Update, context: Context) -> StepResult:
        """One of several more, or less; the button says which, so twice is once."""
        field, sign, code = self._field(context), *_split(context.callback.value)
        now = toggles(
            field, self.read(context.unit.records), context.answer_context, context.position.data
        )
        others = [one for one in now if one != code]
        chosen = " ".join([*others, code] if sign == "+" else others)
        return context.change(Position(self.state, {**context.position.data, CHOSEN: chosen}))

    async def skip(self, _update: Update, context: Context) -> StepResult:
        """Leave the question open, where that is allowed; or all of the page that is."""
        field, answers = self._field(context), self.read(context.unit.records)
        leave = (
            self.questionnaire.skip_rest
            if context.callback.value == REST
            else self.questionnaire.skip
        )
        return self._keep(context, leave(answers, field, context.answer_context))

    async def keep(self, _update: Update, context: Context) -> StepResult:
        """The answer stands as it is; of several, what is ticked."""
        field, answers = self._field(context), self.read(context.unit.records)
        if field.kind is not FieldKind.MULTI:
            return self.onward(context)
        return self.take(
            context,
            " ".join(toggles(field, answers, context.answer_context, context.position.data)),
        )

    async def turn_page(self, _update: Update, context: Context) -> StepResult:
        """Further on, or back, in a long list."""
        return context.change(
            Position(self.state, {**self._plain(context), LEAF: context.callback.value})
        )

    async def pick(self, _update: Update, context: Context) -> StepResult:
        """A month in two taps: the years, then the months of one."""
        sign, year = _split(context.callback.value or f"-{context.answer_context.today.year}")
        if not (year.isdecimal() and len(year) == 4):
            return context.stay()
        picked = {YEARS: year} if sign == "-" else {YEAR: year}
        return context.change(Position(self.state, {**self._plain(context), **picked}))

    async def back(self, _update: Update, context: Context) -> StepResult:
        """Out of a list; else the question before; before the first one, what came before."""
        if context.callback.value == WHOLE or _BROWSING & context.position.data.keys():
            return context.change(Position(self.state, self._plain(context)))
        answers = self.read(context.unit.records)
        previous = self.questionnaire.previous_field(
            answers, self._field(context).key, context.answer_context
        )
        if previous is None or EDITED in context.position.data:
            return self.before(context)
        return context.ask(self.at(previous.key))

    async def why(self, _update: Update, context: Context) -> StepResult:
        """What the question is for, and the question again."""
        return context.stay(Text(f"field-{self._field(context).slug}-why"))

    def take(self, context: Context, given: str) -> StepResult:
        """The answer of the present question, if it can be one."""
        answers = self.read(context.unit.records)
        return self._keep(
            context,
            self.questionnaire.answer(answers, self._field(context), given, context.answer_context),
        )

    def _take_several(self, context: Context, field: Field) -> StepResult:
        """Several options that were typed in one message."""
        answers, answer_context = self.read(context.unit.records), context.answer_context
        for between in _BETWEEN:
            parts = [part for part in between.split(context.text) if part.strip()]
            meant = [field.find(part, answers, answer_context) for part in parts]
            if meant and all(len(found) == 1 for found in meant):
                return self.take(context, " ".join({found[0].code: "" for found in meant}))
        return context.refuse(Problem("problem-several", {"field": field.name}))

    def _keep(self, context: Context, answers: Answers | Problem) -> StepResult:
        if isinstance(answers, Problem):
            return context.refuse(answers)
        before = self.read(context.unit.records)
        self.write(context, answers)
        return self.onward(context, *self._by_itself(context, before, answers))

    def _by_itself(self, context: Context, before: Answers, answers: Answers) -> tuple[Text, ...]:
        """What nobody was asked, since there was nothing to choose: it is said all the same."""
        answer_context, locale = context.answer_context, context.person.locale
        keys = {key for key, _ in answers.items() - before.items()}
        changed = [field for key, field in self.questionnaire.fields.items() if key in keys]
        return tuple(
            Text(
                "answered-by-itself",
                {
                    "field": field.name,
                    "value": field.display_value(
                        answers[field.key], answers, answer_context, locale
                    ),
                },
            )
            for field in changed
            if field.only_value(answers, answer_context) is not None
        )

    def _field(self, context: Context) -> Field:
        return self.questionnaire.fields[context.position.data["field"]]

    def _plain(self, context: Context) -> Mapping[str, str]:
        """The present place without what was being looked through."""
        return {key: value for key, value in context.position.data.items() if key not in _BROWSING}

    # --- screens ---------------------------------------------------------------------------------

    def render(self, view: View) -> Screen:
        """The question: where it stands, what it asks, what was answered before."""
        field, answer_context = self.questionnaire.fields[view.data["field"]], view.answer_context
        answers = self.read(view.records)
        position = self.questionnaire.progress(answers, field, answer_context)
        value = answers.get(field.key)
        shown = (
            ()
            if value is None
            else (field.display_value(value, answers, answer_context, view.locale),)
        )
        listed, options = offered(view, field, answers, answer_context)
        is_kept = value is not None and field.kind is not FieldKind.MULTI
        kept = (button("keep", Action.CONFIRM),) if is_kept else ()
        optional = () if field.required else (SKIP,)
        has_rest = optional and self.questionnaire.optional_rest(answers, field, answer_context)
        rest = (button("skip-rest", Action.SKIP, REST),) if has_rest else ()
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
                (OUT if _BROWSING & view.data.keys() else BACK, *optional, WHY),
            ),
            format=field.format,
        )


def _split(value: str) -> tuple[str, str]:
    return value[:1], value[1:]
