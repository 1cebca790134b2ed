"""Whole people go through the real router: the rules of the form and the dialogue have to agree.

A rehearsal fills in its forms by the rules alone. One person a path taps and types the same answers
as messages, from the choice of the exam to the submission; one is refused, and mends it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from bot.core.open_storage import Storage
from bot.rehearsal.dialogue import sent_files
from bot.rehearsal.dialogue.moves import LOCALE, Move, answer_to, goes, says, sends, tap, written
from bot.rehearsal.dialogue.offline_router import offline_dispatcher
from bot.rehearsal.dialogue.sent_files import Owner
from bot.rehearsal.form_filling import FormFiller, Profile
from bot.rehearsal.played_storage import BOT
from bot.updates.conversations import ASIDE, ASKED, LAST_ACTION, LIVE
from bot.updates.router import Dispatcher
from handlers.callback_data import Action
from handlers.rendering import View
from states import fsm_states
from states.changes import corrections
from states.exam import Confirmation, Exam
from states.form.education import RECORD
from states.form.fields import SKIPPED, AnswerContext
from states.form.pages import FORM
from states.fsm_states import (
    Choose,
    Corrections,
    Education,
    Form,
    Materials,
    Photo,
)
from states.process import lifecycle
from states.progress.next_step import Position
from states.records import (
    CONSENT_VERSION,
    Application,
    Fault,
    Part,
    Person,
    PersonId,
    Records,
    Stage,
)
from states.staff.refusals import build_refusal
from states.staff_roles import Desk
from storage.candidates import applications
from storage.updates.fsm import candidate_key, row_key
from storage.updates.inbox import ReceivedUpdate

FIRST_CHAT: Final = 9_000_000
TRIES: Final = 200
"""Invented people who are looked at for one of a path."""
MOST: Final = 400
"""The most messages of one person; nobody needs as many."""
MINUTE: Final = timedelta(minutes=1)


class WalkPath(StrEnum):
    """The paths; of each, one person goes all the way."""

    ON_SITE = "on-site"
    ONLINE = "online"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Walk:
    """The way of one person; they got stuck at the question or state ``stuck``, if they did."""

    path: WalkPath
    messages: int
    stuck: str = ""


class Stuck(LookupError):
    """The dialogue asks something to which the form's rules have no answer, or takes none."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class Standing(NamedTuple):
    """A person's records and position."""

    records: Records
    position: Position


async def walk_all(exam: Exam, storage: Storage, seed: int) -> tuple[Walk, ...]:
    """Let one person go each path that this exam has."""
    chance = random.Random(seed)
    filler = FormFiller(exam, chance)
    walks = []
    async with offline_dispatcher(exam, storage) as dispatcher:
        for number, path in enumerate(WalkPath):
            profile = _profile(exam, filler, path)
            if profile is not None:
                walker = Walker(exam, storage, dispatcher, FIRST_CHAT + number)
                walks.append(await walker.goes(path, profile))
    return tuple(walks)


def _profile(exam: Exam, filler: FormFiller, path: WalkPath) -> Profile | None:
    """Return somebody for a path; None if the exam has no such place."""
    wanted = Confirmation.ONLINE if path is WalkPath.ONLINE else Confirmation.ON_SITE
    have = [area.code for area in exam.areas if area.confirmation is wanted]
    if path is WalkPath.CORRECTED:  # wherever a first refusal can be mended
        have = [a.code for a in exam.areas if a.refusals.at(Desk.CONFIRMATION).allowed]
    for number in range(TRIES if have else 0):
        profile = filler.profile(number)
        if profile.area in have and not profile.trouble:
            return profile
    return None


