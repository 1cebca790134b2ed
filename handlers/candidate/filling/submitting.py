"""Submitting an application, for the first time or again: a row with what it says at this moment.

Guide, part 3: the code on the printed form changes with each edit.
"""

from __future__ import annotations

from handlers.candidate.progress import status
from handlers.rendering import whom_to_ask
from handlers.update_context import Context
from states import eligibility
from states.changes import area_change
from states.process import lifecycle
from states.process.lifecycle import Event, NonStaffActor
from states.records import Application
from states.step_result import StepResult
from states.submissions.content import SubmittedContent, next_submission
from states.texts import Problem
from storage.audit.audit_log import AuditAction
from storage.candidates import submissions as stored
from storage.candidates.submissions import StoredSubmission
from storage.engine.jobs import JobKind, StoredJob


async def submit(context: Context, application: Application, event: Event) -> Problem | StepResult:
    """Submit the candidate's application; return what they see, or the problem.

    Afterwards a job looks for other accounts of the same person.

    Raises:
        TransitionNotAllowed: the event is not allowed now.
    """
    unit = context.unit
    if context.person.is_closed:
        return Problem("problem-account-closed", {"whom": whom_to_ask(context.view)})
    submitted = lifecycle.apply_event(
        application, event, context.exam, context.now, by=NonStaffActor.CANDIDATE
    )
    content = SubmittedContent.of(context.person, submitted, context.answer_context)
    previous = await stored.last(unit.tx, context.services.keyring, submitted.id)
    submission = next_submission(
        previous,
        content.hash(context.services.keyring.hash),
        context.now,
        whom_to_ask(context.view),
    )
    if isinstance(submission, Problem):
        return submission
    assessed = eligibility.at_submission(context.exam, submitted, context.answer_context)
    stored_one = StoredSubmission(submitted.id, submission, content, assessment=assessed)
    unit.submissions.append(stored_one)
    unit.application = submitted
    number = context.person.id
    unit.jobs.append(StoredJob(JobKind.LIKENESS, str(number), context.now, person_id=number))
    unit.dropped_blobs += area_change.dropped_files(application, submitted)
    unit.audit(AuditAction.SUBMITTED, str(submitted.revision))
    if previous is None:
        return status.submitted()
    return status.submitted("valid" if submission.changes == previous.changes else "void")
