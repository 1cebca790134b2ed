"""The candidate chooses exam, area and site, and agrees to the terms between them.

A form belongs to its area, so the area's name is said back before anything is filled in.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from telegram import Update

from handlers.buttons import Button, Press, Verb
from handlers.context import Context
from handlers.route import pressed, text
from handlers.screens import BACK, Screen, Screens, View, button, rows
from states.exam import Area, Confirmation, Site
from states.flow import Place
from states.groups import Choose
from states.outcome import Outcome
from states.search import find
from states.texts import Problem, Text
from storage.audit import Deed

FOUND = "found"
"""In the place of a choice: the codes that a search has found, with blanks between."""
T = TypeVar("T", Area, Site)


async def exam(_update: Update, context: Context) -> Outcome:
    """Begin the application for the exam."""
    if context.unit.application is None:
        context.unit.new_application(context.person, context.exam.key)
    return context.onward()


async def area(_update: Update, context: Context) -> Outcome:
    """The area that the candidate's employer belongs to."""
    chosen = context.exam.area(context.press.value)
    return _take_area(context, chosen) if chosen else context.stay(Problem("problem-choice"))


async def find_area(_update: Update, context: Context) -> Outcome:
    """An area that was typed: part of its name, pinyin, initials, or nearly so."""
    return _look_up(context, context.exam.areas, _take_area)


def _take_area(context: Context, chosen: Area) -> Outcome:
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
    chosen = next((one for one in _sites(context) if one.code == context.press.value), None)
    return _take_site(context, chosen) if chosen else context.stay(Problem("problem-choice"))


async def find_site(_update: Update, context: Context) -> Outcome:
    """A site that was typed."""
    return _look_up(context, _sites(context), _take_site)


def _sites(context: Context) -> tuple[Site, ...]:
    of_area = context.exam.area(context.own_application.area)
    return of_area.sites if of_area else ()


def _take_site(context: Context, chosen: Site) -> Outcome:
    context.unit.application = replace(context.own_application, site=chosen.code)
    return context.onward()


def _look_up(
    context: Context, among: Sequence[T], take: Callable[[Context, T], Outcome]
) -> Outcome:
    """Take the one that is meant; of several, show those only; for none, say how to type it."""
    found = find(context.text, among)
    if len(found) == 1:
        return take(context, found[0])
    if not found:
        return context.stay(Problem("problem-not-found"))
    shown = {FOUND: " ".join(one.code for one in found)}
    return context.ask(Place(context.at.state, shown), Text("search-found"))


async def back(_update: Update, context: Context) -> Outcome:
    """To the whole list, or to the choice before; choosing the same again changes nothing."""
    if FOUND in context.at.at:
        return context.ask(Place(context.at.state))
    before = {Choose.notice: Choose.area, Choose.site: Choose.area}.get(context.at.state)
    return context.ask(Place(before)) if before else context.stay(Text("back-nothing"))


ROUTES = {
    Choose.exam: (pressed(Verb.CHOOSE, exam), pressed(Verb.BACK, back)),
    Choose.area: (pressed(Verb.CHOOSE, area), pressed(Verb.BACK, back), text(find_area)),
    Choose.notice: (pressed(Verb.AGREE, agree), pressed(Verb.BACK, back)),
    Choose.site: (pressed(Verb.CHOOSE, site), pressed(Verb.BACK, back), text(find_site)),
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
    back = ((BACK,),) if FOUND in view.at else ()
    return Screen((Text("area-ask"),), (*rows(*_listed(view, view.exam.areas), across=2), *back))


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
    area = view.area.called(view.locale) if view.area else ""
    asked = Text("site-ask", {"area": area})
    return Screen((asked,), (*rows(*_listed(view, sites)), (BACK,)))


def _listed(view: View, among: Sequence[Area | Site]) -> list[Button]:
    """A button for each, or for each of those that were found."""
    found = view.at[FOUND].split() if FOUND in view.at else [one.code for one in among]
    return [
        Button(one.called(view.locale), Press(Verb.CHOOSE, one.code))
        for one in among
        if one.code in found
    ]


SCREENS: Screens = {
    Choose.exam: draw_exam,
    Choose.area: draw_area,
    Choose.notice: draw_notice,
    Choose.site: draw_site,
}
