"""Nothing about a person is kept before they have read what happens to it and agreed."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.rendering import Screen, View, button, rows
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.records import CONSENT_VERSION
from states.state_groups import Welcome
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction


async def agree(_update: Update, context: Context) -> StepResult:
    """Keep the agreement with its version and time."""
    context.unit.person = replace(context.person, consent=CONSENT_VERSION, consented_at=context.now)
    context.unit.audit(AuditAction.CONSENTED, CONSENT_VERSION)
    return context.onward()


async def decline(_update: Update, context: Context) -> StepResult:
    """Nothing is kept, and nothing can be registered; the question stays open."""
    return context.stay(Text("consent-declined"))


def render(_view: View) -> Screen:
    """What is kept, what for, how long, who sees it."""
    buttons = rows(button("consent", Action.AGREE), button("decline", Action.SKIP))
    return Screen((Text("consent-ask"),), buttons)


FEATURE = Feature(
    routes={
        Welcome.consent: (pressed(Action.AGREE, agree), pressed(Action.SKIP, decline)),
    },
    screens={Welcome.consent: render},
)
