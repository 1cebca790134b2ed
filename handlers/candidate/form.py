"""The candidate answers the form, page by page (guide, part 2); ``handlers/questions/asking.py`` asks.

What is known from the document stands above page (2), locked, with how to have it corrected.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button
from handlers.candidate import education
from handlers.candidate.account import identity_lines
from handlers.candidate.answer_lines import position_of
from handlers.questions.asking import Questions
from handlers.rendering import Paragraph, View
from handlers.routing import Feature, contact, pressed
from handlers.update_context import Context
from states import mending
from states.flow import Position
from states.form.engine import Page, QuestionProgress
from states.form.fields import Field, FieldKind
from states.form.pages import EDUCATION, FORM, PERSON
from states.records import Answers, Records, Stage
from states.state_groups import Choose, Form, Mend
from states.step_result import StepResult
from states.texts import Problem, Text


def _answers(records: Records) -> Answers:
    return records.application.answers if records.application else {}


def _write(context: Context, answers: Answers) -> None:
    application = context.own_application
    if application.stage is Stage.DRAFT:
        context.unit.application = replace(application, answers=answers)
    else:
        context.unit.application = mending.apply_answers(
            application, answers, context.answer_context
        )


def _before(context: Context) -> StepResult:
    """Back from the first question to the area; from one that is edited, to the look over all.

    What is mended is chosen from what was refused, and that is where it leads back to.
    """
    if context.own_application.stage is not Stage.DRAFT:
        return context.ask(Position(Mend.listing))
    if FORM.first_unanswered(context.own_application.answers, context.answer_context) is None:
        return context.onward()
    return context.ask(Position(Choose.area))


def _head(_view: View, progress: QuestionProgress) -> Text:
    return position_of(progress.page, progress.number, progress.count)


def about(view: View, page: Page) -> tuple[Paragraph, ...]:
    """The locked items, on the page where the guide has them."""
    if page is not PERSON:
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)), Text("form-locked"))


def _about(view: View, page: Page) -> tuple[Paragraph, ...]:
    records = education.listed(view) if page is EDUCATION else ()
    return (*about(view, page), *((records,) if records else ()))


def _more(view: View, field: Field) -> tuple[Button, ...]:
    return education.ways(view) if field.kind is FieldKind.RECORD else ()


ASKING = Questions(
    questionnaire=FORM,
    state=Form.asking,
    read=_answers,
    write=_write,
    onward=Context.onward,
    before=_before,
    head=_head,
    about=_about,
    more=_more,
)


async def shared(update: Update, context: Context) -> StepResult:
    """A contact: one's own, where the mobile number is asked for; anybody else's is of no use."""
    message = update.message
    card = message.contact if message else None
    if card is None or message is None or context.position.data.get("field") != "mobile":
        return context.stay(Text("unknown-kind"))
    if message.from_user is None or card.user_id != message.from_user.id:
        return context.refuse(Problem("problem-contact"))
    return ASKING.take(context, f"+{card.phone_number.lstrip('+')}")


FEATURE = Feature(
    routes={
        Form.asking: (
            pressed(Action.ADD, education.add),
            pressed(Action.EDIT, education.verify),
            contact(shared),
            *ASKING.routes,
        ),
    },
    screens={Form.asking: ASKING.render},
)
