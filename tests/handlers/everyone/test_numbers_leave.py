"""Wherever an ID number comes, its message leaves the chat; what came with it does not matter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from states.identity import holds_id_number
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import DeleteMessage
from storage.staff import role_assignments
from tests.fakes.committing_router import CommittingRouter, committing_router
from tests.fakes.router import KEYRING, OfflineRouter, edited, picture, says
from tests.handlers.people import BOT, LING, OPEN
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.row("B21")

NUMBER = "99999919900307104X"
CLERK = 3001
WRITTEN = [NUMBER, f"我的号码 {NUMBER.lower()} 谢谢", "999999 19900307 104x", f"/find {NUMBER}"]


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_number_is_found_in_any_text(typed: str) -> None:
    assert holds_id_number(typed)


@pytest.mark.parametrize("typed", ["", "999999199003071041", "1" * 40, "13800138000", "2019-07-01"])
def test_other_digits_are_no_number(typed: str) -> None:
    assert not holds_id_number(typed)


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
