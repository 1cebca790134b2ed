"""The candidate chooses exam and area, and agrees to the terms.

A form belongs to its area, so the area's name is said back before anything is filled in. Whoever
registered before finds what they said then, and confirms it with one tap.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate.answer_lines import given
from handlers.questions.listing import FOUND, chosen_by, look_up
from handlers.rendering import BACK, OUT, WHOLE, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.update_context import Context
from states.exam import Area
from states.flow import Position
from states.form.pages import FORM, lasting
from states.photo import meets_rule
from states.records import Application
from states.state_groups import Choose
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, blobs


async def exam(_update: Update, context: Context) -> StepResult:
    """Begin the application for the exam; with what was said for an earlier one, if there was."""
    if context.unit.application is not None:
        return context.onward()
    tx, person = context.unit.tx, context.person
    earlier = await applications.newest_other(
        tx, context.envelope.services.keyring, person.id, context.exam.key
    )
    application = context.unit.new_application(person, context.exam.key)
    if earlier is None:
        return context.onward()
    context.unit.application = _as_last_time(context, application, earlier)
    let_go = await _let_go_of_photo(context)
    return context.ask(Position(Choose.again), *let_go)


def _as_last_time(context: Context, application: Application, earlier: Application) -> Application:
    """The new application with what is still true, as far as this year's exam offers it."""
    area = earlier.area if context.exam.area(earlier.area) else ""
    context.unit.application = begun = replace(application, area=area)
    return replace(begun, answers=FORM.normalize(lasting(earlier.answers), context.answer_context))


async def _let_go_of_photo(context: Context) -> tuple[Text, ...]:
    """A photo that this year's rule refuses is not offered again."""
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


async def same(_update: Update, context: Context) -> StepResult:
    """Everything is as last time."""
    return context.onward()


async def anew(_update: Update, context: Context) -> StepResult:
    """Begin with an empty form; account, photo and education records stay."""
    context.unit.application = replace(context.own_application, area="", answers={})
    return context.onward()


async def area(_update: Update, context: Context) -> StepResult:
    """The area that the candidate's employer belongs to."""
    chosen = context.exam.area(context.callback.value)
    return _take(context, chosen) if chosen else context.stay(Problem("problem-choice"))


async def find_area(_update: Update, context: Context) -> StepResult:
    """An area that was typed: part of its name, pinyin, initials, or nearly so."""
    return look_up(context, context.exam.areas, _take)


def _take(context: Context, chosen: Area) -> StepResult:
    name = chosen.display_name(context.person.locale)
    application = context.own_application
    if chosen.code != application.area:
        context.unit.dropped_blobs += [
            f.blob for kept in application.materials.values() for f in kept
        ]
        context.unit.application = moved = replace(
            application, area=chosen.code, agreed="", materials={}, uploaded_at=None
        )
        settled = FORM.normalize(moved.answers, context.answer_context)
        context.unit.application = replace(moved, answers=settled)
    return context.onward(Text("area-chosen", {"area": name}))


async def agree(_update: Update, context: Context) -> StepResult:
    """Agree to notice, declaration and pledge; version and time are kept."""
    version = context.exam.terms.version
    context.unit.application = replace(
        context.own_application, agreed=version, agreed_at=context.now
    )
    context.unit.audit(AuditAction.TERMS_AGREED, version)
    return context.onward()


async def back(_update: Update, context: Context) -> StepResult:
    """To the whole list, or to the choice before; choosing the same again changes nothing."""
    if context.callback.value == WHOLE or FOUND in context.position.data:
        return context.change(Position(context.position.state))
    if context.position.state is Choose.notice:
        return context.ask(Position(Choose.area))
    return context.stay(Text("back-nothing"))


def render_exam(view: View) -> Screen:
    """The exams that are open."""
    closes = view.exam.windows.registration.last_minute
    name = view.exam.display_name(view.locale)
    return Screen(
        (Text("exam-ask", {"exam": name, "closes": closes}),),
        ((Button(name, CallbackData(Action.CHOOSE, view.exam.key)),),),
    )


def render_again(view: View) -> Screen:
    """What was said last time and is still offered; what is asked every year comes anyway."""
    lines = given(FORM.fields.values(), view.application.answers, view.answer_context, view.locale)
    where = Text("again-area", {"area": view.area.display_name(view.locale)}) if view.area else ""
    return Screen(
        (Text("again-ask"), (*((where,) if where else ()), *lines), Text("again-what-follows")),
        ((button("same-again", Action.CONFIRM),), (button("anew", Action.EDIT),)),
    )


def render_area(view: View) -> Screen:
    """The areas, and why the choice matters."""
    back = ((OUT,),) if FOUND in view.data else ()
    areas = rows(*chosen_by(view, view.exam.areas), across=2)
    return Screen((Text("area-ask"),), (*areas, *back), format=Text("format-search"))


def render_notice(view: View) -> Screen:
    """The terms in full, and their version."""
    terms = view.exam.terms
    about = Text("terms-version", {"version": terms.version})
    sample = (Text("terms-sample"),) if terms.sample else ()
    return Screen(
        (Text("terms-title"), *terms.in_language(view.locale), *sample, about),
        ((button("agree", Action.AGREE),), (BACK,)),
    )


FEATURE = Feature(
    routes={
        Choose.exam: (pressed(Action.CHOOSE, exam, alone=True), pressed(Action.BACK, back)),
        Choose.again: (pressed(Action.CONFIRM, same), pressed(Action.EDIT, anew)),
        Choose.area: (pressed(Action.CHOOSE, area), pressed(Action.BACK, back), text(find_area)),
        Choose.notice: (pressed(Action.AGREE, agree), pressed(Action.BACK, back)),
    },
    screens={
        Choose.exam: render_exam,
        Choose.again: render_again,
        Choose.area: render_area,
        Choose.notice: render_notice,
    },
)
