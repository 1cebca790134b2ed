"""The moves of a candidate, and the prompt that answers each move."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from states.records import Answers
from tests import factories
from tests.e2e.person import Person
from tests.e2e.scenes import PHOTO, id_number


@dataclass(frozen=True, slots=True)
class Move:
    """An act, and words that stand in its answer and not in the one before."""

    effect: Callable[[Person], Awaitable[object]]
    answer: str


def says(text: str, answer: str) -> Move:
    """A text is sent."""
    return Move(lambda person: person.says(text), answer)


def taps(label: str, answer: str, below: str = "") -> Move:
    """A button is tapped; ``below`` words that tell its question from a repeated one."""
    return Move(lambda person: person.presses(label, below), answer)


def sends(content: bytes, answer: str) -> Move:
    """A file is sent."""
    return Move(lambda person: person.sends_file(content), answer)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody invented, by their number in the test."""

    number: int

    @property
    def name(self) -> str:
        """Their name."""
        return "考生" + "".join("一二三四五六七八九十"[int(digit)] for digit in str(self.number))

    @property
    def id_number(self) -> str:
        """Their ID number."""
        return id_number(self.number)

    @property
    def phone(self) -> str:
        """Their phone number."""
        return f"138001380{self.number:02}"

    @property
    def employer(self) -> str:
        """The name of their employer."""
        return f"示例市第{self.number}人民医院"

    @property
    def certificate(self) -> str:
        """The number of their certificate."""
        return f"1000012012050{self.number:05}"

    @property
    def answers(self) -> Answers:
        """The form's answers when they are through; every optional question is skipped."""
        return factories.answers(
            "qinghai",
            mobile=f"+86{self.phone}",
            category="medicine",
            specialty="303",
            practice="clinical",
            registered="2019-07",
            residency="no",
            title="physician",
            years="6",
            employer="other",
            employer_name=self.employer,
            employer_kind="hospital",
            department="内科",
        )


def straight(candidate: Candidate) -> list[Move]:
    """From a stranger to the question for the photo, without a slip."""
    return [*_to_the_number(candidate), *_to_the_form(candidate), *_the_form(candidate)]


def winding(candidate: Candidate) -> list[Move]:
    """The same with slips, questions and changes of mind: text, buttons, a sticker, commands."""
    refused = taps("不同意", "没有您的同意就不能在这里报名")
    other = id_number(candidate.number + 500)
    start = _to_the_number(candidate)
    return [
        *start[:2],
        refused,
        start[2],
        says("刘", "姓名太短"),
        *start[3:],
        says(candidate.id_number, "再输入一遍"),
        says(other, "两次输入的号码不一样"),
        *_to_the_form(candidate)[:2],
        taps("改姓名", "您的姓名"),
        says(candidate.name, "请仔细核对"),
        *_to_the_form(candidate)[2:],
        *_the_form(candidate, _detours()),
        says("/help", "怎么用"),
        says("/cancel", "先停在这里"),
        taps("继续报名", "请发您的报名照片"),
        Move(Person.sends_sticker, "这一步用不上这个内容"),
        taps("上一步", "哪年哪月参加工作"),
        taps("不改，继续", "请发您的报名照片"),
    ]


def to_the_end() -> list[Move]:
    """From the question for the photo until it is all handed in."""
    return [
        sends(PHOTO, "报名表上将使用这张照片"),
        taps("就用这张", "照片已保存"),
        taps("修改工作情况", "要改哪一项"),
        taps("改科室", "您所在的科室"),
        says("内科", "请核对全部信息"),
        taps("提交报名信息", "报名信息已提交"),
        says("/status", "等待报名确认"),
    ]


def _to_the_number(candidate: Candidate) -> list[Move]:
    return [
        says("/start", "请选择语言"),
        taps("中文", "同意我们这样使用您的信息吗"),
        taps("同意，开始", "您的姓名"),
        says(candidate.name, "用哪种证件报名"),
        taps("居民身份证", "证件号码是多少"),
    ]


def _to_the_form(candidate: Candidate) -> list[Move]:
    return [
        says(candidate.id_number, "再输入一遍"),
        says(candidate.id_number, "请仔细核对"),
        taps("全部正确，确认", "您的身份信息已锁定"),
        taps("开始填写", "您在哪个考区报考"),
        says("青海考区", "请阅读报考须知"),
        taps("我已阅读并同意", "哪个考点"),
        taps("西宁考点", "您的民族"),
    ]


def _the_form(candidate: Candidate, detours: Sequence[Move] = ()) -> list[Move]:
    return [
        taps("汉族", "您的手机号码"),
        says(candidate.phone, "固定电话"),
        taps("跳过本页其余选填项", "报考哪一类"),
        taps("医", "报考哪个专业"),
        says("303", "您的执业类别"),
        taps("临床", "首次执业注册是哪年哪月"),
        *detours,
        says("2019-07", "首次注册年月：2019-07"),
        taps("没有", "报考哪几科"),
        taps("就报这几科", "您现在的专业技术资格"),
        taps("执业医师", "满几年了"),
        says("6", "哪年哪月取得的"),
        taps("跳过本页其余选填项", "哪一种学历或学位"),
        *_the_record(candidate),
        taps("其它", "单位的全称"),
        says(candidate.employer, "这是哪一类单位"),
        taps("医院", "您所在的科室"),
        says("内科", "公立还是民营"),
        taps("跳过本页其余选填项", "请发您的报名照片"),
    ]


def _the_record(candidate: Candidate) -> list[Move]:
    return [
        taps("本科", "毕业学校的全称"),
        says("示例医科大学", "所学专业"),
        says("临床医学", "学习形式"),
        taps("普通全日制", "毕业（或取得学位）是哪年哪月"),
        says("2012-07", "证书编号"),
        says(candidate.certificate, "这条学历学位的核验状态"),
        taps("核验通过", "入学是哪年哪月"),
        taps("跳过", "保存后不能修改"),
        taps("没有错，保存", "您的工作单位"),
    ]


def _detours() -> list[Move]:
    return [
        taps("为什么问？", "工作年限从这个月开始算", below="首次执业注册"),
        says("2019-13", "没看懂这个年月"),
        says("2018-03", "您有住院医师规范化培训合格证书吗"),
        taps("上一步", "现在填的是"),
    ]
