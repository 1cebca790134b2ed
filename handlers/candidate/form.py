"""The candidate answers the form, question by question; the engine knows what comes next.

Every prompt says where it stands. Typed and tapped answers are the same; a wrong one is explained
and asked again; "back" shows what was answered, "skip" leaves open what may be left open.
"""

from dataclasses import replace
from datetime import date

from telegram import Update

from handlers.buttons import Button, Press, Verb
from handlers.context import Context
from handlers.route import pressed, text
from handlers.screens import BACK, SKIP, WHY, Screen, Screens, View, button, rows
from states.flow import Place
from states.form import engine
from states.form.fields import Around, Field, Kind
from states.form.pages import FIELDS
from states.groups import Choose, Form
from states.outcome import Outcome
from states.records import Answers
from states.texts import Problem, Text


async def answer(_update: Update, context: Context) -> Outcome:
    """A typed answer."""
    return _take(context, context.text)


async def choose(_update: Update, context: Context) -> Outcome:
    """A tapped answer."""
    return _take(context, context.press.value)


async def skip(_update: Update, context: Context) -> Outcome:
    """Leave the question open, where that is allowed."""
    return _keep(context, engine.skip(context.own_application.answers, _field(context)))


async def keep(_update: Update, context: Context) -> Outcome:
    """The answer stands as it is."""
    return context.onward()


async def back(_update: Update, context: Context) -> Outcome:
    """The question before; before the first one, the site."""
    previous = engine.before(context.own_application.answers, _field(context).key)
    return context.ask(at_field(previous.key) if previous else Place(Choose.site))


async def why(_update: Update, context: Context) -> Outcome:
    """What the question is for, and the question again."""
    return context.stay(Text(f"field-{_field(context).key}-why"))


def at_field(key: str) -> Place:
    """Where this field is asked."""
    return Place(Form.asking, {"field": key})


def _field(context: Context) -> Field:
    return FIELDS[context.at.at["field"]]


def _take(context: Context, typed: str) -> Outcome:
    born = context.person.identity.born
    around = Around(context.exam.today(context.now), date.fromisoformat(born) if born else None)
    return _keep(
        context, engine.answer(context.own_application.answers, _field(context), typed, around)
    )


def _keep(context: Context, answers: Answers | Problem) -> Outcome:
    if isinstance(answers, Problem):
        return context.stay(answers)
    context.unit.application = replace(context.own_application, answers=answers)
    return context.onward()


ROUTES = {
    Form.asking: (
        pressed(Verb.CHOOSE, choose),
        pressed(Verb.SKIP, skip),
        pressed(Verb.CONFIRM, keep),
        pressed(Verb.BACK, back),
        pressed(Verb.WHY, why),
        text(answer),
    ),
}


def draw(view: View) -> Screen:
    """The question: where it stands, what it asks, what was answered before."""
    field, answers = FIELDS[view.at["field"]], view.application.answers
    place = engine.position(answers, field)
    # As text: in another language's digits or grouping, "2/7" would be no help to anybody.
    head = Text(
        "form-position",
        {
            "page": str(place.page_number),
            "pages": str(place.pages),
            "title": place.page.title,
            "number": str(place.number),
            "count": str(place.count),
        },
    )
    value = answers.get(field.key)
    now = () if value is None else (Text("value-now", {"value": shown(field, value)}),)
    choices = [Button(field.label(c), Press(Verb.CHOOSE, c)) for c in field.choices]
    kept = (button("keep", Verb.CONFIRM),) if value is not None else ()
    optional = (SKIP,) if not field.required else ()
    return Screen(
        (head, Text(f"field-{field.key}-ask"), *now),
        (*rows(*choices, across=2), *rows(*kept), (BACK, *optional, WHY)),
    )


def shown(field: Field, value: str) -> Text | str:
    """An answer as people read it."""
    if value == engine.SKIPPED:
        return Text("value-skipped")
    return field.label(value) if field.kind is Kind.CHOICE else value


SCREENS: Screens = {Form.asking: draw}
