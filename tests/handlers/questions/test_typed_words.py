"""Typed words: yes and no, back and later, short forms of buttons, and sentences in free questions.

A free question takes any text, so what hardly answers it is asked back; nothing else is taken.
"""

from __future__ import annotations

import pytest

from bot.delivery.i18n import load_replies
from handlers.callback_data import Action
from handlers.candidate.withdraw import SCREEN as WITHDRAW
from handlers.questions.doubts import TYPED
from handlers.registry import SCREENS
from handlers.rendering import DOUBT, View
from states.form.fields import SKIPPED
from states.form.pages import FORM
from states.fsm_states import Account, Choose, Home, LateChanges, Paying
from states.own_words.reply_words import Reply
from states.records import Stage
from states.texts import Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter, says
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import EXAM, Standing
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B20", "B26")]
REPLIES = load_replies()


def at(name: str, locale: str = "zh-CN") -> Standing:
    return STANDINGS[f"{locale}: {name}"]


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, at("name"))


# --- free questions ------------------------------------------------------------------------------

FREE = (
    ("name", "zh-CN"),
    ("right name", "zh-CN"),
    ("employer_name", "zh-CN"),
    ("record, school", "zh-CN"),
    ("record, major", "en"),
    ("address", "en"),
)
NO_ANSWERS = (
    *("您好", "谢谢", "好的", "是的", "名字", "等会儿我再来填写", "以后有空再填"),
    *("准考证什么时候打印", "怎么缴费", "我要撤回报名", "不知道怎么填"),
    *("hello", "how do I pay", "what is this for?"),
)


@pytest.mark.parametrize(("name", "locale"), FREE)
async def test_words_that_are_no_answer_are_asked_back_and_nothing_is_kept(
    ling: CandidateDriver, name: str, locale: str
) -> None:
    before = at(name, locale)
    for typed in NO_ANSWERS:
        ling.at = before
        after = await ling.says(typed)
        records, person = after.standing.records, after.standing.records.person
        assert records.application == before.records.application, typed
        assert person is not None
        known = before.records.person
        assert known is not None
        kept = (person.identity, person.record, person.correction)
        assert kept == (known.identity, known.record, known.correction), typed


async def test_a_number_without_a_digit_is_asked_back(ling: CandidateDriver) -> None:
    """Saved records never change, so 证书丢了 must not become the number of one."""
    for typed in ("证书丢了找不到号码", "没有带在身边的", "毕业证书号码"):
        ling.at = at("record, certificate")
        after = await ling.says(typed)
        person = after.standing.records.person
        assert person is not None
        assert "certificate" not in (person.record or {}), typed
        assert person.typed == typed


@pytest.mark.parametrize("typed", ["身份证", "居民身份证", "ID card"])
async def test_a_kind_of_document_is_no_name_at_once(ling: CandidateDriver, typed: str) -> None:
    await ling.says(typed)
    assert ling.state is Account.name
    person = ling.at.records.person
    assert person is not None
    assert (person.identity.name, person.typed) == ("", typed)


async def test_a_name_in_a_sentence_is_offered_and_one_tap_takes_it(ling: CandidateDriver) -> None:
    for typed in ("我叫林晓燕", "我是林晓燕。", "姓名：林晓燕", "我的名字是 林晓燕"):
        ling.at = at("name")
        await ling.says(typed)
        assert ling.state is Account.name
        await ling.taps(Action.CHOOSE, TYPED)
        person = ling.at.records.person
        assert person is not None
        assert (person.identity.name, person.typed) == ("林晓燕", "")


async def test_an_odd_name_is_taken_once_it_is_confirmed(ling: CandidateDriver) -> None:
    await ling.says("您好")
    await ling.says("对的")
    person = ling.at.records.person
    assert person is not None
    assert person.identity.name == "您好"


async def test_a_request_at_a_free_question_is_offered_beside_the_answer(
    ling: CandidateDriver,
) -> None:
    await ling.says("准考证什么时候打印")
    assert ling.at.position.data[DOUBT] == "help-exam"
    assert "help-exam" in ling.offered(Action.GO)
    await ling.says("不是")
    assert ling.at.position == at("name").position


