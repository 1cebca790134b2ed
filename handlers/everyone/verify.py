"""Verification of a printed form: by its QR code, scanned or photographed, or by its typed code.

Whoever has the form in their scope reads the verdict and the printed lines, to compare them with
the paper. Everybody else reads whether the form is genuine, and nothing personal (guide, part 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.callback_data import Action, Button, about_application, number_of, staff_go
from handlers.rendering import BACK, Screen, rows
from handlers.replies import ask, ask_again, show_screen, step_to
from handlers.routing import ExpectedFile, Feature, Route, command, file, pressed, text
from handlers.update_context import Context, ReadCodes
from states.fsm_states import Staff
from states.identity import mask_id_number
from states.progress.next_step import Position
from states.records import ApplicationId
from states.step_result import StepResult
from states.submissions import print_verification
from states.submissions.application_codes import code_of
from states.submissions.content import SubmissionHistory, SubmittedContent, parse_code
from states.submissions.print_verification import KeyMissing, Verdict, VerdictKind
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import submissions
from storage.staff import application_search
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication
from storage.staff.cases.cards import APPLICATION

SCREEN = "verify"
NUMBER, CHANGES, VERDICT = "number", "changes", "verdict"
"""Keys of position data: the submission that a QR code names, the digits that a typed code has,
and a verdict that needs no look into the database."""
FOR_STAFF, NO_KEY, NO_CODE = "for-staff", "no-key", "no-code"
"""In place of a verdict: that only staff type codes, that a key is missing, and that a picture has
no QR code."""


async def scan(_update: Update, context: Context) -> StepResult:
    """Verify the QR code that opened the chat."""
    return _scanned(context, (context.args or [""])[0])


async def typed(_update: Update, context: Context) -> StepResult:
    """Verify a typed code, or the pasted link of a QR code; without one, ask the staff for it."""
    given = " ".join(context.args or [])
    if link := _LINK.search(given):
        return _scanned(context, link[1])
    if not context.unit.is_staff:
        return show_screen(SCREEN, data={VERDICT: FOR_STAFF})
    return of_code(context, given) if given else ask(context, Position(Staff.verifying))


async def answered(_update: Update, context: Context) -> StepResult:
    """Verify the code, or the link, that answers the question."""
    link = _LINK.search(context.text.strip())
    return _scanned(context, link[1]) if link else of_code(context, context.text)


async def photographed(_update: Update, context: Context) -> StepResult:
    """Verify the QR code in a picture; a candidate's picture without one is nothing we know."""
    sent = context.envelope.file
    if isinstance(sent, Problem):
        return ask_again(context, sent)
    texts = sent.texts if isinstance(sent, ReadCodes) else ()
    links = (_LINK.search(text) for text in texts)
    if link := next((one for one in links if one is not None), None):
        return _scanned(context, link[1])
    if not context.unit.is_staff:
        return ask_again(context, Text("unknown-kind"))
    kind = VerdictKind.NOT_OURS if texts else NO_CODE
    return show_screen(SCREEN, data={VERDICT: kind})


def of_code(context: Context, given: str) -> StepResult:
    """Verify the code that a member of the staff typed."""
    found = parse_code(given)
    if found is None:
        return show_screen(SCREEN, data={VERDICT: VerdictKind.UNREADABLE})
    application_id, changes = found
    return _shown(context, application_id, CHANGES, changes)


_LINK = re.compile(rf"(?:\?start=|^)({print_verification.PREFIX}[A-Za-z0-9_-]{{26,40}})$")


def _scanned(context: Context, parameter: str) -> StepResult:
    keys = context.services.keyring.signing_keys(print_verification.PURPOSE)
    try:
        found = print_verification.read_parameter(parameter, keys)
    except KeyMissing:
        return show_screen(SCREEN, data={VERDICT: NO_KEY})
    if isinstance(found, Verdict):
        return show_screen(SCREEN, data={VERDICT: found.kind})
    return _shown(context, found.application_id, NUMBER, found.number)


def _shown(context: Context, about: ApplicationId, key: str, value: int) -> StepResult:
    if context.unit.is_staff:
        context.audit_as_staff(AuditAction.PRINT_VERIFIED, code_of(about))
    return show_screen(SCREEN, data={APPLICATION: str(about), key: str(value)})


