"""The candidate chooses exam and area, and agrees to the terms.

The bot repeats the area's name before the form begins. A candidate of an earlier exam confirms the
earlier answers with one tap.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.area.change_area import take_area
from handlers.questions.answer_lines import answer_lines
from handlers.questions.listing import area_routes, area_screen, step_back
from handlers.rendering import BACK, Screen, View, button
from handlers.replies import ask, ask_next, resume
from handlers.routing import Feature, Question, pressed
from handlers.update_context import Context
from states.form.pages import FORM, lasting
from states.fsm_states import Choose
from states.photo import meets_rule
from states.progress.next_step import Position
from states.records import Application
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, blobs


async def exam(_update: Update, context: Context) -> StepResult:
    """Create the application for the exam, with the answers of an earlier one if there is one."""
    if context.unit.application is not None:
        return ask_next(context)
    tx, person = context.unit.tx, context.person
    earlier = await applications.newest_other(
        tx, context.services.keyring, person.id, context.exam.key
    )
    application = context.unit.new_application(person, context.exam.key)
    if earlier is None:
        return ask_next(context)
    context.unit.application = _copy_earlier(context, application, earlier)
    return ask(context, Position(Choose.again), *await _drop_unfit_photo(context))


def _copy_earlier(context: Context, application: Application, earlier: Application) -> Application:
    """Copy the earlier answers that this year's exam still offers."""
    area = earlier.area if context.exam.area(earlier.area) else ""
    context.unit.application = begun = replace(application, area=area)
    return replace(begun, answers=FORM.normalize(lasting(earlier.answers), context.answer_context))


async def _drop_unfit_photo(context: Context) -> tuple[Text, ...]:
    """Clear a photo that this year's rule refuses."""
    person = context.person
    files = await blobs.of_person(context.unit.tx, person.id)
    portrait = next((file for file in files if file.name == person.photo), None)
    if portrait is None or meets_rule(
        portrait.width, portrait.height, portrait.size, context.exam.photo
    ):
        return ()
    context.unit.person = replace(person, photo=None)
    rule = context.exam.photo
    return (Text("photo-too-old", {"width": rule.min_width, "height": rule.min_height}),)


async def anew(_update: Update, context: Context) -> StepResult:
    """Begin with an empty form; account, photo and education records stay."""
    context.unit.application = replace(context.own_application, area="", answers={})
    return ask_next(context)


async def agree(_update: Update, context: Context) -> StepResult:
    """Agree to notice, declaration and pledge; store version and time."""
    version = context.exam.terms.version
    context.unit.application = replace(
        context.own_application, agreed=version, agreed_at=context.now
    )
    context.unit.audit(AuditAction.TERMS_AGREED, version)
    return ask_next(context)


back = step_back({Choose.notice: Choose.area})
"""Shows the whole list, or the choice before."""


def render_exam(view: View) -> Screen:
    """Name the exam, and begin its registration by one button."""
    closes = view.exam.windows.registration.last_minute
    name = view.exam.display_name(view.locale)
    begin = replace(button("begin", Action.CHOOSE, view.exam.key), is_main=True)
    return Screen((Text("exam-ask", {"exam": name, "closes": closes}),), ((begin,),))


def render_again(view: View) -> Screen:
    """Show the earlier answers that this exam still offers."""
    lines = answer_lines(FORM.fields.values(), view.application.answers, view)
    where = Text("again-area", {"area": view.area.display_name(view.locale)}) if view.area else ""
    return Screen(
        (Text("again-ask"), (*((where,) if where else ()), *lines), Text("again-what-follows")),
        ((button("same-again", Action.CONFIRM),), (button("anew", Action.EDIT),)),
    )


def render_area(view: View) -> Screen:
    """Ask for the area, and explain the choice."""
    return area_screen(view, Text("area-ask"))


def render_notice(view: View) -> Screen:
    """Show the terms in full, and their version."""
    terms = view.exam.terms
    about = Text("terms-version", {"version": terms.version})
    sample = (Text("terms-sample"),) if terms.sample else ()
    return Screen(
        (Text("terms-title"), *terms.in_language(view.locale), *sample, about),
        ((button("agree", Action.AGREE),), (BACK,)),
    )


FEATURE = Feature(
    questions={
        Choose.exam: Question(
            render_exam, pressed(Action.CHOOSE, exam, exclusive=True), pressed(Action.BACK, back)
        ),
        Choose.again: Question(
            render_again, pressed(Action.CONFIRM, resume), pressed(Action.EDIT, anew)
        ),
        Choose.area: Question(render_area, pressed(Action.BACK, back), *area_routes(take_area)),
        Choose.notice: Question(
            render_notice,
            pressed(Action.AGREE, agree),
            pressed(Action.BACK, back),
            stays=True,
        ),
    },
)