@pytest.mark.parametrize("typed", ["刘玲", "阿依古丽·买买提", "安好", "高兴", "王(suo)", "Li Wei"])
async def test_a_usual_name_is_taken_at_once(ling: CandidateDriver, typed: str) -> None:
    await ling.says(typed)
    assert ling.state is Account.id_type


@pytest.mark.parametrize(
    "typed",
    [
        "北京大学医学部",
        "示例信息工程大学",
        "示例市卫生学校",
        "Example Medical University",
        "中国医科大学",
    ],
)
async def test_a_usual_school_is_taken_at_once(ling: CandidateDriver, typed: str) -> None:
    ling.at = at("record, school")
    await ling.says(typed)
    assert ling.field == "major"


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("landline", "座机没有"),
        ("landline", "没有固定电话"),
        ("landline", "固话无"),
        ("email", "没有邮箱"),
        ("email", "邮箱：没有"),
        ("email", "no email"),
    ],
)
async def test_a_question_that_may_stay_open_is_skipped_by_its_own_words(
    ling: CandidateDriver, asked: str, typed: str
) -> None:
    ling.at = at(asked)
    await ling.says(typed)
    assert ling.field != asked
    known = ling.at.records.application
    assert known is not None
    assert known.answers[asked] == SKIPPED


# --- words that lead away ------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["返回", "退回上一步", "上一步", "我要返回", "go back", "Back!"])
async def test_back_goes_back_wherever_it_is_typed(ling: CandidateDriver, typed: str) -> None:
    for name in ("mobile", "record, major", "employer_name", "years"):
        ling.at = before = at(name)
        await ling.says(typed)
        assert ling.at.position != before.position, name
        assert ling.at.records == before.records
    ling.at = at("name")
    assert (await ling.says(typed)).header_lines == ["back-nothing"]


@pytest.mark.parametrize(
    "typed", ["退出", "我先不填了", "等一下再填", "下次再说吧", "later", "quit"]
)
async def test_later_leaves_and_loses_nothing(ling: CandidateDriver, typed: str) -> None:
    for name in ("name", "mobile", "record, school", "area"):
        ling.at = before = at(name)
        after = await ling.says(typed)
        assert ling.state is Home.menu, name
        assert ling.at.records == before.records
        assert after.header_lines == ["cancel-done"]
    ling.at = at("consent")
    assert (await ling.says(typed)).header_lines == ["consent-later"]


@pytest.mark.parametrize("typed", ["不想填", "不确定", "跳过吧", "不知道", "skip it", "not sure"])
async def test_words_that_skip_do_so_where_a_question_can_be_skipped(
    ling: CandidateDriver, typed: str
) -> None:
    for key in ("landline", "titled", "grade", "field_years", "department"):
        ling.at = at(key)
        await ling.says(typed)
        assert ling.at.answers[key] == "", key


@pytest.mark.parametrize("typed", ["四科都报", "四科都要报", "全部", "all four", "All subjects."])
async def test_all_subjects_are_taken_in_a_word(ling: CandidateDriver, typed: str) -> None:
    ling.at = at("subjects")
    await ling.says(typed)
    assert len(ling.at.answers["subjects"].split()) == 4


# --- yes and no ----------------------------------------------------------------------------------

YES = ("是", "是的", "对", "对的！", "嗯", "好", "好的", "可以", "没错", "yes", "Yes, please", "ok")
NO = ("不", "不是", "不对", "不是的", "取消", "no", "nope")


@pytest.mark.parametrize("typed", YES)
async def test_yes_takes_what_was_offered(ling: CandidateDriver, typed: str) -> None:
    ling.at = at("specialty")
    await ling.says("心内科")
    await ling.says(typed)
    assert ling.at.answers["specialty"] == "304"


@pytest.mark.parametrize("typed", NO)
async def test_no_shows_the_whole_list_again(ling: CandidateDriver, typed: str) -> None:
    ling.at = before = at("specialty")
    await ling.says("心内科")
    await ling.says(typed)
    assert ling.at == before


