"""A text that is made to be slow costs little more than any other of its length."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from states.fsm_states import Staff, State
from states.list_search import LONGEST
from storage.candidates.blobs import Blobs
from storage.engine import schema
from storage.staff.cases.cards import APPLICATION
from storage.updates.fsm import FsmRecord, row_key, staff_key
from tests.databases import opened, url_of
from tests.fakes.router import OfflineRouter, edited, message, says
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.handlers.people import LING, Standing
from tests.handlers.possible_updates import EACH_ONCE
from tests.storage.process import BOT, started_process
from tests.storage.staff_members import AREA, CLERK, KEYS, come, grant_all, waiting

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.row("C2"),
    pytest.mark.measured,
]

PIECES = (
    *("(", "（", "[", "，", "…", "'", "/", "0", "９", "a", "é", "汉", "1 ", "1-", "2020."),
    *(
        "a.a",
        "@a ",
        "a@b.",
        "http://a.",
        "+86",
        "1年",
        "1月",
        "一二三",
        "对，",
        "好的 ",
        "不",
        "是吗？",
    ),
    *("汉，", "护士，", "张三 ", "我叫", "我的手机号是", "本科 2010 ", "i am ", "什么时候", "x\n"),
    *("a+", "{a}", "？'", "以后", "what do ", "👩\u200d⚕️"),
)
"""Words and signs that some rule looks for."""
GROWING = ("ﷺ", "㍿", "\u0f73", "\u0316\u0301", "\uff9e\u0301")
"""Characters that become 18 or 4, and marks that are sorted, when a text is normalized."""
ENDS = (("1", "x"), ("汉", "1"), ("你好？", ":"))
"""The beginnings and ends between which a rule searches in vain."""
CAPTION = 1024
TELEGRAM_TEXT = 4096
"""The most characters of a caption and a message: https://core.telegram.org/bots/api#message."""
TEXTS_PER_USUAL = 8
"""Of so many long texts one is sent again as a text, where other updates are compared with it."""
SEEMS_DEAR = 0.01
"""Seconds."""
MOST = 12
"""Times the median of texts that fill a message."""


def alone(pieces: Iterable[str], length: int) -> dict[str, str]:
    """Texts of nothing but a piece, by what they are made of."""
    return {f"{one!r}": (one * length)[:length] for one in pieces}


def between(pieces: Iterable[str], length: int) -> dict[str, str]:
    """Texts of a piece between other signs, which take turns."""
    return {
        f"{first}{one!r}{last}": (first + one * length)[: length - len(last)] + last
        for one, (first, last) in zip(pieces, cycle(ENDS), strict=False)
    }


ALL = (*PIECES, *GROWING)
LONG = {**between(ALL, TELEGRAM_TEXT), **alone(GROWING, TELEGRAM_TEXT)}
SIGNS = between((*GROWING, *PIECES[:15]), TELEGRAM_TEXT)


def places() -> Iterator[tuple[str, Standing]]:
    """Each state and question once."""
    seen = set()
    for name, standing in EACH_ONCE.items():
        key = (standing.position.state, standing.position.data.get("field"))
        if key not in seen:
            seen.add(key)
            yield name, standing


@dataclass(slots=True)
class Costs:
    """The seconds of CPU of updates, by what is sent and where; ``usual`` has the long texts."""

    took: dict[tuple[str, str], float] = field(default_factory=dict)
    usual: list[float] = field(default_factory=list)

    async def add(
        self, what: str, where: str, measure: Callable[[], Awaitable[float]], *, usual: bool = True
    ) -> None:
        """Note an update; one that seems dear is measured again, once its caches are filled."""
        took = await measure()
        if took > SEEMS_DEAR:
            took = min(took, await measure())
        self.took[what, where] = took
        if usual:
            self.usual.append(took)

    def judge(self, capsys: pytest.CaptureFixture[str]) -> None:
        """No update costs many times as much as the usual ones."""
        usual = median(self.usual)
        worst, at = max((one, key) for key, one in self.took.items())
        with capsys.disabled():
            print(f"\n{usual * 1000:.1f} ms, {worst * 1000:.1f} ms by {at}")
        assert worst < MOST * usual


async def test_no_text_costs_many_times_as_much_as_the_others(
    router: OfflineRouter, capsys: pytest.CaptureFixture[str]
) -> None:
    costs, short = Costs(), alone(ALL, LONGEST)
    for number, (name, standing) in enumerate(places()):
        for made, words in LONG.items():
            await costs.add(made, name, partial(cost, router, standing, words))
        for made, words in islice(short.items(), number % 2, None, 2):
            measure = partial(cost, router, standing, words)
            await costs.add(f"{LONGEST} {made}", name, measure, usual=False)
    costs.judge(capsys)


