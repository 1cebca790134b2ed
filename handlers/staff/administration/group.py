"""A group of the staff: bound by an administrator to a part of the exam, left when nobody binds it.

In a group stand notices with a way to the private chat, and nothing else: no cards, no decisions,
no names. Whoever puts the bot into a group, or sends ``/bind`` there, is asked in private.
"""

from __future__ import annotations

from telegram import ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.callback_data import DESK, Action, Button, CallbackData, Link, staff_go
from handlers.rendering import Screen, View, rows
from handlers.routing import Feature, Route, pressed
from handlers.staff import menu
from handlers.staff.administration import places
from handlers.update_context import Context
from states.flow import Position
from states.staff import Role, Scope
from states.state_groups import Staff
from states.step_result import LeaveChat, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import staff_groups
from storage.staff.staff_view import StaffView

ASKED, BOUND, HELLO = "group-asked", "group-bound", "group-hello"


class GroupMemberHandler(ChatMemberHandler[Context, StepResult]):
    """The bot was put into a group, or out of it; private chats are not meant."""

    def check_update(self, update: object) -> bool:
        if not super().check_update(update) or not isinstance(update, Update):
            return False
        chat = update.effective_chat
        return chat is not None and chat.type != ChatType.PRIVATE


async def membership(update: Update, context: Context) -> StepResult:
    """Put into a group by an administrator: ask for what; by anybody else: leave."""
    change = update.my_chat_member
    if change is None:
        return StepResult()
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        await _release(context, change.chat.id)
        return StepResult()
    if (
        await staff_groups.scope_of(context.unit.tx, context.unit.row.bot_id, change.chat.id)
        is not None
    ):
        return StepResult()
    return await _ask(context, change.chat.id)


async def wants_binding(update: Update, context: Context) -> StepResult:
    """``/bind`` in a group: its administrator is asked in private what it is for."""
    chat = update.effective_chat
    return await _ask(context, chat.id) if chat else StepResult()


async def wants_release(update: Update, context: Context) -> StepResult:
    """``/unbind`` in a group: no more notices, and the bot goes."""
    chat = update.effective_chat
    if chat is None:
        return StepResult()
    if not await _may_change(context, chat.id):
        return await _leave_unbound(context, chat.id)
    await _release(context, chat.id)
    return StepResult(effects=(LeaveChat(chat.id),))


async def other(update: Update, context: Context) -> StepResult:
    """Anything else in a group: a bound one is left alone, one that nobody bound is left."""
    chat, unit = update.effective_chat, context.unit
    if chat is None:
        return StepResult()
    scope = await staff_groups.scope_of(unit.tx, unit.row.bot_id, chat.id)
    if scope is None:
        # An administrator may still be choosing; their own coming with the bot is a message, too.
        return (
            StepResult()
            if await _is_administrator(context)
            else StepResult(effects=(LeaveChat(chat.id),))
        )
    moved = _moved_to(update.message)
    if moved is not None:
        await staff_groups.release(unit.tx, unit.row.bot_id, chat.id)
        await staff_groups.bind(
            unit.tx, unit.row.bot_id, moved, scope, unit.row.queue_key, context.now
        )
    return StepResult()


def _moved_to(message: Message | None) -> int | None:
    """The id that a group goes on under: https://core.telegram.org/bots/api#message"""
    return message.migrate_to_chat_id if message else None


async def choose(_update: Update, context: Context) -> StepResult:
    """The administrator goes on in private: which part of the exam is the group for?"""
    chat_id = _group(context.callback.value)
    if chat_id is None or not await _may_change(context, chat_id):
        return menu.refuse(context, "group")
    return context.ask(Position(Staff.area, {"group": str(chat_id)}))


async def bind(context: Context, chat_id: int, scope: Scope) -> StepResult:
    """From now on the notices of this scope are said in the group, too."""
    unit = context.unit
    if not await _may_change(context, chat_id):
        return menu.refuse(context, "group")
    await staff_groups.bind(
        unit.tx, unit.row.bot_id, chat_id, scope, unit.row.queue_key, context.now
    )
    codes = places.codes_of(scope)
    context.audit_as_staff(AuditAction.GROUP_BOUND, f"{chat_id} {'/'.join(codes.values())}".strip())
    context.tell(chat_id, ShowScreen(HELLO))
    return StepResult(menu.IDLE, (ShowScreen(BOUND, codes),))


async def _ask(context: Context, chat_id: int) -> StepResult:
    if not await _may_change(context, chat_id):
        return await _leave_unbound(context, chat_id)
    return StepResult(effects=(ShowScreen(ASKED, {"group": str(chat_id)}),))


async def _leave_unbound(context: Context, chat_id: int) -> StepResult:
    scope = await staff_groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)
    return StepResult(effects=(LeaveChat(chat_id),)) if scope is None else StepResult()


async def _release(context: Context, chat_id: int) -> None:
    if await staff_groups.release(context.unit.tx, context.unit.row.bot_id, chat_id):
        context.audit_as_staff(AuditAction.GROUP_RELEASED, str(chat_id))


async def _is_administrator(context: Context) -> bool:
    return any(
        assignment.role is Role.ADMINISTRATOR for assignment in await context.own_assignments()
    )


async def _may_change(context: Context, chat_id: int) -> bool:
    """Whether they administer what the group is bound to; what is not bound, any administrator."""
    scope = await staff_groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)
    if scope is None:
        return await _is_administrator(context)
    return places.administers(await context.own_assignments(), scope)


def _group(value: str) -> int | None:
    """The id of a group: below zero, of so many digits as Telegram's have."""
    digits = value.removeprefix("-")
    is_id = value.startswith("-") and digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(value) if is_id else None


_IN_GROUPS = ~filters.ChatType.PRIVATE


async def render_asked(view: StaffView) -> Screen:
    """In private: the group can be bound now, and what will stand there."""
    if not any(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments):
        return await menu.render_refused(view)
    choosing = Button(Text("button-bind"), CallbackData(Action.GROUP, view.data["group"], DESK))
    return Screen((Text("group-ask"),), rows(choosing, staff_go("staff")))


async def render_bound(view: StaffView) -> Screen:
    """In private: what the group is bound to, and how to undo it."""
    scope = places.called(view.exam, places.scope_of(view.data), view.locale)
    return Screen((Text("group-is-bound", {"scope": scope}),), rows(staff_go("staff")))


def render_hello(_view: View) -> Screen:
    """In the group: what will be said here, and that everything else is private."""
    return Screen((Text("group-greeting"),), link=Link(Text("button-privately"), "staff"))


FEATURE = Feature(
    everyone=(
        Route(GroupMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER), exclusive=True),
        Route(CommandHandler("bind", wants_binding, _IN_GROUPS), exclusive=True),
        Route(CommandHandler("unbind", wants_release, _IN_GROUPS), exclusive=True),
        Route(MessageHandler(_IN_GROUPS, other), exclusive=True),
    ),
    screens={HELLO: render_hello},
    staff_anywhere=(pressed(Action.GROUP, choose, alone=True),),
    staff_screens={ASKED: render_asked, BOUND: render_bound},
)
