"""The router: aiogram's state picks the routes of an update, and PTB's handlers match it.

``StateRouter`` is the one class where aiogram and PTB meet. It never raises and writes nothing:
the envelope takes the result or the error, and the worker commits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

from telegram.ext import Application, ApplicationBuilder, BaseHandler, ContextTypes, ExtBot

from bot.api.client import BotApi
from bot.delivery.i18n import Translations
from bot.updates import conversations, exclusivity, id_numbers
from bot.updates.conversations import ASIDE, ASKED, LAST_ACTION, LIVE, Conversation
from bot.updates.open_question import LiveQuestion, Placed, place, place_at_desk
from bot.updates.typed_buttons import TypedButtons
from handlers import registry
from handlers.callback_data import ANYWHERE, DESK, Action, Button, CallbackData, question_hash_of
from handlers.everyone import unknown
from handlers.rendering import DOUBT
from handlers.routing import Route
from handlers.services import Services
from handlers.staff import menu
from handlers.update_context import (
    Context,
    Envelope,
    Fetched,
    SourceMessage,
    UpdateKind,
    update_kind_of,
)
from states.fsm_states import State
from states.process.lifecycle import CORRECTED_STAGES
from states.progress import next_step
from states.progress.next_step import MENU, Position
from states.question_moment import Asked
from states.step_result import DeleteMessage, Effect, LeaveChat, ShowScreen, StepResult
from states.texts import DEFAULT_LOCALE, normalize_label
from storage.staff.access.staff_groups import LEAVES_AFTER
from storage.staff.access.staff_view import StaffViews
from storage.updates.inbox import ReceivedUpdate
from storage.updates.unit_of_work import UnitOfWork

BACK_COMMAND = "/back"
_ORIGINS = frozenset(
    {
        *("forward_origin", "forward_from", "forward_from_chat", "forward_sender_name"),
        *("forward_signature", "forward_date", "forward_from_message_id", "reply_to_message"),
        *("external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id"),
        *("via_bot", "reply_markup", "link_preview_options", "sender_business_bot"),
        *("suggested_post_info", "direct_messages_topic", "effect_id", "author_signature"),
    }
)
"""Keys of a message that say where it came from, or how it looks."""

_DECIDING = frozenset({Action.AGREE, Action.CONFIRM, Action.SUBMIT, Action.WITHDRAW})
"""The actions that no typed question takes, beside those with a transaction of their own."""

Runtime = Application[Any, Context, Any, Any, Any, Any]
"""PTB's application with our context."""


class StateRouter(BaseHandler[Envelope, Context, None]):
    """Offers an envelope to the routes of the person's state in order, or to those of strangers.

    ``routes`` has the states of both conversations.
    """

    def __init__(self, routes: Mapping[State, Sequence[Route]], strangers: Sequence[Route]) -> None:
        super().__init__(self._never)
        self._routes = routes
        self._strangers = strangers
        self._narrowed = cache(self._narrow)

    async def _never(self, _update: Envelope, _context: Context) -> None:
        """Satisfy PTB, which requires a callback; each route has its own."""

    def check_update(self, update: object) -> bool:
        """Return whether PTB offers an envelope."""
        return isinstance(update, Envelope)

    async def handle_update(
        self,
        update: Envelope,
        _application: Runtime,
        _check_result: object,
        context: Context,
    ) -> None:
        """Find the route and run its step; the envelope takes the result or the error."""
        try:
            result = await _run(*self._find(update), update, context)
            if not result.understood and (request := self._request(update)) is not None:
                result = _opened_instead(await _run(*request, update, context), result)
            update.result = result
        except _NeedsExclusive:
            update.needs_exclusive = True
        except Exception as error:  # the worker retries the update
            update.error = error

    def _find(self, envelope: Envelope) -> tuple[Route, object]:
        for route in self._offered(envelope):
            matched = route.match(envelope)
            if matched is not None:
                return route, matched
        raise LookupError("no route took the update")

    def _request(self, envelope: Envelope) -> tuple[Route, object] | None:
        """Return the route of a request in the person's own words; None for any other text.

        A typed button is a press, and no request, even where it leads to a problem.
        """
        is_press = envelope.callback is not None
        if envelope.as_staff or is_press or envelope.kind is not UpdateKind.TEXT:
            return None
        asked = _requests(envelope.services, envelope.raw_update["message"]["text"])
        if not asked:
            return None
        if len(asked) > 1 and not _is_before_consent(envelope):
            return unknown.SEVERAL, unknown.SEVERAL.match(envelope)
        envelope.callback = CallbackData(Action.GO, asked[0], ANYWHERE)
        return self._find(envelope)

    def _offered(self, envelope: Envelope) -> Sequence[Route]:
        if envelope.unit.person is None and not envelope.as_staff:
            return self._strangers
        if envelope.is_double_tap:
            return (unknown.DOUBLE_TAP,)
        if envelope.is_outdated:
            return (menu.OUTDATED if envelope.as_staff else unknown.OUTDATED,)
        if envelope.is_early:
            return (unknown.EARLY,)
        callback = envelope.callback
        return self._narrowed(
            envelope.position.state, envelope.kind, callback.action if callback else None
        )

    def _narrow(self, state: State, kind: UpdateKind, action: Action | None) -> Sequence[Route]:
        """Return the routes to try; the combinations are too many to compute at the start."""
        return tuple(route for route in self._routes[state] if route.concerns(kind, action))


