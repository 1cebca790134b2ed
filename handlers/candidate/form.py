"""The candidate answers the form, page by page (guide, part 2); ``handlers/asking.py`` asks.

What is known from the document stands above page (2), locked, with how to have it corrected.
"""

from dataclasses import replace

from telegram import Update

from handlers.asking import Asking
from handlers.buttons import Button, Verb
from handlers.candidate import education
from handlers.candidate.account import identity_lines
from handlers.candidate.lines import position_of
from handlers.context import Context
from handlers.route import Feature, contact, pressed
from handlers.screens import Paragraph, View
from states import mending
from states.flow import Place
from states.form.engine import Page, Position
from states.form.fields import Field, Kind
from states.form.pages import EDUCATION, FORM, PERSON
from states.groups import Choose, Form, Mend
from states.outcome import Outcome
from states.records import Answers, Records, Stage
from states.texts import Problem, Text


def _answers(records: Records) -> Answers:
    return records.application.answers if records.application else {}


def _write(context: Context, answers: Answers) -> None:
    application = context.own_application
    if application.stage is Stage.DRAFT:
        context.unit.application = replace(application, answers=answers)
    else:
        context.unit.application = mending.answered(application, answers, context.around)


def _before(context: Context) -> Outcome:
    """Back from the first question to the area; from one that is edited, to the look over all.

    What is mended is chosen from what was refused, and that is where it leads back to.
    """
    if context.own_application.stage is not Stage.DRAFT:
        return context.ask(Place(Mend.listing))
    if FORM.open_field(context.own_application.answers, context.around) is None:
        return context.onward()
    return context.ask(Place(Choose.area))


def _head(_view: View, position: Position) -> Text:
    return position_of(position.page, position.number, position.count)


def about(view: View, page: Page) -> tuple[Paragraph, ...]:
    """The locked items, on the page where the guide has them."""
    if page is not PERSON:
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)), Text("form-locked"))


def _about(view: View, page: Page) -> tuple[Paragraph, ...]:
    records = education.listed(view) if page is EDUCATION else ()
    return (*about(view, page), *((records,) if records else ()))


def _more(view: View, field: Field) -> tuple[Button, ...]:
    return education.ways(view) if field.kind is Kind.RECORD else ()


ASKING = Asking(
    sheet=FORM,
    state=Form.asking,
    read=_answers,
    write=_write,
    onward=Context.onward,
    before=_before,
    head=_head,
    about=_about,
    more=_more,
)


async def shared(update: Update, context: Context) -> Outcome:
    """A contact: one's own, where the mobile number is asked for; anybody else's is of no use."""
    message = update.message
    card = message.contact if message else None
    if card is None or message is None or context.at.at.get("field") != "mobile":
        return context.stay(Text("unknown-kind"))
    if message.from_user is None or card.user_id != message.from_user.id:
        return context.refuse(Problem("problem-contact"))
    return ASKING.take(context, f"+{card.phone_number.lstrip('+')}")


FEATURE = Feature(
    routes={
        Form.asking: (
            pressed(Verb.ADD, education.add),
            pressed(Verb.EDIT, education.verify),
            contact(shared),
            *ASKING.routes,
        ),
    },
    screens={Form.asking: ASKING.draw},
)