@pytest.mark.parametrize("typed", YES)
async def test_yes_withdraws_only_right_after_the_question(
    ling: CandidateDriver, typed: str
) -> None:
    ling.at = at("menu, submitted on site")
    assert [one.screen for one in (await ling.says("撤回")).said] == [WITHDRAW]
    await ling.says(typed)
    assert ling.at.application.stage is Stage.DRAFT
    ling.at, ling.aside = at("menu, submitted on site"), ""
    await ling.says("撤回")
    await ling.says("怎么缴费")
    await ling.says(typed)
    assert ling.at.application.stage is Stage.SUBMITTED


@pytest.mark.parametrize("typed", NO)
async def test_no_leaves_the_application_as_it_is(ling: CandidateDriver, typed: str) -> None:
    ling.at = before = at("menu, submitted on site")
    await ling.says("撤回")
    after = await ling.says(typed)
    assert [one.screen for one in after.said] == ["status"]
    assert ling.at.records == before.records


async def test_a_yes_from_before_the_question_does_not_withdraw(router: OfflineRouter) -> None:
    standing = at("menu, submitted on site")
    shown = await router.sends(standing, says(standing.now, "撤回"))
    early = await router.sends(shown.standing, says(standing.now, "是的"), aside=shown.aside)
    assert early.standing.application.stage is Stage.SUBMITTED


# --- short forms of buttons ----------------------------------------------------------------------

SHORT = (
    ("summary, on site", "提交", "S"),
    ("summary, on site", "对的，提交", "S"),
    ("summary, on site", "我要提交", "S"),
    ("confirm", "全部正确", "k"),
    ("consent", "同意", "y"),
    ("notice", "我同意", "y"),
    ("adding, one", "传好了", "k"),
    ("adding, one", "完成", "k"),
    ("unsorted, offered", "对", "y"),
    ("mobile, again", "继续", "k"),
)


@pytest.mark.parametrize(("name", "typed", "action"), SHORT)
async def test_a_short_form_presses_the_button_that_is_shown(
    ling: CandidateDriver, name: str, typed: str, action: str
) -> None:
    ling.at = at(name)
    after = await ling.says(typed)
    assert after.envelope.callback is not None
    assert after.envelope.callback.action.value == action


async def test_good_words_without_a_consent_say_how_to_give_it(ling: CandidateDriver) -> None:
    ling.at = before = at("consent")
    after = await ling.says("好的")
    assert after.header_lines == ["consent-how"]
    assert ling.at.records == before.records


async def test_nothing_final_is_done_by_a_mere_yes(ling: CandidateDriver) -> None:
    for name in ("summary, on site", "confirm", "consent", "notice", "record kept?"):
        for typed in ("是的", "好的", "嗯", "yes"):
            ling.at = before = at(name)
            await ling.says(typed)
            assert ling.at.records == before.records, (name, typed)


QUESTIONS = (
    ("summary, on site", "zh-CN", ("提交？", "确认提交?", "对的，提交？", "提交报名信息？ ")),
    ("summary, on site", "en", ("Submit?",)),
    ("confirm", "zh-CN", ("对？", "都正确？", "✓ 全部正确，确认？")),
    ("consent", "zh-CN", ("同意？",)),
    ("notice", "zh-CN", ("我同意？",)),
    ("record kept?", "zh-CN", ("没错？",)),
)


@pytest.mark.parametrize(("name", "locale", "asked"), QUESTIONS)
async def test_a_typed_question_decides_nothing(
    ling: CandidateDriver, name: str, locale: str, asked: tuple[str, ...]
) -> None:
    for typed in asked:
        ling.at = before = at(name, locale)
        await ling.says(typed)
        assert ling.at.records == before.records, typed


async def test_who_only_asks_about_withdrawing_keeps_the_application(
    ling: CandidateDriver,
) -> None:
    for typed in ("撤回？", "是，撤回？", "是？"):
        ling.at, ling.aside = at("menu, submitted on site"), ""
        assert [one.screen for one in (await ling.says("撤回？")).said] == [WITHDRAW]
        await ling.says(typed)
        assert ling.at.application.stage is Stage.SUBMITTED, typed


# --- a payment is never claimed by mistake -------------------------------------------------------


