"""Wherever an ID number comes, its message leaves the chat; what came with it does not matter."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.updates.id_numbers import takes_long_numbers
from states.identity import holds_id_number
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import DeleteMessage
from storage.staff.access import role_assignments
from tests.fakes.committing_router import CommittingRouter, committing_router
from tests.fakes.router import KEYRING, OfflineRouter, edited, picture, says
from tests.handlers.people import BOT, LING, OPEN
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.row("B21")

NUMBER = "99999919900307104X"
MISTYPED = "999999199003071041"
CLERK = 3001
TODAY = date(2025, 12, 2)
WRITTEN = [NUMBER, f"我的号码 {NUMBER.lower()} 谢谢", "999999 19900307 104x", f"/find {NUMBER}"]
SLIPS = {
    "the check digit": MISTYPED,
    "another digit": "99999919900307114X",
    "in full width": "９９９９９９１９９００３０７１０４１",
    "in groups": "999999 19900307 1041",
    "with hyphens": "999999-19900307-1041",
    "with long hyphens": "999999–19900307–1041",
    "in a sentence": f"我的身份证号是{MISTYPED}，对吗",
    "of a province": "119999199003071041",
    "of a residence permit": "830000199003070021",
    "of a foreigner": "911840199003070021",
    "the district, a month that does not exist": "110105199013070021",
}
OTHERS = {
    "nothing": "",
    "no digits": "2019-07-01",
    "a mobile number": "13800138000",
    "many digits": "1" * 40,
    "a certificate": "100001201205000001",
    "a certificate with a check digit by chance": "100001201205000006",
    "a certificate of 17 digits": "65110105199003071",
    "an order": "4200001234202602051420260000",
    "an order of 18 digits": "420000123420260205",
    "a child": "110105201903070021",
    "somebody of 120 years": "110105190503070021",
    "no province": "109999199003071041",
}


@pytest.mark.parametrize("typed", WRITTEN)
@pytest.mark.parametrize("surely", [True, False])
def test_a_number_is_found_in_any_text(typed: str, surely: bool) -> None:
    assert holds_id_number(typed, TODAY, surely=surely)


@pytest.mark.parametrize("typed", SLIPS.values(), ids=SLIPS)
def test_a_number_with_a_slip_is_found(typed: str) -> None:
    assert holds_id_number(typed, TODAY)
    assert not holds_id_number(typed, TODAY, surely=True)


@pytest.mark.parametrize("typed", OTHERS.values(), ids=OTHERS)
def test_other_digits_are_no_number(typed: str) -> None:
    assert not holds_id_number(typed, TODAY)


def certificates(count: int) -> list[str]:
    """Numbers of certificates: school, kind of study, year, level, and a serial number.

    Hardly a school has ten thousand graduates of one level in a year.
    """
    chance = random.Random(20251202)
    return [
        f"{chance.choice([1, 5, 9])}{chance.randint(0, 4999):04}{chance.randint(1, 7)}"
        f"{chance.randint(2001, 2025)}{chance.choice(['01', '05', '06'])}"
        f"{chance.randint(1, 9999):06}"
        for _ in range(count)
    ]


def test_the_numbers_of_certificates_stay() -> None:
    assert not [one for one in certificates(20_000) if holds_id_number(one, TODAY)]


def deleted(done: list[tuple[int, Any]]) -> list[DeleteMessage]:
    """The deletions."""
    return [effect for _, effect in done if isinstance(effect, DeleteMessage)]


@pytest_asyncio.fixture
async def clerk(tmp_path: Path) -> AsyncIterator[CommittingRouter]:
    """A clerk of one site."""
    async with committing_router(tmp_path) as made:
        scope = Scope("qinghai", "xining")
        role = RoleAssignment(7, BOT, CLERK, Role.SITE_REVIEWER, scope, "示例", 0, OPEN)
        async with made.db.write() as connection:
            await role_assignments.grant(connection, KEYRING, role)
        await made.work.refresh_staff()
        yield made


@pytest.mark.parametrize("who", [CLERK, LING], ids=["a clerk", "a stranger"])
@pytest.mark.parametrize("text", [f"/find {NUMBER}", "/find H12345678", NUMBER])
async def test_a_number_behind_a_command_leaves_the_chat(
    clerk: CommittingRouter, who: int, text: str
) -> None:
    done = await clerk.says(who, text)
    if who == CLERK or text.endswith(NUMBER):
        assert deleted(done) == [DeleteMessage(7)]


async def test_a_search_behind_the_command_is_made(clerk: CommittingRouter) -> None:
    done = await clerk.says(CLERK, f"/find {NUMBER}")
    shown = [effect for _, effect in done if not isinstance(effect, DeleteMessage)]
    assert "find-nothing" in str(shown)


@pytest.mark.parametrize("who", [CLERK, LING])
@pytest.mark.parametrize("kind", ["caption", "edited"])
async def test_a_number_in_a_caption_or_an_edited_message_leaves_the_chat(
    clerk: CommittingRouter, who: int, kind: str
) -> None:
    if kind == "caption":
        body = picture(OPEN)
        body["message"] |= {"caption": NUMBER}
        body["message"]["from"]["id"] = body["message"]["chat"]["id"] = who
    else:
        body = edited(OPEN, NUMBER)
        body["edited_message"]["from"]["id"] = body["edited_message"]["chat"]["id"] = who
    assert len(deleted(await clerk.sends(body))) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_candidate_who_types_a_number_anywhere_finds_it_gone(
    router: OfflineRouter,
) -> None:
    for name, standing in [*STANDINGS.items()][::9]:
        after = await router.sends(standing, says(standing.now, NUMBER))
        effects = [row.effect for row in after.envelope.unit.outgoing]
        assert effects.count(DeleteMessage(7)) == 1, name


@pytest.mark.asyncio(loop_scope="module")
async def test_a_mistyped_number_leaves_before_and_beside_its_question(
    router: OfflineRouter,
) -> None:
    for name, standing in [*STANDINGS.items()][4::9]:
        after = await router.sends(standing, says(standing.now, MISTYPED))
        effects = [row.effect for row in after.envelope.unit.outgoing]
        takes_it = takes_long_numbers(standing.position)
        assert effects.count(DeleteMessage(7)) == (not takes_it), name


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("question", ["certificate", "file_number", "proof"])
async def test_another_long_number_stays_where_it_is_the_answer(
    router: OfflineRouter, question: str
) -> None:
    named = {name: one for name, one in STANDINGS.items() if question in name}
    asked = [one for one in named.values() if takes_long_numbers(one.position)]
    assert asked, [*named]
    for standing in asked:
        after = await router.sends(standing, says(standing.now, MISTYPED))
        effects = [row.effect for row in after.envelope.unit.outgoing]
        assert DeleteMessage(7) not in effects
        assert after.standing != standing


# --- a forwarded portrait ------------------------------------------------------------------------

ORIGINS: dict[str, dict[str, Any]] = {
    "a hidden user without a name": {"forward_origin": {"type": "hidden_user", "date": 1}},
    "a kind of next year": {"forward_origin": {"type": "moon", "date": 1}},
    "a quote of something": {"external_reply": {"origin": {"type": "hidden_user", "date": 1}}},
    "a reply to what is malformed": {"reply_to_message": {"message_id": 3}},
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.row("S3")
@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
async def test_a_forwarded_picture_is_taken_like_one_that_is_sent(
    router: OfflineRouter, origin: dict[str, Any]
) -> None:
    standing = next(one for name, one in STANDINGS.items() if "photo" in name)
    body = picture(standing.now)
    plain = await router.sends(standing, body)
    forwarded = picture(standing.now)
    forwarded["message"] |= origin
    after = await router.sends(standing, forwarded)
    assert after.envelope.error is None
    assert after.outcome.effects == plain.outcome.effects
