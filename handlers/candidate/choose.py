"""The candidate chooses exam, area and site, and agrees to the terms between them.

A form belongs to its area, so the area's name is said back before anything is filled in.
"""

from dataclasses import replace

from telegram import Update

from handlers.buttons import Button, Press, Verb
from handlers.context import Context
from handlers.route import pressed
from handlers.screens import BACK, Screen, Screens, View, button, rows
from states.exam import Confirmation
from states.flow import Place
from states.groups import Choose
from states.outcome import Outcome
from states.texts import Problem, Text
from storage.audit import Deed


async def exam(_update: Update, context: Context) -> Outcome:
    """Begin the application for the exam."""
    if context.unit.application is None:
        context.unit.new_application(context.person, context.exam.key)
    return context.onward()


async def area(_update: Update, context: Context) -> Outcome:
    """The area that the candidate's employer belongs to."""
    chosen = context.exam.area(context.press.value)
    if chosen is None:
        return context.stay(Problem("problem-choice"))
    name = chosen.called(context.person.locale)
    if chosen.confirmation is Confirmation.ONLINE:
        # Its papers cannot be taken here yet, and a form without them would be worth nothing.
        return context.stay(Problem("problem-area-online", {"area": name}))
    application = context.own_application
    if chosen.code != application.area:
        application = replace(application, area=chosen.code, site="", agreed="")
    context.unit.application = application
    return context.onward(Text("area-chosen", {"area": name}))


async def agree(_update: Update, context: Context) -> Outcome:
    """Agree to notice, declaration and pledge; version and time are kept."""
    version = context.exam.terms.version
    context.unit.application = replace(
        context.own_application, agreed=version, agreed_at=context.now
    )
    context.unit.did(Deed.TERMS_AGREED, version)
    return context.onward()


async def site(_update: Update, context: Context) -> Outcome:
    """The site within the area."""
    of_area = context.exam.area(context.own_application.area)
    if of_area is None or of_area.site(context.press.value) is None:
        return context.stay(Problem("problem-choice"))
    context.unit.application = replace(context.own_application, site=context.press.value)
    return context.onward()


async def back(_update: Update, context: Context) -> Outcome:
    """To the choice before; choosing the same again changes nothing."""
    before = {Choose.notice: Choose.area, Choose.site: Choose.area}.get(context.at.state)
    return context.ask(Place(before)) if before else context.stay(Text("back-nothing"))


ROUTES = {
    Choose.exam: (pressed(Verb.CHOOSE, exam), pressed(Verb.BACK, back)),
    Choose.area: (pressed(Verb.CHOOSE, area), pressed(Verb.BACK, back)),
    Choose.notice: (pressed(Verb.AGREE, agree), pressed(Verb.BACK, back)),
    Choose.site: (pressed(Verb.CHOOSE, site), pressed(Verb.BACK, back)),
}


def draw_exam(view: View) -> Screen:
    """The exams that are open."""
    closes = view.exam.windows.registration.last
    name = view.exam.called(view.locale)
    return Screen(
        (Text("exam-ask", {"exam": name, "closes": closes}),),
        ((Button(name, Press(Verb.CHOOSE, view.exam.key)),),),
    )


def draw_area(view: View) -> Screen:
    """The areas, and why the choice matters."""
    areas = [
        Button(area.called(view.locale), Press(Verb.CHOOSE, area.code)) for area in view.exam.areas
    ]
    return Screen((Text("area-ask"),), rows(*areas, across=2))


def draw_notice(view: View) -> Screen:
    """The terms in full, and their version."""
    terms = view.exam.terms
    about = Text("terms-version", {"version": terms.version})
    sample = (Text("terms-sample"),) if terms.sample else ()
    return Screen(
        (Text("terms-title"), *terms.said(view.locale), *sample, about),
        ((button("agree", Verb.AGREE),), (BACK,)),
    )


def draw_site(view: View) -> Screen:
    """The sites of the area."""
    sites = view.area.sites if view.area else ()
    buttons = [Button(site.called(view.locale), Press(Verb.CHOOSE, site.code)) for site in sites]
    area = view.area.called(view.locale) if view.area else ""
    return Screen((Text("site-ask", {"area": area}),), (*rows(*buttons), (BACK,)))


SCREENS: Screens = {
    Choose.exam: draw_exam,
    Choose.area: draw_area,
    Choose.notice: draw_notice,
    Choose.site: draw_site,
}
