"""Somebody blocks the bot or comes back; or the bot is put into a group."""

from dataclasses import replace

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler

from handlers.context import Context
from handlers.route import Route
from states.outcome import Leave, Outcome


async def changed(update: Update, context: Context) -> Outcome:
    """Remember whether the person can be reached; leave groups that nobody bound."""
    change = update.my_chat_member
    if change is None:
        return Outcome()
    gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
    if change.chat.type != ChatType.PRIVATE:
        return Outcome() if gone else Outcome(acts=(Leave(change.chat.id),))
    if context.unit.person is not None:
        blocked_at = context.now if gone else None
        context.unit.person = replace(context.unit.person, blocked_at=blocked_at)
    return Outcome()


GLOBAL = (Route(ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)),)
