"""Lines about papers: doubtful pages, and values that differ from the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from handlers.photo_lines import apart
from handlers.rendering import PaperCrop, View
from states.changes.late_changes import named_keys
from states.identity.normalization import mask_all_but
from states.papers.checks import PageLook, PaperFinding, PaperRule, findings
from states.papers.comparing import Comparison, Outcome, compare, differences, fields_of_answers
from states.papers.values import PaperField
from states.records import Application, MaterialFile
from states.texts import Argument, Text
from storage.candidates.papers import PaperJudgement

DIFFERS: Final = "paper-differs"
"""The screen that asks about a difference."""
CODE: Final = 16
"""Letters of a blob name that identify a person's file in a button."""
MOST_DOUBTS: Final = 3
_MONTHS: Final = frozenset({PaperField.ENROLLED, PaperField.GRADUATED, PaperField.RESIDENT})
_SHOWN_OF_A_NUMBER: Final = 4


def doubts(
    pages: Sequence[PageLook], rule: PaperRule, most: int = MOST_DOUBTS, *, for_staff: bool = False
) -> tuple[Text, ...]:
    """Return a sentence for each doubtful page (value, limit), and how many are left.

    A candidate also reads the remedy.
    """
    found = findings(pages, rule)
    rest = (Text("paper-doubts-more", {"count": len(found) - most}),) if found[most:] else ()
    reader = "staff" if for_staff else "candidate"
    told = tuple(_doubt(one, reader, many=len(pages) > 1) for one in found[:most])
    return (*told, *rest)


def _doubt(one: PaperFinding, reader: str, *, many: bool) -> Text:
    value = f"{one.value:.1f}".removesuffix(".0")
    value, limit = apart(one.value, one.limit, (value, f"{one.limit:g}"))
    page = one.page if many else 0
    args: dict[str, Argument] = {"value": value, "limit": limit, "page": page, "reader": reader}
    return Text(f"paper-doubt-{one.check}", args)


def file_of(application: Application, code: str) -> MaterialFile | None:
    """Return the application's file whose name begins with this code."""
    return next((f for _, _, f in files_of(application) if f.blob[:CODE] == code[:CODE]), None)


def files_of(application: Application) -> Iterator[tuple[str, int, MaterialFile]]:
    """Yield all files with the code of their material and their number in it."""
    for material, files in application.materials.items():
        for number, one in enumerate(files, start=1):
            yield material, number, one


def place_of_file(
    view: View, blob: str, papers: Sequence[MaterialFile] = ()
) -> Mapping[str, Argument]:
    """Return the name of a file's material and its number, as arguments of a message.

    ``papers`` are those of a request for a late change.
    """
    names = {one.code: one.display_name(view.locale) for one in view.materials}
    for material, number, one in files_of(view.application):
        if one.blob == blob:
            return {"name": names.get(material, material), "number": number}
    for number, one in enumerate(papers, start=1):
        if one.blob == blob:
            return {"name": Text("change-papers-name"), "number": number}
    return {"name": "", "number": 0}


def comparisons(view: View, judgement: PaperJudgement) -> tuple[Comparison, ...]:
    """Return the comparisons of a paper that was read with the form as it is now."""
    rule = view.exam.papers
    return compare(judgement.reading, view.person, view.application, rule.certainty)


def untold(view: View, judgement: PaperJudgement) -> tuple[Comparison, ...]:
    """Return the differences on which the candidate has said nothing yet.

    A paper of a request differs on purpose from the answers that are to be changed.
    """
    found = differences(comparisons(view, judgement))
    is_of_request = file_of(view.application, judgement.blob) is None
    meant = fields_of_answers(named_keys(view.application)) if is_of_request else ()
    return tuple(o for o in found if o.field not in judgement.said and o.field not in meant)


def field_name(field: PaperField) -> Text:
    """Return the name of a value."""
    return Text(f"paper-field-{field}")


def shown_value(field: PaperField, value: str) -> Text | str:
    """Return a value for people to read; of an ID number only its end."""
    if field is PaperField.DEGREE:
        return Text(f"choice-degree-{value}")
    if field is PaperField.ID_NUMBER:
        return mask_all_but(value, _SHOWN_OF_A_NUMBER)
    return value[:7] if field in _MONTHS else value


def crop_of(comparison: Comparison, said: str = "") -> PaperCrop:
    """Return the crop of a comparison, with both values and the certainty below it."""
    read, field = comparison.read, comparison.field
    lines = [
        Text(
            f"paper-crop-{comparison.outcome}",
            {
                "field": field_name(field),
                "read": shown_value(field, read.value) if read else "",
                "form": shown_value(field, comparison.form),
                "certainty": round(100 * read.certainty) if read else 0,
            },
        )
    ]
    if said:
        lines.append(Text(f"paper-crop-said-{said}"))
    is_fault = comparison.outcome is Outcome.DIFFERENT
    page, box = (read.page, read.box) if read else (0, ())
    return PaperCrop(page, box, tuple(lines), is_fault)
