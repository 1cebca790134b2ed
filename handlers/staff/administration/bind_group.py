"""A staff group: an administrator binds it to a scope; the bot leaves a group that nobody binds.

A group gets notices with a link to the private chat: no cards, no decisions, no names. The bot asks
in private the administrator who adds it to a group or sends ``/bind`` there. It stays meanwhile,
follows a group that becomes a supergroup, and looks again before it leaves.
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
from states.progress.next_step import Position
from states.staff_roles import Scope
from states.step_result import LeaveChat, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.staff.access import staff_groups
from storage.staff.access.staff_groups import BoundGroup
from storage.staff.access.staff_view import StaffView
from storage.updates.group_results import BOUND, GREETING, TROUBLE, move_audited
from storage.updates.inbox import thread_of

ASKED, BINDING, ANONYMOUS = "group-asked", "group-binding", "group-anonymous"


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
    if await _is_wanted(context, change.chat.id):
        return StepResult()
    return await _ask(context, change.chat.id)


async def ask_to_bind(update: Update, context: Context) -> StepResult:
    """Ask for the scope in private after ``/bind`` in a group."""
    chat = update.effective_chat
    if chat is None:
        return StepResult()
    if _is_anonymous(update):
        return await _ask_for_a_name(context, chat.id)
    return await _ask(context, chat.id)


async def unbind(update: Update, context: Context) -> StepResult:
    """End the notices after ``/unbind`` in a group, and leave it."""
    chat = update.effective_chat
    if chat is None:
        return StepResult()
    if _is_anonymous(update):
        return await _ask_for_a_name(context, chat.id)
    if not await _may_change(context, chat.id):
        return await _leave_unbound(context, chat.id)
    await _release(context, chat.id)
    return StepResult(effects=(LeaveChat(chat.id),))


async def other(update: Update, context: Context) -> StepResult:
    """Ignore anything else in a bound group; leave an unbound one."""
    chat, message = update.effective_chat, update.message
    if chat is None:
        return StepResult()
    # https://core.telegram.org/bots/api#message: either message of the two may come first.
    if message is not None and message.migrate_to_chat_id is not None:
        await _move(context, chat.id, message.migrate_to_chat_id)
        return StepResult()
    if message is not None and message.migrate_from_chat_id is not None:
        await _move(context, message.migrate_from_chat_id, chat.id)
        return StepResult()
    # An administrator may be about to choose; adding the bot creates a service message, too.
    is_choosing = scopes.is_administrator(await context.own_assignments())
    return StepResult() if is_choosing else await _leave_unbound(context, chat.id)


def _is_anonymous(update: Update) -> bool:
    """Return whether a group or channel wrote in its own name: nobody's roles can be looked up."""
    message = update.effective_message
    return message is not None and message.sender_chat is not None


async def choose(_update: Update, context: Context) -> StepResult:
    """Ask in private for the scope of the group."""
    value = context.callback.value
    chat_id = -number_of(value[1:]) if value.startswith("-") else 0  # the id of a group is negative
    if not chat_id or not await _may_change(context, chat_id):
        return menu.deny(context, "group")
    return ask(context, Position(Staff.area, {"group": str(chat_id)}))


async def bind(context: Context, chat_id: int, scope: Scope) -> StepResult:
    """Bind the group to a scope. ``group_results`` says so once the group has the greeting."""
    unit = context.unit
    if not await _may_change(context, chat_id):
        return menu.deny(context, "group")
    asked = await staff_groups.request_of(unit.tx, unit.row.bot_id, chat_id, context.now)
    thread = asked.thread_id if asked else None
    await staff_groups.bind(
        unit.tx, unit.row.bot_id, chat_id, scope, unit.row.queue_key, context.now, thread
    )
    bound = BoundGroup(chat_id, scope, unit.row.queue_key, thread)
    context.audit_as_staff(AuditAction.GROUP_BOUND, bound.audit_detail)
    send_to(context, chat_id, ShowScreen(GREETING, thread=thread))
    return StepResult(menu.IDLE, (ShowScreen(BINDING, scopes.codes_of(scope)),))


