"""Only a code or a whole name is an answer; all else is offered, and each answer is said back."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.callback_data import Action
from handlers.questions.answer_lines import TAKEN
from handlers.questions.asking import typed_key
from handlers.questions.listing import FOUND
from handlers.registry import SCREENS
from handlers.rendering import View
from states.characters import to_simplified
from states.form.education import RECORD
from states.form.fields import HAS_OPTIONS, FieldKind
from states.form.pages import FORM
from states.fsm_states import Account, Choose, Form, Home
from states.list_search import Searchable, find_whole
from states.progress.next_step import Position
from states.records import Identity, Records
from tests.fakes.router import TRANSLATIONS, After, OfflineRouter, says
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import EXAM, OPEN, SHIPPED, Standing, person
from tests.handlers.possible_updates import EACH_ONCE, STANDINGS, noted

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B26")]


def at(name: str, locale: str = "zh-CN") -> Standing:
    return STANDINGS[f"{locale}: {name}"]


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, at("site"))


def said_by(after: After, locale: str = "zh-CN") -> list[str]:
    """The lines that say answers back, as they are read."""
    (shown,) = after.said
    view = View(after.standing.records, EXAM, after.standing.now, shown.data)
    texts = [*shown.header_lines, *texts_of(SCREENS[shown.screen](view))]
    keys = ("answer-taken", "answered-by-itself")
    return [TRANSLATIONS.label(one, locale) for one in texts if one.key in keys]


# --- whatever is typed ---------------------------------------------------------------------------

TYPINGS = 10_000
LISTS: dict[str, Sequence[Searchable]] = {
    "areas": SHIPPED.areas,
    "sites": [site for area in SHIPPED.areas for site in area.sites],
    "employers of Qinghai": SHIPPED.employers_in("qinghai"),
    "specialties": [one for one in SHIPPED.catalogue if not one.discontinued],
    "ethnicities": SHIPPED.ethnicities,
    "subjects": SHIPPED.subjects,
    "practices": SHIPPED.practices,
}
STRANGE = "⻘⼀🏥\ufffd\ue000\u0301护医青陕0O３aQ 一（)、"
MUTATIONS: Sequence[Callable[[str, random.Random], str]] = (
    lambda name, _: name,
    lambda name, dice: name[dice.randrange(len(name)) :],
    lambda name, dice: name[: dice.randrange(len(name)) + 1],
    lambda name, dice: name.replace(dice.choice(name), "", 1),
    lambda name, dice: name.replace(dice.choice(name), dice.choice(STRANGE), 1),
    lambda name, dice: f"{dice.choice(STRANGE)}{name}",
    lambda name, dice: f"{name} {dice.choice(STRANGE)}",
    lambda name, dice: "".join(dice.sample(name, len(name))),
)


def bare(text: str) -> str:
    """Letters and digits in one spelling; a damaged sign counts as a letter."""
    spelled = unicodedata.normalize("NFKC", text.replace("⻘", "青")).casefold()
    dropped = ("P", "Z", "S")
    return to_simplified(
        "".join(c for c in spelled if c == "\ufffd" or unicodedata.category(c)[0] not in dropped)
    )


@pytest.mark.parametrize("name", LISTS)
async def test_what_is_taken_is_a_whole_name_or_a_code_that_was_typed(name: str) -> None:
    among, dice, taken = LISTS[name], random.Random(name), 0
    spellings = [text for one in among for text in (one.name, one.name_en, one.code) if text]
    for _ in range(TYPINGS):
        typed = dice.choice(MUTATIONS)(dice.choice(spellings), dice)
        found = find_whole(typed, among)
        if found is not None:
            code = found.code if found.code.isdecimal() else ""
            names = {found.name, found.name_en, found.name + code, found.name_en + code, code} - {
                ""
            }
            wanted = {bare(typed), bare(typed).replace("o", "0")}
            assert wanted & set(map(bare, names)), typed
            taken += 1
    assert taken > TYPINGS / 100


@pytest.mark.parametrize("key", [k for k, one in FORM.fields.items() if one.kind in HAS_OPTIONS])
async def test_a_part_of_a_name_is_never_an_answer(ling: CandidateDriver, key: str) -> None:
    before = at(key)
    for typed in ("一", "示例", "科", "考", "x", "yi", "⻘", "中", "专业", "\ufffd", "示例医院"):
        ling.at = before
        await ling.says(typed)
        beside = typed_key(FORM.fields[key])
        kept = {one: value for one, value in ling.at.answers.items() if one != beside}
        assert kept == before.answers, typed


@pytest.mark.parametrize(
    ("name", "typed", "offered"),
    [
        ("area", "在青海", ["qinghai"]),
        ("area", "青", ["qinghai"]),
        ("area", "shanxi", ["shanxi", "shaanxi"]),
        ("area", "沪", ["shanghai"]),
        ("area", "廣", ["guangdong", "guangxi"]),
        ("specialty", "ICU", ["359"]),
        ("specialty", "心内科", ["304"]),
        ("specialty", "骨科", ["318", "328", "329"]),
        ("specialty", "口腔科", ["353", "354", "355", "356", "357"]),
        ("specialty", "麻醉學科", ["347"]),
        ("specialty", "xueguan", ["304"]),
        ("ethnicity", "维族", ["05"]),
        ("residency", "n", ["no"]),
        ("title", "主治医师", ["intermediate"]),
        ("category", "Physician", ["medicine"]),
        ("category", "pharmacist", ["pharmacy"]),
        ("category", "nurse", ["nursing"]),
        ("category", "technician", ["technology"]),
        ("record, degree", "硕士", ["master", "master-degree"]),
        ("record, degree", "benke", ["bachelor"]),
        ("id type", "身份证", ["resident_id"]),
        ("sex", "女士", ["female"]),
        ("area", "我在西宁市上班", ["qinghai"]),
        ("site", "我在西宁市上班", ["xining"]),
        ("record, degree", "我的学历是本科，2011年毕业", ["bachelor"]),
        ("title", "主治医师，2012年考的", ["intermediate"]),
        ("category", "我在科里是护士，干了二十年", ["nursing"]),
        ("claim area", "我在青海", ["qinghai"]),
        ("claim site", "在西宁", ["xining"]),
        ("verifying", "已核验", ["passed"]),
    ],
)
async def test_what_may_be_meant_is_offered_and_one_tap_takes_it(
    ling: CandidateDriver, name: str, typed: str, offered: list[str]
) -> None:
    ling.at = before = at(name)
    after = await ling.says(typed)
    assert ling.at.position.data[FOUND].split() == offered
    assert ling.at.records == before.records
    assert after.said[0].data.get(TAKEN) is None
    assert ("search-meant" if len(offered) == 1 else "search-found") in ling.sees
    await ling.taps(Action.CHOOSE, offered[0])
    assert FOUND not in ling.at.position.data
    assert ling.at != before


@pytest.mark.parametrize(
    "name", ["area", "specialty", "ethnicity", "id type", "title", "record, degree"]
)
async def test_not_it_shows_the_whole_list_again(ling: CandidateDriver, name: str) -> None:
    typed = {"area": "青", "specialty": "心内", "ethnicity": "维", "id type": "身份证"}
    ling.at = before = at(name)
    await ling.says(typed.get(name, "医师" if name == "title" else "本"))
    await ling.taps(Action.BACK, "whole", times=2)
    assert ling.at == before


async def test_yes_can_be_typed(ling: CandidateDriver) -> None:
    ling.at = at("specialty")
    await ling.says("心内科")
    await ling.says("是")
    assert ling.at.answers["specialty"] == "304"


async def test_a_similar_employer_is_offered_beside_what_was_typed(ling: CandidateDriver) -> None:
    ling.at = before = at("employer")
    await ling.says("青海示例第二人民医院")
    assert ling.at.answers.get("employer") == before.answers.get("employer")
    assert set(ling.offered(Action.CHOOSE)) > {"typed"}
    await ling.taps(Action.CHOOSE, "typed")
    assert ling.at.answers["employer_name"] == "青海示例第二人民医院"
    assert typed_key(FORM.fields["employer"]) not in ling.at.answers


async def test_another_choice_drops_what_was_typed(ling: CandidateDriver) -> None:
    ling.at = at("employer")
    await ling.says("青海示例第二人民医院")
    await ling.taps(Action.CHOOSE, ling.offered(Action.CHOOSE)[0])
    assert "employer_name" not in ling.at.answers
    assert typed_key(FORM.fields["employer"]) not in ling.at.answers


@pytest.mark.parametrize("typed", ["没有", "无", "no", "None."])
@pytest.mark.parametrize("key", ["landline", "titled", "grade", "field_years"])
async def test_none_skips_a_question_that_can_be_skipped(
    ling: CandidateDriver, key: str, typed: str
) -> None:
    ling.at = at(key)
    await ling.says(typed)
    assert ling.at.answers[key] == ""


# --- said back -----------------------------------------------------------------------------------

FORM_ANSWERS = {
    "site": ("西宁考点", "✓ 考点：西宁考点"),
    "specialty": ("303", "✓ 报考专业：内科学 303（中级）"),
    "mobile": ("手机：138 0013 8000", "✓ 手机：138 0013 8000"),
    "landline": ("没有", "✓ 固定电话：（未填）"),
    "registered": ("2019年7月1日", "✓ 首次注册年月：2019-07"),
    "years": ("六年", "✓ 现有资格年限：6 年"),
    "employer_name": ("示例 医院", "✓ 单位全称：示例 医院"),
    "residency": ("没有", "✓ 住培合格证书：没有"),
}


@pytest.mark.parametrize("key", FORM_ANSWERS)
async def test_an_answer_is_said_back_above_the_next_question(
    ling: CandidateDriver, key: str
) -> None:
    typed, line = FORM_ANSWERS[key]
    ling.at = at(key)
    assert line in said_by(await ling.says(typed))


@pytest.mark.parametrize("key", [*FORM.fields, *RECORD.fields])
async def test_every_question_says_its_answer_back(ling: CandidateDriver, key: str) -> None:
    ling.at = at(key if key in FORM.fields else f"record, {key}")
    field = {**FORM.fields, **RECORD.fields}[key]
    if field.kind is FieldKind.MULTI:
        after = await ling.taps(Action.CONFIRM)
    elif options := ling.offered(Action.CHOOSE):
        after = await ling.taps(Action.CHOOSE, options[0])
    else:
        samples = {FieldKind.MONTH: "2016-05", FieldKind.NUMBER: "7"}
        contacts = {"mobile": "13800138000", "landline": "0971-1234567", "postcode": "810000"}
        numbers = dict.fromkeys(("certificate", "file_number"), "100001201205000001")
        special = {**contacts, **numbers, "email": "ling@example.com"}
        after = await ling.says(special.get(key, samples.get(field.kind, "示例示例示例")))
    name = TRANSLATIONS.label(field.name, "zh-CN")
    assert any(line.startswith(f"✓ {name}：") for line in said_by(after))
    assert TAKEN not in ling.at.position.data


async def test_the_account_says_back_what_is_no_secret(ling: CandidateDriver) -> None:
    ling.at = at("name")
    assert said_by(await ling.says("刘玲")) == ["✓ 姓名：刘玲"]
    assert said_by(await ling.says("居民身份证")) == ["✓ 证件类型：居民身份证"]
    first = await ling.says("99999919900307104X")
    assert said_by(first) == []
    (masked,) = said_by(await ling.says("99999919900307104X"))
    assert masked == "✓ 证件号码：**************104X"


async def test_the_area_is_said_back(ling: CandidateDriver) -> None:
    ling.at = at("area")
    assert said_by(await ling.says("青海考區")) == ["✓ 考区：青海考区"]
    assert ling.state is Choose.notice


async def test_an_answer_is_said_back_once(ling: CandidateDriver) -> None:
    ling.at = at("mobile")
    await ling.says("13800138000")
    assert said_by(await ling.says("为什么问")) == []


# --- words from before the question --------------------------------------------------------------


async def _says_early(
    router: OfflineRouter, standing: Standing, text: str, asked: str, **message: object
) -> After:
    body = says(standing.now, text)
    body["message"] |= message
    return await router.sends(standing, body, asked=asked)


async def test_words_from_before_a_question_do_not_answer_it(router: OfflineRouter) -> None:
    for name, standing in EACH_ONCE.items():
        if standing.records.person is None:
            continue
        with noted(name):
            asked = f"{standing.now.timestamp()}/6"
            after = await _says_early(router, standing, "99999919900307104X", asked)
            closed = after.standing.position.state is Home.menu
            assert after.header_lines == ["unknown-early"]
            assert after.standing.records == standing.records
            assert after.standing.position == standing.position or closed


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "early"),
    [
        ((timedelta(0), 0), True),  # received together
        ((-MINUTE, 6), True),  # no message lies between
        ((-MINUTE, 5), False),
        ((-MINUTE, 0), False),
        ((timedelta(seconds=1), 0), True),  # it waited for its turn
        ((timedelta(seconds=-1), 0), False),
    ],
)
async def test_the_signs_of_words_from_before_a_question(
    router: OfflineRouter, asked: tuple[timedelta, int], early: bool
) -> None:
    standing = at("employer_name")
    moment = f"{(standing.now + asked[0]).timestamp()}/{asked[1]}"
    after = await _says_early(router, standing, "示例医院", moment)
    assert (after.header_lines == ["unknown-early"]) is early
    assert ("unknown-early" in after.header_lines) != (
        after.standing.answers.get("employer_name") == "示例医院"
    )


async def test_words_of_a_downtime_do_not_answer_a_later_question(router: OfflineRouter) -> None:
    standing = at("employer_name")
    moment = f"{(standing.now - timedelta(seconds=1)).timestamp()}/0"
    written = int((standing.now - 5 * MINUTE).timestamp())
    after = await _says_early(router, standing, "示例医院", moment, date=written)
    assert after.header_lines == ["unknown-early"]


async def test_a_number_sent_twice_at_once_is_no_double_entry_and_leaves_the_chat(
    router: OfflineRouter,
) -> None:
    identity = Identity(name="刘玲", id_type="resident_id")
    known = person("zh-CN", identity=identity, number_hash=None)
    asked = Standing(Position(Account.number), Records(known))
    first = await router.sends(asked, says(asked.now, "99999919900307104X"))
    assert first.standing.position.state is Account.number_again
    assert first.asked
    again = await _says_early(
        router, first.standing, "99999919900307104X", first.asked, message_id=8
    )
    assert again.header_lines == ["unknown-early"]
    assert again.standing.position == first.standing.position
    assert any(type(effect).__name__ == "DeleteMessage" for effect in again.outcome.effects)


async def test_a_better_answer_to_the_same_question_counts(router: OfflineRouter) -> None:
    standing = replace(at("mobile"), now=OPEN)
    before = f"{(OPEN - MINUTE).timestamp()}/3"
    wrong = await router.sends(standing, says(OPEN, "1"), asked=before)
    assert wrong.asked == before
    right = await router.sends(wrong.standing, says(OPEN, "13800138000"), asked=wrong.asked)
    assert right.standing.answers["mobile"] == "+8613800138000"
    assert right.standing.position.state is Form.asking
    assert right.asked != before
