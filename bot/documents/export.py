"""The export of a person's data as a JSON file.

Each item has its stored key, a label in the person's language, and its stored value; a code also
has its meaning. Moments are in the exam's zone, ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import orjson

from states.exam import Exam
from states.form.education import RECORD
from states.form.engine import Questionnaire
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.identity import IdType
from states.records import Answers, Application, Person, Records, Refusal
from states.staff_roles import RoleAssignment
from states.texts import Text
from storage.audit.audit_log import AuditEntry
from storage.candidates.blobs import StoredFile
from storage.candidates.cases import Case
from storage.data_export import DataExport
from storage.staff.decisions import Decision
from storage.staff.notes import Note

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
        "education": [writer.record(one) for one in data_export.person.education],
        "record": writer.record(data_export.person.record or {}),
        "applications": [writer.application(one) for one in data_export.applications],
        "files": [writer.file(one) for one in data_export.files],
        "cases": [writer.case(one) for one in data_export.cases],
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
        person, identity = self._person, self._person.identity
        means = {
            "id_type": IdType(identity.id_type).label if identity.id_type else "",
            "sex": Text(f"sex-{identity.sex}") if identity.sex else "",
        }
        values = self._fields(person, "telegram_id")
        values |= self._fields(identity, "name", "id_type", "id_number", "sex", "born")
        values |= {"confirmed": person.number_hash is not None}
        values |= self._fields(
            person,
            "photo",
            "consent",
            "consented_at",
            "locale",
            "wants_opening",
            "blocked_at",
            "unreachable",
            "seen_at",
        )
        return self._items(values, means)

    def record(self, record: Answers) -> list[Item]:
        """Return an education record."""
        answer_context = AnswerContext.of(Records(self._person), self._exam, self._now)
        return self._answers(RECORD, record, answer_context)

    def application(self, application: Application) -> dict[str, Any]:
        """Return an application: place and stage, answers, and the files of each material."""
        means: dict[str, Text | str] = {
            "stage": Text(f"stage-{application.stage.replace('_', '-')}")
        }
        answer_context = None
        if application.exam == self._exam.key:  # another exam gives the same codes other meanings
            area = self._exam.area(application.area)
            means["exam"] = self._exam.display_name(self._locale)
            means["area"] = area.display_name(self._locale) if area else ""
            records = Records(self._person, application)
            answer_context = AnswerContext.of(records, self._exam, self._now)
        values = self._fields(
            application,
            *("exam", "area", "stage", "agreed", "agreed_at", "form_version", "revision", "photo"),
            *("uploaded_at", "submitted_at", "since"),
        )
        return {
            "items": self._items({**values, "given_up_at": application.expired_from}, means),
            "refusal": self.refusal(application.refusal),
            "answers": self._answers(FORM, application.answers, answer_context),
            "materials": [
                {"material": code, "file": one.blob}
                for code, files in application.materials.items()
                for one in files
            ],
        }

    def file(self, stored: StoredFile) -> Item:
        """Return a file's facts; the bot sends the portrait beside this document."""
        return self._fields(stored, "name", "kind", "size", "width", "height", "kept_at")

    def case(self, case: Case) -> Item:
        """Return a case that a site had to close."""
        means = self._localize(Text(f"case-{case.kind}"))
        others = self._fields(case, "area", "site", "opened_at", "closed_at")
        return {"kind": case.kind, "means": means, **others}

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
        return {**self._fields(refusal, "at", "until", "words"), "faults": faults}

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
            "means": self._localize(Text(f"deed-{entry.action}")),
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
