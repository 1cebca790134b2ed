"""Asks the questions of a questionnaire: the form, or an education record.

Typed and tapped answers are the same. A wrong answer is explained and the question asked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.questions.answer_lines import say_back
from handlers.questions.doubts import TYPED, ask_back, doubt, taken
from handlers.questions.listing import (
    FIRST_SHOWN,
    FOUND,
    found_part,
    look_up,
    option_buttons,
    page_of,
    spelled,
)
from handlers.questions.months import (
    YEAR,
    YEARS,
    counted_button,
    month_buttons,
    month_instead,
)
from handlers.rendering import (
    BACK,
    DOUBT,
    OUT,
    SKIP,
    WHOLE,
    WHY,
    Paragraph,
    Rows,
    Screen,
    View,
    button,
    place_on_form,
    rows,
    time_left,
)
from handlers.replies import ask, ask_again, reject
from handlers.routing import Route, pressed, text
from handlers.update_context import Context
from states.characters.numerals import digits_for_numerals
from states.exam import OTHER_EMPLOYER
from states.form import wording
from states.form.fields import (
    HAS_OPTIONS,
    SKIPPED,
    AnswerContext,
    Field,
    FieldKind,
)
from states.form.numbers import years_inside
from states.form.pages import FORM, NONE
from states.form.questionnaire import Page, Questionnaire
from states.fsm_states import State
from states.list_search import find, find_whole
from states.own_words.reply_words import Reply
from states.progress.next_step import EDITED, Position
from states.records import Answers, Records, Stage
from states.step_result import StepResult
from states.texts import Argument, Problem, Text

REST = "rest"
CHOSEN = "chosen"
"""The key of position data for the ticked options, separated by blanks."""
MEANT = "meant"
"""The key of position data that says: the ticks are a guess at what was typed."""

_BROWSING = frozenset({FOUND, FIRST_SHOWN, YEARS, YEAR, DOUBT})
_PARTS = re.compile(r"[\n,;，；、]+")
"""Separators of several answers in one message; a plus begins a number."""
_MOST_PARTS: Final = 20
"""The most answers in one message; a longer text is looked at as a whole only."""
_BETWEEN = (re.compile(r"[\s,;，；、+]+"), re.compile(r"[\n,;，；、+]+"))
"""Separators of several typed options: blanks or signs, then signs only.

