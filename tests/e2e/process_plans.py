"""Plans of the process pool's children: one line of JSON over the socket."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.core.runtime import Failpoint
from states.exam import Exam


class KillPoint(BaseModel):
    """Signal 9 at the ``count``-th pass of an arrow, counted from when this was heard.

    ``detail`` tells the arrows of the jobs apart: the kind; empty for any.
    """

    model_config = ConfigDict(frozen=True)

    arrow: Failpoint
    count: int = 1
    detail: str = ""


class BotPlan(BaseModel):
    """A bot on this folder and the database at this URL, talking to this address.

    ``webhook``: its settings if it is called, also by providers of payments. ``gateway``: the
    address of WeChat Pay's server.
    """

    data: Path
    database: str
    address: str
    exam: Exam
    webhook: dict[str, str] = {}
    gateway: str = ""
    blow: KillPoint | None = None


class SandboxResident(BaseModel):
    """Somebody who lives in a sandbox: slug and messenger account."""

    slug: str
    id: int


class SandboxPlan(BaseModel):
    """A sandbox with this file on this port, and these people in it."""

    path: Path
    port: int
    people: tuple[SandboxResident, ...]


class Plan(BaseModel):
    """Either of them."""

    bot: BotPlan | None = None
    sandbox: SandboxPlan | None = None
