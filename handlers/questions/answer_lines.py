"""Lines of a screen about answers: those of a page, and those that were just given."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import RenderScreen, Screen, View
from states.characters import inert
from states.form.education import RECORD, chosen_record
from states.form.fields import SKIPPED, Field, FieldKind, joined
from states.form.pages import FORM
from states.form.questionnaire import Page
from states.identity import IdType, mask_id_number
from states.records import Answers, Identity
from states.step_result import EditScreen, ShowScreen, StepResult
from states.texts import Argument, Text

TAKEN = "taken"
"""The key of a screen's data for the answers to say back: keys, separated by blanks."""
AREA = "area"


def edit_button(field: Field) -> Button:
    """Build the button that asks this field again."""
    return Button(
        Text("button-edit-line", {"field": field.name}), CallbackData(Action.EDIT, field.key)
    )


def page_fields(view: View, page: Page) -> list[Field]:
    """Return the fields of a page that this application answers."""
    answers, context = view.application.answers, view.answer_context
    return [field for field in page.fields if field.is_asked(answers, context)]


def page_lines(view: View, page: Page) -> tuple[Text, ...]:
    """Return a line for each answer of a page."""
    return answer_lines(page_fields(view, page), view.application.answers, view)


def staff_page_lines(view: View, page: Page) -> tuple[Text, ...]:
    """Return a line for each answer of a page, and of a record a line for each of its items.

    The staff compare each item with the certificate, its number and the form of study above all.
    """
    lines: list[Text] = []
    record = chosen_record(view.application.answers, view.answer_context)
    for field in page_fields(view, page):
        if field.kind is FieldKind.RECORD and record:
            lines += answer_lines(RECORD.fields.values(), record, view)
        else:
            lines += answer_lines([field], view.application.answers, view)
    return tuple(lines)


def answer_lines(
    fields: Iterable[Field], answers: Answers, view: View, *, skipped: bool = False
) -> tuple[Text, ...]:
    """Return a line for each answer to these fields; open questions have none.

    ``skipped`` adds those that the candidate skipped.
    """
    return tuple(
        Text(
            "summary-line",
            {
                "field": field.name,
                "value": _inert(
                    field.display_value(
                        answers[field.key], answers, view.answer_context, view.locale
                    )
                ),
            },
        )
        for field in fields
        if answers.get(field.key) or (skipped and field.key in answers)
    )


def _inert(value: Text | str) -> Text | str:
    """Return a value without live links: a card must not lead the staff to a candidate's page."""
    return inert(value) if isinstance(value, str) else value


def hints_part(hints: Sequence[Text]) -> tuple[tuple[Text, ...], ...]:
    """Return the paragraph of hints at implausible answers; nothing without hints."""
    return ((Text("hints-head"), *hints),) if hints else ()


def identity_lines(identity: Identity) -> dict[str, Argument]:
    """Return the items of the identity as arguments of a message; empty where unknown.

    The number is masked: the full number would stay in the chat.
    """
    id_type = IdType(identity.id_type) if identity.id_type else None
    return {
        "name": identity.name,
        "idtype": id_type.label if id_type else "",
        "number": mask_id_number(identity.id_number),
        "sex": Text(f"sex-{identity.sex}") if identity.sex else "",
        "born": _birthday(identity.born) if identity.born else "",
        "nationality": id_type.nationality if id_type else "",
    }


def _birthday(born: str) -> Text:
    """Return an ISO date as a text without the day of the week."""
    day = date.fromisoformat(born)
    names: dict[str, Argument] = {"year": str(day.year), "month": day.month, "day": str(day.day)}
    return Text("birthday", names)


def field_of(view: View) -> Text:
    """Return the name of what the open question asks for; the person's name outside of forms."""
    key = view.data.get("field", "")
    field = FORM.fields.get(key) or RECORD.fields.get(key)
    return field.name if field is not None else Text("field-name")


# --- said back -----------------------------------------------------------------------------------


def taken_line(field: Text, value: Argument) -> Text:
    """Return the line that says an answer back."""
    return Text("answer-taken", {"field": field, "value": value})


def say_back(result: StepResult, *keys: str) -> StepResult:
    """Say these answers back above the question of the result.

    The screen reads the answers when it is sent: the outbox holds their keys only.
    """
    said = {TAKEN: " ".join(keys)}
    effects = tuple(
        replace(effect, data={**effect.data, **said})
        if isinstance(effect, ShowScreen | EditScreen)
        else effect
        for effect in result.effects
    )
    return replace(result, effects=effects)


def with_answers_said(render_question: RenderScreen) -> RenderScreen:
    """Wrap a question's screen: the answers that led to it stand above."""

    def render_below_answers(view: View) -> Screen:
        screen = render_question(view)
        keys = view.data.get(TAKEN, "").split()
        said = tuple(line for key in keys if (line := _said(view, key)) is not None)
        left = [FORM.fields[key].name for key in keys if _is_skipped(view, key)]
        if len(left) > 1:
            skipped = Text("answers-skipped", {"fields": joined(left)})
            said = (*(one for one in said if one.args["field"] not in left), skipped)
        return replace(screen, text=(said, *screen.text)) if said else screen

    return render_below_answers


def _is_skipped(view: View, key: str) -> bool:
    application = view.records.application
    answers = application.answers if application else {}
    return key in FORM.fields and key not in RECORD.fields and answers.get(key) == SKIPPED


def _said(view: View, key: str) -> Text | None:
    """Return the line of one answer; None if it is gone meanwhile."""
    if key == AREA:
        area = view.area
        return taken_line(Text("field-area"), area.display_name(view.locale)) if area else None
    if key in IDENTITY:
        value = identity_lines(view.person.identity)[key]
        return taken_line(Text(f"field-{key}"), value) if value else None
    application, record = view.records.application, view.person.record
    if key in RECORD.fields:
        return _said_field(view, RECORD.fields[key], record or {})
    return _said_field(view, FORM.fields[key], application.answers if application else {})


def _said_field(view: View, field: Field, answers: Answers) -> Text | None:
    value, context = answers.get(field.key), view.answer_context
    if value is None:
        return None
    shown = field.said_back(value, answers, context, view.locale)
    if field.only_value(answers, context) is not None:
        return Text("answered-by-itself", {"field": field.name, "value": shown})
    return taken_line(field.name, shown)


IDENTITY = frozenset({"name", "idtype", "number", "sex", "born"})
"""The keys of the identity's items that are asked."""
