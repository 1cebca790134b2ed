"""A late change: the candidate asks for named answers to be opened, with papers and a reason.

The staff decide in their chat (``handlers/staff/cases/late_changes.py``). Opened answers are
corrected like refused items (``handlers/candidate/changes/correct.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, go
from handlers.candidate.files import uploads
from handlers.candidate.files.uploads import ON_THE_WAY, kept_scans, packed
from handlers.candidate.progress import status
from handlers.late_change_lines import decider, lines, named, names_of
from handlers.outlook_lines import head, submit_by
from handlers.questions.answer_lines import answer_lines
from handlers.questions.asking import tick
from handlers.questions.doubts import NO_OFFER, TYPE_AGAIN, ask_back, doubt, offered, taken
from handlers.rendering import (
    BACK,
    DOUBT,
    WHOLE,
    Overtaken,
    Paragraph,
    Rows,
    Screen,
    View,
    button,
    resuming,
    rows,
    whom_to_ask,
)
from handlers.replies import (
    ask,
    ask_again,
    reject,
    show_screen,
    step_showing,
    step_to,
    without_doubt,
)
from handlers.routing import (
    ExpectedFile,
    Feature,
    Question,
    Step,
    command,
    file,
    pressed,
    text,
)
from handlers.update_context import Context, Scan
from states.changes import late_changes
from states.changes.late_changes import MAX_REASON, AskDenial, ChangeRequest, ask_denial
from states.characters import inert
from states.exam import last_minute
from states.form.fields import Field
from states.fsm_states import LateChanges, State
from states.materials import check_scan, format_names
from states.photo import KB
from states.process.lifecycle import Event
from states.progress.next_step import MENU, Position
from states.records import LateChange, LateChangeState, MaterialFile
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import late_changes as stored
from storage.candidates import submissions
from storage.engine.jobs import JobKind, StoredJob

SCREEN = "late-change"
DROP_ASK = "late-change-drop"
DECLINED = "told-change-declined"
NEWS = "changes-news"
"""The screen that tells the staff of a new request."""
STAFF_NOTICE = ShowScreen(NEWS, slot=NEWS, priority=Priority.NOTICE)
PICKED, PAPERS = "picked", ON_THE_WAY
"""Keys of position data: the named fields, and the papers so far."""
ASK = go(SCREEN)
SEND = replace(button("change-send", Action.CONFIRM), is_main=True)
DROP = go(DROP_ASK)
DROP_YES = go("late-change-drop-yes")
_REASONS = frozenset({"change-answer", "change-area", SCREEN, "withdraw"})
"""The requests that a good reason for a change resembles: they are not offered in its place."""


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask which answers are to be changed; or say why that cannot be asked for now."""
    if ask_denial(context.unit.application, context.exam, context.now) is not None:
        return show_screen(SCREEN)
    return ask(context, Position(LateChanges.picking))


async def pick(_update: Update, context: Context) -> StepResult:
    """Tick or untick an answer; the button says which, so a second tap changes nothing."""
    sign, key = context.callback.value[:1], context.callback.value[1:]
    others = [one for one in _picked(context.view) if one != key]
    wanted = [*others, key] if sign == "+" else others
    known = [field.key for field in _offered(context.view)]
    return ask(context, _with(context, PICKED, " ".join(one for one in known if one in wanted)))


def _with(context: Context, key: str, value: str) -> Position:
    return Position(context.position.state, {**context.position.data, key: value})


def _offered(view: View) -> list[Field]:
    return late_changes.changeable_fields(view.application.answers, view.answer_context)


def _picked(view: View) -> list[str]:
    return view.data.get(PICKED, "").split()


async def to_papers(_update: Update, context: Context) -> StepResult:
    """Ask for the papers, once an answer is named."""
    if not _picked(context.view):
        return ask_again(context, Problem("problem-change-nothing"))
    return ask(context, Position(LateChanges.papers, context.position.data))


