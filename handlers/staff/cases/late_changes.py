"""The staff of a site or an area decide about late changes: open just the named answers, or not.

Which of them decides is exam data. The list shows codes; a card shows the present answers, the
reason and the papers, and its reading is audited. The first of two decisions counts.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, number_of, staff_button, staff_go
from handlers.candidate.changes.late_change import NEWS
from handlers.case_messages import close_messages, deletions, leave_desk
from handlers.late_change_lines import names_of
from handlers.paper_lines import place_of_file
from handlers.questions.answer_lines import answer_lines
from handlers.rendering import BACK, Paragraph, Screen, View, file_screen, rows
from handlers.replies import ask, ask_again, replace_message, show_screen
from handlers.routing import Feature, command, pressed, text
from handlers.staff import list_parts, menu
from handlers.staff.cases.papers import beside, request_lines, was_read
from handlers.update_context import Context
from states.changes import late_changes
from states.changes.late_changes import MAX_REASON, ChangeRequest
from states.exam import last_minute
from states.form.pages import FORM
from states.fsm_states import Staff
from states.identity import mask_id_number
from states.process.lifecycle import TRANSITIONS, Event, TransitionNotAllowed
from states.progress.next_step import Position
from states.records import Answers, Application, LateChangeState, Records
from states.staff.departures import Departure
from states.staff_roles import DESK_BY_STAGE, RoleAssignment
from states.step_result import DeleteMessage, Effect, Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, papers, people, submissions
from storage.candidates import late_changes as stored
from storage.engine import jobs
from storage.engine.jobs import JobKind
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import cards
from storage.staff.cases import late_changes as of_staff
from storage.staff.cases.cards import beside_slot, change_slot

SCREEN = "changes"
CARD = "change-card"
PAPER = "change-paper"
BESIDE = "change-beside"
RESULT = "changes-result"
REQUEST, NUMBER, SURE = "item", "number", "sure"
"""Keys of position data: the request, the number of a paper from 1, and that approval is asked."""
SHOWN = 8


async def home(_update: Update, context: Context) -> StepResult:
    """Show the requests that wait for this account's roles."""
    if not of_staff.deciding(await context.own_assignments(), context.exam):
        return menu.deny(context, "changes")
    return StepResult(menu.IDLE, (ShowScreen(SCREEN),))


async def act(_update: Update, context: Context) -> StepResult:
    """Do what a button says about a request: its first letter says what."""
    verb, _, rest = context.callback.value.partition(":")
    request_id, _, paper = rest.partition(":")
    staff = await context.staff_access()
    request = await of_staff.read(staff, number_of(request_id))
    if request is None:
        return menu.deny(context, "changes")
    match verb:
        case "paper":
            return _see_paper(request, number_of(paper))
        case "beside":
            return await _see_beside(context, request)
        case "sure":
            return _card(context, request, SURE)
        case "approve":
            return await _approve(context, request)
        case "decline" if request.state is LateChangeState.ASKED:
            data = {cards.APPLICATION: str(request.application.id), REQUEST: str(request.id)}
            return ask(context, Position(Staff.declining, data))
    context.audit_application(AuditAction.LATE_CHANGE_SEEN, request.application, str(request.id))
    return _card(context, request)


def _card(context: Context, request: ChangeRequest, *marks: str) -> StepResult:
    """Show the card anew: a chat has one of a request."""
    data = {REQUEST: str(request.id), **dict.fromkeys(marks, "yes")}
    slot = change_slot(request.application.id)
    card = ShowScreen(CARD, data, slot=slot)
    return StepResult(menu.IDLE, (DeleteMessage(slot=slot), card))


def _see_paper(request: ChangeRequest, number: int) -> StepResult:
    if not 0 < number <= len(request.papers):
        return show_screen(SCREEN)
    slot = change_slot(request.application.id, number)
    shown = ShowScreen(PAPER, {REQUEST: str(request.id), NUMBER: str(number)}, slot=slot)
    return StepResult(effects=(DeleteMessage(slot=slot), shown))


async def _see_beside(context: Context, request: ChangeRequest) -> StepResult:
    """Show each paper of the request that was read beside the form."""
    owner = request.application.person_id
    known = await papers.of_person(context.unit.tx, context.services.keyring, owner)
    shown: list[Effect] = []
    for number, one in enumerate(request.papers, start=1):
        if one.blob in known and known[one.blob].is_read:
            slot = beside_slot(request.application.id, number)
            data = {REQUEST: str(request.id), NUMBER: str(number)}
            shown += replace_message(ShowScreen(BESIDE, data, slot=slot))
    return StepResult(effects=tuple(shown))


