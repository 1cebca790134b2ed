"""The export: everything that is kept, under its key, labelled in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.documents import export
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.identity import IdType
from states.records import (
    IMAGE,
    Application,
    ApplicationId,
    Fault,
    Identity,
    Part,
    Person,
    PersonId,
    Records,
    Refusal,
    Stage,
)
from states.staff.cases import CaseKind
from states.staff_roles import Desk, Role, RoleAssignment, Scope
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates.blobs import StoredFile
from storage.candidates.cases import Case
from storage.data_export import DataExport
from storage.staff.cases.decisions import Decision
from storage.staff.cases.notes import Note
from tests.bot.people import (
    ANSWERS,
    EXAM,
    IDENTITY,
    LOCALES,
    OPEN,
    SCHOOL,
    TRANSLATIONS,
    application,
    person,
)

DEEDS = tuple(
    AuditEntry(n, OPEN, 1001, action, 65, None, "v1") for n, action in enumerate(AuditAction)
)
FILES = (
    StoredFile("a" * 64, 65, "portrait", 60_000, OPEN, 1500, 2000),
    StoredFile("b" * 64, 65, IMAGE, 70_000, OPEN),
)
CASE = Case(9, CaseKind.NUMBER_TAKEN, PersonId(65), "e" * 64, "tianjin", "heping", OPEN)
VERDICT = Decision(
    id=5,
    application_id=ApplicationId(66),
    revision=1,
    desk=Desk.CONFIRMATION,
    assignment_id=7,
    account=5001,
    name="王敏",
    decided_at=OPEN,
    effective_at=OPEN,
    refusal=Refusal(OPEN, (Fault(Part.PHOTO, reason="face"),), "请重传", until=OPEN),
)
NOTE = Note(6, ApplicationId(66), 7, 5001, "王敏", OPEN, "请带原件")
SEAT = RoleAssignment(
    7, 4242, 1001, Role.POINT_CLERK, Scope("tianjin", "heping"), "刘玲", 1000, OPEN
)
RECORD_BEGUN = {"degree": "master", "school": "示例中医学院"}
LAST_YEAR = application(exam="health-2025", answers={"specialty": "303", "subjects": "basic"})


def whole_of(locale: str) -> DataExport:
    """The dossier of somebody of whom everything there is is kept."""
    return DataExport(
        person(locale, education=(SCHOOL, SCHOOL), record=RECORD_BEGUN, photo="a" * 64),
        (LAST_YEAR, application()),
        FILES,
        (CASE, replace(CASE, closed_at=OPEN)),
        DEEDS,
        (VERDICT,),
        (NOTE,),
        (SEAT, replace(SEAT, revoked_at=OPEN)),
    )


def made(data_export: DataExport, now: datetime = OPEN) -> dict[str, Any]:
    """The file, read again."""
    say = partial(TRANSLATIONS.label, locale=data_export.person.locale)
    whole: dict[str, Any] = json.loads(
        export.export_file(data_export, EXAM, say, now).decode("utf-8")
    )
    return whole


def by_key(items: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    """Items by their key, each of which stands once."""
    found = {item["key"]: item for item in items}
    assert len(found) == len(items)
    return found


KEYS = {"expired_from": "given_up_at"}
"""The key in the export, where it is not the name of the field."""


@pytest.mark.row("B21")
@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_of_the_records_is_in_it_with_a_label(locale: str) -> None:
    whole = made(whole_of(locale))
    known = by_key(whole["person"])
    own = {field.name for field in fields(Person)} | {field.name for field in fields(Identity)}
    # Our own numbers, and by which numbers are compared: they say nothing that is not there.
    assert own - known.keys() == {
        *("id", "bot_id", "identity", "number_hash"),
        *("education", "record", "correction"),  # which stand beside the person
        "open_case",  # the cases have all of it
    }
    _, filed = whole["applications"]
    items = by_key(filed["items"])
    stored = {KEYS.get(field.name, field.name) for field in fields(Application)}
    assert stored - items.keys() == {
        *("id", "person_id"),
        *("answers", "materials", "refusal", "former"),  # which stand beside the items
        "bill",  # the payments have all of it
        "change",  # the late changes have all of it
    }
    records = [item for record in (*whole["education"], whole["record"]) for item in record]
    for item in (*known.values(), *items.values(), *filed["answers"], *records):
        assert item["label"]
        assert item["label"] != item["key"]


@pytest.mark.row("B21")
def test_a_portrait_that_waits_for_a_yes_is_named() -> None:
    shown = {"portrait": "b" * 64, "measures": "{}"}
    whole = made(DataExport(person("en", shown_photo=shown)))
    assert by_key(whole["person"])["shown_photo"]["value"] == "b" * 64


@pytest.mark.row("B21")
def test_whoever_is_or_was_of_the_staff_reads_what_they_were() -> None:
    now, before = made(whole_of("en"))["seats"]
    assert now == {
        "role": "point-clerk",
        "means": "Point clerk",
        "area": "tianjin",
        "site": "heping",
        "point": "",
        "name": "刘玲",
        "granted_at": OPEN.isoformat(timespec="seconds"),
        "revoked_at": None,
    }
    assert before["revoked_at"] == now["granted_at"]
    assert "1000" not in json.dumps(now), "who gave it is theirs"


@pytest.mark.row("B21", "S2", "S11")
@pytest.mark.parametrize("locale", LOCALES)
def test_of_somebody_of_whom_everything_is_kept_nothing_is_missing(locale: str) -> None:
    whole = made(whole_of(locale))
    assert [{item["key"]: item["value"] for item in one} for one in whole["education"]] == [
        SCHOOL,
        SCHOOL,
    ]
    assert {item["key"]: item["value"] for item in whole["record"]} == RECORD_BEGUN
    earlier, ours = whole["applications"]
    assert {item["key"]: item["value"] for item in ours["answers"]} == ANSWERS
    assert ours["materials"] == [
        {"material": "identity", "file": "b" * 64},
        {"material": "degree", "file": "c" * 64},
        {"material": "degree", "file": "d" * 64},
    ]
    assert by_key(earlier["items"])["exam"]["value"] == "health-2025"
    assert [file["name"] for file in whole["files"]] == ["a" * 64, "b" * 64]
    for file in whole["files"]:
        assert file.keys() == {field.name for field in fields(StoredFile)} - {"person_id"}
    assert (whole["files"][0]["width"], whole["files"][0]["height"]) == (1500, 2000)
    own = {"id", "person_id", "number_hash", "decided_by"}
    own |= {"other_id", "kept_id", "asked_by", "asked_at"}  # of pairs, which are not exported
    for case in whole["cases"]:
        assert case.keys() == {"means", *(field.name for field in fields(Case))} - own
        assert case["means"]
    assert [case["closed_at"] for case in whole["cases"]] == [None, OPEN.isoformat()]
    (decision,), (note,) = whole["verdicts"], whole["notes"]
    refusal = decision["refusal"]
    assert (decision["approved"], refusal["words"], note["words"]) == (False, "请重传", "请带原件")
    assert [fault["reason"] for fault in refusal["faults"]] == ["face"]
    assert decision["means"]
    assert "5001" not in json.dumps([decision, note]), "who of the staff it was is theirs"
    assert len(whole["deeds"]) == len(AuditAction)
    assert whole.keys() == {
        *("format", "made_at", "person", "correction", "education", "record"),
        *(
            "applications",
            "submissions",
            "files",
            "papers",
            "cases",
            "late_changes",
            "payments",
            "verdicts",
            "notes",
            "seats",
            "deeds",
        ),
    }


def test_the_form_of_the_sample_is_whole() -> None:
    """Else the test above would tell of less than there can be."""
    answer_context = AnswerContext.of(
        Records(person("en", education=(SCHOOL,)), application()), EXAM, OPEN
    )
    assert FORM.first_unanswered(ANSWERS, answer_context) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_that_is_a_code_says_what_it_means(locale: str) -> None:
    whole = made(whole_of(locale))
    spelled = {"mobile", "address", "employer_name", "department", "registered"}
    for item in whole["applications"][1]["answers"]:
        assert item["means"], item["key"]
        if item["value"] and item["key"] not in spelled:
            assert item["means"] != item["value"], item["key"]
    for item in whole["education"][0]:
        assert item["means"], item["key"]


def test_values_stand_as_they_are_kept_and_codes_are_explained() -> None:
    whole = made(DataExport(person("zh-CN"), (application(),)))
    known = by_key(whole["person"])
    assert known["id_number"] == {
        "key": "id_number",
        "label": "证件号码",
        "value": IDENTITY.id_number,
    }
    assert (known["sex"]["value"], known["sex"]["means"]) == ("female", "女")
    items = by_key(whole["applications"][0]["items"])
    assert (items["area"]["value"], items["area"]["means"]) == ("tianjin", "天津考区")
    answers = by_key(whole["applications"][0]["answers"])
    assert (answers["category"]["value"], answers["category"]["means"]) == ("nursing", "护")
    assert (answers["practice"]["value"], answers["practice"]["means"]) == ("nursing", "护理")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", IdType)
@pytest.mark.parametrize("stage", Stage)
def test_every_code_has_words(locale: str, kind: IdType, stage: Stage) -> None:
    somebody = person(locale, identity=replace(IDENTITY, id_type=kind))
    whole = made(DataExport(somebody, (application(stage=stage),), FILES, (CASE,), DEEDS))
    assert by_key(whole["person"])["id_type"]["means"]
    assert by_key(whole["applications"][0]["items"])["stage"]["means"]
    assert [action["deed"] for action in whole["deeds"]] == list(AuditAction)
    assert all(action["means"] for action in whole["deeds"])


def test_of_somebody_who_has_only_just_come_there_is_a_file_as_well() -> None:
    blank = replace(person("en"), identity=Identity(), consent="", consented_at=None)
    whole = made(DataExport(blank))
    lists = ("education", "record", "applications", "files", "cases", "payments", "deeds")
    assert [whole[name] for name in lists] == [[]] * len(lists)
    assert by_key(whole["person"])["consented_at"]["value"] is None


def test_another_exam_and_a_question_that_is_no_more_keep_their_codes() -> None:
    old = application(exam="health-2019", answers={**ANSWERS, "blood_group": "0", "department": ""})
    assert "blood_group" not in FORM.fields
    (filed,) = made(DataExport(person("zh-CN"), (old,)))["applications"]
    assert [item["key"] for item in filed["items"] if "means" in item] == ["stage"]
    answers = by_key(filed["answers"])
    # The same codes mean other things in another year, so that none of them is explained.
    assert not [item["key"] for item in filed["answers"] if "means" in item]
    assert answers["blood_group"] == {"key": "blood_group", "label": "blood_group", "value": "0"}
    assert answers["department"]["value"] == ""
    assert answers["specialty"]["label"] != "specialty"
    assert len(filed["materials"]) == 3


CHOSEN = ("site", "point", "ethnicity", "category", "specialty", "education", "employer")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("subjects", ["gone", "gone away"])
def test_codes_that_the_exam_has_no_more_are_shown_as_they_are(locale: str, subjects: str) -> None:
    filed = application(answers={**dict.fromkeys(CHOSEN, "gone"), "subjects": subjects})
    answers = by_key(made(DataExport(person(locale), (filed,)))["applications"][0]["answers"])
    assert {key: item["value"] for key, item in answers.items()} == filed.answers
    assert {answers[key]["means"] for key in CHOSEN} == {"gone"}
    assert all(code in str(answers["subjects"]["means"]) for code in subjects.split())


def test_what_is_left_of_the_subjects_is_explained_beside_what_is_not() -> None:
    filed = application(answers={**ANSWERS, "subjects": "basic gone"})
    answers = by_key(made(DataExport(person("zh-CN"), (filed,)))["applications"][0]["answers"])
    assert answers["subjects"]["means"] == "基础知识、gone"


def test_moments_and_the_name_are_by_the_day_of_the_exam() -> None:
    late = datetime(2025, 12, 2, 17, 30, tzinfo=UTC)
    assert export.file_name(EXAM, late) == "baoming-2025-12-03.json"
    assert made(DataExport(person("en")), late)["made_at"] == "2025-12-03T01:30:00+08:00"


def test_people_can_read_it_without_a_program() -> None:
    say = partial(TRANSLATIONS.label, locale="zh-CN")
    text = export.export_file(DataExport(person("zh-CN")), EXAM, say, OPEN).decode("utf-8")
    assert '"label": "姓名"' in text
    assert text.startswith("{\n  ")
    assert text.endswith("}\n")
