"""A group of the staff: bound by an administrator to a part of the exam, left when nobody binds it.

In a group stand notices with a way to the private chat, and nothing else: no cards, no decisions,
no names. Whoever puts the bot into a group, or sends ``/bind`` there, is asked in private.
"""

from __future__ import annotations

from telegram import ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.buttons import DESK, Button, Link, Press, Verb, desk
from handlers.context import Context
from handlers.route import Feature, Route, pressed
from handlers.screens import Screen, View, rows
from handlers.staff import menu, places
from states.flow import Place
from states.groups import Staff
from states.outcome import Leave, Outcome, Say
from states.staff import Role, Scope
from states.texts import Text
from storage import groups
from storage.audit import Deed
from storage.look import Look

ASKED, BOUND, HELLO = "group-asked", "group-bound", "group-hello"


class GroupMemberHandler(ChatMemberHandler[Context, Outcome]):
    """The bot was put into a group, or out of it; private chats are not meant."""

    def check_update(self, update: object) -> bool:
        if not super().check_update(update) or not isinstance(update, Update):
            return False
        chat = update.effective_chat
        return chat is not None and chat.type != ChatType.PRIVATE


async def membership(update: Update, context: Context) -> Outcome:
    """Put into a group by an administrator: ask for what; by anybody else: leave."""
    change = update.my_chat_member
    if change is None:
        return Outcome()
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        await _release(context, change.chat.id)
        return Outcome()
    if await groups.scope_of(context.unit.tx, context.unit.row.bot_id, change.chat.id) is not None:
        return Outcome()
    return await _ask(context, change.chat.id)


async def wants_binding(update: Update, context: Context) -> Outcome:
    """``/bind`` in a group: its administrator is asked in private what it is for."""
    chat = update.effective_chat
    return await _ask(context, chat.id) if chat else Outcome()


async def wants_release(update: Update, context: Context) -> Outcome:
    """``/unbind`` in a group: no more notices, and the bot goes."""
    chat = update.effective_chat
    if chat is None:
        return Outcome()
    if not await _may_change(context, chat.id):
        return await _leave_unbound(context, chat.id)
    await _release(context, chat.id)
    return Outcome(acts=(Leave(chat.id),))


async def other(update: Update, context: Context) -> Outcome:
    """Anything else in a group: a bound one is left alone, one that nobody bound is left."""
    chat, unit = update.effective_chat, context.unit
    if chat is None:
        return Outcome()
    scope = await groups.scope_of(unit.tx, unit.row.bot_id, chat.id)
    if scope is None:
        # An administrator may still be choosing; their own coming with the bot is a message, too.
        return Outcome() if await _is_administrator(context) else Outcome(acts=(Leave(chat.id),))
    moved = _moved_to(update.message)
    if moved is not None:
        await groups.release(unit.tx, unit.row.bot_id, chat.id)
        await groups.bind(unit.tx, unit.row.bot_id, moved, scope, unit.row.lane, context.now)
    return Outcome()


def _moved_to(message: Message | None) -> int | None:
    """The id that a group goes on under: https://core.telegram.org/bots/api#message"""
    return message.migrate_to_chat_id if message else None


async def choose(_update: Update, context: Context) -> Outcome:
    """The administrator goes on in private: which part of the exam is the group for?"""
    chat_id = _group(context.press.value)
    if chat_id is None or not await _may_change(context, chat_id):
        return menu.refuse(context, "group")
    return context.ask(Place(Staff.area, {"group": str(chat_id)}))


async def bind(context: Context, chat_id: int, scope: Scope) -> Outcome:
    """From now on the notices of this scope are said in the group, too."""
    unit = context.unit
    if not await _may_change(context, chat_id):
        return menu.refuse(context, "group")
    await groups.bind(unit.tx, unit.row.bot_id, chat_id, scope, unit.row.lane, context.now)
    codes = places.codes_of(scope)
    context.did_at_work(Deed.GROUP_BOUND, f"{chat_id} {'/'.join(codes.values())}".strip())
    context.tell(chat_id, Say(HELLO))
    return Outcome(menu.IDLE, (Say(BOUND, codes),))


async def _ask(context: Context, chat_id: int) -> Outcome:
    if not await _may_change(context, chat_id):
        return await _leave_unbound(context, chat_id)
    return Outcome(acts=(Say(ASKED, {"group": str(chat_id)}),))


async def _leave_unbound(context: Context, chat_id: int) -> Outcome:
    scope = await groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)
    return Outcome(acts=(Leave(chat_id),)) if scope is None else Outcome()


async def _release(context: Context, chat_id: int) -> None:
    if await groups.release(context.unit.tx, context.unit.row.bot_id, chat_id):
        context.did_at_work(Deed.GROUP_RELEASED, str(chat_id))


async def _is_administrator(context: Context) -> bool:
    return any(seat.role is Role.ADMINISTRATOR for seat in await context.own_seats())


async def _may_change(context: Context, chat_id: int) -> bool:
    """Whether they administer what the group is bound to; what is not bound, any administrator."""
    scope = await groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)
    if scope is None:
        return await _is_administrator(context)
    return places.administers(await context.own_seats(), scope)


def _group(value: str) -> int | None:
    """The id of a group: below zero, of so many digits as Telegram's have."""
    digits = value.removeprefix("-")
    is_id = value.startswith("-") and digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(value) if is_id else None


_IN_GROUPS = ~filters.ChatType.PRIVATE


async def draw_asked(look: Look) -> Screen:
    """In private: the group can be bound now, and what will stand there."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in look.seats):
        return await menu.draw_refused(look)
    choosing = Button(Text("button-bind"), Press(Verb.GROUP, look.at["group"], DESK))
    return Screen((Text("group-ask"),), rows(choosing, desk("staff")))


async def draw_bound(look: Look) -> Screen:
    """In private: what the group is bound to, and how to undo it."""
    scope = places.called(look.exam, places.scope_of(look.at), look.locale)
    return Screen((Text("group-is-bound", {"scope": scope}),), rows(desk("staff")))


def draw_hello(_view: View) -> Screen:
    """In the group: what will be said here, and that everything else is private."""
    return Screen((Text("group-greeting"),), link=Link(Text("button-privately"), "staff"))


FEATURE = Feature(
    everyone=(
        Route(GroupMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER), alone=True),
        Route(CommandHandler("bind", wants_binding, _IN_GROUPS), alone=True),
        Route(CommandHandler("unbind", wants_release, _IN_GROUPS), alone=True),
        Route(MessageHandler(_IN_GROUPS, other), alone=True),
    ),
    screens={HELLO: draw_hello},
    staff_anywhere=(pressed(Verb.GROUP, choose, alone=True),),
    staff_screens={ASKED: draw_asked, BOUND: draw_bound},
)