@asynccontextmanager
async def build_application(token: str, api_url: str, api: BotApi) -> AsyncIterator[Runtime]:
    """Build PTB's application: it only matches, without updater, jobs and persistence."""
    bot = ExtBot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=api,
        get_updates_request=api,
    )
    application = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    application.add_handler(
        StateRouter({**registry.ROUTES, **registry.STAFF_ROUTES}, registry.STRANGERS)
    )
    async with application:
        yield application


class Dispatcher:
    """Runs a unit of work's update through PTB's application."""

    def __init__(
        self,
        application: Runtime,
        services: Services,
        translations: Translations,
        staff_views: StaffViews,
    ) -> None:
        self._application = application
        self._services = services
        self._translations = translations
        self._staff_views = staff_views
        self._anywhere = {
            label: button.callback
            for button in reversed(registry.ANYWHERE)
            for label in translations.labels(button.label)
        }
        self._shared: set[int] = set()  # the queue keys whose rows the scheduler may change
        self._typed = TypedButtons(translations, services.replies)

    def is_exclusive(self, row: ReceivedUpdate, *, is_staff: bool) -> bool:
        """Return whether an update needs a transaction of its own, as far as it is known.

        Args:
            is_staff: the account has a role.
        """
        return row.queue_key in self._shared or exclusivity.is_exclusive(row.raw, is_staff=is_staff)

    async def dispatch(self, unit: UnitOfWork, file: Fetched | None) -> Envelope:
        """Return the envelope with a result, an error, or ``needs_exclusive``.

        The unit of work then holds the result: the new state and the messages to send.

        Raises:
            Exception: the update is malformed.
        """
        raw_update, source_message = _read(unit.row.raw)
        has_shared_rows = self._note_shared(unit)
        candidate = await conversations.candidate_conversation(unit)
        staff = await conversations.staff_conversation(unit)
        is_staff = conversations.is_for_staff(raw_update, unit, staff, registry.STAFF_COMMANDS)
        if not next_step.is_answerable(
            candidate.position, unit.records, self._services.exam, unit.now
        ):
            # The application was submitted, decided or too late: the question is closed.
            candidate = replace(candidate, position=MENU)
        conversation = staff if is_staff and staff is not None else candidate
        envelope = Envelope(
            raw_update=raw_update,
            bot=self._application.bot,
            unit=unit,
            services=self._services,
            position=conversation.position,
            as_staff=is_staff,
            kind=update_kind_of(unit.row.raw),
            source_message=source_message,
            file=file,
        )
        _note_reachable(unit)
        if (is_staff or has_shared_rows) and not unit.exclusive:
            envelope.needs_exclusive = True
            return envelope
        envelope.is_early = _is_early(envelope, conversation)
        await self._read_callback(envelope, conversation)
        await self._application.process_update(envelope)
        if envelope.result is not None:
            await _apply(envelope, envelope.result, conversation)
            asks_candidate = not is_staff and envelope.result.position is not None
            if asks_candidate and staff is not None and staff.has_staff_question:
                await staff.state.clear()
        return envelope

    def _note_shared(self, unit: UnitOfWork) -> bool:
        """Note and return whether the scheduler may change this person's rows meanwhile.

        It may end the correction of a submitted application, and apply the decision on an open
        case. ``is_exclusive`` then knows it for the person's next update.
        """
        application, person = unit.application, unit.person
        is_corrected = application is not None and application.stage in CORRECTED_STAGES
        has_case = person is not None and person.open_case is not None
        is_shared = is_corrected or has_case
        (self._shared.add if is_shared else self._shared.discard)(unit.row.queue_key)
        return is_shared

    async def _read_callback(self, envelope: Envelope, conversation: Conversation) -> None:
        """Find the button that was tapped or typed, and whether its question is still open."""
        query = envelope.raw_update.get("callback_query")
        message = envelope.raw_update.get("message")
        if query is not None:
            data = query.get("data")
            callback = CallbackData.parse(data)
            here = question_hash_of(envelope.position.state, envelope.position.data)
            anywhere = DESK if envelope.as_staff else ANYWHERE
            if callback is not None and callback.question_hash in (here, anywhere):
                envelope.callback = callback
            elif conversation.last_action and data == conversation.last_action:
                envelope.is_double_tap = True
            else:
                envelope.is_outdated = True
        elif message is not None and (text := message.get("text")):
            aside = () if envelope.as_staff else _aside(envelope, conversation)
            callback = await self._typed_button(text, envelope, aside)
            is_asked = callback is not None and _decides(callback) and _asks(text)
            envelope.callback = None if is_asked else callback

    async def _typed_button(
        self, text: str, envelope: Envelope, aside: Sequence[Button]
    ) -> CallbackData | None:
        if text.strip().casefold() == BACK_COMMAND:
            return CallbackData(Action.BACK)
        typed = normalize_label(text)
        if not typed or text.startswith("/"):
            return None
        shown = tuple(await self._buttons(envelope))
        for button in shown:
            if typed in self._translations.labels(button.label) and self._presses(text, button):
                return button.callback
        if envelope.as_staff:
            return None
        anywhere = self._anywhere.get(typed)
        if anywhere is not None or envelope.unit.person is None:
            return anywhere
        return self._typed.find(text, shown, aside)

    def _presses(self, text: str, button: Button) -> bool:
        """Return whether a typed label presses its button.

        The typed name of a ticked option asks for it: only with its sign it loses the tick.
        """
        callback = button.callback
        if callback.action is not Action.TOGGLE or not callback.value.startswith("-"):
            return True
        return self._translations.label(button.label, DEFAULT_LOCALE)[:1] in text

    async def _buttons(self, envelope: Envelope) -> Iterable[Button]:
        """Return the buttons of the position's screen."""
        name = envelope.position.state.state or ""
        if not envelope.as_staff:
            return chain.from_iterable(registry.SCREENS[name](envelope.view).buttons)
        unit, view = envelope.unit, envelope.view
        staff_view = await self._staff_views.within(
            unit.tx, unit.row.queue_key, unit.now, view.locale, envelope.position.data
        )
        screen = await registry.STAFF_SCREENS[name](staff_view)
        more = () if screen.more is None else (screen.more,)
        return (*chain.from_iterable(screen.buttons), *more)


