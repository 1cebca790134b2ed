"""``python -m bot staff``: who is of the staff. The first of them are invited here, before anybody
is there to do it in the chat. May be run beside the bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from cyclopts import App

from bot.terminal import complain, settings, worded
from states.staff import Role, Scope
from states.texts import Text

# Everything heavier is imported by the command that needs it, as in ``bot.__main__``.

app = App(name="staff", help="工作人员 · the staff")


@app.command
def invite(role: Role, *, area: str = "", site: str = "", point: str = "") -> int:
    """邀请工作人员，打印一次性链接 · invite somebody to the staff; prints a link that works once.

    Parameters
    ----------
    role
        角色 · the role.
    area
        考区代码 · the code of the area.
    site
        考点代码 · the code of the site.
    point
        报名点代码 · the code of the point.
    """
    from bot import staffing

    return _tell(staffing.invite(settings(), role, Scope(area, site, point)))


@app.command(name="list")
def everybody() -> int:
    """列出工作人员和待处理的邀请 · list the staff and the invitations that are open."""
    from bot import staffing

    return _tell(staffing.everybody(settings()))


@app.command
def revoke(seat: int) -> int:
    """收回一个角色 · take a role back.

    Parameters
    ----------
    seat
        名单里的编号 · its number in the list.
    """
    from bot import staffing

    return _tell(staffing.revoke(settings(), seat))


@app.command
def withdraw(invite: int) -> int:
    """收回一条邀请 · end an invitation.

    Parameters
    ----------
    invite
        名单里邀请的编号 · its number in the list.
    """
    from bot import staffing

    return _tell(staffing.withdraw(settings(), invite))


def _tell(told: Coroutine[None, None, list[Text]]) -> int:
    from bot.staffing import Refused

    try:
        for text in asyncio.run(told):
            print(worded(text))
    except Refused as refused:
        complain(refused.text.key, **refused.text.args)
        return 1
    return 0
