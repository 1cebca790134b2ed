"""The export of a person's data as a JSON file.

Each item has its stored key, a label in the person's language, and its stored value; a code also
has its meaning. Moments are in the exam's zone, ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

import orjson

from states.changes.late_changes import ChangeRequest
from states.exam import Exam
from states.form.education import RECORD
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.identity import IdType
from states.payment.orders import Charge
from states.records import Answers, Application, Identity, Materials, Person, Records, Refusal
from states.staff_roles import RoleAssignment
from states.texts import Text
from storage.audit.audit_log import AuditEntry
from storage.candidates.blobs import StoredFile
from storage.candidates.cases import Case
from storage.candidates.papers import PaperJudgement
from storage.candidates.submissions import StoredSubmission
from storage.data_export import DataExport
from storage.staff.cases.decisions import Decision
from storage.staff.cases.notes import Note

Value: TypeAlias = "str | int | bool | None"
Item: TypeAlias = dict[str, Value]
Localize = Callable[[Text | str], str]

FORMAT = 2
"""The version of the file; an incompatible change counts it up."""


def file_name(exam: Exam, now: datetime) -> str:
    """Return ``baoming-2025-12-02.json``, by the day in the exam's zone."""
    return f"baoming-{exam.today(now).isoformat()}.json"


def export_file(data_export: DataExport, exam: Exam, localize: Localize, now: datetime) -> bytes:
    """Return the file, UTF-8 and indented.

    Args:
        localize: formats a text as plain text in the person's language.

    Raises:
        MissingTranslation: a label is missing.
    """
    writer = _Writer(data_export.person, exam, localize, now)
    whole = {
        "format": FORMAT,
        "made_at": writer.at(now),
        "person": writer.person(),
        "correction": writer.identity(data_export.person.correction or Identity()),
        "education": [writer.record(one) for one in data_export.person.education],
        "record": writer.record(data_export.person.record or {}),
        "applications": [writer.application(one) for one in data_export.applications],
        "submissions": [writer.submission(one) for one in data_export.submissions],
        "files": [writer.file(one) for one in data_export.files],
        "papers": [writer.paper(one) for one in data_export.papers],
        "cases": [writer.case(one) for one in data_export.cases],
        "late_changes": [writer.late_change(one) for one in data_export.late_changes],
        "payments": [writer.charge(one) for one in data_export.charges],
        "verdicts": [writer.decision(one) for one in data_export.decisions],
        "notes": [writer.note(one) for one in data_export.notes],
        "seats": [writer.assignment(one) for one in data_export.assignments],
        "deeds": [writer.action(one) for one in data_export.audit_entries],
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class _Writer:
    """Makes items of records, in one person's language."""

    def __init__(self, person: Person, exam: Exam, localize: Localize, now: datetime) -> None:
        self._person = person
        self._exam = exam
        self._localize = localize
        self._now = now
        self._locale = person.locale

    def person(self) -> list[Item]:
        """Return the person and their identity, with the full number."""
        person = self._person
        known: Item = {"confirmed": person.number_hash is not None}
        known |= self._fields(
            person,
            "photo",
            "consent",
            "consented_at",
            "locale",
            "wants_opening",
            "blocked_at",
            "unreachable",
            "seen_at",
            "typed",
        )
        known["shown_photo"] = (person.shown_photo or {}).get("portrait")
        account = self._items(self._fields(person, "telegram_id"), {})
        return [*account, *self.identity(person.identity), *self._items(known, {})]

    def identity(self, identity: Identity) -> list[Item]:
        """Return the items of an identity, with the full number."""
        means = {
            "id_type": IdType(identity.id_type).label if identity.id_type else "",
            "sex": Text(f"sex-{identity.sex}") if identity.sex else "",
        }
        return self._items(
            self._fields(identity, "name", "id_type", "id_number", "sex", "born"), means
        )

    def record(self, record: Answers) -> list[Item]:
        """Return an education record."""
        answer_context = AnswerContext.of(Records(self._person), self._exam, self._now)
        return self._answers(RECORD, record, answer_context)

    def application(self, application: Application) -> dict[str, Any]:
        """Return an application: place and stage, answers, and the files of each material."""
        means: dict[str, Text | str] = {
            "stage": Text(f"stage-{application.stage.replace('_', '-')}")
        }
        if application.exam == self._exam.key:
            area = self._exam.area(application.area)
            means["exam"] = self._exam.display_name(self._locale)
            means["area"] = area.display_name(self._locale) if area else ""
        answer_context = self._context(application)
        values = self._fields(
            application,
            *("exam", "area", "stage", "agreed", "agreed_at", "form_version", "revision", "photo"),
            *("uploaded_at", "submitted_at", "since"),
        )
        return {
            "items": self._items({**values, "given_up_at": application.expired_from}, means),
            "refusal": self.refusal(application.refusal),
            "answers": self._answers(FORM, application.answers, answer_context),
            "materials": _materials(application.materials),
            "former_area": self._former(application),
        }

    def submission(self, stored: StoredSubmission) -> dict[str, Any]:
        """Return a submission: when, its verification code, and all that was submitted."""
        content, submission = stored.content, stored.submission
        then = Application(stored.application_id, self._person.id, content.exam, content.area)
        return {
            **self._fields(stored, "application_id", "withdrawn_at"),
            **self._fields(submission, "number", "at"),
            "code": submission.code(stored.application_id),
            **self._fields(content, "area", "photo"),
            "answers": self._answers(FORM, content.answers, self._context(then)),
            "education": self.record(content.record),
            "materials": _materials(content.materials),
            **self._assessed(stored),
        }

    def _assessed(self, stored: StoredSubmission) -> dict[str, Any]:
        """Return what the published conditions said of a submission, and by which version."""
        if stored.assessment is None:
            return {}
        found = stored.assessment.assessment
        said = {"outcome": found.outcome, "version": found.version, "facts": dict(found.facts)}
        clause = {"clause": found.clause.display_name(self._locale)} if found.clause else {}
        return {"eligibility": said | clause}

    def _former(self, application: Application) -> dict[str, Any]:
        """Return what a change of area cleared, while it can be undone."""
        former = application.former
        if former is None:
            return {}
        then = replace(application, area=former.area, answers=former.answers)
        return {
            **self._fields(former, "area", "agreed", "agreed_at", "photo", "uploaded_at"),
            "answers": self._answers(FORM, former.answers, self._context(then)),
            "materials": _materials(former.materials),
        }

    def _context(self, application: Application) -> AnswerContext | None:
        """Return the context of its answers; None for another exam, whose codes mean others."""
        if application.exam != self._exam.key:
            return None
        return AnswerContext.of(Records(self._person, application), self._exam, self._now)

    def file(self, stored: StoredFile) -> Item:
        """Return a file's facts; the bot sends the portrait beside this document."""
        return self._fields(stored, "name", "kind", "size", "width", "height", "kept_at")

    def paper(self, judged: PaperJudgement) -> dict[str, Any]:
        """Return what a program read in a file of a material, and what the person said of it."""
        return {
            "file": judged.blob,
            **self._fields(judged, "at", "read_at"),
            "values": [
                {
                    "means": self._localize(Text(f"paper-field-{one.field}")),
                    "value": one.value,
                    "said": judged.said.get(one.field, ""),
                }
                for one in judged.reading.values
            ],
        }

    def charge(self, charge: Charge) -> Item:
        """Return money that came in, in fen, and what became of it."""
        means = self._localize(Text(f"money-why-{charge.verdict}"))
        named = ("application_id", "way", "number", "order", "amount", "currency", "paid_at")
        return {**self._fields(charge, *named, "bucket", "verdict"), "means": means}

    def case(self, case: Case) -> Item:
        """Return a case that a site had to close."""
        means = self._localize(Text(f"case-{case.kind}"))
        others = self._fields(case, "area", "site", "opened_at", "closed_at", "words")
        others |= self._fields(case, "outcome", "answer", "decided_at", "effective_at")
        return {"kind": case.kind, "means": means, **others}

    def late_change(self, request: ChangeRequest) -> dict[str, Any]:
        """Return a request to change answers late, its papers, and what came of it."""
        return {
            **self._fields(request, "number", "state", "reason", "asked_at", "decided_at"),
            **self._fields(request, "until", "words", "ended_at"),
            "fields": [self._localize(FORM.fields[key].name) for key in request.fields],
            "papers": [one.blob for one in request.papers],
        }

    def decision(self, decision: Decision) -> dict[str, Any]:
        """Return a decision and its reason, without the name of the decider."""
        return {
            **self._fields(decision, "application_id", "desk"),
            "means": self._localize(Text(f"desk-{decision.desk}")),
            "approved": decision.refusal is None,
            "decided_at": self.at(decision.decided_at),
            "refusal": self.refusal(decision.refusal),
        }

    def refusal(self, refusal: Refusal | None) -> dict[str, Any]:
        """Return why something was refused, and until when the person could correct it."""
        if refusal is None:
            return {}
        faults = [self._fields(one, "part", "code", "reason", "words") for one in refusal.faults]
        return {**self._fields(refusal, "at", "until", "words", "definite"), "faults": faults}

    def note(self, note: Note) -> Item:
        """Return a note of the staff about an application."""
        return self._fields(note, "application_id", "at", "words")

    def assignment(self, assignment: RoleAssignment) -> Item:
        """Return a role of the person among the staff, without the name of its granter."""
        return {
            "role": assignment.role,
            "means": self._localize(Text(f"role-{assignment.role}")),
            **self._fields(assignment.scope, "area", "site", "point"),
            **self._fields(assignment, "name", "granted_at", "revoked_at"),
        }

    def action(self, entry: AuditEntry) -> Item:
        """Return an audit entry."""
        return {
            "at": self.at(entry.at),
            "deed": entry.action,
            "means": self._localize(Text(entry.label)),
            **self._fields(entry, "application_id", "detail"),
        }

    def at(self, moment: datetime) -> str:
        """Return a moment in the exam's zone."""
        return moment.astimezone(self._exam.tz).isoformat(timespec="seconds")

    def _fields(self, one: object, *names: str) -> Item:
        """Return fields of a record under their names; moments are in the exam's zone."""
        values = {name: getattr(one, name) for name in names}
        return {
            name: self.at(value) if isinstance(value, datetime) else value
            for name, value in values.items()
        }

    def _items(self, values: Item, means: Mapping[str, Text | str]) -> list[Item]:
        """Return an item for each value; ``means`` has the meanings of codes."""
        return [
            self._item(key, Text(f"item-{key.replace('_', '-')}"), value, means.get(key, ""))
            for key, value in values.items()
        ]

    def _answers(
        self, questionnaire: Questionnaire, answers: Answers, answer_context: AnswerContext | None
    ) -> list[Item]:
        """Return each answer with its meaning; an answer of an earlier form has none."""
        items = []
        for key, value in answers.items():
            field = questionnaire.fields.get(key)
            means: Text | str = ""
            if field is not None and answer_context is not None:
                means = field.display_value(value, answers, answer_context, self._locale)
            items.append(self._item(key, field.name if field else key, value, means))
        return items

    def _item(self, key: str, label: Text | str, value: Value, means: Text | str) -> Item:
        item: Item = {"key": key, "label": self._localize(label), "value": value}
        return {**item, "means": self._localize(means)} if means else item


def _materials(materials: Materials) -> list[Item]:
    """Return the files of each material by their names."""
    return [
        {"material": code, "file": one.blob} for code, files in materials.items() for one in files
    ]