def _asks(text: str) -> bool:
    """Return whether a text ends as a question: 提交？ asks about it, and submits nothing."""
    return text.rstrip().endswith(("?", "？"))


def _decides(callback: CallbackData) -> bool:
    """Return whether a button decides something, instead of opening or answering something."""
    return callback.action in _DECIDING or registry.is_exclusive_button(callback)


def _requests(services: Services, text: str) -> tuple[str, ...]:
    """Return the targets of what a text asks for; a reply is no request, unless it is an example.

    A person who types “skip” where nothing can be skipped wants no screen of a similar request.
    """
    if not services.replies.kinds(text):
        return services.phrasebook.find_each(text)
    target = services.phrasebook.find_example(text)
    return () if target is None else (target,)


def _is_before_consent(envelope: Envelope) -> bool:
    person = envelope.unit.person
    return person is None or not person.consent


def _read(raw: Mapping[str, Any]) -> tuple[dict[str, Any], SourceMessage | None]:
    """Return the update as PTB gets it, without the message of a tapped button, and that message.

    A step needs only the message's id and date. The rest is the bot's own text, which PTB would
    spend most of its time on. PTB does not get where a person's message came from: a hidden sender
    may lack what PTB wants, and nobody reads it.
    """
    raw_update, query = dict(raw), raw.get("callback_query")
    for kind in ("message", "edited_message"):
        body = raw.get(kind)
        if isinstance(body, dict) and not body.keys().isdisjoint(_ORIGINS):
            raw_update[kind] = {key: body[key] for key in body.keys() - _ORIGINS}
    if not isinstance(query, dict) or not isinstance(query.get("message"), dict):
        return raw_update, None
    message, raw_update["callback_query"] = query["message"], {**query, "message": None}
    # https://core.telegram.org/bots/api#inaccessiblemessage: its date is always 0.
    sent_at = datetime.fromtimestamp(message["date"], UTC) if message["date"] else None
    return raw_update, SourceMessage(message["message_id"], sent_at, "text" in message)


