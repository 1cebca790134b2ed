"""A broadcast in the page: who, what, a look at it, the plan, the report."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Sandbox, Screen, picture, taps

SETTLED = 30_000
"""Milliseconds for what the scheduler does twice a second, on a busy machine too."""


@pytest.fixture
def sandbox(approved: Sandbox) -> Sandbox:
    """Return a sandbox with one candidate whose fee is due."""
    return approved


@pytest.mark.row("B3", "B4")
def test_a_broadcast_is_composed_looked_at_and_reported(screen: Screen, sandbox: Sandbox) -> None:
    """The administrator writes to who has not paid; a mistyped placeholder is named."""
    admin, ling = screen.is_person("admin"), screen.is_person("ling")
    ling.says("/status")
    ling.sees_last("资格审核已通过")
    admin.says("/clock +65d")
    admin.sees("2月5日")
    admin.says("/broadcast")
    admin.sees_last("群发")
    taps(admin, "新的群发")
    admin.sees_last("新的群发：发给谁")
    taps(admin, "还没有做的…")
    admin.sees_last("还没有做哪件事")
    picture(admin, "broadcast-who")
    taps(admin, "○ 没有缴费，也没有说已经缴了")
    admin.sees_last("还没有做的：没有缴费，也没有说已经缴了")
    taps(admin, "← 选好了")
    admin.sees_last("现在符合的有 1 人")
    taps(admin, "下一步：写内容")
    admin.sees_last("请发中文内容")
    admin.says("{性名}您好，请缴费。")
    admin.sees_last("不认识")
    picture(admin, "broadcast-unknown-placeholder")
    admin.says("{姓名}您好，{考区}的考试费请在{截止时间}前缴。")
    admin.sees_last("请发英文内容")
    taps(admin, "跳过")
    admin.sees_last("再确认发出")
    admin.sees_last("例 1")
    expect(admin.last).not_to_contain_text("刘玲")
    picture(admin, "broadcast-plan")
    taps(admin, "先发给我自己看看")
    admin.sees("试发好了")
    taps(admin, "✅ 确认，发给他们")
    expect(ling.messages).to_contain_text("刘玲您好，北京考区的考试费请在", timeout=SETTLED)
    picture(ling, "broadcast-received")
    expect(admin.messages).to_contain_text("发完了", timeout=SETTLED)
    admin.sees("已送达：1 人")
    picture(admin, "broadcast-report")
