"""The bot refuses an exam definition without the codes that people have chosen."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from bot.app import REFUSALS
from bot.core import exam_files
from bot.core.database import DroppedCodes
from states.exam import Exam
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness, open_harness
from tests.e2e.person import Person

SHIPPED = Path(exam_files.__file__).parents[1] / "exams" / "health-2026"
ROOT = Path(exam_files.__file__).parents[2]


def without(area_code: str, site_code: str, point_code: str = "") -> Exam:
    """The exam with this site dropped, or only this point of it."""
    area = EXAM.area(area_code)
    assert area is not None
    sites = []
    for site in area.sites:
        if site.code != site_code:
            sites.append(site)
        elif point_code:
            points = tuple(point for point in site.points if point.code != point_code)
            sites.append(site.model_copy(update={"points": points}))
    smaller = area.model_copy(update={"sites": tuple(sites)})
    areas = tuple(smaller if each.code == area_code else each for each in EXAM.areas)
    return EXAM.model_copy(update={"areas": areas})


def without_specialty(code: str) -> Exam:
    """The exam with this specialty dropped."""
    return EXAM.model_copy(
        update={"catalogue": tuple(one for one in EXAM.catalogue if one.code != code)}
    )


async def test_an_exam_without_a_chosen_site_does_not_start(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_form(ling)
    await harness.settles()
    await harness.stops()
    with pytest.raises(DroppedCodes) as refused:
        await harness.starts(without("qinghai", "xining"))
    assert refused.value.codes == ("qinghai/xining",)
    assert isinstance(refused.value, REFUSALS)
    await harness.starts(without("qinghai", "haidong"))
    await ling.says("/status")
    await ling.sees("正在填写报名信息")
    await ling.presses("继续报名")
    await ling.sees("您的民族")


async def test_an_exam_without_a_chosen_point_does_not_start(
    ling: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await scenes.chooses(ling, "天津考区", "和平考点")
    await ling.sees("哪个报名点")
    await ling.presses("和平第一报名点")
    await ling.sees("您的民族")
    await harness.settles()
    await harness.stops()
    with pytest.raises(DroppedCodes) as refused:
        await harness.starts(without("tianjin", "heping", "heping-1"))
    assert refused.value.codes == ("tianjin/heping/heping-1",)
    await harness.starts(without("tianjin", "heping", "heping-2"))
    await ling.says("回族")
    await ling.sees("您的手机号码")


async def test_an_exam_without_a_chosen_specialty_does_not_start(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_practice(ling)
    await harness.settles()
    await harness.stops()
    with pytest.raises(DroppedCodes) as refused:
        await harness.starts(without_specialty("303"))
    assert refused.value.codes == ("catalogue/303",)
    await harness.starts(without_specialty("304"))
    await ling.presses("临床")
    await ling.sees("首次执业注册")


async def test_the_command_line_names_what_is_missing(
    tmp_path: Path,
) -> None:
    async with open_harness(tmp_path, database="") as harness:
        await harness.starts()
        await scenes.comes_to_the_form(harness.person("ling"))
        await harness.settles()
        await harness.stops()
    shutil.copytree(SHIPPED, tmp_path / "exam")
    areas = tmp_path / "exam" / "areas.toml"
    text = areas.read_text("utf-8")
    areas.write_text(text.replace('code = "xining"', 'code = "xining-2"'), "utf-8")
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    place = {"DATA_DIR": str(tmp_path), "EXAM": str(areas.parent)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={**known, **place, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            _, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 2
    assert "没有启动" in complained.decode()
    assert "qinghai/xining" in complained.decode()
    assert "Traceback" not in complained.decode()
