"""Lines about eligibility, for the candidate and for the card of the staff."""

from __future__ import annotations

from handlers.rendering import Paragraph, View
from states import eligibility
from states.eligibility import Assessment, Outcome
from states.exam import Eligibility
from states.exam.rules import NEVER, Condition, years_between
from states.form.education import RECORD, chosen_record
from states.form.fields import Field, FieldKind, joined
from states.form.pages import FORM
from states.texts import Argument, Text

FIELDS = {**RECORD.fields, **FORM.fields}


def assessment_of(view: View) -> Assessment | None:
    """Return what the rules say of the application; None before level and education are known."""
    rules, application = view.exam.eligibility, view.records.application
    if rules is None or application is None:
        return None
    answers = application.answers
    record = chosen_record(answers, view.answer_context)
    if record is None or not answers.get("level"):
        return None
    target = eligibility.target_of(application)
    return eligibility.assess(rules, target, eligibility.facts_of(answers, record))


def for_candidate(view: View) -> tuple[Paragraph, ...]:
    """Return the assessment for the candidate, and what would change it; nothing if unknown."""
    lines = _lines(view)
    return ((*lines, Text("eligibility-warns")),) if lines else ()


def for_staff(view: View) -> tuple[Paragraph, ...]:
    """Return the assessment for the card: what the form says, not what its papers prove."""
    lines = _lines(view)
    return ((*lines, Text("eligibility-staff")),) if lines else ()


def citation(view: View) -> tuple[str, str] | None:
    """Return the answer that fails the conditions, and the clause; None unless one fails surely.

    An item of an education record is refused with the question that refers to the record.
    """
    found = assessment_of(view)
    if found is None or found.clause is None or found.outcome is not Outcome.NO:
        return None
    fact = found.lacking[0].fact if found.lacking else ""
    return fact if fact in FORM.fields else _RECORD, found.clause.display_name(view.locale)


_RECORD = next(one.key for one in FORM.fields.values() if one.kind is FieldKind.RECORD)


def _lines(view: View) -> tuple[Text, ...]:
    found, rules = assessment_of(view), view.exam.eligibility
    if found is None or found.clause is None or rules is None:
        return ()
    clause = {"clause": found.clause.display_name(view.locale)}
    match found.outcome:
        case Outcome.YES:
            return (Text("eligibility-yes", clause),)
        case Outcome.OPEN:
            names = joined([FIELDS[fact].name for fact in found.unknown])
            return (Text("eligibility-open", {"facts": names}),)
        case _:
            lacking = tuple(_lacking(view, rules, found, one) for one in found.lacking)
            year = {"year": str(found.earliest or "")}
            earliest = (Text("eligibility-earliest", year),) if found.earliest else ()
            return (Text("eligibility-no", clause), *lacking, *earliest)


def _lacking(view: View, rules: Eligibility, found: Assessment, condition: Condition) -> Text:
    """Return what a condition asks for, beside what the form says."""
    field, has = FIELDS[condition.fact], found.facts[condition.fact]
    args: dict[str, Argument] = {"fact": field.name}
    if has == NEVER:
        return Text("eligibility-lacks-event", args)
    if condition.years is not None:
        years = max(0, years_between(has, rules.reference))
        wanted: dict[str, Argument] = {
            "years": condition.years,
            "has": years,
            "reference": rules.reference,
        }
        return Text("eligibility-lacks-years", args | wanted)
    if condition.at_least is not None:
        return Text(
            "eligibility-lacks-number", args | {"least": f"{condition.at_least:g}", "has": has}
        )
    wanted_names = joined([_option(view, field, code) for code in condition.among])
    named = {"wanted": wanted_names, "has": _option(view, field, has)}
    return Text("eligibility-lacks-answer", args | named)


def _option(view: View, field: Field, code: str) -> Text | str:
    return field.display_value(code, {}, view.answer_context, view.locale)
