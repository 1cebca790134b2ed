"""``docs/status-table.md``: what the status says in every case; run as a module, it writes it."""

from __future__ import annotations

import re
from pathlib import Path

from handlers.rendering import Inline, Paragraph, Screen
from states.progress.outlook import outlook
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.people import EXAM, LOCALES, Standing
from tests.handlers.status_rows import status_rows

PAGE = Path(__file__).parents[2] / "docs" / "status-table.md"
BEGINS, ENDS = "<!-- made from states/progress/outlook.py: make statuses -->", "<!-- end -->"
BY_LOCALE = {locale: dict(status_rows(locale)) for locale in LOCALES}


def made() -> str:
    """Return the text between the two marks."""
    head = ("| case | turn | 中文 | English |", "|---|---|---|---|")
    return "\n".join((BEGINS, *head, *map(_row, BY_LOCALE[LOCALES[0]]), ENDS))


def written(page: str) -> str:
    """The page with what is made now in place of what was made before."""
    before, _, rest = page.partition(BEGINS)
    return before + made() + rest.partition(ENDS)[2]


def words(standing: Standing, name: str | None, locale: str) -> str:
    """What a screen says, a line each, then its buttons in brackets."""
    screen = screen_of(standing, name)
    said = [line for paragraph in screen.text for line in _lines(paragraph, locale)]
    return "\n".join((*said, _buttons(screen, locale)))


def _row(case: str) -> str:
    standing = BY_LOCALE[LOCALES[0]][case]
    turn = outlook(standing.records, EXAM, standing.now).turn
    cells = (words(BY_LOCALE[locale][case], "status", locale) for locale in LOCALES)
    return " | ".join((f"| {case}", turn, *(cell.replace("\n", "<br>") for cell in cells))) + " |"


def _lines(paragraph: Paragraph, locale: str) -> list[str]:
    each = paragraph if isinstance(paragraph, tuple) else (paragraph,)
    html = "\n".join(TRANSLATIONS.html(one, locale) for one in each if not isinstance(one, Inline))
    return re.sub(r"</?b>", "", html).split("\n")


def _buttons(screen: Screen, locale: str) -> str:
    labels = (TRANSLATIONS.label(one.label, locale) for row in screen.buttons for one in row)
    return " ".join(f"[{label}]" for label in labels)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