English names have blanks; the first pattern must split two Chinese names with a blank first.
"""


def _place_on_form(_view: View, field: Field) -> Text:
    return place_on_form(FORM.page_of(field.key))


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one questionnaire in the chat.

    Args:
        read: returns the answers from a person's records.
        write: stores the answers in the unit of work.
        ask_next: asks the question that follows an answer.
        before: asks the question before the first one.
        head: returns the line that says where a question stands.
        about: returns the paragraphs above the questions of a page.
        more: returns the buttons of a question beside its options.
    """

    questionnaire: Questionnaire
    state: State
    read: Callable[[Records], Answers]
    write: Callable[[Context, Answers], None]
    ask_next: Callable[..., StepResult]
    before: Callable[[Context], StepResult]
    head: Callable[[View, Field], Text] = _place_on_form
    about: Callable[[View, Page], tuple[Paragraph, ...]] = lambda _view, _page: ()
    more: Callable[[View, Field], tuple[Button, ...]] = lambda _view, _field: ()

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of the state that asks."""
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

    def position(self, key: str, *, edited: bool = False) -> Position:
        """Return the position that asks this field."""
        return Position(self.state, {"field": key} | ({EDITED: "yes"} if edited else {}))

    async def typed(self, _update: Update, context: Context) -> StepResult:
        """Take a typed answer; say of a required one that it cannot be skipped."""
        field, answers = self._open(context)
        said = context.services.replies.without_field(field.key, context.text)
        if not field.required and context.exam.is_skip(said):
            return self._skip(context, self.questionnaire.skip)
        result = self._take_typed(context, field, answers)
        if result.understood or not field.required:
            return result
        is_skip = context.services.replies.is_reply(Reply.SKIP, context.text)
        required = Problem("problem-required", {"field": field.name})
        return reject(context, required) if is_skip else result

    def _take_typed(self, context: Context, field: Field, answers: Answers) -> StepResult:
        """Take a typed answer; of a list, only a code or a whole name."""
        if field.kind is FieldKind.MULTI:
            return self._take_several(context)
        if field.kind not in HAS_OPTIONS:
            return self._take_text(context, field, answers)
        unlisted = self._note_unlisted(context, field, answers)
        options = field.options(answers, context.answer_context)
        found = look_up(context, options, field.key, unlisted)
        if (
            isinstance(found, StepResult)
            and not found.understood
            and self._describes(context, field)
        ):
            return reject(context, Problem("problem-description", {"field": field.name}))
        return found if isinstance(found, StepResult) else self.take(context, found.code)

    async def choose(self, _update: Update, context: Context) -> StepResult:
        """Take a tapped answer, or the typed text that the list lacks."""
        field, answers = self._open(context)
        typed = answers.get(typed_key(field))
        if context.callback.value == TYPED and (text := taken(context)):
            return self.take(context, text)
        if context.callback.value != TYPED or typed is None:
            return self.take(context, context.callback.value)
        answered = self.questionnaire.answer(
            {**answers, field.unlisted: typed}, field, OTHER_EMPLOYER, context.answer_context
        )
        return self._keep(context, answered, field.key, field.unlisted)

    async def toggle(self, _update: Update, context: Context) -> StepResult:
        """Tick or untick one option; the button says which, so a second tap changes nothing."""
        sign, code = _split(context.callback.value)
        others = [one for one in self._ticked(context) if one != code]
        chosen = " ".join([*others, code] if sign == "+" else others)
        data = {**context.position.data, CHOSEN: chosen}
        return ask(context, Position(self.state, data))

    async def skip(self, _update: Update, context: Context) -> StepResult:
        """Leave the question open where that is allowed, or all such questions of the page."""
        is_rest = context.callback.value == REST
        return self._skip(
            context, self.questionnaire.skip_rest if is_rest else self.questionnaire.skip
        )

    def _skip(
        self,
        context: Context,
        skip: Callable[[Answers, Field, AnswerContext], Answers | Problem],
    ) -> StepResult:
        field, answers = self._open(context)
        return self._keep(context, skip(answers, field, context.answer_context), field.key)

    async def keep(self, _update: Update, context: Context) -> StepResult:
        """Keep the answer as it is; of several options, the ticked ones."""
        if self._open(context)[0].kind is not FieldKind.MULTI:
            return self.ask_next(context)
        return self.take(context, " ".join(self._ticked(context)))

    async def turn_page(self, _update: Update, context: Context) -> StepResult:
        """Show another part of a long list."""
        return self._browse(context, {FIRST_SHOWN: context.callback.value})

    async def pick(self, _update: Update, context: Context) -> StepResult:
        """Pick a month in two taps: the years, then the months of one."""
        sign, year = _split(context.callback.value or f"-{context.answer_context.today.year}")
        if not (year.isdecimal() and len(year) == 4):
            return ask_again(context)
        return self._browse(context, {YEARS if sign == "-" else YEAR: year})

    async def back(self, _update: Update, context: Context) -> StepResult:
        """Leave a list; else ask the question before."""
        if context.callback.value == WHOLE or _BROWSING & context.position.data.keys():
            return self._browse(context, {})
        field, answers = self._open(context)
        previous = self.questionnaire.previous_field(answers, field.key, context.answer_context)
        if previous is None or EDITED in context.position.data:
            return self.before(context)
        return ask(context, self.position(previous.key))

    async def why(self, _update: Update, context: Context) -> StepResult:
        """Explain the purpose of the question, and ask it again."""
        return ask_again(context, Text(f"field-{self._open(context)[0].slug}-why"))

    def take(self, context: Context, given: str) -> StepResult:
        """Answer the open question, if the rules accept the answer."""
        field, answers = self._open(context)
        answered = self.questionnaire.answer(answers, field, given, context.answer_context)
        return self._keep(context, answered, field.key)

    def _take_text(self, context: Context, field: Field, answers: Answers) -> StepResult:
        """Take a text; a free one that hardly answers the question is asked back."""
        if (counted := self._take_month(context, field, answers)) is not None:
            return counted
        value = field.parse(context.text, answers, context.answer_context)
        if self._describes(context, field):
            return reject(context, Problem("problem-description", {"field": field.name}))
        is_free = field.kind is FieldKind.TEXT and field.check is None
        if (
            is_free
            and isinstance(value, str)
            and (offer := doubt(context, value, has_digits=field.has_digits))
        ):
            return ask_back(context, value, offer)
        if isinstance(value, Problem) and (inside := self._inside(context, field, answers)):
            return ask_back(context, inside)
        return self.take(context, context.text)

    def _describes(self, context: Context, field: Field) -> bool:
        """Return whether the text only describes what is asked for: 三甲医院 names no employer."""
        fields = self.questionnaire.fields.values()
        listed = next((one.key for one in fields if one.unlisted == field.key), field.key)
        return context.exam.describes(listed, context.text)

    def _take_month(self, context: Context, field: Field, answers: Answers) -> StepResult | None:
        """Take the month that years count from, and offer the years; None for another text.

        A correction opens named answers only. The month is not one of them, so that it is counted
        from and not kept.
        """
        application = context.unit.application
        if not field.since or application is None:
            return None
        answered = month_instead(
            self.questionnaire, field, answers, context.answer_context, context.text
        )
        if answered is None:
            return None
        if isinstance(answered, Problem):
            return reject(context, answered)
        if application.stage is not Stage.DRAFT:
            years = field.counted_years(answered, context.answer_context)
            return ask_back(context, str(years))
        self.write(context, answered)
        again = self.position(field.key, edited=EDITED in context.position.data)
        return say_back(ask(context, again), field.since)

    def _inside(self, context: Context, field: Field, answers: Answers) -> str:
        """Return the number or address inside of a sentence, to offer it; empty without one."""
        if field.kind is FieldKind.NUMBER:
            return self._years_inside(context, field, answers)
        if field.check is None:
            return ""
        parts = _PARTS.split(context.text, _MOST_PARTS)
        found = dict.fromkeys(
            field.to_display(value)
            for part in (context.text, *(parts if len(parts) <= _MOST_PARTS else ()))
            if not isinstance(value := self._parse_inside(context, field, answers, part), Problem)
        )
        return next(iter(found)) if len(found) == 1 else ""

    def _parse_inside(
        self, context: Context, field: Field, answers: Answers, part: str
    ) -> str | Problem:
        """Parse the number or address in one part of a message."""
        said = context.services.replies.introduced("number", part) or part
        return field.parse(digits_for_numerals(said), answers, context.answer_context)

    def _years_inside(self, context: Context, field: Field, answers: Answers) -> str:
        """Return the years that a sentence tells; empty without any, or for a request."""
        years = years_inside(context.text)
        if years is None or context.services.phrasebook.find_surely(context.text) is not None:
            return ""
        value = field.parse(str(years), answers, context.answer_context)
        return "" if isinstance(value, Problem) else value

    def _note_unlisted(self, context: Context, field: Field, answers: Answers) -> str | None:
        """Keep the typed text beside the answers, for the button that takes it.

        The next answer drops it: it belongs to no field.

        Returns:
            The code of the option for all that the list lacks, if the text can be its answer.
        """
        if not field.unlisted:
            return None
        if self._describes(context, field):
            return None
        other = self.questionnaire.fields[field.unlisted]
        value = other.parse(context.text, answers, context.answer_context)
        if isinstance(value, Problem):
            return None
        self.write(context, {**answers, typed_key(field): value})
        return OTHER_EMPLOYER

    def _take_several(self, context: Context) -> StepResult:
        """Take several options typed in one message; tick them if a name is not whole."""
        field, answers = self._open(context)
        if context.services.replies.is_reply(Reply.ALL, context.text):
            codes = (one.code for one in field.options(answers, context.answer_context))
            return self.take(context, " ".join(codes))
        options = [spelled(context, one) for one in field.options(answers, context.answer_context)]
        split = (
            [part for part in between.split(context.text) if part.strip()] for between in _BETWEEN
        )
        # Nobody names an option more than twice; a text of many parts names none.
        ways = [parts for parts in split if 0 < len(parts) <= 2 * len(options)]
        for parts in ways:
            whole = [find_whole(part, options) for part in parts]
            if all(whole):
                return self.take(context, " ".join({one.code: "" for one in whole if one}))
        for parts in ways:
            meant = [find(part, options) for part in parts]
            if all(meant):
                ticked = " ".join({found[0].code: "" for found in meant})
                data = {**context.position.data, CHOSEN: ticked, MEANT: "yes"}
                return ask(context, Position(self.state, data))
        return reject(context, Problem("problem-several", {"field": field.name}))

    def _keep(self, context: Context, answers: Answers | Problem, *given: str) -> StepResult:
        if isinstance(answers, Problem):
            return reject(context, answers)
        before = self.read(context.unit.records)
        self.write(context, answers)
        changed = self._changed(context, before, answers)
        others = [key for key in changed if key not in given]
        return say_back(self.ask_next(context), *given, *others)

    def _changed(self, context: Context, before: Answers, answers: Answers) -> list[str]:
        """Return the keys of new answers that nobody gave: skipped, or the only option left.

        That something does not concern the person (无) is no news.
        """
        fields = self.questionnaire.fields
        return [
            key
            for key, value in answers.items()
            if before.get(key) != value
            and value != NONE
            and (
                value == SKIPPED
                or fields[key].only_value(answers, context.answer_context) is not None
            )
        ]

    def _open(self, context: Context) -> tuple[Field, Answers]:
        """Return the field of the open question, and the answers so far."""
        field = self.questionnaire.fields[context.position.data["field"]]
        return field, self.read(context.unit.records)

    def _ticked(self, context: Context) -> list[str]:
        return _toggles(*self._open(context), context.answer_context, context.position.data)

    def _browse(self, context: Context, place: Mapping[str, str]) -> StepResult:
        """Show this place of a list in the same message; the whole list for no place."""
        data = context.position.data
        kept = {key: value for key, value in data.items() if key not in _BROWSING}
        return ask(context, Position(self.state, {**kept, **place}))

    def render(self, view: View) -> Screen:
        """Render the question: its place, its text, its present answer and its options."""
        field, answer_context = self.questionnaire.fields[view.data["field"]], view.answer_context
        answers = self.read(view.records)
        value = answers.get(field.key)
        shown = (
            ()
            if value is None
            else (field.display_value(value, answers, answer_context, view.locale),)
        )
        if FOUND in view.data:
            return self._render_found(view, field, answers)
        listed, options = _offered(view, field, answers, answer_context)
        is_kept = value is not None and field.kind is not FieldKind.MULTI
        kept = (button("keep", Action.CONFIRM),) if is_kept else ()
        optional = () if field.required else (SKIP,)
        has_rest = optional and self.questionnaire.optional_rest(answers, field, answer_context)
        rest = (button("skip-rest", Action.SKIP, REST),) if has_rest else ()
        return Screen(
            (
                (self.head(view, field), *time_left(view)),
                *self.about(view, self.questionnaire.page_of(field.key)),
                Text(f"field-{field.slug}-ask", _example(view, field, answers)),
                *note_of(view, field),
                *((Text("search-ticked"),) if MEANT in view.data else ()),
                *listed,
                *(Text("value-now", {"value": one}) for one in shown),
            ),
            (
                *counted_button(field, answers, answer_context),
                *options,
                *rows(*self.more(view, field)),
                *rows(*kept),
                *rows(*rest),
                (OUT if _BROWSING & view.data.keys() else BACK, *optional, WHY),
            ),
            format=field.format,
        )

    def _render_found(self, view: View, field: Field, answers: Answers) -> Screen:
        """Render the question whether one of the options found is meant."""
        context, typed = view.answer_context, answers.get(typed_key(field))
        own = (
            (Button(Text("button-as-typed", {"typed": typed}), CallbackData(Action.CHOOSE, TYPED)),)
            if typed
            else ()
        )
        meant, found = found_part(
            view,
            field.options(answers, context),
            *own,
            name=lambda one: field.describe(one, context, view.locale),
        )
        return Screen(((self.head(view, field), *time_left(view)), *meant), found)


def _example(view: View, field: Field, answers: Answers) -> Mapping[str, Argument]:
    """Return an example of what can be typed, or the option for who has nothing of the kind.

    The example is the exam's, or the first option of a list.
    """
    if field.kind is FieldKind.CHOICE:
        options = field.options(answers, view.answer_context)
        nothing = next((one for one in options if one.code == NONE), None)
        none = nothing.display_name(view.locale) if nothing else ""
        return {"has-none": "yes" if nothing else "no", "none": none}
    if (words := wording.example(field.key, view.exam)) is not None:
        return {"example": words}
    if field.kind is not FieldKind.SEARCH:
        return {}
    options = field.options(answers, view.answer_context)
    return {"example": options[0].display_name(view.locale)} if options else {}


def note_of(view: View, field: Field) -> tuple[Text, ...]:
    """Return what the exam says about a question, below it."""
    note = wording.note(field.key, view.exam)
    return (note,) if note is not None else ()


def typed_key(field: Field) -> str:
    """Return the key of the typed text that is kept beside the answers."""
    return f"{field.key}_typed"


def _split(value: str) -> tuple[str, str]:
    return value[:1], value[1:]


def _offered(
    view: View, field: Field, answers: Answers, answer_context: AnswerContext
) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return the buttons of a question's options, and the text that belongs to them."""
    options = field.options(answers, answer_context)
    match field.kind:
        case FieldKind.SEARCH:
            return page_of(view, options)
        case FieldKind.MULTI:
            now = _toggles(field, answers, answer_context, view.data)
            ticks = [
                tick(one.display_name(view.locale), one.code, one.code in now) for one in options
            ]
            return (), (*rows(*ticks), (button("ticked", Action.CONFIRM),))
        case FieldKind.MONTH:
            return (), month_buttons(view.data, answer_context)
        case FieldKind.RECORD:
            return (), rows(*(_record(one.code) for one in options))
    return (), rows(*option_buttons(view, options), across=2)


def _toggles(
    field: Field, answers: Answers, answer_context: AnswerContext, data: Mapping[str, str]
) -> list[str]:
    """Return the ticked codes: as changed last, else as answered, else all (domain §1.5)."""
    codes = [option.code for option in field.options(answers, answer_context)]
    ticked = data.get(CHOSEN, answers.get(field.key, " ".join(codes))).split()
    return [code for code in codes if code in ticked]


def tick(name: Text | str, code: str, is_ticked: bool) -> Button:
    """Build a button that sets or clears a tick: a second tap changes nothing."""
    label = Text("button-ticked-off" if is_ticked else "button-ticked-on", {"name": name})
    return Button(label, CallbackData(Action.TOGGLE, f"{'-' if is_ticked else '+'}{code}"))


def _record(number: str) -> Button:
    """Build the button of a record: records are long, so it shows the number in the list."""
    return Button(Text("button-record", {"number": number}), CallbackData(Action.CHOOSE, number))
