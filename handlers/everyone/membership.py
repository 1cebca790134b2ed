"""Somebody blocks the bot or comes back."""

from dataclasses import replace

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from handlers.routing import Feature, Route
from handlers.update_context import Context
from states.step_result import StepResult


async def changed(update: Update, context: Context) -> StepResult:
    """Remember whether the person can be reached."""
    change = update.my_chat_member
    if change is None:
        return StepResult()
    if context.unit.person is not None:
        gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        blocked_at = context.now if gone else None
        context.unit.person = replace(context.unit.person, blocked_at=blocked_at)
    return StepResult()


FEATURE = Feature(
    everyone=(Route(ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)),),
)