def _note_reachable(unit: UnitOfWork) -> None:
    """Forget that a person could not be reached: whoever writes or taps is there again."""
    person = unit.person
    is_act = "message" in unit.row.raw or "callback_query" in unit.row.raw
    if is_act and person is not None and person.blocked_at is not None:
        unit.person = replace(person, blocked_at=None, unreachable=None)


def _is_early(envelope: Envelope, conversation: Conversation) -> bool:
    """Return whether a candidate sent words, or a contact, before the open question was shown."""
    message, asked = envelope.raw_update.get("message"), Asked.parse(conversation.asked)
    if envelope.as_staff or asked is None or not isinstance(message, dict):
        return False
    is_answer = envelope.kind is UpdateKind.TEXT or "contact" in message
    services, received_at = envelope.services, envelope.unit.row.received_at
    return is_answer and asked.is_after(
        message, received_at, services.reading_time, services.ahead()
    )


def _placed(envelope: Envelope, result: StepResult, live: LiveQuestion, here: str) -> Placed:
    """Decide in which message of the chat the open question stands."""
    day = envelope.services.exam.today(envelope.unit.now).isoformat()
    there, callback = result.position, envelope.callback
    is_new = there is not None and question_hash_of(there.state, there.data) != here
    if envelope.as_staff:
        desk = registry.DESK_SCREENS
        return place_at_desk(result.effects, live, desk, is_over=is_new, day=day)
    if there is None:
        return Placed(result.effects, live)
    is_replaced = (
        callback is not None
        and callback.question_hash == here
        and envelope.position.state not in registry.STAYING
    )
    tapped = envelope.tapped_text if is_replaced else None
    return place(result.effects, there, live, tapped=tapped, is_new=is_new, day=day)


def _asked_by(envelope: Envelope, effects: Sequence[Effect]) -> Asked:
    """Return the moment of the question that these effects ask."""
    message = envelope.raw_update.get("message")
    is_new = any(isinstance(effect, ShowScreen) for effect in effects)
    led_by = message["message_id"] if message is not None and is_new else 0
    at = max(envelope.services.real_now(), envelope.unit.row.received_at)
    return Asked(at, led_by)


class _NeedsExclusive(Exception):
    """The route is exclusive, and the update runs in a batch."""


async def _run(route: Route, matched: object, envelope: Envelope, context: Context) -> StepResult:
    if route.exclusive and not envelope.unit.exclusive:
        raise _NeedsExclusive
    return await route.run(envelope, matched, context)


