"""Parts of a registration that many stories share, in Chinese."""

from __future__ import annotations

from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.photos import jpeg

NAME = "刘玲"
NUMBER = "99999919900307104X"
PHONE = "13800138000"
PHOTO = jpeg(750, 1000)
SCHOOL = "示例医科大学"
CERTIFICATE = "100001201205000001"
EMPLOYER = "青海示例第一人民医院"
BLIND_MOVES = {
    "临床": "首次执业注册",
    "/help": "怎么用",
    "/back": "您的执业类别",
    "/language": "请选择语言",
    "/cancel": "先停在这里",
}
"""From the practice category on, what counts before its question is read, and its answer."""


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int, born: str = "19900307") -> str:
    """An invented resident ID number: the area 999999 is nobody's, the last sign is right.

    ``serial`` is 0 to 999; odd ones are men.
    """
    body = f"999999{born}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


async def meets_the_bot(person: Person) -> None:
    """Language and consent, up to the question for the name."""
    await person.says("/start")
    await person.sees("请选择语言")
    await person.presses("中文")
    await person.sees("同意我们这样使用您的信息吗")
    await person.presses("同意，开始")
    await person.sees("您的姓名？")


async def gives_the_account(person: Person, name: str = NAME, number: str = NUMBER) -> None:
    """Name, document, number twice; up to the look over it."""
    await person.says(name)
    await person.sees("用哪种证件报名")
    await person.presses("居民身份证")
    await person.sees("证件号码是多少")
    await person.says(number)
    await person.sees("再输入一遍")
    await person.says(number)
    await person.sees("请仔细核对", name, number[-4:])


async def locks_the_account(person: Person) -> None:
    """Confirms the account; up to the exam."""
    await person.presses("全部正确，确认")
    await person.sees("已锁定", "准备好了就点“开始填写”")


async def chooses(person: Person, area: str = "青海考区", site: str = "西宁考点") -> None:
    """Exam, area, terms, site; up to what follows the site."""
    await comes_to_the_site(person, area)
    await person.presses(site)


async def comes_to_the_site(person: Person, area: str = "青海考区") -> None:
    """Exam, area, terms; up to the first question of the form."""
    await person.presses("开始填写")
    await person.sees("哪个考区")
    await person.says(area)
    await person.sees(area, "请阅读报考须知")
    await person.presses("我已阅读并同意")
    await person.sees("第 1 页，共 6 页 · 选择考点", "哪个考点")


async def fills_the_form(person: Person, phone: str = PHONE, employer: str = EMPLOYER) -> None:
    """Pages (2) to (6) of a clinician; up to the photo."""
    await names_the_people(person)
    await gives_the_contact(person, phone)
    await chooses_the_specialty(person)
    await gives_an_education(person)
    await names_the_employer(person, employer)


async def names_the_people(person: Person) -> None:
    """Page (2), below what is locked."""
    await person.sees("第 2 页，共 6 页 · 基本信息", "以上六项已锁定", "您的民族")
    await person.presses("汉族")


async def gives_the_contact(person: Person, phone: str = PHONE) -> None:
    """Page (3), what is asked of everybody."""
    await person.sees("第 3 页，共 6 页 · 联系方式", "您的手机号码")
    await person.says(phone)
    await person.sees("第 3 页，共 6 页 · 联系方式", "固定电话")
    await person.presses("跳过本页其余选填项")


async def chooses_the_specialty(person: Person) -> None:
    """Page (4) of a clinician who was registered in July 2019."""
    await names_the_specialty(person)
    await person.presses("临床")
    await person.sees("首次执业注册")
    await person.says("2019年7月")
    await person.sees("住院医师规范化培训")
    await person.presses("没有")
    await person.sees("报考哪几科")
    await person.presses("就报这几科")
    await person.sees("您现在的专业技术资格")
    await person.presses("执业医师")
    await person.sees("满几年了")
    await person.says("6")
    await person.sees("哪年哪月取得的")
    await person.presses("跳过本页其余选填项")


async def names_the_specialty(person: Person) -> None:
    """Page (4) up to the practice category, which is asked."""
    await person.sees("第 4 页，共 6 页 · 报考信息", "报考哪一类")
    await person.presses("医")
    await person.sees("报考哪个专业")
    await person.says("303")
    await person.sees("第 4 页，共 6 页 · 报考信息", "您的执业类别")


