"""Invented people whose forms tests and the bench print, from the plainest to the fullest."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from bot.delivery.i18n import Translations
from bot.documents.printed_form import PrintedForm, PrintStamp, printed_form
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.identity import IdType
from states.process.time_rules import Guard, time_span
from states.records import ApplicationId, Identity, Records
from states.submissions.content import Submission, SubmittedContent
from states.submissions.print_verification import PrintReference, SigningKey, start_parameter
from tests import factories
from tests.factories import EXAM

AT = datetime(2025, 12, 5, 2, 30, tzinfo=UTC)
KEY = SigningKey(7, b"k" * 32)
APPLICATION = ApplicationId(0x0123_4567_89AB_CDEF)
"""An id of 64 bits, as large as they come."""
BOT_NAME = "baoming_2026_bot"


@cache
def translations() -> Translations:
    return Translations.load(ZoneInfo("Asia/Shanghai"))


def portrait(width: int = 1500, height: int = 2000) -> bytes:
    """Return a drawn portrait as JPEG: a face on white with some noise, as a camera makes it."""
    grain = Image.frombytes("L", (64, 64), random.Random(1).randbytes(64 * 64))
    noise = grain.resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
    image = Image.blend(Image.new("RGB", noise.size, "white"), noise, 0.06)
    pen, w, h = ImageDraw.Draw(image), width / 100, height / 100
    pen.ellipse((18 * w, 62 * h, 82 * w, 140 * h), fill="#31506e")
    pen.ellipse((32 * w, 18 * h, 68 * w, 64 * h), fill="#e7c2a4", outline="#7a5a45", width=8)
    pen.chord((30 * w, 12 * h, 70 * w, 50 * h), 180, 360, fill="#2a211c")
    for x in (41, 55):
        pen.ellipse((x * w, 38 * h, (x + 4) * w, 41 * h), fill="#22303c")
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def content(
    area: str = "qinghai",
    identity: Identity = factories.IDENTITY,
    records: int = 1,
    *,
    optional: bool = False,
    files: int = 0,
    **wanted: str,
) -> SubmittedContent:
    """Return the content of a whole form; ``wanted`` are answers by field."""
    education = tuple(
        factories.education(school=f"示例医科大学第{n}临床医学院", optional=optional)
        for n in range(1, records + 1)
    )
    person = factories.person(identity=identity, education=education)
    draft = factories.application(area, photo="f" * 64)
    context = AnswerContext.of(Records(person, draft), EXAM, AT)
    answers = factories.answered(FORM, context, wanted, optional=optional)
    asked = context.area.materials if context.area else ()
    materials = {one.code: factories.material_files(files, "scan-image") for one in asked}
    application = replace(draft, answers=answers, materials=materials)
    return SubmittedContent.of(person, application, context)


def draft_of(content: SubmittedContent, locale: str = "zh-CN") -> PrintedForm:
    """Return the form of a draft."""
    return _form(content, PrintStamp(AT), locale)


def form_of(
    content: SubmittedContent, locale: str = "zh-CN", number: int = 2, address: str = ""
) -> PrintedForm:
    """Return the form of a submission, with a code and a QR code."""
    code = Submission(number, number, "", AT).code(APPLICATION)
    address = address or link(APPLICATION, number)
    return _form(content, PrintStamp(AT, number, code, address), locale)


def link(application_id: ApplicationId, number: int, bot: str = BOT_NAME) -> str:
    """Return the address in a QR code."""
    parameter = start_parameter(PrintReference(application_id, number), KEY)
    return f"https://t.me/{bot}?start={parameter}"


def _form(content: SubmittedContent, stamp: PrintStamp, locale: str) -> PrintedForm:
    span = time_span(Guard.CONFIRMING, factories.application(content.area), EXAM)
    assert span is not None
    localize = partial(translations().label, locale=locale)
    return printed_form(content, EXAM, span, stamp, localize, locale)


def identity(name: str, id_type: IdType = IdType.RESIDENT_ID, number: str = "") -> Identity:
    return replace(
        factories.IDENTITY, name=name, id_type=id_type, id_number=number or "99999919900307104X"
    )


PEOPLE: dict[str, Callable[[], SubmittedContent]] = {
    "plain": content,
    "full": lambda: content(
        records=3,
        optional=True,
        identity=identity("阿卜杜热合曼·买买提托合提·亚森江"),
        employer="other",
        employer_name="示例自治州示例县示例镇中心卫生院暨示例社区卫生服务中心（示例县第二人民医院分院）",
        address="示例省示例自治州示例县示例镇示例路一百二十八弄三十六号示例花园小区十二栋二单元一千八百零一室",
        email="a.very.long.mailbox.name.of.somebody@department.example-hospital.example.com",
        ownership="private",
        title="intermediate",
    ),
    "online": lambda: content("tianjin", records=2, files=5, optional=True),
    "foreigner": lambda: content(
        identity=identity(
            "Maximilian-Łukasz Nguyễn O'Connor", IdType.RESIDENCE_PERMIT, "830000199003071042"
        )
    ),
    "rare": lambda: content(identity=identity("䶮𠮷㛃𬶋\U0002a6d6")),
}
"""Contents by what is special about them."""