def _opened_instead(opened: StepResult, result: StepResult) -> StepResult:
    """Return the result of a request, with the deletions of the result that it replaces."""
    deleted = tuple(one for one in result.effects if isinstance(one, DeleteMessage))
    return replace(opened, effects=(*deleted, *opened.effects))


def _leave(envelope: Envelope, effect: LeaveChat) -> None:
    """Leave a group a moment later: the sender looks again whether somebody has bound it."""
    unit, services = envelope.unit, envelope.services
    now = max(unit.now, unit.row.received_at + services.clock_offset())
    dedup = f"leave:{effect.chat_id}:{now:%Y%m%d%H}" if effect.again else ""
    unit.enqueue(effect, chat_id=effect.chat_id, not_before=now + LEAVES_AFTER, dedup=dedup)


def _forget_typed(envelope: Envelope, there: Position) -> None:
    """Forget words that were asked back, once no question asks them back any more."""
    person = envelope.unit.person
    if person is not None and person.typed and DOUBT not in there.data and not envelope.as_staff:
        envelope.unit.person = replace(person, typed="")


def _aside(envelope: Envelope, conversation: Conversation) -> tuple[Button, ...]:
    """Return the buttons of the screen that asked yes or no last, if the words came after it."""
    packed, _, screen = conversation.aside.partition(" ")
    asked, message = Asked.parse(packed), envelope.raw_update["message"]
    if asked is None or screen not in registry.ASKING_SCREENS:
        return ()
    services, received_at = envelope.services, envelope.unit.row.received_at
    if asked.is_after(message, received_at, services.reading_time, services.ahead()):
        return ()
    view = replace(envelope.view, data={})
    return tuple(chain.from_iterable(registry.SCREENS[screen](view).buttons))


async def _note_beside(
    envelope: Envelope, result: StepResult, conversation: Conversation, live: str
) -> None:
    """Note what a step shows that keeps the position.

    That is the message with the desk's buttons, and the screen that asks yes or no beside the open
    question; any other one ends it.
    """
    shown = [one for one in result.effects if isinstance(one, ShowScreen)]
    asks = bool(shown) and shown[-1].screen in registry.ASKING_SCREENS and not envelope.as_staff
    if not asks and not conversation.aside and live == conversation.live:
        return
    packed = _asked_by(envelope, shown).pack() if asks else ""
    noted = {
        ASKED: conversation.asked,
        LAST_ACTION: conversation.last_action,
        LIVE: live,
        ASIDE: f"{packed} {shown[-1].screen}" if asks else "",
    }
    await conversation.state.set_state(envelope.position.state)
    data = dict(envelope.position.data) | {key: value for key, value in noted.items() if value}
    await conversation.state.set_data(data)


async def _apply(envelope: Envelope, result: StepResult, conversation: Conversation) -> None:
    unit = envelope.unit
    here = question_hash_of(envelope.position.state, envelope.position.data)
    placed = _placed(envelope, result, LiveQuestion.parse(conversation.live), here)
    live = placed.live
    for effect in (*placed.effects, *id_numbers.deletions(envelope, placed.effects)):
        if isinstance(effect, LeaveChat):
            _leave(envelope, effect)
            continue
        row_id = unit.enqueue(effect, chat_id=unit.row.queue_key)
        if effect is placed.question:
            live = replace(live, row=row_id)
    if result.position is None:
        await _note_beside(envelope, result, conversation, live.pack())
        return
    there, callback = result.position, envelope.callback
    _forget_typed(envelope, there)
    last_action, asked = conversation.last_action, conversation.asked
    if there.state.state not in conversation.states:
        raise LookupError(f"{there.state.state} is no state of this conversation")
    if question_hash_of(there.state, there.data) != here:
        last_action = callback.pack(here) if callback is not None else ""
        asked = _asked_by(envelope, placed.effects).pack()
    await conversation.state.set_state(there.state)
    noted = {ASKED: asked, LAST_ACTION: last_action, LIVE: live.pack()}
    data = dict(there.data) | {key: value for key, value in noted.items() if value}
    await conversation.state.set_data(data)
