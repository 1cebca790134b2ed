"""Base classes of the parts of an exam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

from states.texts import Mistake

CODE: Final = r"^[a-z0-9-]{1,20}$"
SPECIALTY_CODE: Final = r"^\d{3}$"
TERMS_VERSION: Final = r"^[a-z0-9.-]{1,50}$"
ELIGIBILITY_VERSION: Final = r"^[a-z0-9.-]{1,30}$"

Code = Annotated[str, Field(pattern=CODE)]
"""Code of a part, unique within one exam: authorities reuse codes (domain §4)."""

MAX_PLACES: Final = 96
"""Most places in one keyboard: Telegram takes 100 buttons, and some are for navigation."""


def known_zone(zone: str) -> str:
    """Return the name of a time zone.

    Raises:
        ValueError: the machine knows no such zone.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError(Mistake.of("", "unknown-zone", given=zone)) from None
    return zone


class Data(BaseModel):
    """An immutable part of an exam file without unknown keys.

    Its look-ups over fields can be ``functools.cached_property``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """Return a copy without the cached look-ups, which pydantic would copy.

        https://docs.pydantic.dev/latest/concepts/models/#model-copy
        """
        copied = super().model_copy(update=update, deep=deep)
        for look_up in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[look_up]
        return copied


class Named(Data):
    """A part with an official Chinese name and an English one, if known."""

    name: str = Field(min_length=1)
    name_en: str = ""

    def display_name(self, locale: str) -> str:
        """Return the name in this language."""
        return self.name_en if locale == "en" and self.name_en else self.name


class Coded(Named):
    """An entry of a list in the exam file, such as a subject or a level."""

    code: Code
    sample: bool = True
