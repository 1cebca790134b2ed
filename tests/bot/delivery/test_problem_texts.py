"""Every refusal has its words in both languages, with the very arguments that the rules give."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource

from bot.core import exam_files
from bot.media.decoding import paper_scan
from bot.media.decoding.photo import measure, portrait
from bot.media.unreadable import UnreadablePicture
from states import materials
from states.exam.places import FileFormat, Material
from states.form.education import find_contradiction
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.identity import (
    IdNumber,
    IdType,
    check_born,
    check_id_number,
    check_name,
    check_phone,
)
from states.materials import ScanFacts
from states.photo import KB, PhotoFacts, PhotoRule, check_photo
from states.texts import Argument, Problem, Text
from tests import photos, scans

ROOT = Path(__file__).parents[3]
LOCALES = ("zh-CN", "en")
SOURCES = [*(ROOT / "states/identity").glob("*.py"), ROOT / "states/photo/rule.py"]
SOURCES += [ROOT / "bot/media/decoding" / name for name in ("photo.py", "paper_scan.py", "pdf.py")]
SOURCES += [ROOT / "states/materials.py", *(ROOT / "states/form").glob("*.py")]
ROOMS = ("states", "storage", "handlers", "bot")
FILES = sorted(file.name for file in (ROOT / "bot/locales/zh-CN").glob("*.ftl"))
TODAY = date(2025, 12, 2)
RULE = PhotoRule(("JPEG",), 420, 600, 50, 1500, 2000, "invented")
EXAM = exam_files.load("health-2026")
DEGREE = Material(
    code="degree",
    name="学历证书",
    name_en="Degree",
    required=True,
    formats=(FileFormat.JPG,),
    max_kb=5120,
    max_files=2,
)


def refused(content: bytes) -> Problem:
    try:
        measure(content)
        portrait(content, RULE)
    except UnreadablePicture as error:
        return error.reason
    raise AssertionError("taken")


def refused_scan(content: bytes) -> Problem:
    try:
        paper_scan.prepare(content)
    except UnreadablePicture as error:
        return error.reason
    raise AssertionError("taken")


def said_of_scans() -> list[Problem]:
    """Return the problems of scans that cannot be opened, and of scans that fail the rule."""
    face = photos.face(60, 80)
    files = (
        b"", b"?", photos.encoded(face, "WEBP"), photos.truncated_jpeg(), scans.pdf(31),
        scans.heic(face, face), photos.bomb_png(9000, 9000), scans.pdf()[:-9], scans.locked_pdf(),
        scans.xfa_pdf(),
    )  # fmt: skip
    large = 5121 * KB
    found = [refused_scan(content) for content in files]
    found += materials.check_scan(ScanFacts(FileFormat.PNG, 1, 399, 1, large), DEGREE, 2)
    found += materials.check_scan(ScanFacts(FileFormat.PDF, 1, 0, 0, large), DEGREE, 0)
    return found


def said_of_the_form() -> list[object]:
    """Return the problems of answers to the form, one of every rule."""
    answer_context = AnswerContext(EXAM, TODAY, EXAM.area("qinghai"), date(1990, 3, 7))
    wrong = (
        ("employer_name", "x"), ("employer_name", "x" * 61), ("years", "soon"), ("years", "99"),
        ("registered", "soon"), ("registered", "2090-01"), ("registered", "1980-01"),
        ("subjects", ""), ("level", "x"), ("email", "x"), ("postcode", "x"), ("landline", "x"),
        ("department", "🏥🏥"),
    )  # fmt: skip
    found = [FORM.answer({}, FORM.fields[key], typed, answer_context) for key, typed in wrong]
    record = {"graduated": "2012-07", "enrolled": "2013-09"}
    return [
        *found,
        FORM.skip({}, FORM.fields["mobile"], answer_context),
        find_contradiction(record),
    ]


def said() -> dict[str, Text]:
    """By key, one of everything that the rules can say, made by the rules themselves."""
    resident = IdType.RESIDENT_ID
    numbers = (
        "你好", "9", "9Q", "9" * 15, "999999199002300029", "999999202512300027",
        "999999201912300020", "999999190012300020", "999999199003071040", "99999919900307104X",
        "830000199003070027",
        "911840199003070022",
    )  # fmt: skip
    results: list[object] = [check_id_number(resident, number, TODAY) for number in numbers]
    results += [check_name(name) for name in ("刘", "刘" * 31, "刘2", "刘\ue000", "·刘玲", "(刘)")]
    phones = ("x", "138", "12800138000", "+14155552671", "01012345678", "4008001234")
    results += [check_phone(phone) for phone in phones]
    results += check_photo(PhotoFacts("PNG", 1500, 1, 1, 1), RULE, compressed=True)
    results += check_photo(PhotoFacts("GIF", 1, 1, 1, 2), RULE, compressed=False)
    for facts in ((1, 1, 1), (1, 1, 10**9), (1500, 2000, 1)):
        results += check_photo(PhotoFacts("JPEG", *facts, 1), RULE, compressed=False)
    light = replace(RULE, min_kb=1, max_kb=2)
    with pytest.raises(UnreadablePicture) as caught:
        portrait(photos.jpeg(), light)
    results.append(caught.value.reason)
    files = (b"", photos.heic_header(), b"%PDF-1", photos.truncated_jpeg())
    results += [refused(content) for content in files]
    results += [refused(photos.bomb_png(9000, 9000)), refused(photos.light_jpeg(420, 600))]
    results += said_of_scans()
    births = ("soon", "1990-02-30", "2090-01-01", "2020-01-01", "1890-01-01")
    results += [check_born(birth, TODAY) for birth in births]
    results += said_of_the_form()
    hints = [result.hint for result in results if isinstance(result, IdNumber)]
    texts = [text for text in [*results, *hints] if isinstance(text, Text)]
    texts += [text for kind in IdType for text in (kind.label, kind.shape)]
    inner = [arg for text in texts for arg in text.args.values() if isinstance(arg, Text)]
    return {text.key: text for text in texts + inner}


@cache
def bundle(locale: str) -> FluentBundle:
    made = FluentBundle([locale], use_isolating=False)
    made.add_resource(FluentResource(words_of(locale)))
    return made


def words_of(locale: str) -> str:
    """The files of this language that hold problems."""
    folder = ROOT / "bot/locales" / locale
    return "\n".join((folder / name).read_text("utf-8") for name in FILES)


def spoken(made: FluentBundle, text: Text) -> str:
    """The sentence; a missing word or argument fails."""
    args: dict[str, Argument | str] = {
        name: spoken(made, arg) if isinstance(arg, Text) else arg for name, arg in text.args.items()
    }
    pattern = made.get_message(text.key).value
    assert pattern is not None, text.key
    sentence, errors = made.format_pattern(pattern, args)
    assert errors == [], text.key
    return str(sentence)


@cache
def messages(locale: str) -> dict[str, set[str]]:
    """Key to arguments of every message in these files."""
    blocks = re.split(r"^(?=[a-z])", words_of(locale), flags=re.MULTILINE)[1:]
    return {
        block.split(" =")[0]: set(re.findall(r"\$(\w+)", re.sub(r"(?m)^#.*$", "", block)))
        for block in blocks
    }


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", said().values(), ids=said())
def test_what_the_rules_say_has_words(locale: str, text: Text) -> None:
    sentence = spoken(bundle(locale), text)
    assert "{" not in sentence
    assert "!" not in sentence
    assert "！" not in sentence
    assert messages(locale)[text.key] <= set(text.args)


def test_nothing_that_the_rules_can_say_was_left_out() -> None:
    written = "\n".join(source.read_text("utf-8") for source in SOURCES)
    keys = set(re.findall(r'"((?:problem|hint|photo-remedy|scan-remedy)-[a-z-]+)"', written))
    assert keys - set(said()) == set()
    assert len(keys) > 30


def refusals() -> dict[str, tuple[str, set[str]]]:
    """Every ``Problem`` that the code names with its arguments: key to its line and those."""
    found: dict[str, tuple[str, set[str]]] = {}
    for path in [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                key, *given = node.args
                args = given[0] if given else ast.Dict([], [])
                if isinstance(key, ast.Constant) and isinstance(args, ast.Dict):
                    names = {name.value for name in args.keys if isinstance(name, ast.Constant)}
                    if len(names) == len(args.keys):  # else there are others that it adds
                        line = f"{path.relative_to(ROOT)}:{node.lineno}"
                        found[str(key.value)] = (line, {str(name) for name in names})
    return found


def test_a_refusal_gives_its_words_what_they_need() -> None:
    """Those of the steps too, such as the sixth record, a taken number, a file that is known."""
    for key, (place, given) in refusals().items():
        for locale in LOCALES:
            assert messages(locale)[key] <= given, place


def test_every_refusal_of_the_new_steps_is_among_them() -> None:
    assert refusals().keys() >= {
        *("problem-number-tries", "problem-record-known", "problem-records-full"),
        *("problem-contact", "problem-several", "problem-materials-missing", "problem-scan-known"),
        *("problem-not-found", "problem-files-hour", "problem-files-weight"),
    }


def test_a_refusal_asks_for_what_mends_it() -> None:
    for locale, asking in (("zh-CN", "请|例如"), ("en", "[Pp]lease|example")):
        for key in (key for key in messages(locale) if key.startswith("problem-")):
            words = re.search(rf"(?ms)^{key} =(.*?)(?=^\S|\Z)", words_of(locale))
            assert words is not None
            assert re.search(asking, words[1]) or "remedy" in words[1], (locale, key)


def test_pixels_are_written_without_separators() -> None:
    problem = check_photo(PhotoFacts("JPEG", 1500, 1, 99_999, 1), RULE, compressed=True)[0]
    assert "1500×1 " in spoken(bundle("zh-CN"), problem)
    assert "1500×1 " in spoken(bundle("en"), problem)
