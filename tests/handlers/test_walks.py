"""People who wander: whatever they press and type, one after the other, nobody gets stuck."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from handlers.buttons import ANYWHERE
from handlers.context import Picture
from states import groups
from states.flow import Place
from states.groups import Account, Form, Home, Photo, State, Welcome
from states.photo import PhotoFacts
from states.records import Stage
from states.texts import Problem
from storage.blobs import Kept
from tests.handlers.candidates import OPEN, PORTRAIT, Standing
from tests.handlers.offline import Offline, buttons_of, picture, presses, says, sticker, taps
from tests.handlers.test_table import judge

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C1")]

ACTS = 250
NUMBER = "99999919900307104X"
FITTING: dict[State, tuple[str, ...]] = {
    Account.name: ("刘玲", "阿依古丽·买买提"),
    Account.number: (NUMBER,),
    Account.number_again: (NUMBER, NUMBER, "999999199003071031"),
    Account.phone: ("13800138000",),
    Form.asking: ("2019-07", "2022.8", "示例市第一人民医院"),
}
ODD = (
    *("", "你好", "👍", "1" * 5000),
    *("/start", "/cancel", "/back", "/help", "/language", "/status", "/profile", "/erase"),
)


def _photo() -> Picture:
    kept = Kept(PORTRAIT, 65, "portrait", 60_000, OPEN)
    return Picture(kept, kept, PhotoFacts("JPEG", 900, 1200, 90_000, 1), compressed=False)


def _whim(
    chance: random.Random, at: Standing, shown: list[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], Picture | Problem | None]:
    """What this person does next, and the picture that comes with it."""
    buttons = buttons_of(at)
    mood = chance.random()
    if at.place.state is Photo.waiting and mood < 0.5:
        return picture(at.now), _photo()
    if at.place.state in FITTING and mood < 0.5:
        return says(at.now, chance.choice(FITTING[at.place.state])), None
    if buttons and mood < 0.85:
        # The first ways on a screen lead onward, the last ones back.
        return taps(at, chance.choice(buttons[: 3 if mood < 0.7 else None])), None
    if shown and mood < 0.9:
        return chance.choice(shown), None
    if mood < 0.93:
        return sticker(at.now), None
    return says(at.now, chance.choice(ODD)), None


@pytest.mark.parametrize("seed", range(12))
async def test_nobody_gets_stuck(dispatching: Offline, seed: int) -> None:
    chance = random.Random(seed)
    at, was = Standing(Place(Welcome.language)), ""
    shown: list[Mapping[str, Any]] = []
    visited = set()
    for _ in range(ACTS):
        body, file = _whim(chance, at, shown)
        after = await dispatching.sends(at, body, file=file, was=was)
        if after.outcome.acts:
            judge(at, after)
        else:
            assert after.outcome.toast
        at, was = after.standing, after.was
        shown += [taps(at, button) for button in buttons_of(at)]
        visited.add(at.place.state)
        application = at.records.application
        if application is not None and application.stage is Stage.SUBMITTED:
            assert at.place.state is Home.menu
            break
    assert len(visited) > 5


STRAIGHT = {"employer": "示例市第一人民医院", "department": "内科"}
DATED = {"registered", "residency"}


def _straight_on(at: Standing) -> tuple[Mapping[str, Any], Picture | None]:
    """The first fitting answer to the present question."""
    field = at.place.at.get("field", "")
    if at.place.state is Photo.waiting:
        return picture(at.now), _photo()
    if field in STRAIGHT or field in DATED:
        return says(at.now, STRAIGHT.get(field, "2019-07")), None
    if at.place.state in FITTING and not field:
        return says(at.now, FITTING[at.place.state][0]), None
    return taps(at, buttons_of(at)[-1 if at.place.state is Form.summary else 0]), None


async def test_who_answers_straight_on_meets_every_state_and_is_done_within_25_acts(
    dispatching: Offline,
) -> None:
    at, was = Standing(Place(Welcome.language)), ""
    visited = [at.place.state]
    while at.place.state is not Home.menu and len(visited) <= 25:
        body, file = _straight_on(at)
        after = await dispatching.sends(at, body, file=file, was=was)
        judge(at, after)
        at, was = after.standing, after.was
        visited.append(at.place.state)
    assert at.records.application is not None
    assert at.records.application.stage is Stage.SUBMITTED
    assert set(visited) == set(groups.ALL.values())
    again = await dispatching.sends(at, presses(at.now, f"g:{ANYWHERE}:resume"))
    assert again.standing.place.state is Home.menu
    assert again.standing.records == at.records
