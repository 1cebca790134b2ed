"""The pages of the form, in the guide's order; a new question is a line here and its texts.

Fields that the guide or an authority names are required as they say. Fields of other sources are
optional, at the end of their page (domain §1.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from states.characters import normalize_text
from states.characters.numerals import digits_for_letters
from states.exam import OTHER_EMPLOYER, Category, Confirmation, Specialty
from states.form.education import record_options
from states.form.fields import (
    SKIPPED,
    AnswerContext,
    Field,
    FieldKind,
    LocalizedOption,
    Option,
    localized_options,
)
from states.form.questionnaire import Page, Questionnaire
from states.identity import bare_digits, check_phone, readable_phone, tidy_code, without_label
from states.records import Answers
from states.texts import Problem, Text

VERSION = 3
"""Version of the form, stored with each application; increase it with each change."""

NONE = "none"
YES = "yes"
OTHER = "other"
PRIVATE = "private"
_ELSEWHERE = LocalizedOption(OTHER_EMPLOYER, Text("choice-employer-other"))


# --- options -------------------------------------------------------------------------------------


def _sites(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    return context.area.sites if context.area else ()


def _points(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the points where the area confirms online (guide, part 2, page (1))."""
    area = context.area
    if area is None or area.confirmation is not Confirmation.ONLINE:
        return ()
    site = area.site(answers.get("site", ""))
    return site.points if site else tuple(point for one in area.sites for point in one.points)


