"""Certificates of invented people, drawn by a program and marked as samples.

The layouts follow the real ones: diploma, degree, residency training, identity card. Schools,
people and numbers are invented; ID numbers begin with area code 999999, which is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from tests.e2e.scenes import id_number

WIDE, HIGH = 2000, 1400
_DIGITS: Final = "〇一二三四五六七八九"
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN: Final = "玲敏静丽强磊军洋艳勇娟涛明超秀霞平刚桂英华玉萍红建文斌宇航思雨梓涵欣怡浩然嘉"
_PLACES: Final = ("青海", "天津", "云南", "河西", "江北", "海东", "南湖", "长岭")
_SCHOOLS: Final = ("示例医科大学", "示例医学院", "示例中医药大学", "示例大学", "示例卫生职业学院")
_MAJORS: Final = (
    "护理学",
    "临床医学",
    "药学",
    "医学检验技术",
    "口腔医学",
    "预防医学",
    "康复治疗学",
)
_BASES: Final = ("示例第一人民医院", "示例医科大学附属医院", "示例中心医院")
LEVELS: Final = {"bachelor": "本科", "college": "专科"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says; dates are ``YYYY-MM-DD``."""

    name: str
    sex: str
    born: str
    id_number: str
    school: str
    major: str
    level: str
    enrolled: str
    graduated: str
    certificate: str
    base: str
    resident: str
    resident_number: str

    @classmethod
    def invented(cls, seed: int) -> Facts:
        """Invent a person and their papers."""
        chance = Random(seed)
        year = chance.randint(1975, 1997)
        born = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        level = chance.choice(["bachelor", "college"])
        begun = year + 18 + chance.randint(0, 2)
        ends = begun + (4 if level == "bachelor" else 3)
        given = "".join(chance.sample(_GIVEN, chance.choice([1, 2, 2])))
        sex = chance.choice("男女")
        serial = 2 * chance.randint(0, 499) + (sex == "男")
        return cls(
            chance.choice(_SURNAMES) + given,
            sex,
            born,
            id_number(serial, born.replace("-", "")),
            chance.choice(_PLACES) + chance.choice(_SCHOOLS),
            chance.choice(_MAJORS),
            level,
            f"{begun}-09-01",
            f"{ends}-{chance.choice([6, 7]):02}-{chance.randint(1, 28):02}",
            f"{chance.randint(10000, 19999)}1{ends}05{chance.randint(0, 999999):06}",
            chance.choice(_PLACES) + chance.choice(_BASES),
            f"{ends + 3}-{chance.choice([6, 7, 8]):02}-{chance.randint(1, 28):02}",
            f"{ends + 3}{chance.randint(0, 10**10 - 1):010}",
        )


