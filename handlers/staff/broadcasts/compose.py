"""A member of the staff composes a broadcast: to whom, and what they read.

The draft is a row of its own, so it survives a restart; the position names it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, staff_go
from handlers.rendering import BACK, Screen, button, rows
from handlers.replies import ask, ask_again, ask_in_place, show_screen, step_to
from handlers.routing import Feature, command, pressed
from handlers.staff import menu
from handlers.staff.broadcasts import progress, senders
from handlers.staff.broadcasts.audience_lines import SHOWN, codes, condition, conditions
from handlers.update_context import Context
from states.broadcasts.audience import Audience, Dimension
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.step_result import StepResult
from states.texts import DEFAULT_LOCALE, Problem, Text
from storage.broadcasts import audiences, broadcasts
from storage.broadcasts.broadcasts import Broadcast
from storage.staff.access.staff_view import StaffView

HOME: Final = "broadcasts"
DRAFT: Final = "record"
DIMENSION: Final = "item"
LOCALE: Final = "item"
FIRST: Final = "first"
"""Keys of position data: the draft, the condition or language asked for, the first code shown."""
FOR_LIST: Final = "list"
"""The key of position data of conditions that are for a list."""
LISTS: Final = tuple(button(f"list-{one}", Action.SEE, one) for one in ("xlsx", "csv"))
"""Buttons that send the people of the conditions as a file (``handlers.staff.oversight``)."""


async def home(_update: Update, context: Context) -> StepResult:
    """List the broadcasts of one's scope, and offer a new one."""
    if not senders.scopes_of(await context.own_assignments()):
        return menu.deny(context, "broadcast")
    return show_screen(HOME)


async def begin(_update: Update, context: Context) -> StepResult:
    """Begin a draft."""
    return await _begin(context)


async def go_on(_update: Update, context: Context) -> StepResult:
    """Go on with the newest draft that has a text: another act ended its question."""
    unit, exam = context.unit, context.exam.key
    draft = await broadcasts.written_draft(
        unit.tx, context.services.keyring, unit.row.bot_id, exam, unit.row.queue_key
    )
    if draft is None or not senders.may_run(await context.own_assignments(), draft):
        return await home(_update, context)
    return ask(context, Position(Staff.planning, {DRAFT: str(draft.id)}))


async def begin_list(_update: Update, context: Context) -> StepResult:
    """Choose the conditions of a list; the same conditions can become a broadcast."""
    return await _begin(context, {FOR_LIST: "yes"})


async def _begin(context: Context, data: dict[str, str] | None = None) -> StepResult:
    draft = await new_draft(context)
    if draft is None:
        return menu.deny(context, "broadcast")
    return ask(context, Position(Staff.audience, {DRAFT: str(draft.id), **(data or {})}))


async def new_draft(context: Context) -> Broadcast | None:
    """Store a draft for everybody of the person's scopes; None without such a role."""
    own, unit = senders.scopes_of(await context.own_assignments()), context.unit
    if not own:
        return None
    draft = Broadcast(
        unit.new_id(),
        unit.row.bot_id,
        context.exam.key,
        unit.row.queue_key,
        context.now,
        audience=Audience(scopes=own),
    )
    await broadcasts.add(unit.tx, context.services.keyring, draft)
    return draft


async def draft_of(context: Context) -> Broadcast | None:
    """Return the draft of the position, if it is the person's own and still one."""
    found = await senders.of_step(context, context.position.data.get(DRAFT, ""))
    own = found is not None and found.made_by == context.unit.row.queue_key
    return found if own else None


async def save(context: Context, draft: Broadcast) -> None:
    """Store a changed draft."""
    await broadcasts.save_draft(context.unit.tx, context.services.keyring, draft)


# --- the audience --------------------------------------------------------------------------------


async def choose_dimension(_update: Update, context: Context) -> StepResult:
    """Show the codes of a condition."""
    chosen = next((one for one in Dimension if one == context.callback.value), None)
    if chosen is None:
        return ask_again(context, Problem("problem-choice"))
    return ask_in_place(
        context, Position(Staff.audience_codes, {**draft_data(context), DIMENSION: chosen})
    )


async def toggle(_update: Update, context: Context) -> StepResult:
    """Add a code to the condition, or take it away."""
    draft, data = await draft_of(context), context.position.data
    if draft is None:
        return menu.deny(context, "broadcast")
    dimension = Dimension(data[DIMENSION])
    offered = dict(codes(context.exam, draft.audience, dimension))
    if context.callback.value not in offered:
        return ask_again(context, Problem("problem-choice"))
    audience = draft.audience.toggled(dimension, context.callback.value)
    if dimension is Dimension.AREA:  # sites of an area that is out would match nobody
        areas = audience.of(Dimension.AREA)
        kept = (one for one in audience.of(Dimension.SITE) if one.split("/")[0] in areas)
        audience = audience.having(Dimension.SITE, kept)
    await save(context, replace(draft, audience=audience))
    return ask_in_place(context, context.position)


async def turn_page(_update: Update, context: Context) -> StepResult:
    """Show another part of a long list."""
    data = {**context.position.data, FIRST: context.callback.value}
    return ask_in_place(context, replace(context.position, data=data))


async def to_audience(_update: Update, context: Context) -> StepResult:
    """Go back to the conditions."""
    return ask_in_place(context, Position(Staff.audience, draft_data(context)))


