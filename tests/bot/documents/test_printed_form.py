"""The printed form: what stands on it, that it is always the same, and that its code is read."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
import typst

from bot.documents import print_fonts, printed_form
from bot.documents.printed_form import PrintedForm
from bot.documents.typesetting import pdf, unprintable
from states.form.education import RECORD
from states.form.fields import Field, FieldKind
from states.form.pages import CONTACT, FORM
from states.form.questionnaire import Questionnaire
from states.submissions.content import SubmittedContent
from states.texts import Text
from tests import factories
from tests.bot.documents.paper import WAYS, copied_text, opened, page_of, qr_codes
from tests.bot.documents.printed_people import (
    PEOPLE,
    content,
    draft_of,
    form_of,
    identity,
    portrait,
    translations,
)
from tests.flow_trace import ROOT

LOCALES = ("zh-CN", "en")
INJECTIONS = (
    "#eval(1)",
    '#read("/etc/passwd")',
    "*粗* _斜_ $x^2$",
    "\\u{41} \\ #",
    "] #panic() [",
    '"); #panic("',
    "<label> @ref = // /* `raw`",
    "{{form}} %s {0}",
)


@pytest.fixture(scope="module")
def picture() -> bytes:
    return portrait(600, 800)


def pages(content: bytes) -> int:
    with opened(content) as document:
        return len(document)


def pairs(form: PrintedForm) -> list[tuple[str, str]]:
    return [pair for section in form.sections for row in section.rows for pair in row]


def said(key: str, locale: str = "zh-CN") -> str:
    return translations().label(Text(key), locale)


# --- what stands on it ---------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("make", PEOPLE.values(), ids=PEOPLE)
def test_every_question_that_was_asked_is_printed_in_order(
    make: Callable[[], SubmittedContent], locale: str
) -> None:
    whole = make()
    form = form_of(whole, locale)
    labels = [label for label, _value in pairs(form)]
    expected = []
    for field in FORM.fields.values():
        fields = RECORD.fields.values() if field.kind is FieldKind.RECORD else (field,)
        expected += [one.name.key for one in fields if field.key in whole.answers]
    asked = [said(key, locale) for key in expected]
    assert [label for label in labels if label in asked] == asked
    assert [one.title for one in form.sections][: len(FORM.pages)] == [
        said(page.staff_title.key, locale) for page in FORM.pages
    ]


def test_a_new_question_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    new = Field("degree", FieldKind.TEXT)
    added = replace(CONTACT, fields=(*CONTACT.fields, new))
    form = Questionnaire(tuple(added if page is CONTACT else page for page in FORM.pages))
    monkeypatch.setattr(printed_form, "FORM", form)
    whole = content()
    answered = replace(whole, answers={**whole.answers, "degree": "新的回答"})
    assert ("学历层次", "新的回答") in pairs(form_of(answered))


def test_the_identity_and_the_place_are_printed() -> None:
    form = dict(pairs(form_of(content())))
    assert form["姓名"] == "刘玲"
    assert form["证件号码"] == "99999919900307104X"
    assert (form["性别"], form["国籍"], form["考区"]) == ("女", "中国", "青海考区")


def test_a_skipped_question_is_closed_and_an_open_one_is_blank() -> None:
    whole = content()
    left = {key: value for key, value in whole.answers.items() if key != "mobile"}
    form = dict(pairs(draft_of(replace(whole, answers=left))))
    assert form["固定电话"] == "—"
    assert form["手机"] == ""


def test_the_education_record_is_the_one_that_the_form_refers_to() -> None:
    form = dict(pairs(form_of(content(records=3, education="2"))))
    assert form["学校"] == "示例医科大学第2临床医学院"


def test_materials_are_counted_where_the_area_takes_them() -> None:
    form = form_of(content("tianjin", files=3))
    assert form.sections[-1].title == said("print-materials")
    assert {value for row in form.sections[-1].rows for _label, value in row} == {"3 个文件"}
    assert form.bring == ()
    assert form.visit.title == said("print-confirm-online")


@pytest.mark.parametrize(
    ("wanted", "brought"),
    [
        ({"ownership": "private"}, "licence"),
        ({"title": "junior"}, "title"),
        ({"residency": "yes"}, "residency"),
    ],
)
def test_what_to_bring_depends_on_the_answers(wanted: dict[str, str], brought: str) -> None:
    whole = content(title="none", residency="no")
    plain = form_of(whole)
    other = form_of(replace(whole, answers={**whole.answers, **wanted}))
    assert set(other.bring) - set(plain.bring) == {said(f"print-bring-{brought}")}


def test_the_visit_says_when_and_where() -> None:
    visit = dict(pair for row in form_of(content()).visit.rows for pair in row)
    assert visit[said("print-when")].startswith("2025年12月3日（周三）至 2025年12月16日（周二）")
    assert visit[said("print-where")] == "西宁考点"
    assert "示例路" in visit[said("print-address")]


# --- the PDF -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", PEOPLE.values(), ids=PEOPLE)
def test_what_is_copied_out_is_what_was_written(
    make: Callable[[], SubmittedContent], picture: bytes
) -> None:
    form = form_of(make())
    made = pdf(form, picture)
    text = copied_text(made)
    lacking = dict.fromkeys(map(ord, unprintable(form)))
    boxes = {point: f"U+{point:04X}" for point in lacking}
    for value in (form.name, form.stamp.code, *(value for _label, value in pairs(form))):
        assert "".join(value.translate(boxes).split()) in text
    assert pages(made) == 1
    assert len(made) < 300 * 1024


def test_long_content_flows_to_another_page_and_each_names_the_form(picture: bytes) -> None:
    form = form_of(content("tianjin", records=1, optional=True, files=9))
    longer = replace(form, sections=form.sections * 2)
    with opened(pdf(longer, picture)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert form.stamp.code in text
        assert f"{number} / {len(texts)}" in text


def test_a_draft_says_so_on_the_page_and_has_no_code(picture: bytes) -> None:
    form = draft_of(content())
    made = pdf(form, picture)
    assert "DRAFT" in copied_text(made)
    assert said("print-no-qr") in copied_text(made)
    assert form.stamp.code == ""
    assert qr_codes(page_of(made)) == []


def test_a_form_can_be_set_without_a_portrait() -> None:
    assert said("print-no-photo") in copied_text(pdf(draft_of(content())))


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_a_tagged_pdf_with_language_and_title(locale: str, picture: bytes) -> None:
    form = form_of(content(), locale)
    made = pdf(form, picture)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/MarkInfo" in made
    with opened(made) as document:
        assert document.is_tagged()
        assert form.stamp.code in document.get_metadata_value("Title")


def made_elsewhere(**environment: str) -> str:
    """Return the hash of all forms as another process makes them."""
    script = (
        "from hashlib import sha256\n"
        "from bot.documents.typesetting import pdf\n"
        "from tests.bot.documents.printed_people import *\n"
        "made = [pdf(form_of(make()), portrait(600, 800)) for make in PEOPLE.values()]\n"
        "print(sha256(b''.join(made)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_same_submission_gives_the_same_bytes_on_any_machine(picture: bytes) -> None:
    here = sha256(b"".join(pdf(form_of(make()), picture) for make in PEOPLE.values())).hexdigest()
    places = (
        {"TZ": "Asia/Shanghai", "HOME": "/", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Lima", "HOME": "/nowhere", "LANG": "C", "PYTHONHASHSEED": "4000"},
    )
    assert {made_elsewhere(**place) for place in places} == {here}


def test_another_submission_gives_other_bytes(picture: bytes) -> None:
    assert pdf(form_of(content(), number=1), picture) != pdf(form_of(content(), number=2), picture)


# --- what people typed ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed", INJECTIONS)
def test_what_people_typed_is_never_markup(typed: str) -> None:
    whole = content(identity=identity(typed))
    form = form_of(replace(whole, answers={**whole.answers, "department": typed}))
    text = copied_text(pdf(form))
    assert text.count("".join(typed.split())) >= 3  # as the name, in the footer, as an answer


@pytest.mark.parametrize("sign", "\u202e\u2066\u200b\u00ad\x07\u2028\ufeff")
def test_a_sign_without_a_shape_cannot_reorder_a_line(sign: str) -> None:
    form = form_of(content(identity=identity(f"刘{sign}玲abc")))
    assert unprintable(form) == (sign,)
    assert f"刘U+{ord(sign):04X}玲abc" in copied_text(pdf(form))


def test_no_package_and_no_file_is_read_by_the_template() -> None:
    template = (ROOT / "bot/documents/printed_form.typ").read_text("utf-8")
    for word in ("import", "include", "read(", "eval", "@preview", "plugin"):
        assert word not in template


# --- fonts ---------------------------------------------------------------------------------------


def test_characters_without_a_glyph_are_named_once_and_in_order() -> None:
    form = form_of(content(identity=identity("𪛖䶮\U0002a6d5𪛖"), department="内科𪛔"))
    assert unprintable(form) == ("𪛖", "\U0002a6d5", "𪛔")


@pytest.mark.parametrize("char", "䶮𠮷㛃𬶋𫍽·ŁếA。（")
def test_a_rare_character_has_a_glyph(char: str) -> None:
    assert print_fonts.is_printable(char)


def test_the_fonts_have_what_they_are_said_to_have() -> None:
    """PDF/UA-1 refuses a glyph that is missing, so Typst itself is the judge."""
    chars = [chr(code) for code in (*range(0x21, 0x3000), *range(0x20000, 0x20400))]
    known = [c for c in chars if print_fonts.is_printable(c) and not unicodedata.combining(c)]
    assert len(known) > 1000
    source = (
        f'#set text(font: ("{print_fonts.HAN}", "{print_fonts.LATIN}"), fallback: false)\n'
        '#set document(title: "x")\n#for it in json(bytes(sys.inputs.chars)) [#it #parbreak()]'
    )
    made = typst.Compiler(font_paths=print_fonts.fonts()).compile(
        input=source.encode(),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"chars": json.dumps(known)},
        timestamp=0,
    )
    assert isinstance(made, bytes)


def test_every_name_of_the_exam_is_printable() -> None:
    exam = factories.EXAM
    names = [one.name for one in (*exam.areas, *exam.employers, *exam.catalogue, *exam.ethnicities)]
    assert [name for name in names if not all(map(print_fonts.is_printable, name))] == []


# --- reading it back -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", WAYS)
def test_the_code_is_read_from_paper(name: str, picture: bytes) -> None:
    """``python -m tests.bench.printing`` reads 300 prints each way."""
    form = form_of(content())
    page = page_of(pdf(form, picture))
    for seed in range(2):
        assert qr_codes(WAYS[name](page, random.Random(seed))) == [form.stamp.link]
