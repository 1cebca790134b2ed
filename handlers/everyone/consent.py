"""Consent: the bot stores nothing about a person before they agree."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.rendering import Screen, View, button, rows
from handlers.replies import ask_again, ask_next
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.records import CONSENT_VERSION
from states.state_groups import Welcome
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction


async def agree(_update: Update, context: Context) -> StepResult:
    """Store the consent with its version and time."""
    context.unit.person = replace(context.person, consent=CONSENT_VERSION, consented_at=context.now)
    context.unit.audit(AuditAction.CONSENTED, CONSENT_VERSION)
    return ask_next(context)


async def decline(_update: Update, context: Context) -> StepResult:
    """Store nothing; the question stays open."""
    return ask_again(context, Text("consent-declined"))


def render(_view: View) -> Screen:
    """Ask for consent: the data stored, its purpose, how long, and its readers."""
    buttons = rows(button("consent", Action.AGREE), button("decline", Action.SKIP))
    return Screen((Text("consent-ask"),), buttons)


FEATURE = Feature(
    routes={Welcome.consent: (pressed(Action.AGREE, agree), pressed(Action.SKIP, decline))},
    screens={Welcome.consent: render},
)