async def _approve(context: Context, request: ChangeRequest) -> StepResult:
    """Open the named answers; the desks forget the case until it is handed in again."""
    assignment = await _assignment(context, request)
    if assignment is None:
        return menu.deny(context, "changes")
    before, unit, keyring = request.application, context.unit, context.services.keyring
    try:
        after = late_changes.approve(before, context.exam, context.now, assignment.role)
    except TransitionNotAllowed as denied:
        return await _done(context, before, denied.text)
    except LookupError:
        return await _done(context, before, Text("change-decided-already"))
    until = after.change.until if after.change else None
    decided = _decided(request, LateChangeState.OPEN, context, assignment)
    if not await stored.save(unit.tx, keyring, request, replace(decided, until=until)):
        return await _done(context, before, Text("change-decided-already"))
    await leave_desk(context, before, Departure.CHANGING)
    await applications.save_transition(unit.tx, keyring, before, after)
    detail = f"{before.stage} {after.stage}"
    context.audit_application(AuditAction.LATE_CHANGE_OPENED, after, detail)
    await jobs.advance(unit.tx, JobKind.LATE_CHANGE, context.now, str(request.id))
    await _tell(context, after, TRANSITIONS[before.stage, Event.OPEN_CHANGE].notice)
    args: dict[str, Argument] = {
        "code": code_of(after.id),
        "until": last_minute(until or context.now),
    }
    return await _done(context, before, Text("change-opened", args))


async def back(_update: Update, context: Context) -> StepResult:
    """Return from the question for a reason to the card of the request."""
    staff, number = await context.staff_access(), context.position.data.get(REQUEST, "")
    request = await of_staff.read(staff, number_of(number))
    return menu.deny(context, "changes") if request is None else _card(context, request)


async def take_reason(_update: Update, context: Context) -> StepResult:
    """Decline the request with the typed reason, which the candidate reads."""
    staff = await context.staff_access()
    request = await of_staff.read(staff, number_of(context.position.data.get(REQUEST, "")))
    assignment = await _assignment(context, request) if request else None
    if request is None or assignment is None:
        return menu.deny(context, "changes")
    if not (words := context.words_within(MAX_REASON)):
        return ask_again(context, Problem("problem-change-words", {"limit": MAX_REASON}))
    before, unit, keyring = request.application, context.unit, context.services.keyring
    decided = _decided(request, LateChangeState.DECLINED, context, assignment)
    ended = replace(decided, words=words, ended_at=context.now)
    if request.state is not LateChangeState.ASKED or not await stored.save(
        unit.tx, keyring, request, ended
    ):
        return await _done(context, before, Text("change-decided-already"))
    after = late_changes.end(before, LateChangeState.DECLINED, context.now, words)
    await applications.save_transition(unit.tx, keyring, before, after)
    context.audit_application(AuditAction.LATE_CHANGE_DECLINED, after, str(request.id))
    await _tell(context, after, "told-change-declined")
    return await _done(context, before, Text("change-declined", {"code": code_of(after.id)}))


def _decided(
    request: ChangeRequest, state: LateChangeState, context: Context, by: RoleAssignment
) -> ChangeRequest:
    return replace(request, state=state, account=by.telegram_id, decided_at=context.now)


async def _assignment(context: Context, request: ChangeRequest) -> RoleAssignment | None:
    """Return the role by which the acting account decides about a request."""
    own = of_staff.deciding(await context.own_assignments(), context.exam)
    return next((one for one in own if one.scope.covers(request.application)), None)


async def _tell(context: Context, application: Application, screen: str) -> None:
    unit, keyring = context.unit, context.services.keyring
    account = await people.account_of(unit.tx, keyring, application.person_id)
    unit.enqueue(ShowScreen(screen, priority=Priority.NOTICE), chat_id=account)


