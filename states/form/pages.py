"""The pages of the form, as the guide has them; a new question is a line here and its words.

Whether a field is required follows how certain it is (domain §1.5): what the guide or an authority
names is required as they say, what only other sources name stands at the end of its page and can
be skipped.
"""

from __future__ import annotations

from collections.abc import Sequence

from states.exam import OTHER_EMPLOYER, Confirmation
from states.form.answer_context import AnswerContext
from states.form.contact import check_email, check_landline, check_postcode
from states.form.education import usable
from states.form.engine import Page, Questionnaire
from states.form.fields import SKIPPED, Field, Kind, LocalizedOption, Option, localized
from states.identity import check_phone, readable_phone
from states.records import Answers
from states.texts import Text

VERSION = 2
"""Grows when the form changes; kept with each application, as the form that it was filled in on."""

NONE = "none"
YES = "yes"
OTHER = "other"
_ELSEWHERE = LocalizedOption(OTHER_EMPLOYER, Text("choice-employer-other"))


# --- what the lists hold -------------------------------------------------------------------------


def _sites(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    return answer_context.area.sites if answer_context.area else ()


def _points(answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    """Guide, part 2, page (1): required where the area confirms online."""
    area = answer_context.area
    if area is None or area.confirmation is not Confirmation.ONLINE:
        return ()
    site = area.site(answers.get("site", ""))
    return site.points if site else tuple(point for one in area.sites for point in one.points)


def _ethnicities(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    return answer_context.exam.ethnicities


def _categories(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    return answer_context.exam.categories


def _levels(answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    """The levels at which the category can be taken; all of them before one is chosen."""
    exam, category = answer_context.exam, answers.get("category")
    if category is None:
        return exam.levels
    return [level for level in exam.levels if exam.specialties(category, level.code)]


def _specialties(answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    exam, category, level = answer_context.exam, answers.get("category"), answers.get("level")
    if category is None or level is None:
        return [one for one in exam.catalogue if not one.discontinued]
    return exam.specialties(category, level)


def _practices(answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    """Guide (4), note 1: those that go with the category."""
    exam, chosen = answer_context.exam, answers.get("category")
    category = next((one for one in exam.categories if one.code == chosen), None)
    if category is None:
        return exam.practices
    return [one for one in exam.practices if one.code in category.practices]


def _subjects(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    return answer_context.exam.subjects


def _employers(_answers: Answers, answer_context: AnswerContext) -> Sequence[Option]:
    """Guide (6): searched in a list, and 其它 for what is not in it."""
    if answer_context.area is None:  # else 其它 would be all there is, and answer itself
        return ()
    return (*answer_context.exam.employers_in(answer_context.area.code), _ELSEWHERE)


# --- who is asked what ---------------------------------------------------------------------------


def practises(answers: Answers) -> bool:
    """Guide (4), note 2: with a practice category the month of first registration is required."""
    return answers.get("practice", NONE) != NONE


def _is_resident(answers: Answers) -> bool:
    """Guide (4), note 3: who holds the residency certificate gives the month at its foot."""
    return answers.get("residency") == YES


def _has_title(answers: Answers) -> bool:
    """In the old system: without a present title its years are 0 (domain §1.5)."""
    return answers.get("title", NONE) != NONE


def _is_elsewhere(answers: Answers) -> bool:
    """Guide (6), note: with 其它 as employer its kind is required."""
    return answers.get("employer") == OTHER_EMPLOYER


# --- the pages -----------------------------------------------------------------------------------

PLACE = Page(
    "place",
    (
        Field("site", Kind.SEARCH, options=_sites),
        Field("point", Kind.SEARCH, options=_points),
    ),
)

PERSON = Page(
    "person",
    (Field("ethnicity", Kind.SEARCH, options=_ethnicities),),
)
"""Shows the locked items too."""

CONTACT = Page(
    "contact",
    (
        Field("mobile", Kind.TEXT, check=check_phone, read=readable_phone),
        Field("landline", Kind.TEXT, required=False, check=check_landline),
        Field("email", Kind.TEXT, required=False, check=check_email),
        Field("address", Kind.TEXT, required=False, least=6, most=100),
        Field("postcode", Kind.TEXT, required=False, check=check_postcode),
    ),
)

APPLYING = Page(
    "applying",
    (
        Field("category", Kind.CHOICE, options=_categories, lasting=False),
        Field("level", Kind.CHOICE, options=_levels, lasting=False),
        # Codes are used again from year to year (domain §4), so this is asked every year.
        Field("specialty", Kind.SEARCH, options=_specialties, lasting=False),
        Field("practice", Kind.CHOICE, options=_practices),
        Field("registered", Kind.MONTH, when=practises),
        Field("residency", Kind.CHOICE, options=localized("residency", YES, "no")),
        Field("residency_month", Kind.MONTH, when=_is_resident),
        Field("subjects", Kind.MULTI, options=_subjects, lasting=False),
        Field(
            "title",
            Kind.CHOICE,
            options=localized(
                "title",
                *(NONE, "assistant", "junior", "intermediate"),
                *("assistant-physician", "physician"),
            ),
        ),
        Field("years", Kind.NUMBER, when=_has_title, lasting=False, least=0, most=50),
        Field("titled", Kind.MONTH, required=False, when=_has_title),
        Field("appointed", Kind.MONTH, required=False, when=_has_title),
        Field("file_number", Kind.TEXT, required=False, least=4, most=30),
    ),
)

EDUCATION = Page("education", (Field("education", Kind.RECORD, options=usable),))

WORK = Page(
    "work",
    (
        Field("employer", Kind.SEARCH, options=_employers),
        Field("employer_name", Kind.TEXT, when=_is_elsewhere, least=4, most=60),
        Field(
            "employer_kind",
            Kind.CHOICE,
            when=_is_elsewhere,
            options=localized("employer-kind", "hospital", "primary", "public-health", OTHER),
        ),
        Field("department", Kind.TEXT, required=False, most=30),
        Field(
            "ownership",
            Kind.CHOICE,
            required=False,
            options=localized("ownership", "public", "private", OTHER),
        ),
        Field(
            "grade",
            Kind.CHOICE,
            required=False,
            options=localized("grade", "third", "second", "first", NONE),
        ),
        Field("field_years", Kind.NUMBER, required=False, lasting=False, least=0, most=50),
        Field("began_work", Kind.MONTH, required=False),
    ),
)

FORM = Questionnaire((PLACE, PERSON, CONTACT, APPLYING, EDUCATION, WORK))


def lasting(answers: Answers) -> Answers:
    """What of another year's answers is still true; what was skipped then is not asked again."""
    fields = FORM.fields
    return {
        key: value
        for key, value in answers.items()
        if key in fields and (fields[key].lasting or value == SKIPPED)
    }
