"""Lines of a screen about the answers of a questionnaire."""

from collections.abc import Iterable

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import View
from states.form.engine import Page
from states.form.fields import Field
from states.form.pages import FORM
from states.records import Answers
from states.texts import Text


def edit_button(field: Field) -> Button:
    """Build the button that asks this field again."""
    return Button(
        Text("button-edit-line", {"field": field.name}), CallbackData(Action.EDIT, field.key)
    )


def page_fields(view: View, page: Page) -> list[Field]:
    """Return the fields of a page that this application answers."""
    asked = FORM.asked_fields(view.application.answers, view.answer_context)
    return [field for field in asked if field in page.fields]


def page_lines(view: View, page: Page) -> tuple[Text, ...]:
    """Return a line for each answer of a page."""
    return answer_lines(page_fields(view, page), view.application.answers, view)


def answer_lines(fields: Iterable[Field], answers: Answers, view: View) -> tuple[Text, ...]:
    """Return a line for each answer to these fields; open questions have none."""
    return tuple(
        Text(
            "summary-line",
            {
                "field": field.name,
                "value": field.display_value(
                    answers[field.key], answers, view.answer_context, view.locale
                ),
            },
        )
        for field in fields
        if answers.get(field.key)
    )
