"""The papers of a claimed case: doubtful pages, and each value beside that of the form.

The comparisons flag and decide nothing; a value that was not read says nothing about the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from handlers.callback_data import Action
from handlers.candidate.files.uploads import FILE
from handlers.paper_lines import (
    CODE,
    comparisons,
    crop_of,
    doubts,
    field_name,
    file_of,
    files_of,
    place_of_file,
    shown_value,
)
from handlers.rendering import PaperCrop, PaperCrops, Paragraph, Rows, Screen, View, button
from handlers.replies import replace_message
from handlers.routing import Feature, pressed
from handlers.staff.cases.claimed_case import candidate_view, renders_claimed, requires_claim
from handlers.update_context import Context
from states.fsm_states import Staff
from states.papers.checks import PaperRule
from states.papers.comparing import Comparison, Outcome
from states.papers.values import PaperField
from states.records import PDF, MaterialFile
from states.step_result import Effect, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.candidates import papers
from storage.candidates.papers import PaperJudgement
from storage.staff.access.staff_view import StaffView
from storage.staff.cases.cards import APPLICATION, SINGLE_PAPERS, album_slot
from storage.staff.cases.claims import ClaimedCase

BESIDE: Final = "card-papers"
"""The value of the card's button, and the screen of one paper beside the form."""
MOST_PAPERS: Final = 6
MOST_DIFFERENCES: Final = 4
_FIRST: Final = (Outcome.DIFFERENT, Outcome.NOT_READ, Outcome.SAME)
"""The order in which comparisons are shown: a chat cuts the end of a tall picture off."""


@requires_claim
async def show_beside(context: Context, claimed: ClaimedCase) -> StepResult:
    """Show each paper that was read beside the form, below the card.

    The pictures have slots of papers, so they go with the case.
    """
    known = await papers.of_person(context.unit.tx, context.services.keyring, claimed.person.id)
    about = {APPLICATION: str(claimed.application.id)}
    read = [
        one.blob[:CODE]
        for _, _, one in files_of(claimed.application)
        if one.blob in known and known[one.blob].is_read
    ]
    shown: list[Effect] = []
    for number, code in enumerate(read[:MOST_PAPERS]):
        slot = album_slot(claimed.application.id, SINGLE_PAPERS - MOST_PAPERS + number)
        shown += replace_message(ShowScreen(BESIDE, {**about, FILE: code}, slot=slot))
    return StepResult(effects=tuple(shown))


async def paper_lines(view: StaffView, claimed: ClaimedCase) -> tuple[Paragraph, ...]:
    """Return a paragraph for each judged paper of the case."""
    files = [file for _, _, file in files_of(claimed.application)]
    return _paragraphs(candidate_view(view, claimed), await _known(view, claimed), files)


async def request_lines(
    view: StaffView, candidate: View, files: Sequence[MaterialFile]
) -> tuple[Paragraph, ...]:
    """Return a paragraph for each judged paper of a request for a late change."""
    known = await papers.of_person(view.connection, view.keyring, candidate.person.id)
    return _paragraphs(candidate, known, files)


def _paragraphs(
    shown: View, known: Mapping[str, PaperJudgement], files: Sequence[MaterialFile]
) -> tuple[Paragraph, ...]:
    """Return a paragraph for each of these files of which there is something to say."""
    found = []
    for file in files:
        judgement, place = known.get(file.blob), place_of_file(shown, file.blob, files)
        lines = _lines(shown, judgement, file, place) if judgement is not None else ()
        if lines:
            found.append(lines)
    return tuple(found)


def was_read(lines: Iterable[Paragraph]) -> bool:
    """Return whether one of the papers of these paragraphs was read."""
    return any(
        isinstance(one, Text) and one.key in ("card-paper-read", "card-paper-read-none")
        for paragraph in lines
        if isinstance(paragraph, tuple)
        for one in paragraph
    )


def paper_buttons(lines: tuple[Paragraph, ...]) -> Rows:
    """Return the button to the papers beside the form, if one of them was read."""
    return ((button("card-papers", Action.CHOOSE, BESIDE),),) if was_read(lines) else ()