async def _done(context: Context, about: Application, header: Text) -> StepResult:
    """Delete the cards and papers of the request in every chat, and show the rest."""
    tx, here = context.unit.tx, context.unit.row.queue_key
    shown = [one for one in await cards.shown(tx, about.id) if one.is_of_change]
    own = [one for one in shown if one.chat_id == here]
    await cards.forget(tx, shown)
    for chat_id, effect in close_messages(one for one in shown if one.chat_id != here):
        context.unit.enqueue(effect, chat_id=chat_id)
    effects: tuple[Effect, ...] = (*deletions(own), ShowScreen(RESULT, header_lines=(header,)))
    return StepResult(menu.IDLE, effects)


# --- screens -------------------------------------------------------------------------------------


def _button(label: Text, verb: str, request: ChangeRequest, more: str = "") -> Button:
    return staff_button(label, Action.CHANGE, f"{verb}:{request.id}{more}")


async def render_home(view: StaffView) -> Screen:
    """List the oldest requests by their codes."""
    if not of_staff.deciding(view.assignments, view.exam):
        return await menu.render_refused(view)
    count, _ = await of_staff.count(view)
    first, turns = list_parts.part_of(view, SCREEN, SHOWN, count)
    found = await of_staff.waiting(view, first, SHOWN)
    head = Text("changes-head", {"count": count}) if found else Text("changes-none")
    lines = tuple(
        Text(
            "changes-line",
            {
                "code": code_of(one.application.id),
                "fields": names_of(list(one.fields)),
                "at": one.asked_at,
            },
        )
        for one in found
    )
    opens = (
        _button(Text("button-change-open", {"code": code_of(one.application.id)}), "see", one)
        for one in found
    )
    others = rows(staff_go("queue"), staff_go("staff"), across=2)
    return Screen((head, *((lines,) if lines else ())), (*rows(*opens, across=2), turns, *others))


async def lines_of_count(view: StaffView) -> tuple[Text, ...]:
    """Return how many requests wait for the reader, and since when; nothing without one."""
    if not of_staff.deciding(view.assignments, view.exam):
        return ()
    count, since = await of_staff.count(view)
    return (Text("queue-changes", {"count": count, "since": since}),) if count and since else ()


async def render_news(view: StaffView) -> Screen:
    """Tell the staff that requests wait: only counts, as others may see it."""
    found = await lines_of_count(view)
    return Screen(
        (Text("changes-news-head"), *(found or (Text("changes-none"),))), rows(staff_go(SCREEN))
    )


async def render_card(view: StaffView) -> Screen:
    """Show a request: who, the named answers as they are, the reason, the papers, what follows."""
    request = await of_staff.read(view, number_of(view.data.get(REQUEST, "")))
    if request is None:
        return await menu.render_refused(view)
    candidate = await _candidate(view, request)
    if request.state is not LateChangeState.ASKED:
        code = {"code": code_of(request.application.id)}
        return Screen((Text("change-over-card", code),), rows(staff_go(SCREEN), staff_go("queue")))
    submitted = await submissions.contents(
        view.connection, view.keyring, request.application.id, [request.application.revision]
    )
    answers = submitted[request.application.revision].answers
    about_papers = await request_lines(view, candidate, request.papers)
    text = (
        *_head(candidate, request),
        (Text("change-card-fields"), *_old(candidate, request, answers)),
        Text("change-card-reason", {"reason": request.reason}),
        *about_papers,
        _consequence(candidate, request),
        *((Text("change-sure-ask"),) if SURE in view.data else ()),
    )
    return Screen(text, _buttons(view, request, with_reading=was_read(about_papers)))


async def _candidate(view: StaffView, request: ChangeRequest) -> View:
    """Return the candidate of a request as their own screens see them, in the reader's language."""
    owner = request.application.person_id
    person = (await people.by_ids(view.connection, view.keyring, [owner]))[owner]
    records = Records(replace(person, locale=view.locale), request.application)
    return View(records, view.exam, view.now, view.data)


def _head(candidate: View, request: ChangeRequest) -> tuple[Paragraph, ...]:
    application, identity = request.application, candidate.person.identity
    specialty = candidate.exam.specialty(application.specialty)
    args: dict[str, Argument] = {
        "code": code_of(application.id),
        "stage": Text(f"stage-{application.stage.replace('_', '-')}"),
        "number": str(request.number),
        "most": str(candidate.exam.late_changes_in(application.area).most),
        "at": request.asked_at,
    }
    who: dict[str, Argument] = {
        "name": identity.name,
        "number": mask_id_number(identity.id_number),
        "specialty": specialty.display_name(candidate.locale) if specialty else "",
        "site": candidate.site.display_name(candidate.locale) if candidate.site else "",
    }
    return Text("change-card-head", args), Text("change-card-who", who)


