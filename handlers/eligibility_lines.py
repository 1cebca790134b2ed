"""Lines about eligibility, for the candidate and for the card of the staff."""

from __future__ import annotations

from datetime import date

from handlers.rendering import Paragraph, View
from states import eligibility
from states.eligibility import Assessment, Outcome, SubmittedAssessment
from states.exam.rules import COUNTED, NEVER, Condition, counted_years, years_between
from states.form.education import RECORD, chosen_record
from states.form.fields import FieldKind, joined
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


def candidate_assessment(view: View) -> tuple[Paragraph, ...]:
    """Return the assessment for the candidate, and what would change it; nothing if unknown."""
    lines = _present(view)
    return ((*lines, Text("eligibility-warns")),) if lines else ()


def staff_assessment(view: View, then: SubmittedAssessment | None) -> tuple[Paragraph, ...]:
    """Return the assessment as it stood at the submission, and whether today's rules differ.

    Without a stored one the present rules speak. It says what the form says, not what papers prove.
    """
    lines = explained(view, then) if then else _present(view)
    return ((*lines, Text("eligibility-staff")),) if lines else ()


def explained(view: View, then: SubmittedAssessment) -> tuple[Text, ...]:
    """Return an assessment with its rules' version and its facts, and what today's rules say."""
    found = then.assessment
    told = _lines(view, found, then.reference)
    if not told:
        return ()
    head = Text("eligibility-then", {"version": found.version})
    facts = [
        Text("eligibility-fact", {"fact": _name(key), "has": _shown(view, key, value)})
        for key, value in sorted(found.facts.items())
    ]
    given = (Text("eligibility-facts", {"facts": joined(facts)}),) if facts else ()
    return (head, *told, *given, *_now(view, then))


def _now(view: View, then: SubmittedAssessment) -> tuple[Text, ...]:
    """Return what today's rules say of the same facts, where the rules have changed since."""
    rules = view.exam.eligibility
    if rules is None or rules.digest == then.rules:
        return ()
    version: dict[str, Argument] = {"version": rules.version}
    today = then.by_rules_of(rules)
    if eligibility.agree(today, then.assessment):
        return (Text("eligibility-still", version),)
    lines = _lines(view, today, rules.reference) or (Text("eligibility-no-way"),)
    return (Text("eligibility-differs", version), *lines)


def citation(view: View) -> tuple[str, str] | None:
    """Return the answer that fails the conditions, and the clause; None unless one fails surely.

    An item of an education record is refused with the question that refers to the record.
    """
    found = assessment_of(view)
    if found is None or found.clause is None or found.outcome is not Outcome.NO:
        return None
    fact = _answered(found, found.lacking[0]) if found.lacking else ""
    return fact if fact in FORM.fields else _RECORD, found.clause.display_name(view.locale)


def _answered(found: Assessment, condition: Condition) -> str:
    """Return the fact by which a condition was judged: its own, or the years that were counted."""
    is_counted = counted_years(condition, found.facts) is not None
    return COUNTED[condition.fact] if is_counted else condition.fact


_RECORD = next(one.key for one in FORM.fields.values() if one.kind is FieldKind.RECORD)


def _present(view: View) -> tuple[Text, ...]:
    found, rules = assessment_of(view), view.exam.eligibility
    return _lines(view, found, rules.reference) if found and rules else ()


def _lines(view: View, found: Assessment, reference: date) -> tuple[Text, ...]:
    if found.clause is None:
        return ()
    clause = {"clause": found.clause.display_name(view.locale)}
    match found.outcome:
        case Outcome.YES:
            return (Text("eligibility-yes", clause),)
        case Outcome.OPEN:
            names = joined([_name(fact) for fact in found.unknown])
            close = tuple(_close(found, fact) for fact in found.unknown if _is_close(found, fact))
            return (Text("eligibility-open", {"facts": names}), *close)
        case _:
            lacking = tuple(_lacking(view, reference, found, one) for one in found.lacking)
            year = {"year": str(found.earliest or "")}
            earliest = (Text("eligibility-earliest", year),) if found.earliest else ()
            return (Text("eligibility-no", clause), *lacking, *earliest)


def _is_close(found: Assessment, fact: str) -> bool:
    return COUNTED.get(fact, "") in found.facts


def _close(found: Assessment, fact: str) -> Text:
    """Return why the years that were counted do not tell whether the month is early enough."""
    has = int(found.facts[COUNTED[fact]])
    args: dict[str, Argument] = {"fact": _name(COUNTED[fact]), "has": has, "years": has + 1}
    return Text("eligibility-close", args)


def _lacking(view: View, reference: date, found: Assessment, condition: Condition) -> Text:
    """Return what a condition asks for, beside what the form says."""
    fact = _answered(found, condition)
    has = found.facts[fact]
    args: dict[str, Argument] = {"fact": _name(fact)}
    if fact != condition.fact:
        return Text("eligibility-lacks-number", {**args, "least": str(condition.years), "has": has})
    if has == NEVER:
        return Text("eligibility-lacks-event", args)
    if condition.years is not None:
        wanted: dict[str, Argument] = {
            "years": condition.years,
            "has": max(0, years_between(has, reference)),
            "reference": reference,
        }
        return Text("eligibility-lacks-years", args | wanted)
    if condition.at_least is not None:
        return Text(
            "eligibility-lacks-number", args | {"least": f"{condition.at_least:g}", "has": has}
        )
    wanted_names = joined([_shown(view, condition.fact, code) for code in condition.among])
    named = {"wanted": wanted_names, "has": _shown(view, condition.fact, has)}
    return Text("eligibility-lacks-answer", args | named)


def _name(fact: str) -> Text | str:
    """Return the name of a fact's question; the key of one that the form has no longer."""
    field = FIELDS.get(fact)
    return field.name if field else fact


def _shown(view: View, fact: str, value: str) -> Text | str:
    """Return a fact as people read it; a value that is no option any more stands as it is."""
    if value == NEVER:
        return Text("eligibility-never")
    field, application = FIELDS.get(fact), view.records.application
    if field is None:
        return value
    answers = application.answers if application else {}
    return field.display_value(value, answers, view.answer_context, view.locale)
