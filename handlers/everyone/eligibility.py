"""Eligibility for whoever asks: their own assessment, or the conditions by a few taps.

The taps choose category, level, and each code that the conditions still depend on. Nothing is
kept: the buttons carry the choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.eligibility_lines import FIELDS, candidate_assessment
from handlers.everyone.help import ELIGIBILITY, OTHERS
from handlers.rendering import Paragraph, Rows, Screen, View, resuming, rows, whom_to_ask
from handlers.replies import edit_source
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.eligibility import Target, clauses_for
from states.exam import Clause, Eligibility
from states.exam.rules import conditions_of
from states.form import wording
from states.form.fields import Option, joined
from states.step_result import StepResult
from states.texts import Argument, Text

ASK = go(ELIGIBILITY)
CHOICES = "choices"
"""The key of a screen's data for the choices: codes in the order of the taps, joined by dots."""
CHOSEN = ("practice", "degree")
"""The facts that are chosen by a tap; the sentences of the clauses tell the others."""


async def choose(_update: Update, context: Context) -> StepResult:
    """Show what the choices leave, in the message with the button."""
    return edit_source(context, ELIGIBILITY, data={CHOICES: context.callback.value})


def render(view: View) -> Screen:
    """Show the person's own assessment and the general rules, or go on with the choices."""
    rules, given = view.exam.eligibility, tuple(view.data.get(CHOICES, "").split("."))
    if rules is not None and given != ("",):
        text, taps = _narrowed(view, rules, given)
        return Screen((*text, whom_to_ask(view)), (*taps, *_others(view, ASK)))
    ask = () if rules is None else (Text("eligibility-whom"),)
    taps = () if rules is None else _taps((), view.exam.categories, view)
    known = wording.note(wording.ELIGIBILITY, view.exam) or Text("eligibility-rules")
    topic = Text(ELIGIBILITY, {"rules": known})
    text = (*candidate_assessment(view), topic, *ask, whom_to_ask(view))
    return Screen(text, (*taps, *_others(view)))


def _others(view: View, *before: Button) -> Rows:
    return rows(*before, OTHERS, *resuming(view), go("status"), across=2)


def _taps(given: tuple[str, ...], options: Iterable[Option], view: View) -> Rows:
    """Return a button for each option, which adds its code to the choices."""
    made = [
        Button(
            one.display_name(view.locale),
            CallbackData(Action.ELIGIBLE, ".".join((*given, one.code)), ANYWHERE),
        )
        for one in options
    ]
    return rows(*made, across=2)


def _narrowed(
    view: View, rules: Eligibility, given: tuple[str, ...]
) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return the question that the choices leave open, or the conditions that remain."""
    category, *codes = given
    names = [_name(view.exam.categories, category, view)]

    def asked(fact: str, options: Iterable[Option]) -> tuple[tuple[Paragraph, ...], Rows]:
        question = Text("eligibility-which", {"fact": FIELDS[fact].name})
        return (_head(names), question), _taps(given, options, view)

    if not codes:
        some = (one for one in view.exam.levels if clauses_for(rules, Target(category, one.code)))
        return asked("level", some)
    names.append(_name(view.exam.levels, codes[0], view))
    area = view.area.code if view.area else ""
    clauses: Sequence[Clause] = clauses_for(rules, Target(category, codes.pop(0), area=area))
    facts: dict[str, str] = {}
    for fact in CHOSEN:
        offered = _offered(clauses, fact)
        options = [
            one for one in FIELDS[fact].options({}, view.answer_context) if one.code in offered
        ]
        if options and not codes:
            return asked(fact, options)
        if options:
            facts[fact] = codes.pop(0)
            names.append(_name(options, facts[fact], view))
            clauses = [
                one for one in clauses if one.rule.holds(facts, rules.reference) is not False
            ]
    return (_head(names), *_conditions(view, rules, clauses)), ()


def _offered(clauses: Iterable[Clause], fact: str) -> set[str]:
    """Return the codes of a fact that some clause asks for."""
    return {
        code
        for clause in clauses
        for condition in conditions_of(clause.rule)
        if condition.fact == fact
        for code in condition.among
    }


def _head(names: Sequence[Text | str]) -> Text:
    return Text("eligibility-head", {"chosen": joined(names)})


def _name(options: Iterable[Option], code: str, view: View) -> Text | str:
    """Return the name of a choice; its code if an old button or a made-up one names no option."""
    return next((one.display_name(view.locale) for one in options if one.code == code), code)


def _conditions(view: View, rules: Eligibility, clauses: Sequence[Clause]) -> tuple[Paragraph, ...]:
    if not clauses:
        return (Text("eligibility-no-way"),)
    ways = [Text("eligibility-way", {"clause": one.display_name(view.locale)}) for one in clauses]
    count: dict[str, Argument] = {"count": len(clauses), "reference": rules.reference}
    beyond = rules.beyond_en if view.locale == "en" else rules.beyond
    return (
        (Text("eligibility-ways", count), *ways),
        Text("eligibility-beyond", {"beyond": beyond}),
    )


FEATURE = Feature(
    everyone=(pressed(Action.ELIGIBLE, choose),),
    screens={ELIGIBILITY: render},
)
