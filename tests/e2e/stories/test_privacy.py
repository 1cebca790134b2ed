"""After a whole registration, who it was and where they learnt and work is nowhere to be read."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from states.form.questionnaire import Questionnaire
from tests.databases import lying
from tests.e2e import scenes
from tests.e2e.bot import FAST, open_harness
from tests.fakes.skipping_clock import SkippingClock

pytestmark = pytest.mark.row("B21")

EMPLOYER = "示例市第九人民医院"
"""Not in the exam's list: typed, so that the database holds the name and not a code."""
DEPARTMENT = "示例风湿科"
SPOKEN = (
    *(scenes.NAME, scenes.NUMBER, scenes.PHONE),
    *(scenes.SCHOOL, scenes.CERTIFICATE, EMPLOYER, DEPARTMENT),
)


def traces() -> dict[str, bytes]:
    """Return the personal data that must be found nowhere, by its kind."""
    number = scenes.NUMBER.encode()
    found = {f"{text!r} in UTF-8": text.encode() for text in SPOKEN}
    found |= {f"{text!r} in UTF-16": text.encode("utf-16-le") for text in SPOKEN}
    found |= {f"{text!r} in JSON": ascii(text).strip("'").encode() for text in SPOKEN}
    for digest in ("md5", "sha1", "sha256", "sha512"):
        found[f"{digest} of the number"] = hashlib.new(digest, number).digest()
        found[f"{digest} of the number in hex"] = hashlib.new(digest, number).hexdigest().encode()
    found["the phone as it is kept"] = f"+86{scenes.PHONE}".encode()
    found["the phone as it is shown"] = b"138 0013 8000"
    found["the photo"] = scenes.PHOTO[1000:1100]
    found["the head of a JPEG"] = b"\xff\xd8\xff\xe0\x00\x10JFIF"
    return found


def files_under(folder: Path) -> dict[str, bytes]:
    """Everything that lies in a folder, by its path in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.both_databases
async def test_after_a_whole_story_nothing_can_be_read(
    tmp_path: Path,
    database: str,
    fast_clock: SkippingClock,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a bug on the way, since errors are where secrets slip into logs."""
    caplog.set_level(logging.INFO)

    def fails(*_: object) -> object:
        raise ValueError(f"no such employer: {EMPLOYER}, {scenes.NAME}")

    async with open_harness(tmp_path, database) as harness:
        await harness.starts(options=replace(FAST, monotonic=fast_clock))
        ling = harness.person("ling")
        await scenes.meets_the_bot(ling)
        await scenes.gives_the_account(ling)
        await scenes.locks_the_account(ling)
        await scenes.chooses(ling)
        await scenes.names_the_people(ling)
        await scenes.gives_the_contact(ling)
        await scenes.chooses_the_specialty(ling)
        await scenes.gives_an_education(ling)
        await ling.sees("您的工作单位")
        await ling.presses("其它")
        await ling.sees("单位的全称")
        with monkeypatch.context() as sabotage:
            sabotage.setattr(Questionnaire, "answer", fails)
            await ling.says(EMPLOYER)
            await ling.sees("抱歉")
        await ling.presses("回到现在这一步")
        await ling.sees("单位的全称")
        await ling.says(EMPLOYER)
        await ling.sees("这是哪一类单位")
        await ling.presses("医院")
        await ling.sees("所在的科室")
        await ling.says(DEPARTMENT)
        await ling.sees("公立还是民营")
        await ling.presses("跳过本页其余选填项")
        await ling.sees("请发您的报名照片")
        summary = await scenes.gives_the_photo(ling)
        for text in (scenes.NAME, "138 0013 8000", scenes.SCHOOL, EMPLOYER, DEPARTMENT):
            assert text in summary.text
        await scenes.submits(ling)
        await harness.settles()
        places = files_under(tmp_path) | {"database": await lying(database)}
    assert b"identity-confirmed" in places["database"]
    assert sum(name.startswith("sandbox/blobs/") for name in places) == 2
    out, err = capfd.readouterr()
    assert "an update failed" in out + err
    places |= {"stdout": out.encode(), "stderr": err.encode(), "logs": caplog.text.encode()}
    for what, secret in traces().items():
        where = [name for name, content in places.items() if secret in content]
        assert where == [], f"{what} can be read in {where}"


def test_the_traces_are_those_of_what_was_typed() -> None:
    """The search above would find them, were they there."""
    text = f"name={scenes.NAME} number={scenes.NUMBER}".encode()
    assert sum(secret in text for secret in traces().values()) == 3
