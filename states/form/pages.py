"""The pages of the form, as the guide has them; a new question is a line here and its words.

Whether a field is required follows how certain it is (domain §1.5): what the guide names is
required as it says, what only other sources name can be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from states.form.fields import Field, Kind
from states.records import Answers
from states.texts import Text

VERSION = 1
"""Grows when an answer of an older form has to be asked again."""

NO_PRACTICE = "none"


def practises(answers: Answers) -> bool:
    """Guide (4), note 2: with a practice category the month of first registration is required."""
    return answers.get("practice", NO_PRACTICE) != NO_PRACTICE


@dataclass(frozen=True, slots=True)
class Page:
    """Questions that belong together, asked one after the other."""

    key: str
    fields: tuple[Field, ...]

    @property
    def title(self) -> Text:
        """What the page is called."""
        return Text(f"page-{self.key}")


APPLYING = Page(
    "applying",
    (
        # Guide (4), note 1. 无 is confirmed, the others are the statutory physician classes.
        Field(
            "practice",
            Kind.CHOICE,
            choices=(NO_PRACTICE, "clinical", "dental", "public", "chinese"),
        ),
        # Guide (4), note 2.
        Field("registered", Kind.MONTH, when=practises),
        # Guide (4), note 3: required of those who hold the certificate; its date of issue.
        Field("residency", Kind.MONTH, required=False),
    ),
)

WORK = Page(
    "work",
    (
        # Guide (6).
        Field("employer", Kind.TEXT, longest=60),
        # Seen in older systems only.
        Field("department", Kind.TEXT, required=False, longest=30),
    ),
)

PAGES = (APPLYING, WORK)
FIELDS = {field.key: field for page in PAGES for field in page.fields}
