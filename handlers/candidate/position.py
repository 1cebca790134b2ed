"""Where a question of the form stands: "3/6 · contact · 1/5"."""

from states.form.engine import Page
from states.form.pages import FORM
from states.texts import Text


def position_of(page: Page, number: int, count: int) -> Text:
    """The page among all, and the question on it; as text, lest a language groups the digits."""
    pages = FORM.pages
    return Text(
        "form-position",
        {
            "page": str(pages.index(page) + 1),
            "pages": str(len(pages)),
            "title": page.title,
            "number": str(number),
            "count": str(count),
        },
    )
