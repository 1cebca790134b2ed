"""A staff group: an administrator binds it to a scope; the bot leaves a group that nobody binds.

A group gets notices with a link to the private chat: no cards, no decisions, no names. The bot asks
in private the administrator who adds it to a group or sends ``/bind`` there.
"""

from __future__ import annotations

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.callback_data import Action, Link, number_of, staff_button, staff_go
from handlers.rendering import Screen, View, rows
from handlers.replies import ask, send_to, show_screen
from handlers.routing import Feature, Route, pressed
from handlers.staff import menu, scopes
from handlers.update_context import Context
from states.fsm_states import Staff
from states.next_step import Position
from states.staff_roles import Scope
from states.step_result import LeaveChat, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import staff_groups
from storage.staff.staff_view import StaffView

ASKED, BOUND, HELLO = "group-asked", "group-bound", "group-hello"


class GroupMemberHandler(ChatMemberHandler[Context, StepResult]):
    """Matches a change of the bot's own membership in a group."""

    def check_update(self, update: object) -> bool:
        if not super().check_update(update) or not isinstance(update, Update):
            return False
        chat = update.effective_chat
        return chat is not None and chat.type != ChatType.PRIVATE


async def membership(update: Update, context: Context) -> StepResult:
    """Ask the administrator who added the bot for a scope; leave a group of anyone else."""
    change = update.my_chat_member
    if change is None:
        return StepResult()
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        await _release(context, change.chat.id)
        return StepResult()
    if await _scope_of(context, change.chat.id) is None:
        return await _ask(context, change.chat.id)
    return StepResult()


async def ask_to_bind(update: Update, context: Context) -> StepResult:
    """Ask for the scope in private after ``/bind`` in a group."""
    chat = update.effective_chat
    return await _ask(context, chat.id) if chat else StepResult()


async def unbind(update: Update, context: Context) -> StepResult:
    """End the notices after ``/unbind`` in a group, and leave it."""
    chat = update.effective_chat
    if chat is None:
        return StepResult()
    if not await _may_change(context, chat.id):
        return await _leave_unbound(context, chat.id)
    await _release(context, chat.id)
    return StepResult(effects=(LeaveChat(chat.id),))


async def other(update: Update, context: Context) -> StepResult:
    """Ignore anything else in a bound group; leave an unbound one."""
    chat, unit = update.effective_chat, context.unit
    if chat is None:
        return StepResult()
    scope = await _scope_of(context, chat.id)
    if scope is None:
        # An administrator may still be choosing; adding the bot creates a service message, too.
        is_choosing = scopes.is_administrator(await context.own_assignments())
        return StepResult() if is_choosing else StepResult(effects=(LeaveChat(chat.id),))
    moved = update.message.migrate_to_chat_id if update.message else None
    if moved is not None:  # https://core.telegram.org/bots/api#message
        await staff_groups.release(unit.tx, unit.row.bot_id, chat.id)
        await staff_groups.bind(
            unit.tx, unit.row.bot_id, moved, scope, unit.row.queue_key, context.now
        )
    return StepResult()


async def choose(_update: Update, context: Context) -> StepResult:
    """Ask in private for the scope of the group."""
    value = context.callback.value
    chat_id = -number_of(value[1:]) if value.startswith("-") else 0  # the id of a group is negative
    if not chat_id or not await _may_change(context, chat_id):
        return menu.deny(context, "group")
    return ask(context, Position(Staff.area, {"group": str(chat_id)}))


async def bind(context: Context, chat_id: int, scope: Scope) -> StepResult:
    """Bind the group to a scope: it gets the scope's notices."""
    unit = context.unit
    if not await _may_change(context, chat_id):
        return menu.deny(context, "group")
    await staff_groups.bind(
        unit.tx, unit.row.bot_id, chat_id, scope, unit.row.queue_key, context.now
    )
    codes = scopes.codes_of(scope)
    context.audit_as_staff(AuditAction.GROUP_BOUND, f"{chat_id} {'/'.join(codes.values())}".strip())
    send_to(context, chat_id, ShowScreen(HELLO))
    return StepResult(menu.IDLE, (ShowScreen(BOUND, codes),))


async def _ask(context: Context, chat_id: int) -> StepResult:
    if not await _may_change(context, chat_id):
        return await _leave_unbound(context, chat_id)
    return show_screen(ASKED, data={"group": str(chat_id)})


async def _leave_unbound(context: Context, chat_id: int) -> StepResult:
    scope = await _scope_of(context, chat_id)
    return StepResult(effects=(LeaveChat(chat_id),)) if scope is None else StepResult()


async def _release(context: Context, chat_id: int) -> None:
    if await staff_groups.release(context.unit.tx, context.unit.row.bot_id, chat_id):
        context.audit_as_staff(AuditAction.GROUP_RELEASED, str(chat_id))


async def _scope_of(context: Context, chat_id: int) -> Scope | None:
    return await staff_groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)


async def _may_change(context: Context, chat_id: int) -> bool:
    """Return whether the account administers the group's scope; any administrator if unbound."""
    scope, assignments = await _scope_of(context, chat_id), await context.own_assignments()
    if scope is None:
        return scopes.is_administrator(assignments)
    return scopes.administers(assignments, scope)


_IN_GROUPS = ~filters.ChatType.PRIVATE


async def render_asked(view: StaffView) -> Screen:
    """Offer in private to bind the group, and say what appears there."""
    if not scopes.is_administrator(view.assignments):
        return await menu.render_refused(view)
    choosing = staff_button(Text("button-bind"), Action.GROUP, view.data["group"])
    return Screen((Text("group-ask"),), rows(choosing, staff_go("staff")))


async def render_bound(view: StaffView) -> Screen:
    """Say in private what scope the group has, and how to undo it."""
    scope = scopes.called(view.exam, scopes.scope_of(view.data), view.locale)
    return Screen((Text("group-is-bound", {"scope": scope}),), rows(staff_go("staff")))


def render_hello(_view: View) -> Screen:
    """Say in the group what appears here, and that the rest is private."""
    return Screen((Text("group-greeting"),), link=Link(Text("button-privately"), "staff"))


FEATURE = Feature(
    everyone=(
        Route(GroupMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER), exclusive=True),
        Route(CommandHandler("bind", ask_to_bind, _IN_GROUPS), exclusive=True),
        Route(CommandHandler("unbind", unbind, _IN_GROUPS), exclusive=True),
        Route(MessageHandler(_IN_GROUPS, other), exclusive=True),
    ),
    screens={HELLO: render_hello},
    staff_anywhere=(pressed(Action.GROUP, choose),),
    staff_screens={ASKED: render_asked, BOUND: render_bound},
)