async def _ask(context: Context, chat_id: int) -> StepResult:
    if not await _may_change(context, chat_id):
        return await _leave_unbound(context, chat_id)
    await _note_request(context, chat_id)
    return show_screen(ASKED, data={"group": str(chat_id)})


async def _ask_for_a_name(context: Context, chat_id: int) -> StepResult:
    """Say in the group that the command has to come under one's own name; once an hour."""
    unit = context.unit
    known = await staff_groups.request_of(unit.tx, unit.row.bot_id, chat_id, context.now)
    if known is None or known.asked_by != unit.row.queue_key:
        thread = await _note_request(context, chat_id)
        send_to(context, chat_id, ShowScreen(ANONYMOUS, thread=thread))
    return StepResult()


async def _note_request(context: Context, chat_id: int) -> int | None:
    """Note that somebody is binding the group; return the topic that they wrote in."""
    unit, thread = context.unit, thread_of(context.unit.row.raw)
    by, now = unit.row.queue_key, context.now
    await staff_groups.ask(unit.tx, unit.row.bot_id, chat_id, by, now, thread)
    return thread


async def _leave_unbound(context: Context, chat_id: int) -> StepResult:
    if await _is_wanted(context, chat_id):
        return StepResult()
    is_message = "message" in context.unit.row.raw
    return StepResult(effects=(LeaveChat(chat_id, again=is_message),))


async def _move(context: Context, old: int, new: int) -> None:
    """Give the binding of a group to the supergroup that it became."""
    unit = context.unit
    at = AuditEntry(0, context.now, unit.row.queue_key, AuditAction.GROUP_BOUND)
    keyring = context.services.keyring
    await move_audited(unit.tx, keyring, unit.ids, unit.row.bot_id, old, new, at)


async def _release(context: Context, chat_id: int) -> None:
    if await staff_groups.release(context.unit.tx, context.unit.row.bot_id, chat_id):
        context.audit_as_staff(AuditAction.GROUP_RELEASED, str(chat_id))


async def _scope_of(context: Context, chat_id: int) -> Scope | None:
    return await staff_groups.scope_of(context.unit.tx, context.unit.row.bot_id, chat_id)


async def _is_wanted(context: Context, chat_id: int) -> bool:
    unit = context.unit
    return await staff_groups.is_wanted(unit.tx, unit.row.bot_id, chat_id, context.now)


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


async def render_binding(view: StaffView) -> Screen:
    """Say in private that the group gets a greeting now."""
    return Screen((Text("group-binding", _scope_args(view)),))


async def render_bound(view: StaffView) -> Screen:
    """Say in private what scope the group has, and how to undo it."""
    return Screen((Text("group-is-bound", _scope_args(view)),), rows(staff_go("staff")))


async def render_trouble(view: StaffView) -> Screen:
    """Say in private that a group takes no message, why, and the remedy."""
    why = {**_scope_args(view), "why": view.data["why"]}
    return Screen((Text("group-trouble", why),), rows(staff_go("staff")))


def _scope_args(view: StaffView) -> dict[str, Argument]:
    return {"scope": scopes.called(view.exam, scopes.scope_of(view.data), view.locale)}


def render_hello(_view: View) -> Screen:
    """Say in the group what appears here, and that the rest is private."""
    return Screen((Text("group-greeting"),), link=Link(Text("button-privately"), "staff"))


def render_anonymous(_view: View) -> Screen:
    """Say in the group that a command has to come under one's own name."""
    return Screen((Text("group-anonymous"),))


FEATURE = Feature(
    everyone=(
        Route(GroupMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER), exclusive=True),
        Route(CommandHandler("bind", ask_to_bind, _IN_GROUPS), exclusive=True),
        Route(CommandHandler("unbind", unbind, _IN_GROUPS), exclusive=True),
        Route(MessageHandler(_IN_GROUPS, other), exclusive=True),
    ),
    screens={GREETING: render_hello, ANONYMOUS: render_anonymous},
    staff_anywhere=(pressed(Action.GROUP, choose),),
    staff_screens={
        ASKED: render_asked,
        BINDING: render_binding,
        BOUND: render_bound,
        TROUBLE: render_trouble,
    },
)
