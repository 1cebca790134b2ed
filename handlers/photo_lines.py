"""Lines and marks about a judged photo, for the candidate and for the card of the staff."""

from __future__ import annotations

from typing import Final

from handlers.rendering import MarkedPhoto, MarkShape, PhotoMark
from states.exam import Exam
from states.photo import checks
from states.photo.checks import Check, HeadPlace, PhotoFinding, PhotoMeasures, PhotoVerdict, Remedy
from states.texts import Argument, Text

MOST_FAULTS: Final = 3
"""Sentences of faults in one caption of 1,024 characters; the picture has the figures of all."""
_FACE: Final = frozenset({Check.FACES, Check.HEAD, Check.PLACE, Check.TILT, Check.TURN})
_CORNER: Final = (0.02, 0.02, 0.2, 0.2)
_WHOLE: Final = (0.01, 0.01, 0.99, 0.99)
_MIDDLE: Final = (0.25, 0.15, 0.75, 0.65)


def findings_of(measures: PhotoMeasures, exam: Exam) -> tuple[PhotoFinding, ...]:
    """Return the verdicts on these measures by the exam's rule."""
    return checks.judge(measures, exam.photo)


def candidate_findings(
    measures: PhotoMeasures, exam: Exam, most: int = MOST_FAULTS, *, mends: bool = False
) -> tuple[Text, ...]:
    """Return a sentence a fault with value, limit and remedy, and what was not judged.

    ``mends`` says that a mended photo stands beside this one.
    """
    found = findings_of(measures, exam)
    told = checks.faults(found)
    lines = tuple(fault_line(one, measures, mends=mends) for one in told[:most])
    judged = sum(one.verdict is not PhotoVerdict.NOT_JUDGED for one in found)
    head = Text("photo-judged", {"judged": judged, "faults": len(told)})
    if len(told) > most:
        lines = (*lines, Text("photo-more-faults", {"count": len(told) - most}))
    left = (Text("photo-not-judged"),) if any(_is_left(one) for one in found) else ()
    return (head, *lines, *left, *_tool(exam))


def staff_findings(measures: PhotoMeasures, exam: Exam) -> tuple[Text, ...]:
    """Return the figures of a photo for the card: the faults, and what else was measured."""
    found = findings_of(measures, exam)
    told = tuple(figure(one, measures) for one in checks.faults(found))
    fine = sum(one.verdict is PhotoVerdict.PASSES for one in found)
    left = sum(one.verdict is PhotoVerdict.NOT_JUDGED for one in found)
    head = Text("card-photo-judged", {"faults": len(told), "fine": fine, "left": left})
    return (head, *told)


def _is_left(finding: PhotoFinding) -> bool:
    return finding.check is Check.FACES and finding.verdict is PhotoVerdict.NOT_JUDGED


def _tool(exam: Exam) -> tuple[Text, ...]:
    """Return that the authority's own program has the last word, where its notice says so."""
    return (Text("photo-tool", {"tool": exam.photo.tool}),) if exam.photo.tool else ()


def fault_line(finding: PhotoFinding, measures: PhotoMeasures, *, mends: bool) -> Text:
    """Return the sentence of a fault."""
    remedy = "bot" if mends and finding.remedy is Remedy.BOT else "anew"
    return Text(
        f"photo-fault-{finding.check}",
        {
            **_figures(finding),
            "ground": str(measures.ground),
            "remedy": Text(f"photo-remedy-{finding.check}-{remedy}")
            if finding.check in _TWO_WAYS
            else "",
            "verdict": str(finding.verdict),
            "many": "none" if not finding.value else "many",
        },
    )


_TWO_WAYS: Final = frozenset({Check.BACKGROUND, Check.EVENNESS, Check.TILT})
"""Checks whose remedy depends on how large the fault is."""


def figure(finding: PhotoFinding, measures: PhotoMeasures) -> Text:
    """Return the short line of a finding: its name, its value and its limit."""
    return Text(
        f"photo-figure-{finding.check}",
        {
            **_figures(finding),
            "ground": str(measures.ground),
        },
    )


def _figures(finding: PhotoFinding) -> dict[str, Argument]:
    """Return value and limit of a finding as people read them."""
    told, bound = shown(finding.value), shown(finding.limit)
    if finding.is_fault and finding.value is not None and finding.limit is not None:
        told, bound = apart(finding.value, finding.limit, (told, bound))
    return {"value": told, "limit": bound}


def apart(value: float, limit: float, told: tuple[str, str]) -> tuple[str, str]:
    """Return a value and the limit that it misses with the decimals that tell them apart.

    >>> apart(21.7, 22, ("22", "22")), apart(22.46, 22.5, ("22", "22"))
    (('21.7', '22'), ('22.46', '22.5'))
    """
    finer = ((f"{round(value, n):g}", f"{round(limit, n):g}") for n in range(1, 4))
    return next((pair for pair in (told, *finer) if pair[0] != pair[1]), told)


def shown(value: float | None) -> str:
    """Return a value as people read it: whole, or with one decimal below 10.

    >>> shown(44.6), shown(2.04), shown(0.0)
    ('45', '2', '0')
    """
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}".removesuffix(".0")


def marked(blob: str, measures: PhotoMeasures, exam: Exam) -> MarkedPhoto:
    """Return the photo with lines and figures: the faults in red, the head's lines otherwise."""
    found = findings_of(measures, exam)
    by_check = {one.check: one for one in found}
    told = checks.faults(found)
    marks = [mark for one in told for mark in _marks(one, measures)]
    head, high = measures.place_of_head, by_check[Check.HEAD]
    if head is not None and not high.is_fault:
        marks += _head_lines(head, figure(high, measures), is_fault=False)
    return MarkedPhoto(blob, tuple(marks), tuple(figure(one, measures) for one in told))


def _marks(finding: PhotoFinding, measures: PhotoMeasures) -> list[PhotoMark]:
    """Return the shapes that show where a fault is."""
    label, head = figure(finding, measures), measures.place_of_head
    match finding.check:
        case Check.HEAD if head is not None:
            return _head_lines(head, label, is_fault=True)
        case Check.PLACE if head is not None:
            return [PhotoMark(MarkShape.DOWN, (head.middle,), label, True)]
        case Check.TILT if head is not None:
            line = (*head.left_eye, *head.right_eye)
            return [PhotoMark(MarkShape.LINE, line, label, True)]
        case Check.BACKGROUND | Check.EVENNESS | Check.MARKS:
            return [PhotoMark(MarkShape.BOX, _CORNER, label, True)]
        case Check.BORDER | Check.SCREEN | Check.ENLARGED | Check.SCREENSHOT | Check.PRINT:
            return [PhotoMark(MarkShape.BOX, _WHOLE, label, True)]
    return [PhotoMark(MarkShape.BOX, _face_box(head), label, True)]


def _head_lines(head: HeadPlace, label: Text, *, is_fault: bool) -> list[PhotoMark]:
    crown = PhotoMark(MarkShape.ACROSS, (head.crown,), label, is_fault)
    return [crown, PhotoMark(MarkShape.ACROSS, (head.chin,), Text("photo-chin"), is_fault)]


def _face_box(head: HeadPlace | None) -> tuple[float, float, float, float]:
    if head is None:
        return _MIDDLE
    half = head.half_width
    return head.middle - half, head.crown, head.middle + half, head.chin