async def take_paper(_update: Update, context: Context) -> StepResult:
    """Keep a paper of the request."""
    scan = context.envelope.file
    if isinstance(scan, Problem):
        return reject(context, scan)
    if not isinstance(scan, Scan):
        return ask_again(context, Text("scan-not-fetched"))
    kept = kept_scans(context, PAPERS)
    if any(one.kept.name == scan.kept.name for one in kept):
        return reject(context, Problem("problem-scan-known"))
    rules = context.exam.late_changes_in(context.own_application.area)
    if problems := check_scan(scan.facts, late_changes.papers_of(rules), len(kept)):
        return reject(context, *problems)
    context.unit.files.append(scan.kept)
    uploads.note(context, scan, offers=True)
    about = [*uploads.about_pages(context, scan), *_known_page(scan, kept)]
    position = _with(context, PAPERS, " ".join(map(packed, (*kept, scan))))
    offered = uploads.offered(context, scan, **{ON_THE_WAY: "yes"})
    asked = ask(context, position, Text("material-kept"), *about)
    return replace(asked, effects=(*offered, *asked.effects))


def _known_page(scan: Scan, kept: Sequence[Scan]) -> tuple[Text, ...]:
    """Return that an earlier paper of the request shows the same page."""
    numbers = (n for n, one in enumerate(kept, start=1) if one.kept.name in scan.alike)
    return tuple(Text("change-paper-alike", {"number": n}) for n in numbers)[:1]


def _back_to(state: State) -> Step:
    """Build a step that leads back; what was named and sent stays."""

    async def step(_update: Update, context: Context) -> StepResult:
        return ask(context, Position(state, context.position.data))

    return step


async def to_reason(_update: Update, context: Context) -> StepResult:
    """Ask for the reason, once the papers are there."""
    rules = context.exam.late_changes_in(context.own_application.area)
    if rules.papers_required and not context.position.data.get(PAPERS):
        return ask_again(context, Problem("problem-change-papers"))
    return ask(context, Position(LateChanges.reasoning, context.position.data))


async def take_reason(_update: Update, context: Context) -> StepResult:
    """Show the reason again: a question must not become a request, as only a few can be made."""
    if not (words := context.words_within(MAX_REASON)):
        return reject(context, Problem("problem-change-reason", {"limit": MAX_REASON}))
    meant = doubt(context, words)
    return ask_back(context, words, NO_OFFER if meant in _REASONS else meant or NO_OFFER)


async def leave_reason(_update: Update, context: Context) -> StepResult:
    """Write the reason again; from the question itself, return to the papers."""
    is_whole = context.callback.value == WHOLE or DOUBT in context.position.data
    position = without_doubt(context.position)
    return ask(context, position if is_whole else Position(LateChanges.papers, position.data))


async def send(_update: Update, context: Context) -> StepResult:
    """Send the request with the reason that was shown to the staff who decide."""
    before, unit = context.own_application, context.unit
    if not (reason := taken(context)):
        return ask_again(context)
    offered = [field.key for field in _offered(context.view)]
    fields = tuple(key for key in _picked(context.view) if key in offered)
    if not fields:
        return ask(context, Position(LateChanges.picking))
    number = unit.new_id()
    application = late_changes.ask(before, number, fields, context.now)
    kept = (one.kept for one in kept_scans(context, PAPERS))
    request = ChangeRequest(
        number,
        application,
        application.change.number if application.change else 1,
        LateChangeState.ASKED,
        fields,
        reason,
        tuple(MaterialFile(one.name, one.kind, one.size) for one in kept),
        context.now,
    )
    unit.requests.append(request)
    for one in request.papers:
        uploads.read_later(context, one.blob)
    unit.application = application
    unit.audit(AuditAction.LATE_CHANGE_ASKED, " ".join(fields)[:200])
    person_id = application.person_id
    unit.jobs.append(StoredJob(JobKind.LATE_CHANGE, str(number), context.now, person_id=person_id))
    return ask(context, MENU, Text("change-sent", {"decider": decider(context.view)}))