def _lines(
    view: View, judgement: PaperJudgement, file: MaterialFile, place: Mapping[str, Argument]
) -> tuple[Text, ...]:
    """Return what is doubtful in a paper, how many values agree, and each that differs."""
    found = comparisons(view, judgement) if judgement.is_read else ()
    rule = view.exam.papers
    of_pdf = _pages(judgement, rule) if file.kind == PDF else ()
    doubtful = (*of_pdf, *doubts(judgement.pages, rule, for_staff=True))
    lines = [*doubtful]
    if found:
        counts = dict.fromkeys(Outcome, 0)
        for one in found:
            counts[one.outcome] += 1
        told = {"same": counts[Outcome.SAME], "different": counts[Outcome.DIFFERENT]}
        told["unread"] = counts[Outcome.NOT_READ]
        if told["unread"] == len(found):
            lines.insert(0, Text("card-paper-read-none", place))
        else:
            lines.insert(0, Text("card-paper-read", {**place, **told}))
        wrong = [one for one in found if one.outcome is Outcome.DIFFERENT]
        lines += [_difference(one, judgement) for one in wrong[:MOST_DIFFERENCES]]
    elif doubtful:
        lines.insert(0, Text("card-paper-doubt", place))
    return tuple(lines)


def _pages(judgement: PaperJudgement, rule: PaperRule) -> tuple[Text, ...]:
    """Return which pages of a PDF a program saw, if not all, and which it shows turned."""
    count, judged, lines = judgement.count, len(judgement.pages), []
    if 0 < judged < count:
        lines.append(Text("card-paper-judged", {"count": count, "judged": judged}))
    if judgement.is_read and rule.most_read < count:
        lines.append(Text("card-paper-read-part", {"count": count, "read": rule.most_read}))
    turned = [str(n) for n, turn in enumerate(judgement.reading.turns, start=1) if turn]
    if turned:
        lines.append(Text("card-paper-turned", {"pages": ", ".join(turned)}))
    return tuple(lines)


def _difference(one: Comparison, judgement: PaperJudgement) -> Text:
    said = judgement.said.get(one.field)
    return Text(
        "card-paper-different",
        {
            "field": field_name(one.field),
            "read": shown_value(one.field, one.read.value) if one.read else "",
            "form": shown_value(one.field, one.form),
            "certainty": round(100 * one.read.certainty) if one.read else 0,
            "said": Text(f"paper-crop-said-{said}") if said else "",
        },
    )


async def _known(view: StaffView, claimed: ClaimedCase) -> Mapping[str, PaperJudgement]:
    if not claimed.application.materials:
        return {}
    return await papers.of_person(view.connection, view.keyring, claimed.person.id)


@renders_claimed
async def render_beside(view: StaffView, claimed: ClaimedCase) -> Screen:
    """Show each value that was read, cut out of the paper, with the form's value below it.

    Raises:
        LookupError: the paper is gone, or was not read.
    """
    file = file_of(claimed.application, view.data[FILE])
    judgement = (await _known(view, claimed)).get(file.blob) if file else None
    if judgement is None or not judgement.is_read:
        raise LookupError("no such paper")
    shown = candidate_view(view, claimed)
    return beside(shown, judgement, place_of_file(shown, judgement.blob))


def beside(shown: View, judgement: PaperJudgement, place: Mapping[str, Argument]) -> Screen:
    """Return each value of a paper that was read, cut out, with the form's value below it."""
    found = sorted(comparisons(shown, judgement), key=lambda one: _FIRST.index(one.outcome))
    crops = [crop_of(one, str(judgement.said.get(one.field, ""))) for one in found]
    issuer = judgement.reading.value(PaperField.ISSUER)
    if issuer is not None:
        words = Text("paper-crop-only", {"field": field_name(issuer.field), "read": issuer.value})
        crops.append(PaperCrop(issuer.page, issuer.box, (words,)))
    shown_crops = PaperCrops(judgement.blob, tuple(crops), judgement.reading.turns)
    return Screen((Text("card-paper-beside", place),), picture=shown_crops)


FEATURE = Feature(
    staff_routes={Staff.card: (pressed(Action.CHOOSE, show_beside, BESIDE),)},
    staff_screens={BESIDE: render_beside},
)
