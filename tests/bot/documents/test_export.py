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
from states.form.pages import FIELDS
from states.identity import IdType
from states.records import Application, Identity, Person, Stage
from storage.audit import Deed, Entry
from storage.blobs import Kept
from storage.dossier import Dossier
from tests.bot.made import EXAM, IDENTITY, LOCALES, OPEN, WORDS, application, person

DEEDS = tuple(Entry(n, OPEN, 1001, deed, 65, None, "v1") for n, deed in enumerate(Deed))
FILES = (Kept("a" * 64, 65, "portrait", 60_000, OPEN),)


def made(dossier: Dossier, now: datetime = OPEN) -> dict[str, Any]:
    """The file, read again."""
    say = partial(WORDS.label, locale=dossier.person.locale)
    whole: dict[str, Any] = json.loads(export.made(dossier, EXAM, say, now).decode("utf-8"))
    return whole


def by_key(items: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    """Items by their key, each of which stands once."""
    found = {item["key"]: item for item in items}
    assert len(found) == len(items)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_of_the_records_is_in_it_with_a_label(locale: str) -> None:
    whole = made(Dossier(person(locale), (application(),), FILES, DEEDS))
    known = by_key(whole["person"])
    own = {field.name for field in fields(Person)} | {field.name for field in fields(Identity)}
    # Our own numbers, and by which numbers are compared: they say nothing that is not there.
    assert own - known.keys() == {"id", "bot_id", "identity", "number_hash"}
    (filed,) = whole["applications"]
    items = by_key(filed["items"])
    assert {field.name for field in fields(Application)} - items.keys() == {
        *("id", "person_id", "answers")
    }
    for item in (*known.values(), *items.values(), *filed["answers"]):
        assert item["label"]
        assert item["label"] != item["key"]


def test_values_stand_as_they_are_kept_and_codes_are_explained() -> None:
    whole = made(Dossier(person("zh-CN"), (application(),)))
    known = by_key(whole["person"])
    assert known["id_number"] == {
        "key": "id_number",
        "label": "证件号码",
        "value": IDENTITY.id_number,
    }
    assert (known["sex"]["value"], known["sex"]["means"]) == ("female", "女")
    answers = by_key(whole["applications"][0]["answers"])
    assert (answers["practice"]["value"], answers["practice"]["means"]) == ("clinical", "临床")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", IdType)
@pytest.mark.parametrize("stage", Stage)
def test_every_code_has_words(locale: str, kind: IdType, stage: Stage) -> None:
    somebody = person(locale, identity=replace(IDENTITY, id_type=kind))
    whole = made(Dossier(somebody, (application(stage=stage),), FILES, DEEDS))
    assert by_key(whole["person"])["id_type"]["means"]
    assert by_key(whole["applications"][0]["items"])["stage"]["means"]
    assert [deed["deed"] for deed in whole["deeds"]] == list(Deed)
    assert all(deed["means"] for deed in whole["deeds"])


def test_of_somebody_who_has_only_just_come_there_is_a_file_as_well() -> None:
    blank = replace(person("en"), identity=Identity(), consent="", consented_at=None)
    whole = made(Dossier(blank))
    assert whole["applications"] == whole["files"] == whole["deeds"] == []
    assert by_key(whole["person"])["consented_at"]["value"] is None


def test_another_exam_and_a_question_that_is_no_more_keep_their_codes() -> None:
    old = application(exam="health-2019", answers={"blood_group": "0", "department": ""})
    assert "blood_group" not in FIELDS
    (filed,) = made(Dossier(person("zh-CN"), (old,)))["applications"]
    assert "means" not in by_key(filed["items"])["area"]
    answers = by_key(filed["answers"])
    assert answers["blood_group"] == {"key": "blood_group", "label": "blood_group", "value": "0"}
    assert answers["department"]["value"] == ""


def test_moments_and_the_name_are_by_the_day_of_the_exam() -> None:
    late = datetime(2025, 12, 2, 17, 30, tzinfo=UTC)
    assert export.named(EXAM, late) == "baoming-2025-12-03.json"
    assert made(Dossier(person("en")), late)["made_at"] == "2025-12-03T01:30:00+08:00"


def test_people_can_read_it_without_a_program() -> None:
    say = partial(WORDS.label, locale="zh-CN")
    text = export.made(Dossier(person("zh-CN")), EXAM, say, OPEN).decode("utf-8")
    assert '"label": "姓名"' in text
    assert text.startswith("{\n  ")
    assert text.endswith("}\n")
