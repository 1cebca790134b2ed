"""A clerk's day, counted in acts: taps and typed messages, online and at the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from states.identity import IdType
from states.records import IMAGE, PDF, ApplicationId, MaterialFile, PersonId, Stage
from states.staff_roles import Role, Scope
from states.submissions.application_codes import code_of
from storage.candidates.blobs import Blobs
from storage.candidates.people import hash_number
from storage.engine.encryption import Keyring
from tests import factories
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, SITE, grant_role, handed_in
from tests.photos import jpeg
from tests.scans import pdf

pytestmark = pytest.mark.row("B9", "C6")

CASES = 4
FIRST_ID = 2000
ONLINE, COUNTER = 4, 5
"""The most acts of a case that was looked at wholly: online from the second on, at the counter."""


def code(number: int) -> str:
    """The code of that case."""
    return code_of(ApplicationId(66 + 64 * number))


def identity(number: int) -> tuple[str, str]:
    """The name and the ID number of that candidate."""
    return f"考{'甲乙丙丁'[number]}生", scenes.id_number(2 * number + 1)


async def wait_for_a_clerk(harness: Harness, area: str, where: Mapping[str, str]) -> None:
    """So many cases wait at a place, each with a portrait; at a point, with two scans, too."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    blobs, opens = Blobs.at(harness.settings.blobs, keyring), EXAM.windows.registration.opens
    for number in range(CASES):
        name, id_number = identity(number)
        person = factories.person(
            id=PersonId(65 + 64 * number),
            telegram_id=FIRST_ID + number,
            number_hash=hash_number(keyring, IdType.RESIDENT_ID, id_number),
        )
        person = replace(
            person,
            identity=replace(person.identity, name=name, id_number=id_number),
            education=(factories.education(),),
        )
        photo, page, scan = [
            await blobs.put(int(person.id), content)
            for content in (jpeg(750, 1000), jpeg(900, 1200), pdf(2))
        ]
        papers = {
            "identity": (MaterialFile(page, IMAGE, 9),),
            "degree": (MaterialFile(scan, PDF, 9),),
        }
        application = factories.application(
            area,
            id=ApplicationId(66 + 64 * number),
            person_id=person.id,
            answers=factories.answers(area, where),
            stage=Stage.SUBMITTED,
            revision=1,
            submitted_at=opens,
            since=opens,
            photo=photo,
            materials=papers if "point" in where else {},
        )
        await handed_in(harness, person, application)


async def comes_to_the_window(admin: Person) -> None:
    """The clerks' window opens."""
    await admin.says("/clock +2d")
    await admin.sees("12月4日")


async def test_online_each_case_is_seen_wholly_and_costs_one_tap(
    harness: Harness, admin: Person
) -> None:
    await wait_for_a_clerk(harness, "tianjin", {"site": "heping", "point": "heping-1"})
    await grant_role(harness, CLERK, Role.POINT_CLERK, Scope("tianjin", "heping", "heping-1"))
    await comes_to_the_window(admin)
    clerk = harness.person("clerk")
    await clerk.says("/queue")
    await clerk.sees_now("4 份待办", "和平第一报名点", "截止")
    await clerk.presses("领取下一份")
    for number in range(CASES):
        acts = clerk.effects
        name, id_number = identity(number)
        card = await clerk.sees_now(code(number), name, id_number)
        assert "报考专业" in card.text
        assert "教育情况" in card.text
        assert "单位名称" in card.text
        assert "照片和材料（在卡片上方）" in card.text
        assert "再发一次照片和材料（PDF 原件）" in card.labels
        above = [one for one in await clerk.from_bot() if one.has_picture or one.document]
        assert [one.text for one in above] == [
            "报名照片",
            "身份证件（1/1）",
            *["学历学位证书（1/1）"] * 2,
        ]
        assert all(one.has_picture and one.id < card.id for one in above)
        await clerk.presses("通过并领取下一份")
        assert clerk.effects - acts <= ONLINE
    await clerk.sees_toast("没有下一份")
    await harness.settles()
    left = await clerk.from_bot()
    assert not any(one.has_picture or one.document for one in left), "papers of decided cases"
    assert not any(identity(number)[0] in one.text for one in left for number in range(CASES))


@pytest.mark.parametrize("typed", ["code", "number", "name", "/find"])
async def test_at_the_counter_what_is_typed_leads_to_the_card_at_once(
    harness: Harness, admin: Person, typed: str
) -> None:
    await wait_for_a_clerk(harness, "shanxi", {"site": "taiyuan"})
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan"))
    await comes_to_the_window(admin)
    clerk = harness.person("site")
    for number in (2, 0):
        acts = clerk.effects
        name, id_number = identity(number)
        if typed == "/find":
            await clerk.says("/find")
            await clerk.sees("要找哪一份报名")
        await clerk.says({"number": id_number, "name": name}.get(typed, code(number)))
        card = await clerk.sees_now(code(number), name, id_number)
        assert "照片（在卡片上方）" in card.text
        assert "再发一次照片" in card.labels, "on site there are no papers to send again"
        await clerk.presses("✅ 通过")
        await clerk.sees_now(code(number), "您决定通过")
        assert clerk.effects - acts <= COUNTER
