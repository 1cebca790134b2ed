"""The export of a person's data as a JSON file.

Each item has its stored key, a label in the person's language, and its stored value; a code also
has its meaning. Moments are in the exam's zone, ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import orjson

from states.exam import Exam
from states.form.answer_context import AnswerContext
from states.form.education import RECORD
from states.form.engine import Questionnaire
from states.form.pages import FORM
from states.identity import IdType
from states.records import Answers, Application, Identity, Person, Records, Refusal
from states.staff import RoleAssignment
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

    def at(self, moment: datetime | None) -> str | None:
        """Return a moment in the exam's zone."""
        if moment is None:
            return None
        return moment.astimezone(self._exam.tz).isoformat(timespec="seconds")

    def item(self, key: str, label: Text | str, value: Value, means: Text | str = "") -> Item:
        """Return an item; ``means`` is the meaning of a code."""
        item: Item = {"key": key, "label": self._localize(label), "value": value}
        return {**item, "means": self._localize(means)} if means else item

    def person(self) -> list[Item]:
        """Return the person and their identity, with the full number."""
        person = self._person
        return [
            self.item("telegram_id", Text("item-telegram-id"), person.telegram_id),
            *self._identity(person.identity),
            self.item("confirmed", Text("item-confirmed"), person.number_hash is not None),
            self.item("photo", Text("item-photo"), person.photo),
            self.item("consent", Text("item-consent"), person.consent),
            self.item("consented_at", Text("item-consented-at"), self.at(person.consented_at)),
            self.item("locale", Text("item-locale"), person.locale),
            self.item("wants_opening", Text("item-wants-opening"), person.wants_opening),
            self.item("blocked_at", Text("item-blocked-at"), self.at(person.blocked_at)),
        ]

    def _identity(self, identity: Identity) -> list[Item]:
        kind = IdType(identity.id_type).label if identity.id_type else ""
        sex = Text(f"sex-{identity.sex}") if identity.sex else ""
        return [
            self.item("name", Text("item-name"), identity.name),
            self.item("id_type", Text("item-id-type"), identity.id_type, kind),
            self.item("id_number", Text("item-id-number"), identity.id_number),
            self.item("sex", Text("item-sex"), identity.sex, sex),
            self.item("born", Text("item-born"), identity.born),
        ]

    def record(self, record: Answers) -> list[Item]:
        """Return an education record."""
        answer_context = AnswerContext.of(Records(self._person), self._exam, self._now)
        return self._answers(RECORD, record, answer_context)

    def application(self, application: Application) -> dict[str, Any]:
        """Return an application: place and stage, answers, and the files of each material."""
        stage = Text(f"stage-{application.stage.replace('_', '-')}")
        exam, area = self._places(application)
        is_ours = (
            application.exam == self._exam.key
        )  # another exam gives the same codes other meanings
        records = Records(self._person, application)
        answer_context = AnswerContext.of(records, self._exam, self._now) if is_ours else None
        return {
            "items": [
                self.item("exam", Text("item-exam"), application.exam, exam),
                self.item("area", Text("item-area"), application.area, area),
                self.item("stage", Text("item-stage"), application.stage, stage),
                self.item("agreed", Text("item-agreed"), application.agreed),
                self.item("agreed_at", Text("item-agreed-at"), self.at(application.agreed_at)),
                self.item("form_version", Text("item-form-version"), application.form_version),
                self.item("revision", Text("item-revision"), application.revision),
                self.item("photo", Text("item-photo"), application.photo),
                self.item(
                    "uploaded_at", Text("item-uploaded-at"), self.at(application.uploaded_at)
                ),
                self.item(
                    "submitted_at", Text("item-submitted-at"), self.at(application.submitted_at)
                ),
                self.item("since", Text("item-since"), self.at(application.since)),
                self.item("given_up_at", Text("item-given-up-at"), application.expired_from),
            ],
            "refusal": self.refusal(application.refusal),
            "answers": self._answers(FORM, application.answers, answer_context),
            "materials": [
                {"material": code, "file": one.blob}
                for code, files in application.materials.items()
                for one in files
            ],
        }

    def _places(self, application: Application) -> tuple[str, str]:
        """Return the names of exam and area; empty for another exam."""
        if application.exam != self._exam.key:
            return "", ""
        area = self._exam.area(application.area)
        return self._exam.display_name(self._locale), area.display_name(
            self._locale
        ) if area else ""

    def _answers(
        self, questionnaire: Questionnaire, answers: Answers, answer_context: AnswerContext | None
    ) -> list[Item]:
        """Return each answer with its meaning; an answer of an earlier form has none."""
        items = []
        for key, value in answers.items():
            field = questionnaire.fields.get(key)
            if field is None:
                items.append(self.item(key, key, value))
            else:
                means = (
                    field.display_value(value, answers, answer_context, self._locale)
                    if answer_context
                    else ""
                )
                items.append(self.item(key, field.name, value, means))
        return items

    def file(self, stored: StoredFile) -> Item:
        """Return a file's facts; the bot sends the portrait beside this document."""
        return {
            "name": stored.name,
            "kind": stored.kind,
            "size": stored.size,
            "width": stored.width,
            "height": stored.height,
            "kept_at": self.at(stored.kept_at),
        }

    def case(self, case: Case) -> Item:
        """Return a case that a site had to close."""
        return {
            "kind": case.kind,
            "means": self._localize(Text(f"case-{case.kind}")),
            "area": case.area,
            "site": case.site,
            "opened_at": self.at(case.opened_at),
            "closed_at": self.at(case.closed_at),
        }

    def decision(self, decision: Decision) -> dict[str, Value | dict[str, Any]]:
        """Return a decision and its reason, without the name of the decider."""
        return {
            "application_id": decision.application_id,
            "desk": decision.desk,
            "means": self._localize(Text(f"desk-{decision.desk}")),
            "approved": decision.refusal is None,
            "decided_at": self.at(decision.decided_at),
            "refusal": self.refusal(decision.refusal),
        }

    def refusal(self, refusal: Refusal | None) -> dict[str, Any]:
        """Return why something was refused, and until when the person could correct it."""
        if refusal is None:
            return {}
        return {
            "at": self.at(refusal.at),
            "until": self.at(refusal.until),
            "words": refusal.words,
            "faults": [
                {"part": one.part, "code": one.code, "reason": one.reason, "words": one.words}
                for one in refusal.faults
            ],
        }

    def note(self, note: Note) -> Item:
        """Return a note of the staff about an application."""
        return {
            "application_id": note.application_id,
            "at": self.at(note.at),
            "words": note.words,
        }

    def assignment(self, assignment: RoleAssignment) -> Item:
        """Return a role of the person among the staff, without the name of its granter."""
        return {
            "role": assignment.role,
            "means": self._localize(Text(f"role-{assignment.role}")),
            "area": assignment.scope.area,
            "site": assignment.scope.site,
            "point": assignment.scope.point,
            "name": assignment.name,
            "granted_at": self.at(assignment.granted_at),
            "revoked_at": self.at(assignment.revoked_at),
        }

    def action(self, entry: AuditEntry) -> Item:
        """Return an audit entry."""
        return {
            "at": self.at(entry.at),
            "deed": entry.action,
            "means": self._localize(Text(f"deed-{entry.action}")),
            "application_id": entry.application_id,
            "detail": entry.detail,
        }
