"""The form: the candidate answers it page by page (guide, part 2).

Page (2) shows the locked items of the identity, and how to have them corrected.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button
from handlers.candidate import education
from handlers.candidate.account import identity_lines
from handlers.questions.answer_lines import place_of_question
from handlers.questions.asking import Questions
from handlers.rendering import Paragraph, View
from handlers.replies import ask, ask_again, ask_next, reject
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
    """Return from the first question to the area, from an edited one to the summary.

    A question of a refused application returns to the list of refused items.
    """
    if context.own_application.stage is not Stage.DRAFT:
        return ask(context, Position(Mend.listing))
    if FORM.first_unanswered(context.own_application.answers, context.answer_context) is None:
        return ask_next(context)
    return ask(context, Position(Choose.area))


def _head(_view: View, progress: QuestionProgress) -> Text:
    return place_of_question(progress.page, progress.number, progress.count)


def about(view: View, page: Page) -> tuple[Paragraph, ...]:
    """Return the locked items, on the page where the guide has them."""
    if page is not PERSON:
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)), Text("form-locked"))


def _about(view: View, page: Page) -> tuple[Paragraph, ...]:
    records = education.record_lines(view) if page is EDUCATION else ()
    return (*about(view, page), *((records,) if records else ()))


def _more(view: View, field: Field) -> tuple[Button, ...]:
    return education.record_buttons(view) if field.kind is FieldKind.RECORD else ()


ASKING = Questions(
    questionnaire=FORM,
    state=Form.asking,
    read=_answers,
    write=_write,
    ask_next=ask_next,
    before=_before,
    head=_head,
    about=_about,
    more=_more,
)


async def share_contact(update: Update, context: Context) -> StepResult:
    """Take the person's own contact for the mobile number; reject any other contact."""
    message = update.message
    card = message.contact if message else None
    if card is None or message is None or context.position.data.get("field") != "mobile":
        return ask_again(context, Text("unknown-kind"))
    if message.from_user is None or card.user_id != message.from_user.id:
        return reject(context, Problem("problem-contact"))
    return ASKING.take(context, f"+{card.phone_number.lstrip('+')}")


FEATURE = Feature(
    routes={
        Form.asking: (
            pressed(Action.ADD, education.add),
            pressed(Action.EDIT, education.verify),
            contact(share_contact),
            *ASKING.routes,
        )
    },
    screens={Form.asking: ASKING.render},
)