def chinese_number(number: int) -> str:
    """Return a day or a month in Chinese numerals: 十二, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def chinese_date(day: str, *, with_day: bool = True) -> str:
    """Return a date in Chinese numerals: 二〇一九年七月一日."""
    year, month, of_month = day.split("-")
    shown = "".join(_DIGITS[int(one)] for one in year) + "年" + chinese_number(int(month)) + "月"
    return shown + (chinese_number(int(of_month)) + "日" if with_day else "")


def plain_date(day: str) -> str:
    """Return a date in digits: 2019年7月1日."""
    year, month, of_month = (int(one) for one in day.split("-"))
    return f"{year}年{month}月{of_month}日"


@cache
def font(size: int, *, serif: bool) -> ImageFont.FreeTypeFont:
    """Return a font of the wheel that the bot draws with."""
    name = "NotoSerifSC-Regular.otf" if serif else "NotoSansSC-Regular.otf"
    with resources.as_file(resources.files("pylopdf_fonts_zh_cn") / name) as path:
        return ImageFont.truetype(path, size)


class _Sheet:
    """A sheet with a frame, a ground of faint lines and the mark of a sample."""

    def __init__(self, seed: int, size: tuple[int, int] = (WIDE, HIGH)) -> None:
        self.chance = Random(seed)
        self.serif = self.chance.random() < 0.7
        tint = tuple(self.chance.randint(244, 254) for _ in range(3))
        self.image = Image.new("RGB", size, tint)
        self.draw = ImageDraw.Draw(self.image)
        wide, high = size
        for at in range(-high, wide, 46):
            line = tuple(one - 7 for one in tint)
            self.draw.line((at, 0, at + high, high), fill=line, width=2)
        frame = self.chance.choice(["#a5342d", "#8d6b1f", "#2f5d8a"])
        self.draw.rectangle((60, 60, wide - 60, high - 60), outline=frame, width=10)
        self.draw.rectangle((84, 84, wide - 84, high - 84), outline=frame, width=3)
        self._sample()

    def text(self, x: float, y: float, words: str, size: int, *, anchor: str = "la") -> None:
        """Write a line."""
        self.draw.text((x, y), words, "#1c1c1e", font(size, serif=self.serif), anchor)

    def paragraph(self, x: float, y: float, width: float, words: str, size: int) -> float:
        """Write lines of a width; return the place below."""
        face = font(size, serif=self.serif)
        line = "　　"
        for char in words:
            if face.getlength(line + char) > width:
                self.text(x, y, line, size)
                line, y = "", y + size * 1.7
            line += char
        self.text(x, y, line, size)
        return y + size * 1.7

    def seal(self, x: float, y: float, words: str) -> None:
        """Stamp a round seal, through which the text below stays legible."""
        layer = Image.new("RGBA", self.image.size)
        pen = ImageDraw.Draw(layer)
        red = (200, 30, 30, 120)
        pen.ellipse((x - 130, y - 130, x + 130, y + 130), outline=red, width=8)
        pen.regular_polygon((x, y, 38), 5, fill=red)
        pen.text((x, y + 78), words, red, font(30, serif=False), "mm")
        self.image.paste(layer, (0, 0), layer)

    def picture(self, box: tuple[int, int, int, int]) -> None:
        """Draw the place of a portrait."""
        self.draw.rectangle(box, fill="#dfe6ee", outline="#7d8791", width=3)
        left, top, right, bottom = box
        middle = (left + right) / 2
        self.draw.ellipse((middle - 60, top + 50, middle + 60, top + 200), fill="#b9a690")
        self.draw.ellipse((middle - 110, top + 210, middle + 110, bottom + 120), fill="#5b6b7b")
        below = self.image.getpixel((left - 9, bottom))
        self.draw.rectangle((left, bottom, right, bottom + 130), fill=below)

    def _sample(self) -> None:
        layer = Image.new("RGBA", self.image.size)
        pen = ImageDraw.Draw(layer)
        wide, high = self.image.size
        face = font(170, serif=False)
        pen.text((wide / 2, high / 2), "样本 SAMPLE", (120, 130, 140, 26), face, "mm")
        self.image.paste(layer, (0, 0), layer)


def graduation(facts: Facts, seed: int) -> Image.Image:
    """Draw a 毕业证书."""
    sheet = _Sheet(seed)
    kind = "本科" if facts.level == "bachelor" else "专科"
    years = "四" if facts.level == "bachelor" else "三"
    sheet.text(WIDE / 2, 150, "普 通 高 等 学 校", 54, anchor="ma")
    sheet.text(WIDE / 2, 240, "毕 业 证 书", 110, anchor="ma")
    sheet.picture((170, 480, 470, 880))
    begun = chinese_date(facts.enrolled, with_day=False)
    ended = chinese_date(facts.graduated, with_day=False)
    words = (
        f"学生 {facts.name} 性别 {facts.sex} ，{chinese_date(facts.born)}生，于{begun}至{ended}"
        f"在本校 {facts.major} 专业{years}年制{kind}学习，修完教学计划规定的全部课程，成绩合格，"
        "准予毕业。"
    )
    sheet.paragraph(560, 470, 1240, words, 50)
    sheet.text(560, 980, f"校　　名：{facts.school}", 48)
    sheet.text(1300, 980, "校（院）长：样本", 48)
    sheet.text(170, 1120, f"证书编号：{facts.certificate}", 44)
    sheet.text(1300, 1120, chinese_date(facts.graduated), 48)
    sheet.text(170, 1230, "中华人民共和国教育部监制（样本）", 34)
    sheet.seal(900, 1080, "样本专用章")
    return sheet.image


def degree(facts: Facts, seed: int) -> Image.Image:
    """Draw a 学士学位证书."""
    sheet = _Sheet(seed)
    sheet.text(WIDE / 2, 170, "学 士 学 位 证 书", 100, anchor="ma")
    sheet.picture((170, 430, 470, 830))
    words = (
        f"{facts.name}，{facts.sex}，{chinese_date(facts.born)}生。在{facts.school}{facts.major}专业"
        "完成了本科学习计划，业已毕业，经审核符合《中华人民共和国学位条例》的规定，授予医学学士学位。"
    )
    sheet.paragraph(560, 430, 1240, words, 52)
    sheet.text(1180, 900, facts.school, 54)
    sheet.text(560, 1000, "学位评定委员会主席：样本", 44)
    sheet.text(170, 1140, f"证书编号：{facts.certificate}", 44)
    sheet.text(1240, 1140, chinese_date(facts.graduated), 48)
    sheet.text(170, 1240, "（普通高等教育本科毕业生·样本）", 34)
    sheet.seal(1050, 1060, "样本专用章")
    return sheet.image


def residency(facts: Facts, seed: int) -> Image.Image:
    """Draw a 住院医师规范化培训合格证书."""
    sheet = _Sheet(seed)
    sheet.text(WIDE / 2, 160, "住院医师规范化培训", 70, anchor="ma")
    sheet.text(WIDE / 2, 270, "合 格 证 书", 90, anchor="ma")
    sheet.picture((1460, 460, 1760, 860))
    lines = {
        "姓　　名": facts.name,
        "性　　别": facts.sex,
        "身份证号": facts.id_number,
        "培训专业": facts.major,
        "培训基地": facts.base,
        "证书编号": facts.resident_number,
    }
    y = 470.0
    for label, value in lines.items():
        sheet.text(220, y, f"{label}：{value}", 50)
        y += 92
    sheet.text(1100, 1060, "发证机关：样本省卫生健康委员会", 42)
    sheet.text(1240, 1160, plain_date(facts.resident), 48)
    sheet.seal(1080, 1120, "样本专用章")
    return sheet.image


def identity(facts: Facts, seed: int) -> Image.Image:
    """Draw the front of a 居民身份证."""
    size = (1400, 880)
    sheet = _Sheet(seed, size)
    year, month, day = (int(one) for one in facts.born.split("-"))
    sheet.serif = False
    sheet.text(140, 140, f"姓　名  {facts.name}", 54)
    sheet.text(140, 250, f"性　别  {facts.sex}　　民　族  汉", 48)
    sheet.text(140, 350, f"出　生  {year} 年 {month} 月 {day} 日", 48)
    sheet.text(140, 460, "住　址  样本省示例市和平路 1 号", 46)
    sheet.text(140, 720, f"公民身份号码  {facts.id_number}", 56)
    sheet.picture((1000, 190, 1270, 560))
    return sheet.image


Drawer = Callable[[Facts, int], Image.Image]
KINDS: Final[Mapping[str, Drawer]] = {
    "graduation": graduation,
    "degree": degree,
    "residency": residency,
    "identity": identity,
}
PRINTED: Final = {
    "graduation": ("name", "school", "major", "level", "graduated", "certificate"),
    "degree": ("name", "school", "major", "level", "graduated", "certificate"),
    "residency": ("name", "id_number", "resident"),
    "identity": ("name", "id_number"),
}
"""The facts that each kind shows and the form has, too."""


def misprinted(facts: Facts, key: str, seed: int) -> Facts:
    """Return other facts: one character of a name or a number, another month, another school."""
    chance, value = Random(seed), getattr(facts, key)
    if key in ("graduated", "resident"):
        year, month, day = value.split("-")
        other = f"{int(month) % 12 + 1:02}" if chance.random() < 0.7 else month
        year = year if other != month else str(int(year) - 1)
        return replace(facts, **{key: f"{year}-{other}-{day}"})
    if key == "level":
        return replace(facts, level="college" if value == "bachelor" else "bachelor")
    if key in ("school", "major"):
        options = [p + s for p in _PLACES for s in _SCHOOLS] if key == "school" else [*_MAJORS]
        return replace(facts, **{key: chance.choice([one for one in options if one != value])})
    at = chance.randrange(1, len(value))
    if key == "name":
        other = chance.choice([one for one in _GIVEN if one != value[at]])
    else:
        at = min(at, len(value) - 2)
        other = chance.choice([one for one in "0123456789" if one != value[at]])
    return replace(facts, **{key: value[:at] + other + value[at + 1 :]})
