"""Submissions of an application: their canonical content, their count, and the verification code.

The guide (part 3): the code on the printed form changes with each edit, and an old print cannot be
confirmed. Its last two digits count the edits (domain §1.7).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from states.form.fields import AnswerContext, FieldKind
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.records import (
    Answers,
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Materials,
    Person,
)
from states.submissions.application_codes import code_of, id_of
from states.texts import Problem, Text

MAX_CHANGES: Final = 99
"""Most submissions with changed content: the code has two digits for them."""
FORMAT: Final = 1
"""Version of the canonical bytes; an incompatible change counts it up."""
KeyedHash = Callable[[str, bytes], str]
"""``Keyring.hash``: a hash of personal data without a key could be guessed."""


@dataclass(frozen=True, slots=True)
class SubmittedContent:
    """All that a candidate submits, so that the form can be printed again from it alone.

    ``record`` is the education record that the form refers to. ``photo`` and the materials name
    blobs, whose names change with their content.
    """

    exam: str
    form_version: int
    area: str
    identity: Identity
    answers: Answers = field(default_factory=dict)
    record: Answers = field(default_factory=dict)
    photo: str | None = None
    materials: Materials = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        person: Person,
        application: Application,
        context: AnswerContext,
        form: Questionnaire = FORM,
    ) -> SubmittedContent:
        """Return the present content: normalized answers, and the record they refer to."""
        answers = dict(form.normalize(application.answers, context))
        return cls(
            application.exam,
            application.form_version,
            application.area,
            person.identity,
            answers,
            _record(answers, context, form),
            application.photo,
            {code: files for code, files in application.materials.items() if files},
        )

    @classmethod
    def parse(cls, data: bytes) -> SubmittedContent:
        """Return the content of its canonical bytes.

        Raises:
            ValueError: the bytes are of another format.
        """
        whole: dict[str, Any] = json.loads(data)
        if whole.pop("format", None) != FORMAT:
            raise ValueError("content of another format")
        identity = Identity(**whole.pop("identity"))
        materials = {
            code: tuple(MaterialFile(*file) for file in files)
            for code, files in whole.pop("materials").items()
        }
        return cls(identity=identity, materials=materials, **whole)

    def canonical(self) -> bytes:
        """Return bytes that are equal for equal contents: ASCII JSON with sorted keys."""
        files = {
            code: [[file.blob, file.kind, file.size] for file in files]
            for code, files in self.materials.items()
        }
        whole = {
            "format": FORMAT,
            "exam": self.exam,
            "form_version": self.form_version,
            "area": self.area,
            "identity": asdict(self.identity),
            "answers": dict(self.answers),
            "record": dict(self.record),
            "photo": self.photo,
            "materials": files,
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii")

    def hash(self, keyed: KeyedHash) -> str:
        """Return the keyed hash of the canonical bytes, in 64 hex digits."""
        return keyed("submission", self.canonical())


def _record(answers: Mapping[str, str], context: AnswerContext, form: Questionnaire) -> Answers:
    """Return the education record that the answers refer to; empty before the choice."""
    references = (one.key for one in form.fields.values() if one.kind is FieldKind.RECORD)
    numbers = [int(answers[key]) for key in references if answers.get(key)]
    return dict(context.education[numbers[0] - 1]) if numbers else {}


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission: its number from 1, and which content it has, from 1 to ``MAX_CHANGES``.

    ``changes`` counts the submissions with changed content up to this one.
    """

    number: int
    changes: int
    content_hash: str
    at: datetime

    def code(self, application_id: ApplicationId) -> str:
        """Return the verification code: the application's code and two digits."""
        return f"{code_of(application_id)}-{self.changes:02}"


def next_submission(
    previous: Submission | None, content_hash: str, at: datetime, whom: Text
) -> Submission | Problem:
    """Return the submission after ``previous``; unchanged content keeps its digits.

    The 100th changed content is refused; ``whom`` says whom to ask then.
    """
    if previous is None:
        return Submission(1, 1, content_hash, at)
    changes = previous.changes + (content_hash != previous.content_hash)
    if changes > MAX_CHANGES:
        return Problem("problem-changes-used-up", {"limit": MAX_CHANGES, "whom": whom})
    return Submission(previous.number + 1, changes, content_hash, at)


@dataclass(frozen=True, slots=True)
class SubmissionHistory:
    """The submissions of one application, oldest first, and when the last one was withdrawn.

    ``withdrawn_at`` is None while the last submission stands. An area can change only after a
    withdrawal, so a changed area never leaves a current submission.
    """

    submissions: tuple[Submission, ...] = ()
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.submissions):
            if later.number <= earlier.number or later.changes < earlier.changes:
                raise ValueError("submissions out of order")

    @property
    def current(self) -> Submission | None:
        """The submission whose print is valid; None for a draft or after a withdrawal."""
        return self.submissions[-1] if self.submissions and self.withdrawn_at is None else None

    def current_code(self, application_id: ApplicationId) -> str | None:
        """Return the only code that is current; None for a draft or after a withdrawal."""
        return self.current.code(application_id) if self.current else None

    def numbered(self, number: int) -> Submission | None:
        """Return the submission of this number."""
        return next((one for one in self.submissions if one.number == number), None)


_TYPED_DIGITS: Final = str.maketrans("OILoil", "011011")


def parse_code(typed: str) -> tuple[ApplicationId, int] | None:
    """Return the application and the count of changes of a typed verification code.

    Case, blanks and dashes are free, and O, I and L count as digits at the end. None: no code.

    >>> parse_code("2222 454 03"), parse_code("2222-454")
    ((65, 3), None)
    """
    signs = "".join(sign for sign in typed if sign.isalnum())
    digits = signs[-2:].translate(_TYPED_DIGITS)
    application_id = id_of(signs[:-2])
    if application_id is None or not (digits.isascii() and digits.isdecimal()) or digits == "00":
        return None
    return application_id, int(digits)