async def test_no_caption_command_or_card_costs_many_times_as_much_as_a_text(
    router: OfflineRouter, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = Costs()
    states = {standing.position.state: standing for _, standing in places()}
    for state, standing in states.items():
        for number, (made, words) in enumerate(SIGNS.items()):
            if number % TEXTS_PER_USUAL == 0:
                await costs.add(made, f"{state.state}", partial(cost, router, standing, words))
            for kind, update in others(standing, words).items():
                measure = partial(cost_of, router, standing, update)
                await costs.add(f"{kind} {made}", f"{state.state}", measure, usual=False)
    costs.judge(capsys)


async def cost(router: OfflineRouter, standing: Standing, words: str) -> float:
    """Return the seconds of CPU that a typed text takes."""
    return await cost_of(router, standing, says(standing.now, words))


async def cost_of(router: OfflineRouter, standing: Standing, update: dict[str, Any]) -> float:
    """Return the seconds of CPU of an update; its reaction is judged elsewhere."""
    began = process_time()
    after = await router.sends(standing, update)
    took = process_time() - began
    assert after.outcome is not None
    return took


def others(standing: Standing, words: str) -> dict[str, dict[str, Any]]:
    """Updates with the same words that are no text, by their kind."""
    typed, caption = words[:TELEGRAM_TEXT], words[:CAPTION]
    size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}
    card = {"phone_number": typed, "first_name": words[:64], "vcard": words[:2048]}
    paper = {"file_id": "d", "file_unique_id": "u", "file_name": words[:1000]}
    bold = [{"type": "bold", "offset": n, "length": 9} for n in range(100)]
    return {
        "command": says(standing.now, f"/start {words}"[:TELEGRAM_TEXT]),
        "photo": message(standing.now, photo=[size], caption=caption, caption_entities=bold),
        "document": message(standing.now, document=paper, caption=caption),
        "contact": message(standing.now, contact={**card, "user_id": LING}),
        "edited": edited(standing.now, typed),
    }


# --- the staff -----------------------------------------------------------------------------------

CASE = {APPLICATION: str(waiting(1).id)}
FAULT = {**CASE, "item": "field:employer"}
CHARGE = {**CASE, "charge": "1"}
DRAFT = {"record": ""}
PLACE = {"role": "site_reviewer", "area": "qinghai", "site": "xining"}
AT: Mapping[State, Mapping[str, str]] = {
    **{one: {} for one in (Staff.idle, Staff.role, Staff.finding, Staff.verifying)},
    **dict.fromkeys((Staff.area, Staff.site, Staff.point), PLACE),
    **dict.fromkeys((Staff.card, Staff.noting, Staff.refusing, Staff.sending), CASE),
    **dict.fromkeys((Staff.reopening, Staff.paying), CASE),
    Staff.picking: {**CASE, "page": "work"},
    **dict.fromkeys((Staff.reasoning, Staff.wording), FAULT),
    **dict.fromkeys((Staff.refunding, Staff.sending_back, Staff.undoing), CHARGE),
    Staff.declining: {"item": "1"},
    Staff.answering: {"case": "1"},
    Staff.checking: {"check": "1"},
    **dict.fromkeys((Staff.audience, Staff.planning), DRAFT),
    Staff.audience_codes: {**DRAFT, "item": "area"},
    Staff.writing: {**DRAFT, "item": "zh-CN"},
}
"""The position data of each state of the staff; a draft gets its number when it is begun."""


@pytest_asyncio.fixture
async def chats(tmp_path: Path) -> AsyncIterator[StaffChats]:
    """The chats of a clerk with a case, and of a reviewer of the area."""
    url = url_of(tmp_path / "staff.sqlite3")
    async with opened(url) as db:
        await schema.migrate(db)
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(url) as process, staff_chats(process, blobs) as made:
        await come(process.db, waiting(1))
        await grant_all(process.db, CLERK, AREA)
        await process.work.refresh_staff()
        await made.run(made.router.goes(CLERK.telegram_id, Action.GO, "queue-next"))
        await made.run(made.router.goes(AREA.telegram_id, Action.GO, "broadcast-new"))
        yield made


async def test_no_text_of_the_staff_costs_many_times_as_much_as_the_others(
    chats: StaffChats, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = (await chats.position(AREA.telegram_id)).data["record"]
    costs = Costs()
    for state, data in AT.items():
        who = (CLERK if APPLICATION in data else AREA).telegram_id
        at = FsmRecord(state.state, {**data, **({"record": draft} if "record" in data else {})})
        for made, words in LONG.items():
            measure = partial(cost_at_desk, chats, who, at, words)
            await costs.add(made, f"{state.state}", measure)
    idle = FsmRecord(Staff.idle.state)
    for made, words in LONG.items():
        for name in ("find", "invite", "queue", "broadcast", "start"):
            typed = f"/{name} {words}"[:TELEGRAM_TEXT]
            measure = partial(cost_at_desk, chats, AREA.telegram_id, idle, typed)
            await costs.add(made, name, measure, usual=False)
    costs.judge(capsys)


class _TakenBack(Exception):
    """Ends the transaction of an update without a trace."""


async def cost_at_desk(chats: StaffChats, who: int, at: FsmRecord, words: str) -> float:
    """Return the seconds of CPU that a text of the staff takes; nothing of it is kept."""
    process, took = chats.process, 0.0
    raw = chats.router.says(who, words)
    (row,) = process.inbox.number(BOT, [raw], chats.clock.moment)
    with suppress(_TakenBack):
        async with process.db.write() as tx:
            (unit,) = await process.work.load(tx, [(row, row.received_at)], exclusive=True)
            key = row_key(staff_key(BOT, who))
            unit.fsm.records[key] = FsmRecord(at.state, dict(at.data))
            began = process_time()
            envelope = await chats.router.dispatcher.dispatch(unit, None)
            took = process_time() - began
            if envelope.error is not None:
                raise envelope.error
            assert envelope.result is not None
            raise _TakenBack
    return took
