"""Start: a person chooses a language, agrees, sees the menu, returns to it, or blocks the bot.

The bot stores nothing about a person before they agree. Leaving loses nothing: the bot stores
answers as they come.
"""

from dataclasses import replace

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.case_lines import case_lines, closed_screen
from handlers.everyone.verify import PICTURE
from handlers.outlook_lines import (
    asking_button,
    can_withdraw,
    head,
    now_line,
    submitted_buttons,
)
from handlers.rendering import Screen, View, button, fixed, resuming, rows
from handlers.replies import ask, ask_again, ask_next, resume, step_showing, step_to
from handlers.routing import Feature, Question, Route, command, pressed
from handlers.update_context import Context
from states.fsm_states import Home, Welcome
from states.progress.next_step import MENU, Position
from states.progress.outlook import Matter, Moment, outlook
from states.records import CONSENT_VERSION, Stage
from states.staff.reach import OutOfReach
from states.step_result import StepResult
from states.texts import LOCALES, Text
from storage.audit.audit_log import AuditAction

LANGUAGE = "language"


async def choose_language(_update: Update, context: Context) -> StepResult:
    """Store the language; a stranger becomes a known person."""
    locale = context.callback.value.removeprefix("language-")
    person = context.unit.person or context.unit.new_person(context.unit.row.queue_key)
    context.unit.person = replace(person, locale=locale)
    if context.position.state is Welcome.language:
        return ask_next(context)
    return ask_again(context, Text("language-changed"))


CHOICES = tuple(pressed(Action.GO, choose_language, f"language-{locale}") for locale in LOCALES)
LANGUAGES = tuple(
    Button(
        Text(f"language-name-{locale.lower()}"),
        CallbackData(Action.GO, f"language-{locale}", ANYWHERE),
    )
    for locale in LOCALES
)
render_language = fixed(
    *(Text(f"language-ask-{locale.lower()}") for locale in LOCALES),
    buttons=rows(*LANGUAGES, across=2),
)
"""Asks for the language, each in its own words."""


async def agree(_update: Update, context: Context) -> StepResult:
    """Store the consent with its version and time."""
    context.unit.person = replace(context.person, consent=CONSENT_VERSION, consented_at=context.now)
    context.unit.audit(AuditAction.CONSENTED, CONSENT_VERSION)
    return ask_next(context)


DECLINED = "declined"
"""The key of position data that says: the person did not agree."""


async def decline(_update: Update, context: Context) -> StepResult:
    """Say what it means not to agree; the text of the consent stays above."""
    return ask(context, Position(Welcome.consent, {DECLINED: "yes"}))


def render_consent(view: View) -> Screen:
    """Ask for consent: the data stored, its purpose, how long, and its readers."""
    agreeing = button("consent", Action.AGREE)
    if DECLINED in view.data:
        return Screen((Text("consent-declined"),), rows(agreeing, button("reread", Action.SEE)))
    asked = Text("consent-ask", {"exam": view.exam.display_name(view.locale)})
    return Screen((asked,), rows(agreeing, button("decline", Action.SKIP)))


async def start(_update: Update, context: Context) -> StepResult:
    """Ask the open question again, or show the menu. (Strangers: ``unknown.stranger``.)"""
    if context.position.state is Home.menu:
        return ask(context, MENU)
    is_answer = context.position.state is Welcome.consent and not context.text.startswith("/")
    return ask_again(context, Text("consent-how" if is_answer and context.text else "start-again"))


async def cancel(_update: Update, context: Context) -> StepResult:
    """Leave the open question for the menu; before the consent there is no way out."""
    if context.person.consent != CONSENT_VERSION:
        return ask_again(context, Text("consent-later"))
    if _has_submitted(context):
        return ask(context, MENU, Text("cancel-submitted"), *_ways_to_change(context))
    can_go_on = context.due != MENU
    return ask(context, MENU, *((Text("cancel-done"),) if can_go_on else ()))


async def back(_update: Update, context: Context) -> StepResult:
    """Say at the menu that no question comes before it."""
    if not _has_submitted(context):
        return ask_again(context, Text("back-menu"))
    return ask_again(context, Text("back-submitted"), *_ways_to_change(context))


def _ways_to_change(context: Context) -> tuple[Text, ...]:
    """Return how a submitted application is changed now; nothing where it cannot be."""
    if can_withdraw(context.view):
        return (Text("submitted-withdraw"),)
    return (Text("submitted-change"),) if asking_button(context.view) else ()


def _has_submitted(context: Context) -> bool:
    application = context.unit.application
    return application is not None and application.stage is not Stage.DRAFT


async def menu(_update: Update, context: Context) -> StepResult:
    """Show the menu."""
    return ask(context, MENU) if context.person.consent == CONSENT_VERSION else ask_again(context)


async def tell_me(_update: Update, context: Context) -> StepResult:
    """Remember that the person wants the opening notice."""
    context.unit.person = replace(context.person, wants_opening=True)
    return ask(context, MENU, Text("opening-noted"))


async def change_membership(update: Update, context: Context) -> StepResult:
    """Store when the person blocked the bot; clear it when they return."""
    change, person = update.my_chat_member, context.unit.person
    if change is not None and person is not None:
        has_left = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        context.unit.person = replace(
            person,
            blocked_at=context.now if has_left else None,
            unreachable=OutOfReach.BLOCKED if has_left else None,
        )
    return StepResult()


def render_menu(view: View) -> Screen:
    """Say what comes next, and list the actions that are possible now."""
    if view.person.is_closed:
        return closed_screen(view)
    seen = outlook(view.records, view.exam, view.now)
    title = Text("menu-title", {"exam": view.exam.display_name(view.locale)})
    is_waiting = seen.moment is not Moment.OPEN and (seen.is_draft or seen.matter is Matter.BEGIN)
    is_told = is_waiting and view.person.wants_opening
    telling = (go("tell-me"),) if is_waiting and not is_told else ()
    will_tell = (Text("menu-will-tell"),) if is_told else ()
    # A person can make the account at any time: a question may be due before the window opens.
    lines = (head(view), now_line(view), *will_tell, *case_lines(view))
    others = (go("status"), go("help"), go("language"))
    first = rows(*resuming(view), *telling, *submitted_buttons(view))
    return Screen((title, *lines), first + rows(*others, across=3))


FEATURE = Feature(
    everyone=(Route(ChatMemberHandler(change_membership, ChatMemberHandler.MY_CHAT_MEMBER)),),
    anywhere=(
        command("start", start),
        command("cancel", cancel),
        pressed(Action.GO, start, "here"),
        pressed(Action.GO, cancel, "leave"),
        pressed(Action.GO, menu, "menu"),
        pressed(Action.GO, resume, "resume"),
        pressed(Action.GO, tell_me, "tell-me"),
        command("language", step_showing(LANGUAGE)),
        pressed(Action.GO, step_showing(LANGUAGE), "language"),
        *CHOICES,
    ),
    strangers=CHOICES,
    questions={
        Welcome.language: Question(render_language),
        Welcome.consent: Question(
            render_consent,
            pressed(Action.AGREE, agree),
            pressed(Action.SKIP, decline),
            pressed(Action.SEE, step_to(Position(Welcome.consent))),
            stays=True,
        ),
        Home.menu: Question(render_menu, pressed(Action.BACK, back), PICTURE),
    },
    buttons=(go("menu"), go("resume"), go("language"), *LANGUAGES),
    screens={LANGUAGE: render_language},
)