class Walker:
    """One person in one chat; each update is a unit of work of its own, as it is for the bot."""

    def __init__(self, exam: Exam, storage: Storage, dispatcher: Dispatcher, chat: int) -> None:
        self._exam, self._storage, self._dispatcher, self._chat = exam, storage, dispatcher, chat
        self._messages = 0
        self._person_id = PersonId(0)
        self._moment = exam.windows.registration.opens + timedelta(hours=9)

    async def goes(self, path: WalkPath, profile: Profile) -> Walk:
        """Go the whole path."""
        try:
            await self._arrives(profile)
            at = await self._until_submitted(profile)
            self._compare(profile, at)
            if path is WalkPath.CORRECTED:
                await self._is_refused()
                await self._mends(profile)
        except Stuck as stuck:
            return Walk(path, self._messages, stuck.question)
        return Walk(path, self._messages)

    async def _arrives(self, profile: Profile) -> None:
        """Have an account, as the steps before the choice of the exam leave it."""
        async with self._storage.db.write() as tx:
            row = self._row({})
            (unit,) = await self._storage.units.load(tx, [(row, self._moment)], exclusive=True)
            unit.person = Person(
                PersonId(unit.new_id()),
                BOT,
                self._chat,
                locale=LOCALE,
                consent=CONSENT_VERSION,
                consented_at=self._moment,
                identity=profile.identity,
                number_hash=f"{self._chat:064}",
            )
            await self._storage.units.flush(tx, [unit], uncommitted=[row])

    async def _until_submitted(self, profile: Profile) -> Standing:
        """Answer all that is asked until the form is submitted.

        Raises:
            Stuck: the dialogue does not go on.
        """
        at = await self._sends(goes("resume"))
        while at.records.application is None or at.records.application.stage is Stage.DRAFT:
            at = await self._answers(profile, at)
        return at

    async def _mends(self, profile: Profile) -> None:
        """Open each refused item, answer it, and submit again.

        Raises:
            Stuck: the dialogue does not go on, or ends elsewhere than the rules say.
        """
        at = await self._sends(goes("refusal"))
        application = _filed(at)
        refusal = application.refusal
        while _filed(at).stage is Stage.CONFIRM_REFUSED:
            at = await self._answers(profile, at)
        returns_to = refusal.returns_to if refusal else None
        if (_filed(at).stage, _filed(at).revision) != (returns_to, application.revision + 1):
            raise Stuck("resubmit")
        self._compare(profile, at)

    async def _is_refused(self) -> None:
        """Let the first desk refuse one answer and one paper."""
        exam, storage = self._exam, self._storage
        self._moment = max(self._moment, exam.windows.confirmation.opens) + timedelta(hours=1)
        async with storage.db.write() as tx:
            known = (await storage.units.records(tx, [self._chat]))[self._chat]
            before = known.application
            assert before is not None
            context = AnswerContext.of(known, exam, self._moment)
            key = next(
                one
                for one in reversed(list(before.answers))
                if one in FORM.fields
                and before.answers[one] != SKIPPED
                and FORM.fields[one].is_asked(before.answers, context)
            )
            faults = [Fault(Part.FIELD, key, "unclear")]
            faults += [Fault(Part.MATERIAL, one, "blurred") for one in [*before.materials][:1]]
            refusal = build_refusal(before, Desk.CONFIRMATION, faults, "", exam, self._moment)
            after, _ = lifecycle.apply_decision(
                before, Desk.CONFIRMATION, exam, self._moment, refusal=refusal
            )
            await applications.save_transition(tx, storage.keyring, before, after)

    def _compare(self, profile: Profile, at: Standing) -> None:
        """Compare what the dialogue has stored with the form that the rules took.

        Raises:
            Stuck: an answer differs.
        """
        stored = _filed(at).answers
        wrong = (key for key, value in profile.answers.items() if stored.get(key) != value)
        if (key := next(wrong, None)) is not None:
            raise Stuck(key)

    # --- one message ----------------------------------------------------------------------------

    async def _answers(self, profile: Profile, at: Standing) -> Standing:
        """Answer the present question.

        Raises:
            Stuck: there is no answer, or too many were tried.
        """
        question = at.position.data.get("field", "") or (at.position.state.state or "")
        move = self._move(profile, at)
        if move is None or self._messages >= MOST:
            raise Stuck(question)
        after = await self._sends(move)
        if after == at:
            raise Stuck(question)
        return after

    def _move(self, profile: Profile, at: Standing) -> Move | None:
        """Return what somebody with this form does at a position; None for what nobody can do."""
        view = View(at.records, self._exam, self._moment, at.position.data)
        match at.position.state:
            case Choose.exam:
                return tap(view, at.position, Action.CHOOSE)
            case Choose.area:
                area = self._exam.area(profile.area)
                name = area.display_name(LOCALE) if area else ""
                return tap(view, at.position, Action.CHOOSE, profile.area) or says(name)
            case Choose.notice:
                return tap(view, at.position, Action.AGREE)
            case Form.asking:
                answers = at.records.application.answers if at.records.application else {}
                return answer_to(FORM, profile.answers, answers, view, at.position)
            case Education.asking:
                person = at.records.person
                record = (person.record if person else None) or {}
                return answer_to(RECORD, profile.record, record, view, at.position)
            case Education.confirm | Photo.confirm:
                return tap(view, at.position, Action.CONFIRM)
            case Photo.waiting:
                return sends("photo", sent_files.picture(self._exam.photo, self._owner()))
            case Materials.listing | Materials.adding:
                return self._paper(view, at)
            case Form.summary:
                return tap(view, at.position, Action.SUBMIT)
            case Corrections.listing:
                return self._next_item(view, at)
        return None

    def _next_item(self, view: View, at: Standing) -> Move | None:
        """Submit again if that is offered; else open the first item that was not looked at."""
        if (again := tap(view, at.position, Action.SUBMIT)) is not None:
            return again
        area = view.exam.area(_filed(at).area)
        left = corrections.open_faults(_filed(at), area) if area else ()
        values = [f"{one.part}:{one.code}" for one in left]
        return tap(view, at.position, Action.CORRECT, values[0]) if values else None

    def _paper(self, view: View, at: Standing) -> Move | None:
        """Choose the next paper, send it, or say that all are there."""
        area, filed = view.exam.area(_filed(at).area), _filed(at)
        assert area is not None
        if at.position.state is Materials.adding:
            code = at.position.data["material"]
            if filed.materials.get(code):
                return tap(view, at.position, Action.CONFIRM)
            material = next(one for one in area.materials if one.code == code)
            return sends("document", sent_files.scan(material, self._owner()))
        missing = [
            one for one in area.materials if one.required and not filed.materials.get(one.code)
        ]
        if missing:
            return tap(view, at.position, Action.CHOOSE, missing[0].code)
        return tap(view, at.position, Action.CONFIRM)

    async def _sends(self, move: Move) -> Standing:
        """Send an update, as the bot would take it, a minute after the one before."""
        self._messages += 1
        self._moment += MINUTE
        number = 2 * self._messages  # the bot's own messages lie between
        row = self._row(written(move, self._chat, number, self._moment))
        async with self._storage.db.write() as tx:
            (unit,) = await self._storage.units.load(tx, [(row, self._moment)], exclusive=True)
            envelope = await self._dispatcher.dispatch(unit, move.file)
            if envelope.error is not None:
                raise envelope.error
            await self._storage.units.flush(tx, [unit], uncommitted=[row])
        self._person_id = unit.person.id if unit.person else PersonId(0)
        record = unit.fsm.records[row_key(candidate_key(BOT, self._chat))]
        data = {key: value for key, value in record.data.items() if key not in _OF_THE_ROUTER}
        return Standing(unit.records, Position(fsm_states.state_of(record.state), data))

    def _owner(self) -> Owner:
        name = f"{self._chat:08x}{self._messages:056x}"
        return Owner(self._person_id, name, self._moment)

    def _row(self, raw: dict[str, Any]) -> ReceivedUpdate:
        number = self._chat * MOST * 2 + self._messages
        raw["update_id"] = number
        row_id = self._storage.ids.next()
        return ReceivedUpdate(row_id, BOT, number, self._chat, self._moment, raw)


_OF_THE_ROUTER: Final = frozenset({ASKED, LAST_ACTION, LIVE, ASIDE})


def _filed(at: Standing) -> Application:
    assert at.records.application is not None
    return at.records.application
