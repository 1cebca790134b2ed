"""Somebody blocks the bot or comes back."""

from dataclasses import replace

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from handlers.context import Context
from handlers.route import Feature, Route
from states.outcome import Outcome


async def changed(update: Update, context: Context) -> Outcome:
    """Remember whether the person can be reached."""
    change = update.my_chat_member
    if change is None:
        return Outcome()
    if context.unit.person is not None:
        gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        blocked_at = context.now if gone else None
        context.unit.person = replace(context.unit.person, blocked_at=blocked_at)
    return Outcome()


FEATURE = Feature(
    everyone=(Route(ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)),),
)
