"""Papers against the form: each value that both have is the same, different, or not read.

A comparison flags and never decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from states.characters import normalize_text, to_simplified
from states.identity.normalization import normalize_number, tidy_code
from states.papers.values import PaperField, PaperKind, PaperReading, ReadValue
from states.records import Answers, Application, Person


class Outcome(StrEnum):
    """The outcome of a comparison; NOT_READ says nothing about the paper."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_READ = "not-read"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value of the form against a paper; ``read`` is None if it was not found at all."""

    field: PaperField
    outcome: Outcome
    form: str
    read: ReadValue | None = None


OF_RECORD: Final = (
    PaperField.SCHOOL,
    PaperField.MAJOR,
    PaperField.DEGREE,
    PaperField.ENROLLED,
    PaperField.GRADUATED,
    PaperField.CERTIFICATE,
)
"""The fields of an education record, which has them under the same keys."""
_OF_ANSWER: Final[Mapping[str, Sequence[PaperField]]] = {
    "education": OF_RECORD,
    "residency_month": (PaperField.RESIDENT,),
}
"""The values of papers that stand for an answer of the form."""
_ASKED: Final[Mapping[PaperKind, Sequence[PaperField]]] = {
    PaperKind.GRADUATION: (PaperField.NAME, PaperField.ID_NUMBER, PaperField.BORN, *OF_RECORD),
    PaperKind.DEGREE: (PaperField.NAME, PaperField.ID_NUMBER, PaperField.BORN, *OF_RECORD),
    PaperKind.RESIDENCY: (PaperField.NAME, PaperField.ID_NUMBER, PaperField.RESIDENT),
    PaperKind.IDENTITY: (PaperField.NAME, PaperField.ID_NUMBER),
    PaperKind.OTHER: (PaperField.NAME, PaperField.ID_NUMBER),
}
_PRINTED: Final[Mapping[PaperKind, frozenset[PaperField]]] = {
    PaperKind.GRADUATION: frozenset({PaperField.NAME, *OF_RECORD}) - {PaperField.ENROLLED},
    PaperKind.DEGREE: frozenset({PaperField.NAME, *OF_RECORD}) - {PaperField.ENROLLED},
    PaperKind.RESIDENCY: frozenset({PaperField.NAME, PaperField.ID_NUMBER, PaperField.RESIDENT}),
    PaperKind.IDENTITY: frozenset({PaperField.NAME, PaperField.ID_NUMBER}),
    PaperKind.OTHER: frozenset(),
}
"""The values that each kind always has: one that is missing was not read."""
_OF_A_DEGREE: Final = {
    "bachelor-degree": "bachelor",
    "master-degree": "master",
    "doctor-degree": "doctor",
}
_AROUND: Final = re.compile(r"\(.*?\)|[^\w·]")


def compare(
    reading: PaperReading, person: Person, application: Application, least: float
) -> tuple[Comparison, ...]:
    """Return the comparisons of a paper with the form, in the order of ``PaperField``.

    ``least`` is the certainty below which a character is not read.
    """
    kind = reading.kind
    of_form = _form(reading, person, application)
    record = matching_record(reading, person, application)
    if record is not None and _is_another(reading, record):
        others = frozenset(OF_RECORD) - {PaperField.DEGREE}
        of_form = {k: v for k, v in of_form.items() if k not in others}
    found = []
    for field in _ASKED[kind]:
        value, read = of_form.get(field, ""), reading.value(field)
        if value and (read is not None or field in _PRINTED[kind]):
            found.append(_compared(field, value, read, least))
    return tuple(found)


def differences(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Return those that differ."""
    return tuple(one for one in comparisons if one.outcome is Outcome.DIFFERENT)


def fields_of_answers(keys: Iterable[str]) -> frozenset[PaperField]:
    """Return the values of papers that show these answers of the form.

    >>> sorted(fields_of_answers(["residency_month", "employer"]))
    [<PaperField.RESIDENT: 'resident'>]
    """
    return frozenset(field for key in keys for field in _OF_ANSWER.get(key, ()))


def matching_record(
    reading: PaperReading, person: Person, application: Application
) -> Answers | None:
    """Return the education record that a paper is about.

    It has the paper's number, or its degree; else it is the one that the form refers to.
    """
    if reading.kind not in (PaperKind.GRADUATION, PaperKind.DEGREE) or not person.education:
        return None
    number, degree = reading.value(PaperField.CERTIFICATE), reading.value(PaperField.DEGREE)
    chosen = application.answers.get("education", "")
    at = int(chosen) - 1 if chosen.isdecimal() and 0 < int(chosen) <= len(person.education) else -1
    first = [person.education[at], *person.education] if chosen else [*person.education]
    for field, read in ((PaperField.CERTIFICATE, number), (PaperField.DEGREE, degree)):
        for record in first if read else ():
            if read and _normal(field, record.get(field, "")) == _normal(field, read.value):
                return record
    if chosen and _family(first[0]) == (reading.kind is PaperKind.DEGREE):
        return first[0]
    return None


def _family(record: Answers) -> bool:
    return record.get("degree", "") in _OF_A_DEGREE


def _is_another(reading: PaperReading, record: Answers) -> bool:
    """Return whether a paper is about another degree: then nothing else of it is compared."""
    read, number = reading.value(PaperField.DEGREE), reading.value(PaperField.CERTIFICATE)
    has_number = number is not None and tidy_code(number.value) == record.get("certificate", "")
    return read is not None and read.value != record.get("degree") and not has_number


def _form(
    reading: PaperReading, person: Person, application: Application
) -> Mapping[PaperField, str]:
    """Return the values of the form that a paper of this kind can show."""
    identity, answers = person.identity, application.answers
    record = matching_record(reading, person, application) or {}
    values = {
        PaperField.NAME: identity.name,
        PaperField.ID_NUMBER: identity.id_number,
        PaperField.BORN: identity.born,
        PaperField.RESIDENT: answers.get("residency_month", ""),
        **{field: record.get(field, "") for field in OF_RECORD},
    }
    return {field: value for field, value in values.items() if value}


def _compared(field: PaperField, form: str, read: ReadValue | None, least: float) -> Comparison:
    if read is None or read.certainty < least:
        return Comparison(field, Outcome.NOT_READ, form, read)
    is_same = _normal(field, read.value) == _normal(field, form)
    return Comparison(field, Outcome.SAME if is_same else Outcome.DIFFERENT, form, read)


def _normal(field: PaperField, value: str) -> str:
    """Return one spelling of a value, in which equal values are equal."""
    if field in (PaperField.ENROLLED, PaperField.GRADUATED, PaperField.RESIDENT):
        return value[:7]
    if field is PaperField.CERTIFICATE:
        return tidy_code(value).replace("-", "")
    if field is PaperField.ID_NUMBER:
        return normalize_number(value)
    if field in (PaperField.NAME, PaperField.SCHOOL, PaperField.MAJOR):
        return _AROUND.sub("", to_simplified(normalize_text(value))).casefold()
    return value