async def to_text(_update: Update, context: Context) -> StepResult:
    """Ask for the Chinese text; an audience without anybody is told at once."""
    draft = await draft_of(context)
    if draft is None:
        return menu.deny(context, "broadcast")
    bot_id = context.unit.row.bot_id
    found = await audiences.count(context.unit.tx, bot_id, draft.audience, context.exam)
    if not found.total:
        return ask_again(context, Problem("problem-audience-empty"))
    return ask(context, writing_in(context, DEFAULT_LOCALE))


def draft_data(context: Context) -> dict[str, str]:
    """Return the position data that name the draft."""
    data = context.position.data
    return {DRAFT: data.get(DRAFT, ""), **({FOR_LIST: "yes"} if FOR_LIST in data else {})}


def writing_in(context: Context, locale: str) -> Position:
    """Return the position that asks for the text of a language."""
    return Position(Staff.writing, {**draft_data(context), LOCALE: locale})


async def render_audience(view: StaffView) -> Screen:
    """Show the conditions, and how many people meet them."""
    draft = await senders.of_view(view, view.data[DRAFT])
    if draft is None:
        return await menu.render_refused(view)
    lines = conditions(view.exam, draft.audience)
    buttons = [
        button(f"audience-{one}", Action.CHOOSE, one)
        for one in Dimension
        if len(codes(view.exam, draft.audience, one)) > 1
    ]
    is_list = FOR_LIST in view.data
    counts = await count_lines(view, draft, is_list=is_list)
    if is_list:
        text = (Text("audience-list-ask"), lines, counts)
        return Screen(text, (*rows(*buttons, across=2), LISTS, (BACK,)))
    on = button("broadcast-write", Action.CONFIRM)
    text = (Text("audience-ask"), lines, counts)
    return Screen(text, (*rows(*buttons, across=2), (on,), LISTS, (BACK,)))


async def count_lines(
    view: StaffView, draft: Broadcast, *, is_list: bool = False
) -> tuple[Text, ...]:
    """Return how many people an audience has, by language, and how many cannot be reached."""
    found = await audiences.count(view.connection, view.bot_id, draft.audience, view.exam)
    if not found.total:
        return (Text("audience-nobody"),)
    languages = [
        Text("audience-language-count", {"name": Text(f"language-name-{key.lower()}"), "count": n})
        for key, n in sorted(found.by_locale.items())
    ]
    unreachable_key = "audience-unreachable-listed" if is_list else "audience-unreachable"
    unreachable = [Text(unreachable_key, {"count": found.unreachable})] if found.unreachable else []
    return (Text("audience-count", {"count": found.total}), *languages, *unreachable)


async def render_codes(view: StaffView) -> Screen:
    """Show the codes of a condition to tick."""
    draft = await senders.of_view(view, view.data[DRAFT])
    if draft is None:
        return await menu.render_refused(view)
    dimension = Dimension(view.data[DIMENSION])
    offered = codes(view.exam, draft.audience, dimension)
    first = int(view.data.get(FIRST, "0"))
    chosen = draft.audience.of(dimension)
    ticks = [
        Button(
            Text("audience-ticked" if code in chosen else "audience-unticked", {"name": name}),
            CallbackData(Action.TOGGLE, code),
        )
        for code, name in offered[first : first + SHOWN]
    ]
    turns = [
        button(key, Action.TURN_PAGE, str(start))
        for key, start in (("page-before", first - SHOWN), ("page-after", first + SHOWN))
        if 0 <= start < len(offered)
    ]
    asked = Text(f"audience-{dimension}-ask")
    counts = await count_lines(view, draft, is_list=FOR_LIST in view.data)
    return Screen(
        (asked, condition(view.exam, draft.audience, dimension), counts),
        (*rows(*ticks), *rows(*turns, across=2), (button("audience-done", Action.BACK),)),
    )


async def render_home(view: StaffView) -> Screen:
    """List the newest broadcasts that the reader may see."""
    if not senders.scopes_of(view.assignments):
        return await menu.render_refused(view)
    about = (view.connection, view.keyring, view.bot_id, view.exam.key)
    found = await broadcasts.newest(*about, partial(senders.may_run, view.assignments))
    lines = [await progress.listed_line(view, one) for one in found]
    head = Text("broadcasts-head") if found else Text("broadcasts-none")
    opens = [progress.open_button(one) for one in found]
    draft = await broadcasts.written_draft(*about, view.reader)
    again = (staff_go("broadcast-draft"),) if draft else ()
    return Screen(
        (head, *lines), rows(*opens, *again, staff_go("broadcast-new"), staff_go("staff"), across=2)
    )


FEATURE = Feature(
    staff_anywhere=(
        command("broadcast", home),
        pressed(Action.GO, home, HOME),
        pressed(Action.GO, begin, "broadcast-new"),
        pressed(Action.GO, go_on, "broadcast-draft"),
    ),
    staff_routes={
        Staff.audience: (
            pressed(Action.CHOOSE, choose_dimension),
            pressed(Action.CONFIRM, to_text),
            pressed(Action.BACK, step_to(menu.IDLE)),
        ),
        Staff.audience_codes: (
            pressed(Action.TOGGLE, toggle),
            pressed(Action.TURN_PAGE, turn_page),
            pressed(Action.BACK, to_audience),
        ),
    },
    desk_screens={
        HOME: render_home,
        Staff.audience: render_audience,
        Staff.audience_codes: render_codes,
    },
)