async def drop(_update: Update, context: Context) -> StepResult:
    """Give up the request, or what was opened by it: the application stays as submitted."""
    unit, keyring = context.unit, context.services.keyring
    before = unit.application
    change = before.change if before else None
    if before is None or change is None or not _can_drop(change):
        return show_screen(SCREEN)
    if change.state is LateChangeState.OPEN:
        found = await submissions.contents(unit.tx, keyring, before.id, [before.revision])
        answers = found[before.revision].answers
        unit.application = late_changes.close(
            before, answers, Event.DROP_CHANGE, context.exam, context.now
        )
        detail = f"{before.stage} {unit.application.stage}"
        unit.audit(AuditAction.LATE_CHANGE_CLOSED, detail)
    else:
        unit.application = late_changes.end(before, LateChangeState.DROPPED, context.now)
        unit.audit(AuditAction.LATE_CHANGE_ENDED, LateChangeState.DROPPED)
    await note_end(context, change.id, LateChangeState.DROPPED)
    return ask(context, MENU, Text("change-dropped"))


def _can_drop(change: LateChange) -> bool:
    return change.state in (LateChangeState.ASKED, LateChangeState.OPEN)


async def note_end(context: Context, request_id: int, state: LateChangeState) -> None:
    """Store how a request ended."""
    tx, keyring = context.unit.tx, context.services.keyring
    request = await stored.by_id(tx, keyring, request_id)
    if request is not None:
        ended = replace(request, state=state, ended_at=context.now)
        await stored.save(tx, keyring, request, ended)


# --- screens -------------------------------------------------------------------------------------


def render(view: View) -> Screen:
    """Say how far the last request is, or why none can be made; and offer what helps."""
    denial = ask_denial(view.records.application, view.exam, view.now)
    if denial is None:  # between the tap and the sending it became possible
        return Screen((head(view), *_last(view)), rows(ASK, go("status"), across=2))
    args: dict[str, Argument] = {}
    if denial is AskDenial.USED_UP:
        args = {"limit": view.exam.late_changes_in(view.application.area).most}
    elif denial is AskDenial.OVER:
        args = {"closes": last_minute(view.exam.late_changes_close(view.application.area))}
    elif denial is AskDenial.WITHDRAW:
        args = {"closes": submit_by(view)}
    elif denial is AskDenial.ASKED:
        return Screen((*lines(view), Text("change-asked-how")), rows(DROP, go("status"), across=2))
    text: tuple[Paragraph, ...] = (Text(f"change-not-{denial}", args), *_last(view))
    is_at_end = denial in _ASK_A_PERSON
    return Screen((*text, *((whom_to_ask(view),) if is_at_end else ())), _ways(view, denial))


_ASK_A_PERSON = (
    *(AskDenial.CONFIRMATION, AskDenial.NOT_HERE, AskDenial.OVER),
    *(AskDenial.USED_UP, AskDenial.MONEY),
)


def _last(view: View) -> tuple[Text, ...]:
    """Return what came of the last request, where the staff declined it."""
    application = view.records.application
    change = application.change if application else None
    if change is None or change.state is not LateChangeState.DECLINED:
        return ()
    return (Text("change-last-declined", {"at": change.at, "words": change.words}),)


def _ways(view: View, denial: AskDenial) -> Rows:
    match denial:
        case AskDenial.WITHDRAW:
            return rows(go("withdraw"), go("status"), across=2)
        case AskDenial.CORRECTION:
            return rows(go("refusal"), go("status"), across=2)
        case AskDenial.OPEN:
            return rows(status.CHANGE_NOW, go("status"), across=2)
    return rows(*resuming(view), go("status"), across=2)