# --- nothing is sent to the staff by mistake -----------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "offers"),
    [("要多久才有结果，能不能快点", ()), ("准考证什么时候打印", ("help-exam",)), ("换了单位", ())],
)
async def test_the_reason_of_a_change_is_shown_before_it_is_sent(
    ling: CandidateDriver, typed: str, offers: tuple[str, ...]
) -> None:
    ling.at = before = at("LateChanges:reasoning 2, on site")
    asked = await ling.says(typed)
    assert ling.state is LateChanges.reasoning
    assert "change-reason-check" in ling.sees
    assert {f"button-{one}" for one in offers} == {one for one in ling.sees if "-help-" in one}
    assert asked.envelope.unit.requests == []
    again = await ling.says("不是")
    assert again.standing.position == before.position
    assert again.standing.records.application == before.records.application
    await ling.says(typed)
    sent = await ling.says("是的")
    (request,) = sent.envelope.unit.requests
    assert request.reason == typed
    assert sent.header_lines == ["change-sent"]


@pytest.mark.parametrize("typed", ["准考证什么时候打印", "2月5日 14:20，260 元，单号 1234", "您好"])
async def test_a_proof_is_shown_before_it_is_sent(ling: CandidateDriver, typed: str) -> None:
    ling.at = at("a proof")
    asked = await ling.says(typed)
    assert ling.state is Paying.proof
    assert "proof-check" in ling.sees
    assert asked.envelope.unit.audit_entries == []
    again = await ling.says("不是")
    assert again.standing.position == at("a proof").position
    await ling.says(typed)
    sent = await ling.says("是的")
    assert sent.header_lines in (["proof-kept"], ["proof-known"])  # the case of another test
    person = ling.at.records.person
    assert person is not None
    assert person.typed == ""
    (menu,) = sent.said
    view = View(ling.at.records, EXAM, ling.at.now, menu.data)
    said = {text.key for text in texts_of(SCREENS[menu.screen](view))}
    assert "now-payment-claimed" in said
    assert "now-payment-open" not in said


# --- names and numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "key", "code"),
    [
        ("site", "西宁", "site", "xining"),
        ("ethnicity", "汉", "ethnicity", "01"),
        ("ownership", "公立医院", "ownership", "public"),
    ],
)
async def test_a_name_without_its_generic_ending_is_whole(
    ling: CandidateDriver, name: str, typed: str, key: str, code: str
) -> None:
    ling.at = at(name)
    await ling.says(typed)
    assert ling.at.answers[key] == code


async def test_an_area_without_its_generic_ending_is_whole(ling: CandidateDriver) -> None:
    ling.at = at("area")
    await ling.says("青海")
    assert ling.state is Choose.notice


@pytest.mark.parametrize(
    "typed",
    [
        "一三八零零一三八零零零",
        "13800138000（微信同号）",
        "my number is 13800138000",
        "手机号是13800138000（我的）",
        "我手机号13800138000，邮箱没有，地址示例市示例路1号",
        "mobile: 13800138000, no landline, no email",
    ],
)
async def test_a_number_in_a_sentence_is_offered(ling: CandidateDriver, typed: str) -> None:
    ling.at = before = at("mobile")
    await ling.says(typed)
    assert ling.at.answers == before.answers
    await ling.says("是的")
    assert ling.at.answers["mobile"] == "+8613800138000"


async def test_each_kind_of_reply_has_words_in_both_languages() -> None:
    for kind in Reply:
        assert any(word.isascii() for word in REPLIES.words[kind]), kind
        assert any(not word.isascii() for word in REPLIES.words[kind]), kind


async def test_a_name_with_a_chinese_comma_is_shown_as_typed(
    ling: CandidateDriver,
) -> None:
    after = await ling.says("刘，玲")
    (problem,) = after.said[0].header_lines
    assert problem.args == {"char": "，"}


async def test_the_short_forms_belong_to_labels_that_exist() -> None:
    keys = {key for kind in Reply for key in REPLIES.presses.get(kind, ())} | REPLIES.short.keys()
    for key in keys:
        for locale in ("zh-CN", "en"):
            assert TRANSLATIONS.label(
                Text(key, {"to": "青海", "years": 7, "since": "2018-06"}), locale
            ), key


async def test_the_words_for_questions_belong_to_the_form() -> None:
    assert REPLIES.fields.keys() <= FORM.fields.keys()