async def names_the_title(person: Person, title: str) -> None:
    """The present title, which belongs to the profession, and its years."""
    await person.sees("您现在的专业技术资格")
    await person.presses(title)
    await person.sees("满几年了")
    await person.says("6")
    await person.sees("哪年哪月取得的")
    await person.presses("跳过本页其余选填项")


async def gives_an_education(person: Person, certificate: str = CERTIFICATE) -> None:
    """Page (5) of somebody who has kept no record yet: a bachelor of 2012."""
    await person.sees("第 5 页，共 6 页 · 教育情况", "哪一种学历或学位")
    await person.presses("本科")
    await person.sees("毕业学校的全称")
    await person.says(SCHOOL)
    await person.sees("所学专业")
    await person.says("临床医学")
    await person.sees("学习形式")
    await person.presses("普通全日制")
    await person.sees("毕业（或取得学位）是哪年哪月")
    await person.says("2012-07")
    await person.sees("证书编号")
    await person.says(certificate)
    await person.sees("核验状态")
    await person.presses("核验通过")
    await person.sees("入学是哪年哪月")
    await person.presses("跳过")
    await person.sees("保存后不能修改", SCHOOL)
    await person.presses("没有错，保存")


async def names_the_employer(person: Person, employer: str = EMPLOYER) -> None:
    """Page (6), by typing part of the name."""
    await person.sees("第 6 页，共 6 页 · 工作情况", "您的工作单位")
    await person.says(employer)
    await person.sees("所在的科室")
    await person.presses("跳过本页其余选填项")
    await person.sees("请发您的报名照片")


async def gives_the_photo(person: Person, photo: bytes = PHOTO) -> Message:
    """The photo as a file, accepted; up to the look over everything, which is returned."""
    await person.sends_file(photo)
    await person.sees("报名表上将使用这张照片")
    await person.presses("就用这张")
    return await person.sees("请核对全部信息")


async def submits(person: Person) -> Message:
    """Hands in; the to-do, which is returned."""
    await person.presses("提交报名信息")
    return await person.sees("报名信息已提交", "现场确认")


async def submits_again(person: Person) -> Message:
    """Hands in what was withdrawn; the to-do, which is returned."""
    await person.presses("✓ 改好了，再次提交")
    return await person.sees("报名信息已提交", "现场确认")


async def comes_to_the_form(person: Person) -> None:
    """From a stranger to the second page of the form."""
    await meets_the_bot(person)
    await gives_the_account(person)
    await locks_the_account(person)
    await chooses(person)
    await person.sees("第 2 页，共 6 页 · 基本信息", "您的民族")


async def comes_to_the_practice(person: Person) -> None:
    """From a stranger to the practice category, in the middle of the form."""
    await meets_the_bot(person)
    await gives_the_account(person)
    await locks_the_account(person)
    await chooses(person)
    await names_the_people(person)
    await gives_the_contact(person)
    await names_the_specialty(person)


async def comes_to_the_papers(person: Person) -> None:
    """From a stranger to the list of papers, in an area that confirms online."""
    await meets_the_bot(person)
    await gives_the_account(person)
    await locks_the_account(person)
    await chooses(person, "天津考区", "和平考点")
    await person.sees("第 1 页，共 6 页 · 选择考点", "哪个报名点")
    await person.presses("和平第一报名点")
    await fills_the_form(person, employer="天津示例第一人民医院")
    await person.sends_file(PHOTO)
    await person.sees("报名表上将使用这张照片")
    await person.presses("就用这张")
    await person.sees("请上传证明材料")


async def uploads(person: Person, name: str) -> None:
    """One file of a kind of paper; then the list of papers again."""
    await person.presses(name)
    await person.sees(f"请发：{name}")
    await person.sends_file(PHOTO)
    await person.sees("收到，已保存", "已有 1 个")
    await person.presses("上一步")
    await person.sees("请上传证明材料", f"✓ {name}")


async def comes_to_the_photo(person: Person) -> None:
    """From a stranger to the question for the photo."""
    await meets_the_bot(person)
    await gives_the_account(person)
    await locks_the_account(person)
    await chooses(person)
    await fills_the_form(person)


async def registers(person: Person) -> None:
    """The whole path of a new candidate with on-site confirmation."""
    await comes_to_the_photo(person)
    await gives_the_photo(person)
    await submits(person)


async def speaks_english(person: Person, told: str = "English from now on") -> None:
    """The bot speaks English with this person from here on."""
    await person.says("/language")
    await person.sees("请选择语言")
    await person.presses("English")
    await person.sees(told)