async def render(view: StaffView) -> Screen:
    """Show the verdict, as much of it as the reader may know."""
    if kind := view.data.get(VERDICT):
        is_foreign = kind == VerdictKind.NOT_OURS
        return Screen((_foreign(view) if is_foreign else Text(f"verdict-{kind}"),))
    about = ApplicationId(number_of(view.data[APPLICATION]))
    history = await submissions.history(view.connection, view.keyring, about)
    verdict, number = _judged(view, history)
    if verdict == print_verification.NOT_OURS:
        retype = (Text("verify-retype"),) if CHANGES in view.data else ()
        return Screen((_foreign(view), *retype))
    own = await application_search.outlines(view, [about])
    if not own:
        return Screen((Text("verify-genuine"),))
    printed = await submissions.contents(view.connection, view.keyring, about, [number])
    lines = _printed_lines(view, printed[number])
    is_current = verdict.kind is VerdictKind.CURRENT
    if not is_current and (old := history.numbered(number)):
        lines = (Text("verify-submission", {"count": number, "at": old.at}), *lines)
    stage = Text("verify-stage", {"stage": Text(f"stage-{own[0].stage_key}")})
    compare = (Text("verify-compare"),) if is_current else ()
    return Screen((verdict.text, stage, lines, *compare), rows(*_buttons(own[0])))


async def render_asking(_view: StaffView) -> Screen:
    """Say what can be sent: a picture, a code, or nothing but a scan with the phone."""
    return Screen((Text("verdict-how"),), ((BACK,),))


def _foreign(view: StaffView) -> Text:
    """Return that the form is not ours; only the staff are told what to do about it."""
    return print_verification.NOT_OURS.text if view.assignments else Text("verify-not-genuine")


def _judged(view: StaffView, history: SubmissionHistory) -> tuple[Verdict, int]:
    """Return the verdict, and the number of the printed submission: the last with these digits."""
    if NUMBER in view.data:
        number = number_of(view.data[NUMBER])
        return print_verification.judge_print(number, history), number
    changes = number_of(view.data[CHANGES])
    same = [one.number for one in history.submissions if one.changes == changes]
    return print_verification.judge_code(changes, history), max(same, default=0)


def _printed_lines(view: StaffView, content: SubmittedContent) -> tuple[Text, ...]:
    """Return the lines of the print to compare; of the ID number its end."""
    exam, answers = view.exam, content.answers
    specialty = exam.specialty(answers.get("specialty", ""))
    site = exam.site(content.area, answers.get("site", ""))
    values = {
        "name": content.identity.name,
        "number": mask_id_number(content.identity.id_number),
        "specialty": specialty.display_name(view.locale) if specialty else "",
        "site": site.display_name(view.locale) if site else "",
    }
    return tuple(Text(f"verify-{key}", {key: value}) for key, value in values.items() if value)


def _buttons(found: FoundApplication) -> Iterator[Button]:
    code = {"code": code_of(found.id)}
    if found.waits and not found.is_claimed:
        yield about_application(Action.TAKE, found.id, Text("button-take-code", code))
    yield about_application(Action.HISTORY, found.id, Text("button-history", code))
    yield staff_go("queue")


PICTURE = file(photographed, ExpectedFile.CODE)
"""Takes a picture of a QR code where no question of a candidate wants another file."""
FEATURE = Feature(
    # For strangers too: a scanned form opens the chat of whoever holds the phone.
    everyone=(
        Route(
            CommandHandler("start", scan, filters.Regex(rf"^/start {print_verification.PREFIX}"))
        ),
    ),
    staff_anywhere=(command("verify", typed),),
    staff_routes={
        Staff.idle: (PICTURE,),
        Staff.card: (PICTURE,),  # the candidate of the open case hands the paper over
        Staff.verifying: (
            PICTURE,
            pressed(Action.BACK, step_to(Position(Staff.idle))),
            text(answered),
        ),
    },
    desk_screens={Staff.verifying: render_asking},
    staff_screens={SCREEN: render},
)