def render_picking(view: View) -> Screen:
    """List the answers that can be named, as they are now, each with a tick."""
    picked, offered = _picked(view), _offered(view)
    answers = answer_lines(offered, view.application.answers, view)
    ticks = [tick(one.name, one.key, one.key in picked) for one in offered]
    rules = view.exam.late_changes_in(view.application.area)
    used = view.application.change.number if view.application.change else 0
    limits = {"left": rules.most - used, "decider": decider(view)}
    return Screen(
        (Text("change-pick-ask"), tuple(answers), Text("change-pick-how", limits)),
        (*rows(*ticks, across=2), (button("change-next", Action.CONFIRM),), (BACK,)),
    )


def render_papers(view: View) -> Screen:
    """Ask for the papers, with their limits and how many are there."""
    papers = late_changes.papers_of(view.exam.late_changes_in(view.application.area))
    limits: dict[str, Argument] = {
        "formats": format_names(papers),
        "mb": f"{papers.max_kb / KB:g}",
        "files": papers.max_files,
    }
    count = len(view.data.get(PAPERS, "").split())
    asked = Text("change-papers-ask" if papers.required else "change-papers-free")
    may_go_on = bool(count) or not papers.required
    on = ((button("change-papers-done", Action.CONFIRM),),) if may_go_on else ()
    have = Text("material-count", {"count": count, "limit": papers.max_files})
    return Screen(((asked, Text("material-limits", limits)), have), (*on, (BACK,)))


def render_reasoning(view: View) -> Screen:
    """Ask for the reason, or whether to send the request with what was written."""
    args: dict[str, Argument] = {
        "fields": names_of(_picked(view)),
        "count": len(view.data.get(PAPERS, "").split()),
        "decider": decider(view),
    }
    if DOUBT in view.data and view.person.typed:
        check = Text("change-reason-check", {**args, "words": inert(view.person.typed)})
        return Screen((check,), rows(SEND, *offered(view), TYPE_AGAIN))
    return Screen((Text("change-reason-ask", args),), ((BACK,),))


def render_drop(view: View) -> Screen:
    """Ask whether the request is given up; of what was opened, say that it closes."""
    application = view.records.application
    change = application.change if application else None
    if change is None or not _can_drop(change):
        return render(view)
    is_open = change.state is LateChangeState.OPEN
    asked = Text("change-drop-open" if is_open else "change-drop-ask")
    return Screen((asked,), rows(DROP_YES, go("status"), across=2))


def render_declined(view: View) -> Screen:
    """Tell the candidate that the staff declined, and why.

    Raises:
        Overtaken: another request was made since.
    """
    change = view.application.change
    if change is None or change.state is not LateChangeState.DECLINED:
        raise Overtaken
    why = Text("change-words", {"words": change.words})
    text = (Text("told-change-declined", {"fields": named(change)}), why)
    after, contact = status.body(view), status.contact(view)
    return Screen((*text, *after, *(() if contact in after else (contact,))), status.ways(view))


FEATURE = Feature(
    anywhere=(
        command("change", begin),
        pressed(Action.GO, begin, SCREEN),
        pressed(Action.GO, step_showing(DROP_ASK), DROP_ASK),
        pressed(Action.GO, drop, "late-change-drop-yes", exclusive=True),
    ),
    questions={
        LateChanges.picking: Question(
            render_picking,
            pressed(Action.TOGGLE, pick),
            pressed(Action.CONFIRM, to_papers),
            pressed(Action.BACK, step_to(MENU)),
        ),
        LateChanges.papers: Question(
            render_papers,
            file(take_paper, ExpectedFile.PAPER),
            pressed(Action.CONFIRM, to_reason),
            pressed(Action.BACK, _back_to(LateChanges.picking)),
        ),
        LateChanges.reasoning: Question(
            render_reasoning,
            pressed(Action.BACK, leave_reason),
            pressed(Action.CONFIRM, send, exclusive=True),
            text(take_reason),
            asks_back=True,
        ),
    },
    buttons=(ASK, DROP, DROP_YES, status.CHANGE_NOW),
    screens={SCREEN: render, DROP_ASK: render_drop, DECLINED: render_declined},
)
