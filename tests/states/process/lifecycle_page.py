"""The generated parts of ``docs/lifecycle.md``; run as a module, it writes them into the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from states.process.lifecycle import TRANSITIONS
from states.records import Stage
from states.staff_roles import DESK_BY_STAGE

PAGE = Path(__file__).parents[3] / "docs" / "lifecycle.md"
BEGINS, ENDS = "<!-- made from states/process/lifecycle.py: make lifecycle -->", "<!-- end -->"


def made() -> str:
    """Return the text between the two marks."""
    return f"{BEGINS}\n```mermaid\n{mermaid()}\n```\n\n{table()}\n{ENDS}"


def written(page: str) -> str:
    """The page with what is made now in place of what was made before."""
    before, _, rest = page.partition(BEGINS)
    return before + made() + rest.partition(ENDS)[2]


def mermaid() -> str:
    """Stages and moves: what moves an application, when, and who.

    https://mermaid.js.org/syntax/stateDiagram.html
    """
    return "\n".join(("stateDiagram-v2", *_lines()))


def table() -> str:
    """The same as a table in Markdown, with the screen that tells the candidate."""
    head = ("| from | event | to | when | who | told |", "|---|---|---|---|---|---|")
    rows = (
        f"| {stage} | {event} | {', '.join(line.targets)} | {line.guard} "
        f"| {', '.join(line.actors)} | {line.notice or '–'} |"
        for (stage, event), line in TRANSITIONS.items()
    )
    return "\n".join((*head, *rows))


def _lines() -> Iterator[str]:
    for stage in Stage:
        desk = f"<br>waits at: {DESK_BY_STAGE[stage]}" if stage in DESK_BY_STAGE else ""
        yield f'    state "{stage}{desk}" as {_id(stage)}'
    yield f"    [*] --> {_id(Stage.DRAFT)}"
    for (stage, event), line in TRANSITIONS.items():
        for to in line.targets:
            yield f"    {_id(stage)} --> {_id(to)}: {event}"
    yield f"    {_id(Stage.REGISTERED)} --> [*]"


def _id(stage: Stage) -> str:
    return stage.replace("-", "_")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
