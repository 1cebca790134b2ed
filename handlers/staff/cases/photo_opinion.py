"""The photo of a claimed case: the figures of the judge, and whether the staff find it fine.

An opinion is counted for each check and decides nothing. One photo on two people is shown with both
pictures; whose it is, is masked.
"""

from __future__ import annotations

from handlers.callback_data import Action
from handlers.photo_lines import staff_findings
from handlers.rendering import ComparedPhotos, Paragraph, Rows, Screen, button
from handlers.replies import replace_message
from handlers.routing import Feature, pressed
from handlers.staff.cases.claimed_case import renders_claimed, requires_claim, show
from handlers.staff.desks.duplicate_lines import Hints, code_within, told_apart
from handlers.update_context import Context
from states.fsm_states import Staff
from states.records import PersonId
from states.step_result import Effect, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import photo_judgements
from storage.candidates.photo_judgements import PhotoJudgement
from storage.staff import application_search
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import photo_opinions
from storage.staff.cases.cards import APPLICATION, compared_slot
from storage.staff.cases.claims import ClaimedCase

FINE, NOT_FINE, SAME = "photo-fine", "photo-bad", "photo-same"
"""The values of the card's buttons about the photo."""
OTHER = "other"
"""The key of a screen's data for the portrait of another person."""


@requires_claim
async def say(context: Context, claimed: ClaimedCase) -> StepResult:
    """Keep the opinion; it is counted, and decides nothing."""
    value, photo = context.callback.value, claimed.application.photo
    tx, keyring = context.unit.tx, context.services.keyring
    judgement = await photo_judgements.of_blob(tx, keyring, photo) if photo else None
    if judgement is None:
        return await show(context, claimed, Staff.card)
    if value == SAME:
        return await _show_same(context, claimed, judgement)
    application_id = claimed.application.id
    await photo_opinions.say(
        tx,
        keyring,
        judgement,
        application_id,
        claimed.assignment.id,
        context.now,
        was_fine=value == FINE,
    )
    context.audit_application(AuditAction.PHOTO_OPINION, claimed.application, value)
    return await show(context, claimed, Staff.card, Text("card-photo-said"))


async def _show_same(
    context: Context, claimed: ClaimedCase, judgement: PhotoJudgement
) -> StepResult:
    """Show the portraits of both people side by side, below the card; they go with the claim."""
    found = await _same(await context.staff_access(), judgement)
    application_id, effects = claimed.application.id, list[Effect]()
    for number, one in enumerate(found):
        data = {APPLICATION: str(application_id), OTHER: one.blob}
        shown = ShowScreen(SAME, data, slot=compared_slot(application_id, number))
        effects += replace_message(shown)
    return StepResult(effects=tuple(effects))


async def photo_lines(
    view: StaffView, claimed: ClaimedCase, pairs: Hints
) -> tuple[tuple[Paragraph, ...], bool]:
    """Return the figures of the photo, what the staff said, and who has the same one.

    A pair's own line names its photo already. The second value says whether both photos are to be
    compared here: the button of a pair leads to them, too.
    """
    photo = claimed.application.photo
    judgement = (
        await photo_judgements.of_blob(view.connection, view.keyring, photo) if photo else None
    )
    if judgement is None:
        return (), False
    lines = [*staff_findings(judgement.measures, view.exam)]
    if judgement.is_mended:
        lines.append(Text("card-photo-mended"))
    if judgement.is_compressed:
        lines.append(Text("card-photo-compressed"))
    said = await photo_opinions.said(
        view.connection, view.keyring, claimed.application.id, judgement.blob
    )
    if said is not None:
        lines.append(Text("card-photo-was-fine" if said else "card-photo-was-bad"))
    others = {one.person_id for one in await _same(view, judgement)}
    same = await _same_lines(view, sorted(others - pairs.by_photo))
    return (*((same,) if same else ()), tuple(lines)), bool(others - pairs.opened)


async def _same(staff: StaffAccess, judgement: PhotoJudgement) -> list[PhotoJudgement]:
    """Return the same photo of other people, except of those who were told apart."""
    apart = await told_apart(staff, judgement.person_id)
    found = await photo_judgements.same_photos(staff.connection, staff.keyring, judgement)
    return [one for one in found if one.person_id not in apart]


async def _same_lines(view: StaffView, others: list[PersonId]) -> tuple[Text, ...]:
    """Return a line for each other person with this photo: only within the reader's scope who."""
    known = await application_search.of_people(view, others)
    return tuple(
        Text("card-photo-same", {"code": code_of(known[one].id)})
        if one in known
        else Text("card-photo-same-elsewhere")
        for one in others
    )


def photo_buttons(lines: tuple[Paragraph, ...], *, compares: bool) -> Rows:
    """Return the buttons about a judged photo."""
    if not lines:
        return ()
    said = (
        button("card-photo-fine", Action.CHOOSE, FINE),
        button("card-photo-bad", Action.CHOOSE, NOT_FINE),
    )
    same = ((button("card-photo-compare", Action.CHOOSE, SAME),),) if compares else ()
    return (said, *same)


@renders_claimed
async def render_same(view: StaffView, claimed: ClaimedCase) -> Screen:
    """Show both portraits, without names.

    Raises:
        LookupError: one of them is gone, or they are no copies of one photo any more.
    """
    photo, other = claimed.application.photo, view.data[OTHER]
    judgement = (
        await photo_judgements.of_blob(view.connection, view.keyring, photo) if photo else None
    )
    if judgement is None:
        raise LookupError("no judged photo")
    owners = {one.blob: one.person_id for one in await _same(view, judgement)}
    if other not in owners:
        raise LookupError("no such photo")
    labels = (Text("card-photo-this"), Text("card-photo-other"))
    code = await code_within(view, owners[other])
    return Screen(
        (Text("card-photo-same-ask", {"code": code}),),
        picture=ComparedPhotos(judgement.blob, other, labels),
    )


FEATURE = Feature(
    staff_routes={
        Staff.card: tuple(pressed(Action.CHOOSE, say, value) for value in (FINE, NOT_FINE, SAME))
    },
    staff_screens={SAME: render_same},
)