def _ethnicities(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    return context.exam.ethnicities


def _categories(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    return context.exam.categories


def _levels(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the levels of the chosen category; without one, all levels."""
    exam, category = context.exam, answers.get("category")
    if category is None:
        return exam.levels
    return [level for level in exam.levels if exam.specialties(category, level.code)]


def _specialties(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    exam, category, level = context.exam, answers.get("category"), answers.get("level")
    if category is None or level is None:
        return [one for one in exam.catalogue if not one.discontinued]
    return exam.specialties(category, level)


def _with_level(option: Option, context: AnswerContext, locale: str) -> Text | str:
    """Name a specialty with its level: several levels have one of the same name."""
    code = option.level if isinstance(option, Specialty) else ""
    name, levels = option.display_name(locale), context.exam.levels
    level = next((one.display_name(locale) for one in levels if one.code == code), "")
    if locale == "en":  # the English names are ours
        name = f"{name} {option.name}"
    return Text("specialty-of-level", {"specialty": name, "level": level})


def _practices(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the practice categories that go with the category (guide (4), note 1)."""
    exam, category = context.exam, _category(answers, context)
    if category is None:
        return exam.practices
    return [one for one in exam.practices if one.code in category.practices]


def _category(answers: Answers, context: AnswerContext) -> Category | None:
    chosen = answers.get("category")
    return next((one for one in context.exam.categories if one.code == chosen), None)


def _titles(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the titles of the chosen category; without one, those of all."""
    category = _category(answers, context)
    of = context.exam.categories if category is None else (category,)
    return [title for one in of for title in one.titles]


_RESIDENCY = localized_options("residency", YES, "no")


def _residency(answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return yes and no in a category of physicians; nothing where nobody is asked."""
    category = _category(answers, context)
    is_asked = category is None or category.residency
    return _RESIDENCY(answers, context) if is_asked else ()


def _subjects(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    return context.exam.subjects


def _employers(_answers: Answers, context: AnswerContext) -> Sequence[Option]:
    """Return the employers of the area, and 其它 for others (guide (6))."""
    if context.area is None:  # 其它 as the only option would be chosen by itself
        return ()
    return (*context.exam.employers_in(context.area.code), _ELSEWHERE)


# --- conditions ----------------------------------------------------------------------------------


def practises(answers: Answers) -> bool:
    """Return whether the month of first registration is required (guide (4), note 2)."""
    return answers.get("practice", NONE) != NONE


def is_resident(answers: Answers) -> bool:
    """Return whether the month of the residency certificate is required (guide (4), note 3)."""
    return answers.get("residency") == YES


def has_title(answers: Answers) -> bool:
    """Return whether the years of the title are asked; without a title they are 0 (domain §1.5)."""
    return answers.get("title", NONE) != NONE


def _is_elsewhere(answers: Answers) -> bool:
    """Return whether the employer is 其它, so that its kind is required (guide (6), note)."""
    return answers.get("employer") == OTHER_EMPLOYER


# --- checks --------------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
# [0-9] and not \d, which matches digits of any script: the form prints the stored text.
_POSTCODE = re.compile("[0-9]{6}")
# Large cities have area codes of three digits; mobile numbers have none.
_LANDLINE = re.compile("(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-([0-9]{1,6}))?")


def check_email(typed: str) -> str | Problem:
    """Return the address, such as ``ling@example.com``, in lower case after the @."""
    text = normalize_text(typed).replace("。", ".").replace(" ", "").rstrip(".")
    if not _EMAIL.fullmatch(text) or len(text) > 100:
        return Problem("problem-email")
    name, _, host = text.partition("@")
    return f"{name}@{host.lower()}"


def check_postcode(typed: str) -> str | Problem:
    """Return the post code: six digits."""
    text = bare_digits(typed).replace(" ", "")
    return text if _POSTCODE.fullmatch(text) else Problem("problem-postcode")


def check_landline(typed: str) -> str | Problem:
    """Return the landline with area code, and extension if any: ``0971-1234567-8``."""
    text = re.sub("[转‐-―−]", "-", digits_for_letters(without_label(typed)))
    found = _LANDLINE.fullmatch(re.sub("[ ()]", "", text))
    if found is None:
        return Problem("problem-landline")
    return "-".join(part for part in found.groups() if part)


# --- the pages -----------------------------------------------------------------------------------

PLACE = Page(
    "place",
    (
        Field("site", FieldKind.SEARCH, options=_sites),
        Field("point", FieldKind.SEARCH, options=_points),
    ),
)

PERSON = Page(
    "person",
    (Field("ethnicity", FieldKind.SEARCH, options=_ethnicities),),
)
"""The page also shows the locked identity items."""

CONTACT = Page(
    "contact",
    (
        Field("mobile", FieldKind.TEXT, check=check_phone, to_display=readable_phone),
        Field("landline", FieldKind.TEXT, required=False, check=check_landline),
        Field("email", FieldKind.TEXT, required=False, check=check_email),
        Field("address", FieldKind.TEXT, required=False, minimum=6, maximum=100),
        Field("postcode", FieldKind.TEXT, required=False, check=check_postcode),
    ),
)

APPLYING = Page(
    "applying",
    (
        Field("category", FieldKind.CHOICE, options=_categories, lasting=False),
        Field("level", FieldKind.CHOICE, options=_levels, lasting=False),
        # Codes change their meaning from year to year (domain §4).
        Field(
            "specialty",
            FieldKind.SEARCH,
            options=_specialties,
            lasting=False,
            describe=_with_level,
        ),
        Field("practice", FieldKind.CHOICE, options=_practices),
        Field("registered", FieldKind.MONTH, when=practises),
        Field("residency", FieldKind.CHOICE, options=_residency),
        Field("residency_month", FieldKind.MONTH, when=is_resident),
        Field("subjects", FieldKind.MULTI, options=_subjects, lasting=False),
        Field("title", FieldKind.CHOICE, options=_titles),
        Field(
            "years",
            FieldKind.NUMBER,
            when=has_title,
            lasting=False,
            minimum=0,
            maximum=50,
            since="titled",
        ),
        Field("titled", FieldKind.MONTH, required=False, when=has_title),
        Field("appointed", FieldKind.MONTH, required=False, when=has_title),
        Field(
            "file_number",
            FieldKind.TEXT,
            required=False,
            minimum=4,
            maximum=30,
            tidy=tidy_code,
            has_digits=True,
        ),
    ),
)

EDUCATION = Page("education", (Field("education", FieldKind.RECORD, options=record_options),))

WORK = Page(
    "work",
    (
        Field("employer", FieldKind.SEARCH, options=_employers, unlisted="employer_name"),
        Field("employer_name", FieldKind.TEXT, when=_is_elsewhere, minimum=4, maximum=60),
        Field(
            "employer_kind",
            FieldKind.CHOICE,
            when=_is_elsewhere,
            options=localized_options(
                "employer-kind", "hospital", "primary", "public-health", OTHER
            ),
        ),
        Field("department", FieldKind.TEXT, required=False, maximum=30),
        Field(
            "ownership",
            FieldKind.CHOICE,
            required=False,
            options=localized_options("ownership", "public", PRIVATE, OTHER),
        ),
        Field(
            "grade",
            FieldKind.CHOICE,
            required=False,
            options=localized_options("grade", "third", "second", "first", NONE),
        ),
        Field(
            "field_years", FieldKind.NUMBER, required=False, lasting=False, minimum=0, maximum=50
        ),
        Field("began_work", FieldKind.MONTH, required=False),
    ),
)

FORM = Questionnaire((PLACE, PERSON, CONTACT, APPLYING, EDUCATION, WORK))


def lasting(answers: Answers) -> Answers:
    """Return the answers of another year that stay valid; skipped fields stay skipped."""
    fields = FORM.fields
    return {
        key: value
        for key, value in answers.items()
        if key in fields and (fields[key].lasting or value == SKIPPED)
    }
