"""The card is the case: what stands on it, what changed, and how a long one is folded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from handlers.rendering import View
from handlers.staff.cases.card import changes
from states.form.education import RECORD
from states.form.pages import APPLYING, PLACE, WORK
from states.records import IMAGE, Application, MaterialFile, Records
from states.staff.refusals import MAX_COMMENT_LENGTH
from states.staff_roles import Scope
from states.submissions.application_codes import code_of
from storage.candidates.blobs import Blobs
from tests.factories import EXAM, OPEN
from tests.fakes.router import TRANSLATIONS
from tests.fakes.staff_chats import ChatMessage, StaffChats, staff_chats
from tests.storage.people import FILLED, SCHOOL, content_of, file_in
from tests.storage.process import started_process
from tests.storage.staff_members import CLERK, KEYS, PACE, candidate, come, grant_all, waiting

pytestmark = pytest.mark.row("B8", "C6")

A = CLERK.telegram_id
POINT = Scope("tianjin", "heping", "heping-1")
"""A point of an area that confirms online."""
ANSWERS = {**FILLED.answers, "site": POINT.site, "point": POINT.point}
CASE: Application = replace(
    waiting(1), revision=1, photo=None, materials={}, area=POINT.area, answers=ANSWERS
)
NAME = candidate(1).identity.name


@pytest_asyncio.fixture
async def chats(database: str) -> AsyncIterator[StaffChats]:
    """The chat of a clerk for whom a case waits."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as made:
        await come(process.db, CASE)
        await grant_all(process.db, replace(CLERK, scope=POINT))
        await process.work.refresh_staff()
        yield made


async def takes(chats: StaffChats) -> ChatMessage:
    """The clerk takes the next case; its card."""
    await chats.run(chats.router.goes(A, Action.GO, "queue-next"))
    return await card(chats)


async def card(chats: StaffChats) -> ChatMessage:
    """The card that stands in the chat."""
    await chats.deliver()
    (found,) = [one for one in chats.messages(A) if one.card_of]
    return found


async def taps(chats: StaffChats, *steps: str) -> ChatMessage:
    """The clerk taps the card's buttons of these actions and values, one after the other."""
    for step in steps:
        action, _, value = step.partition(":")
        for data in (await card(chats)).buttons:
            its_action, _, its_value = data.split(":", 2)
            if (its_action, its_value) == (action, value):
                await chats.run(chats.router.taps(A, data))
                break
        else:
            raise LookupError(step)
    await chats.deliver()
    return chats.messages(A)[-1]


async def refused_by_a_clerk(chats: StaffChats) -> None:
    """The case is refused for two answers, and both are still wrong when it comes again."""
    await takes(chats)
    await taps(chats, "e:", "p:work", "p:field:employer", "c:contradicts-papers")
    for named in (await taps(chats, "p:applying"), await taps(chats, "p:field:specialty")):
        assert NAME in named.text
        assert code_of(CASE.id) in named.text
    await taps(chats, "c:wrong", "a:")
    await chats.run(chats.router.says(A, "请核对证书"))
    await taps(chats, "v:", "S:")
    chats.clock.moment += PACE.undo
    await chats.scheduler_runs()
    answers = {**ANSWERS, "specialty": "303", "employer": "示例市第二人民医院"}
    await file_in(chats.process.db, replace(CASE, revision=2, answers=answers))


async def test_the_second_round_shows_the_reasons_and_what_was_changed_into_what(
    chats: StaffChats,
) -> None:
    await refused_by_a_clerk(chats)
    text = (await takes(chats)).text
    assert "与证件或材料不一致" in text
    assert "填写有误" in text
    assert "请核对证书" in text
    assert "示例市第一人民医院 → <b>示例市第二人民医院</b>" in text
    assert "→ <b>内科学 303</b>" in text
    assert text.index("上次决定以后改动的") < text.index("报考信息"), "the changes come first"


async def test_each_item_of_the_education_record_stands_on_the_card(chats: StaffChats) -> None:
    answers = {**ANSWERS, "education": "1"}
    await file_in(chats.process.db, replace(CASE, revision=2, answers=answers))
    text = (await takes(chats)).text
    assert f"证书编号：<b>{SCHOOL['certificate']}</b>" in text
    for key, value in SCHOOL.items():
        assert not value or TRANSLATIONS.label(RECORD.fields[key].name, "zh-CN") in text