def _old(candidate: View, request: ChangeRequest, answers: Answers) -> tuple[Text, ...]:
    """Return the named answers as they were submitted; a skipped one is named as open."""
    fields = [FORM.fields[key] for key in request.fields if key in FORM.fields]
    skipped = tuple(
        Text("summary-line", {"field": one.name, "value": Text("value-skipped")})
        for one in fields
        if not answers.get(one.key)
    )
    return (*answer_lines(fields, answers, candidate), *skipped)


def _consequence(candidate: View, request: ChangeRequest) -> Text:
    """Return what an approval leads to: until when it is open, and to which desk it goes."""
    application, exam = request.application, candidate.exam
    back_at = DESK_BY_STAGE[late_changes.returns_to(application, exam)]
    until = late_changes.open_until(application, exam, candidate.now)
    args: dict[str, Argument] = {"until": last_minute(until), "desk": Text(f"desk-{back_at}")}
    return Text("change-card-follows", args)


def _buttons(
    view: StaffView, request: ChangeRequest, *, with_reading: bool
) -> tuple[tuple[Button, ...], ...]:
    files = (
        _button(Text("button-change-paper", {"number": str(n)}), "paper", request, f":{n}")
        for n in range(1, len(request.papers) + 1)
    )
    read = ((_button(Text("button-card-papers"), "beside", request),),) if with_reading else ()
    seen = (*rows(*files, across=4), *read)
    if SURE in view.data:
        yes = _button(Text("button-change-approve-yes"), "approve", request)
        back = _button(Text("button-change-back"), "see", request)
        return (*seen, (yes,), (back,))
    approve = _button(Text("button-change-approve"), "sure", request)
    decline = _button(Text("button-change-decline"), "decline", request)
    return (*seen, (approve, decline), (staff_go(SCREEN), staff_go("queue")))


async def render_paper(view: StaffView) -> Screen:
    """Send one paper of a request, to those who decide about it."""
    request = await of_staff.read(view, number_of(view.data.get(REQUEST, "")))
    number = number_of(view.data.get(NUMBER, ""))
    if request is None or not 0 < number <= len(request.papers):
        return await menu.render_refused(view)
    args = {
        "code": code_of(request.application.id),
        "number": str(number),
        "count": str(len(request.papers)),
    }
    return file_screen((Text("change-paper-caption", args),), request.papers[number - 1])


async def render_beside(view: StaffView) -> Screen:
    """Show each value that was read in a paper of a request, with the form's value below it."""
    request = await of_staff.read(view, number_of(view.data.get(REQUEST, "")))
    number = number_of(view.data.get(NUMBER, ""))
    if request is None or not 0 < number <= len(request.papers):
        return await menu.render_refused(view)
    blob = request.papers[number - 1].blob
    candidate = await _candidate(view, request)
    known = await papers.of_person(view.connection, view.keyring, candidate.person.id)
    judgement = known.get(blob)
    if judgement is None or not judgement.is_read:
        return await menu.render_refused(view)
    return beside(candidate, judgement, place_of_file(candidate, blob, request.papers))


async def render_declining(view: StaffView) -> Screen:
    """Ask for the reason, which the candidate reads."""
    request = await of_staff.read(view, number_of(view.data.get(REQUEST, "")))
    if request is None:
        return await menu.render_refused(view)
    args: dict[str, Argument] = {"code": code_of(request.application.id), "limit": MAX_REASON}
    return Screen((Text("change-decline-ask", args),), ((BACK,),))


async def render_result(_view: StaffView) -> Screen:
    """Lead on; the header lines say what happened."""
    return Screen((Text("changes-next"),), rows(staff_go(SCREEN), staff_go("queue"), across=2))


FEATURE = Feature(
    staff_anywhere=(
        command("changes", home),
        pressed(Action.GO, home, SCREEN),
        pressed(Action.CHANGE, act),
    ),
    staff_routes={
        Staff.declining: (pressed(Action.BACK, back), text(take_reason)),
    },
    desk_screens={SCREEN: render_home, CARD: render_card, Staff.declining: render_declining},
    staff_screens={
        NEWS: render_news,
        PAPER: render_paper,
        BESIDE: render_beside,
        RESULT: render_result,
    },
)
