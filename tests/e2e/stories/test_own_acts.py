"""How many messages, taps and files a registration costs: on site, online, and the next year."""

from __future__ import annotations

from typing import Final

import pytest

from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.stories import test_next_year as next_year
from tests.e2e.stories import test_online_area as online
from tests.photos import jpeg

pytestmark = pytest.mark.row("S11", "S12", "C1")

ON_SITE: Final = 38
RETURNING: Final = 12
"""The most acts of a candidate who makes no mistake."""
WITH_THREE_PAPERS: Final = 42
"""The papers come in one album; one tap agrees which of them is which, and that it is all."""


async def test_on_site(ling: Person) -> None:
    await scenes.registers(ling)
    print(f"on site: {ling.effects} acts")
    assert ling.effects <= ON_SITE


async def test_online_with_three_papers(ling: Person) -> None:
    await online.comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await ling.sends_album([jpeg(1200 + n, 1600) for n in range(3)])
    await ling.sees("收到 3 个文件", "第 3 个（图片）→ 单位工作年限证明")
    await ling.presses("✓ 对，都齐了，去核对")
    await ling.sees(
        "已保存：身份证件、学历学位证书、单位工作年限证明", "证明材料上传完成", "请核对全部信息"
    )
    await ling.presses("提交报名信息")
    await ling.sees("等待线上确认")
    print(f"online with three papers: {ling.effects} acts")
    assert ling.effects <= WITH_THREE_PAPERS


async def test_returning(ling: Person, harness: Harness) -> None:
    await next_year.comes_again(ling, harness)
    await ling.sees("您上次报过名，这些还对吗")
    await ling.presses("都还对，继续")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("报考哪一类")
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    await ling.says("303")
    await ling.sees("报考哪几科")
    await ling.presses("就报这几科")
    await ling.sees("满几年了")
    await ling.says("7")
    await ling.sees("这是您保存在这里的报名照片，这次还用它吗")
    await ling.presses("就用这张")
    await ling.sees("请核对全部信息")
    await ling.presses("提交报名信息")
    await ling.sees("报名信息已提交")
    print(f"returning: {ling.effects} acts")
    assert ling.effects <= RETURNING
