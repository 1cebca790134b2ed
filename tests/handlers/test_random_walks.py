"""People who wander: whatever they press and type, one after the other, nobody gets stuck."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from handlers.callback_data import ANYWHERE, Action
from handlers.questions.listing import SHOWN
from handlers.update_context import Fetched
from states import fsm_states
from states.exam import FileFormat
from states.form.fields import FieldKind
from states.form.pages import FORM
from states.fsm_states import (
    Account,
    Choose,
    Education,
    Form,
    Home,
    Materials,
    Photo,
    State,
    Welcome,
)
from states.identity import FORMATS, IdType
from states.progress.next_step import Position
from states.records import (
    Records,
    Stage,
)
from tests.fakes.router import (
    OfflineRouter,
    buttons_of,
    document,
    picture,
    presses,
    says,
    sticker,
    taps,
)
from tests.handlers.fetched_files import photographed, scanned
from tests.handlers.people import (
    ANSWERS,
    BACHELOR,
    EXAM,
    ONLINE,
    ONLINE_ANSWERS,
    WAITING,
    Standing,
    application,
    person,
)
from tests.handlers.possible_updates import check_reaction, noted
from tests.handlers.standings import standings
from tests.handlers.stored_people import OF_SOMEBODY_ELSE, TAKEN, last_year, somebody_else_has

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C1")]

ACTS = 250
NUMBER = FORMATS[IdType.RESIDENT_ID].example
FITTING: dict[State, tuple[str, ...]] = {
    Account.name: ("刘玲", "阿依古丽·买买提"),
    Account.number: (NUMBER, TAKEN),
    Account.number_again: (NUMBER, TAKEN, "999999199003071031"),
    Account.born: ("1990-03-07",),
    Form.asking: ("2019-07", "13800138000", "示例市第一人民医院", "5", "示例"),
    Education.asking: ("2012-07", "示例医科大学", "100001201205000001"),
}
ODD = (
    *("", "你好", "👍", "1" * 5000),
    *("/start", "/cancel", "/back", "/help", "/language", "/status", "/profile", "/erase"),
)


@dataclass(slots=True)
class Wanderer:
    """Somebody without a plan."""

    chance: random.Random
    at: Standing
    was: str = ""

    def whim(self, shown: list[Mapping[str, Any]]) -> tuple[Mapping[str, Any], Fetched | None]:
        """Return their next update, and the file that comes with it."""
        at, chance = self.at, self.chance
        buttons, mood = buttons_of(at), chance.random()
        if at.position.state is Photo.waiting and mood < 0.5:
            return picture(at.now), photographed()
        if at.position.state is Materials.adding and mood < 0.5:
            return document(at.now), scanned(chance.randrange(40))
        if at.position.state in FITTING and mood < 0.4:
            return says(at.now, chance.choice(FITTING[at.position.state])), None
        if buttons and mood < 0.85:
            # The first ways on a screen lead onward, the last ones back.
            return taps(at, chance.choice(buttons[: 3 if mood < 0.7 else None])), None
        if shown and mood < 0.9:
            return chance.choice(shown), None
        if mood < 0.93:
            return sticker(at.now), None
        return says(at.now, chance.choice(ODD)), None


BEGINNINGS = {
    "at the start": Standing(Position(Welcome.language)),
    "number taken": Standing(
        Position(Account.confirm),
        Records(
            person(
                "en",
                number_hash=None,
                identity=OF_SOMEBODY_ELSE,
            )
        ),
    ),
    "in the form": Standing(
        Position(Choose.notice),
        Records(person("zh-CN", education=()), application(agreed="", answers={})),
    ),
    "nearly there": Standing(
        Position(Form.asking, {"field": "began_work"}),
        Records(
            person("en"),
            application(
                area=ONLINE.code,
                answers={k: v for k, v in ONLINE_ANSWERS.items() if k != "began_work"},
            ),
        ),
    ),
    "at the records": Standing(
        Position(Education.records), Records(person("zh-CN", record=BACHELOR), application())
    ),
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS.keys())
@pytest.mark.parametrize("seed", range(4))
async def test_nobody_gets_stuck(router: OfflineRouter, seed: int, beginning: Standing) -> None:
    await somebody_else_has(router)
    wanderer = Wanderer(random.Random(seed), beginning)
    shown: list[Mapping[str, Any]] = []
    for effect in range(ACTS):
        body, file = wanderer.whim(shown)
        before = wanderer.at
        with noted(f"act {effect}", before.position, body):
            after = await router.sends(before, body, file=file, was=wanderer.was)
            check_reaction(before, after)
        wanderer.at, wanderer.was = after.standing, after.was
        shown += [taps(wanderer.at, button) for button in buttons_of(wanderer.at)]
        known = wanderer.at.records.application
        if known is not None and known.stage is Stage.SUBMITTED:
            assert wanderer.at.position.state is Home.menu
            break


# --- straight on ---------------------------------------------------------------------------------

TYPED = {
    **{key: ANSWERS[key] for key, field in FORM.fields.items() if field.kind is FieldKind.TEXT},
    **{key: "2019-07" for key, field in FORM.fields.items() if field.kind is FieldKind.MONTH},
    "mobile": "13800138000",
    "category": "医",
    "practice": "临床",
    "specialty": "303",
    "title": "执业医师",
    "years": "5",
    "field_years": "6",
    "residency": "有",
    "ethnicity": "回族",
    "employer": "其它",
    **{key: BACHELOR[key] for key in ("school", "major", "graduated", "certificate", "enrolled")},
    "degree": "本科",
    "study": "普通全日制",
    "verification": "核验通过",
}
ACTS_STRAIGHT_ON = 75


def _next(at: Standing, area: str) -> tuple[Mapping[str, Any], Fetched | None]:
    """The first fitting answer to the present question."""
    field = at.position.data.get("field", "")
    match at.position.state:
        case Photo.waiting:
            return picture(at.now), photographed()
        case Choose.area:
            return says(at.now, area), None
        case Account.id_type:
            return says(at.now, "台湾居民来往大陆通行证"), None
        case Account.number | Account.number_again:
            return says(at.now, FORMATS[IdType.TAIWAN_PERMIT].example), None
        case Materials.listing:
            shown = buttons_of(at)
            missing = [one for one in shown if one.callback.value not in _have(at)]
            done = [one for one in shown if one.callback.action is Action.CONFIRM]
            return taps(at, (missing or done)[0]), None
        case Materials.adding if at.position.data["material"] not in at.application.materials:
            wanted = FileFormat.PNG if at.position.data["material"] == "letter" else FileFormat.JPG
            return document(at.now), scanned(len(at.application.materials), wanted)
        case Materials.adding:
            return says(at.now, "这一种传好了"), None
        case Form.summary:
            return says(at.now, "提交报名信息"), None
    if field in TYPED:
        return says(at.now, TYPED[field]), None
    if field == "subjects":
        return says(at.now, "就报这几科"), None
    if at.position.state in FITTING and not field:
        return says(at.now, FITTING[at.position.state][0]), None
    return taps(at, buttons_of(at)[0]), None


def _have(at: Standing) -> set[str]:
    return {"", *at.application.materials}


async def _walked(router: OfflineRouter, area: str) -> tuple[Standing, list[State]]:
    """Somebody from the start to the end of a registration, and every state they met."""
    at, was = Standing(Position(Welcome.language)), ""
    visited = [at.position.state]
    while at.position.state is not Home.menu and len(visited) <= ACTS_STRAIGHT_ON:
        body, file = _next(at, area)
        with noted(at.position):
            after = await router.sends(at, body, file=file, was=was)
            check_reaction(at, after)
        at, was = after.standing, after.was
        visited.append(at.position.state)
    assert at.application.stage is Stage.SUBMITTED
    return at, visited


BESIDE_THE_WAY = frozenset({"Claim:taken", "Claim:area", "Claim:site", "Choose:again"}) | {
    "Choose:moving",
    "Choose:kept",
    "Form:page",
    "Education:records",
    "Education:verifying",
    "Mend:listing",
    "Paying:proof",
    *(f"Correction:{of}" for of in ("item", "name", "number", "number_again", "proof", "review")),
    *(f"LateChanges:{of}" for of in ("picking", "papers", "reasoning")),
}
"""States of people whose number is taken, or who come back, change or correct something."""


@pytest.mark.row("S1", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12")
async def test_who_answers_straight_on_meets_every_state_of_the_way_and_is_done(
    router: OfflineRouter,
) -> None:
    on_site, met_on_site = await _walked(router, "青海考区")
    online, met_online = await _walked(router, "示例线上考区")
    assert on_site.answers.keys() == ANSWERS.keys()
    assert online.answers.keys() == ONLINE_ANSWERS.keys()
    assert online.application.materials.keys() == {"identity", "degree", "letter"}
    ways = {state.state for state in (*met_on_site, *met_online)}
    assert ways | BESIDE_THE_WAY == fsm_states.ALL.keys()
    assert set(met_online) - set(met_on_site) == {Materials.listing, Materials.adding}
    for at in (on_site, online):
        again = await router.sends(at, presses(at.now, f"g:{ANYWHERE}:resume"))
        assert again.standing.position.state is Home.menu
        assert again.standing.records == at.records


def _ways() -> dict[str, tuple[Standing, tuple[tuple[str, str], ...]]]:
    """Beside the way: from where, and the buttons that are tapped (verb and value)."""
    waits = person("en", education=(BACHELOR, WAITING))
    codes = [area.code for area in EXAM.areas]
    turns = tuple(("l", str(n)) for n in range(SHOWN, codes.index("qinghai") + 1, SHOWN))
    return {
        "number taken": (
            BEGINNINGS["number taken"],
            (("k", ""), ("k", "number-taken"), *turns, ("c", "qinghai"), ("c", "xining")),
        ),
        "comes back": (
            Standing(Position(Choose.exam), Records(person("en"))),
            (("c", EXAM.key), ("k", "")),
        ),
        "changes a line": (
            standings("en")["summary, online"],
            (("e", "contact"), ("e", "email"), ("b", "")),
        ),
        "changes the area": (
            standings("en")["area, moving"],
            (("k", ""), ("k", "")),
        ),
        "tells of a check": (
            Standing(Position(Education.records), Records(waits, application())),
            (("e", "2"), ("c", "passed")),
        ),
        "corrects the name": (standings("en")["correction"], (("c", "name"), ("b", ""))),
        "corrects the number": (
            standings("en")["right number, again"],
            (("b", ""), ("b", ""), ("c", "number")),
        ),
        "looks at the proof": (standings("en")["correction, with a scan"], (("b", ""), ("b", ""))),
        "asks for a change": (
            standings("en")["LateChanges:picking 1, on site"],
            (("t", "+email"), ("k", ""), ("b", "")),
        ),
        "gives papers": (standings("en")["LateChanges:papers 2, on site"], (("k", ""), ("b", ""))),
        "has no proof": (standings("en")["a proof"], (("b", ""),)),
        "mends what was refused": (
            standings("zh-CN")["refused, submitted on site"],
            (("m", "field:department"), ("k", "")),
        ),
    }


async def test_the_walks_beside_the_way_meet_the_other_states(router: OfflineRouter) -> None:
    await somebody_else_has(router)
    await last_year(router, application(exam="health-2025"))
    met = set()
    for name, (at, pressed) in _ways().items():
        met.add(at.position.state.state)
        for verb, value in pressed:
            with noted(name, verb, value):
                (button,) = (
                    one
                    for one in buttons_of(at)
                    if (one.callback.action, one.callback.value) == (verb, value)
                )
                after = await router.sends(at, taps(at, button))
                check_reaction(at, after)
            at = after.standing
            met.add(at.position.state.state)
    assert met >= BESIDE_THE_WAY