async def test_another_record_names_the_items_that_changed(chats: StaffChats) -> None:
    """A corrected record is a new one, often with the same degree, school, major and month."""
    first, corrected = SCHOOL, {**SCHOOL, "certificate": "示证字第0043号"}
    then, now = (
        replace(content_of(CASE), answers={"education": str(number)}, record=record)
        for number, record in enumerate((first, corrected), start=1)
    )
    person = replace(candidate(1), education=(first, corrected))
    view = View(Records(person, CASE), EXAM, OPEN)
    (line,) = changes(view, then, now)
    assert TRANSLATIONS.html(line, "zh-CN") == "· 证书编号：示证字第0042号 → <b>示证字第0043号</b>"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_the_headings_of_a_card_speak_of_the_candidate_and_not_to_them(
    chats: StaffChats, locale: str
) -> None:
    chats.reader = Records(replace(candidate(9, A), locale=locale))
    text = (await takes(chats)).text
    for page in (APPLYING, WORK, PLACE):
        heading = TRANSLATIONS.label(page.staff_title, locale)
        assert f"<b>{heading}</b>" in text
    asked = await taps(chats, "e:", "p:place")
    for said in (text, asked.text):
        assert not re.search(r"\b(?:you|your)\b|您|选择考点", said, re.IGNORECASE)


async def test_a_card_with_everything_at_its_longest_is_folded_and_all_of_it_can_be_read(
    chats: StaffChats,
) -> None:
    await takes(chats)
    for number in range(5):
        await taps(chats, "a:")
        await chats.run(chats.router.says(A, f"{number}" + "备" * (MAX_COMMENT_LENGTH - 1)))
    whole = await card(chats)
    assert not any(":rest" in data for data in whole.buttons), "it fits"
    long = {**CASE.answers, "address": "长" * 2400, "email": "e" * 900}
    await file_in(chats.process.db, replace(CASE, answers=long))
    folded = await takes(chats)
    assert len(folded.text) < 4096 + 500
    assert "长" not in folded.text
    assert NAME in folded.text
    rest = await taps(chats, "v:rest")
    assert "长" * 2400 in rest.text
    assert NAME in rest.text
    again = await taps(chats, "b:")
    assert "长" not in again.text


async def test_what_was_not_uploaded_is_named_and_is_a_reason(chats: StaffChats) -> None:
    assert "学历学位证书：没有上传" in (await takes(chats)).text
    reasons = await taps(chats, "e:", "p:material:degree")
    assert any("not-uploaded" in data for data in reasons.buttons)
    assert not any("blurred" in data for data in reasons.buttons)


async def test_a_page_with_one_answer_asks_for_its_reason_at_once(chats: StaffChats) -> None:
    await takes(chats)
    asked = await taps(chats, "e:", "p:education")
    assert "学历学位" in asked.text
    assert "为什么不通过" in asked.text
    again = await taps(chats, "c:unclear")
    assert "看不懂" in again.text


async def test_a_degree_never_expires_and_an_identity_document_may(chats: StaffChats) -> None:
    page = (MaterialFile("missing", IMAGE, 50_000),)
    uploaded = {"degree": page, "identity": page}
    await file_in(chats.process.db, replace(CASE, materials=uploaded))
    await takes(chats)
    degree = await taps(chats, "e:", "p:material:degree")
    assert not any("not-uploaded" in data for data in degree.buttons)
    assert any("blurred" in data for data in degree.buttons)
    assert not any("expired" in data for data in degree.buttons)
    await taps(chats, "b:")
    identity = await taps(chats, "p:material:identity")
    assert any("expired" in data for data in identity.buttons)


async def test_addresses_and_accounts_in_the_answers_are_no_links(chats: StaffChats) -> None:
    answers = {**ANSWERS, "address": "见 https://evil.example/pay @somebody", "department": "a.cn"}
    await file_in(chats.process.db, replace(CASE, answers=answers))
    shown = (await takes(chats)).text
    assert "evil" in shown
    for link in ("https://evil", "evil.example", "@somebody", "a.cn"):
        assert link not in shown


async def test_a_note_has_no_sign_that_turns_the_line(chats: StaffChats) -> None:
    await takes(chats)
    await taps(chats, "a:")
    await chats.run(chats.router.says(A, "请\u202e带原件\u2066"))
    shown = await card(chats)
    assert "请带原件" in shown.text
    assert "\u202e" not in shown.text
