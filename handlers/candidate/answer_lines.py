"""Lines that several screens have: where a question stands, and answers one below the other."""

from collections.abc import Iterable

from states.form.answer_context import AnswerContext
from states.form.engine import Page
from states.form.fields import Field
from states.form.pages import FORM
from states.records import Answers
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


def given(
    fields: Iterable[Field], answers: Answers, answer_context: AnswerContext, locale: str
) -> tuple[Text, ...]:
    """A line for each answer to these questions; what was left open is not worth one."""
    return tuple(
        Text(
            "summary-line",
            {
                "field": one.name,
                "value": one.display_value(answers[one.key], answers, answer_context, locale),
            },
        )
        for one in fields
        if answers.get(one.key)
    )
