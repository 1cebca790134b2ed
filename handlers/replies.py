"""Replies of a step: ask a question, ask it again, or show a screen beside the open question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from telegram import Update

from handlers.rendering import DOUBT, WRONG
from handlers.routing import Step
from handlers.update_context import ALBUM, Context
from states.progress.next_step import Position
from states.step_result import DeleteMessage, EditScreen, Effect, ShowScreen, StepResult
from states.texts import Problem, Text
from storage.staff.cases.cards import slot_of


def ask(
    context: Context, position: Position, *header_lines: Text, effects: tuple[Effect, ...] = ()
) -> StepResult:
    """Ask the question of a position, under the header lines; the effects come after it.

    The files of an album arrive one by one: all of them share one answer, which is edited.
    A question about a case replaces its card: a chat has one card of an application.
    """
    screen, album = position.state.state or "", context.album
    card = slot_of(position.data) if context.envelope.as_staff else None
    slot = card or (ALBUM if album else None)
    question = ShowScreen(screen, position.data, header_lines, slot)
    if album is not None:
        if context.is_of_the_same_album:
            edited = EditScreen(screen, slot, position.data, header_lines)
            return StepResult(_with_album(position, album), (edited, *effects))
        position = _with_album(position, album)
    shown = replace_message(question) if card else (question,)
    return StepResult(position, (*shown, *effects))


def _with_album(position: Position, album: str) -> Position:
    return Position(position.state, {**position.data, ALBUM: album})


def replace_message(screen: ShowScreen) -> tuple[Effect, ...]:
    """Show a screen anew, and delete the former message of its slot."""
    return DeleteMessage(slot=screen.slot), screen


def ask_next(context: Context, *header_lines: Text, effects: tuple[Effect, ...] = ()) -> StepResult:
    """Ask the question that is due after the changes of this step."""
    return ask(context, context.due, *header_lines, effects=effects)


def ask_again(
    context: Context, *header_lines: Text, effects: tuple[Effect, ...] = ()
) -> StepResult:
    """Ask the open question again; the header lines say why."""
    return ask(context, context.position, *header_lines, effects=effects)


def reject(
    context: Context,
    *problems: Problem,
    position: Position | None = None,
    effects: tuple[Effect, ...] = (),
) -> StepResult:
    """Reject an answer and ask again; the position counts the wrong answers."""
    counted, _ = count_up(without_doubt(position or context.position), WRONG)
    return replace(ask(context, counted, *problems, effects=effects), understood=False)


def without_doubt(position: Position) -> Position:
    """Return the position without an earlier text that was asked back."""
    kept = {key: value for key, value in position.data.items() if key != DOUBT}
    return Position(position.state, kept)


def count_up(position: Position, key: str) -> tuple[Position, int]:
    """Return the position with one more of what its question counts under a key, and the count."""
    count = int(position.data.get(key, "0")) + 1
    return Position(position.state, {**position.data, key: str(count)}), count


def ask_in_place(context: Context, position: Position) -> StepResult:
    """Edit the tapped text to ask the question; send a new message where there is none."""
    if context.envelope.tapped_text is None:
        return ask(context, position)
    edited = edit_source(context, position.state.state or "", data=position.data)
    return StepResult(position, edited.effects)


def show_screen(
    screen: str, *header_lines: Text, data: Mapping[str, str] | None = None, slot: str | None = None
) -> StepResult:
    """Show a screen; the person's position stays."""
    return StepResult(effects=(ShowScreen(screen, data or {}, header_lines, slot),))


def edit_source(
    context: Context, screen: str, *header_lines: Text, data: Mapping[str, str] | None = None
) -> StepResult:
    """Edit the tapped text to show a screen; send a new message where there is none."""
    tapped = context.envelope.tapped_text
    if tapped is None:
        return show_screen(screen, *header_lines, data=data)
    edited = EditScreen(screen, data=data or {}, header_lines=header_lines, message_id=tapped)
    return StepResult(effects=(edited,))


def step_to(position: Position) -> Step:
    """Build a step that asks the question of a position."""

    async def step(_update: Update, context: Context) -> StepResult:
        return ask(context, position)

    return step


def step_showing(screen: str) -> Step:
    """Build a step that shows a screen."""

    async def step(_update: Update, _context: Context) -> StepResult:
        return show_screen(screen)

    return step


def step_again(header_line: Text) -> Step:
    """Build a step that asks the open question again, under a line that says why."""

    async def step(_update: Update, context: Context) -> StepResult:
        return ask_again(context, header_line)

    return step


async def resume(_update: Update, context: Context) -> StepResult:
    """Ask the question that is due."""
    return ask_next(context)


def send_to(context: Context, account: int, screen: ShowScreen) -> None:
    """Enqueue a screen for another account's private chat."""
    context.unit.enqueue(screen, chat_id=account)
