"""What the parts of an exam have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
"""Names a part within its exam: codes get reused from year to year (domain §4)."""

MAX_PLACES: Final = 96
"""Places that one message can offer: Telegram takes 100 buttons, and some lead elsewhere."""


class Data(BaseModel):
    """A part of an exam file: nothing unknown is accepted, nothing changes after loading.

    So a part may keep a look-up over its fields as a ``functools.cached_property``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A copy that makes its look-ups itself: pydantic would take along those of the original.

        https://docs.pydantic.dev/latest/concepts/models/#model-copy
        """
        copied = super().model_copy(update=update, deep=deep)
        for look_up in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[look_up]
        return copied


class Named(Data):
    """Something with an official Chinese name and, where one is known, an English one."""

    name: str = Field(min_length=1)
    name_en: str = ""

    def display_name(self, locale: str) -> str:
        """Its name for a reader of this language."""
        return self.name_en if locale == "en" and self.name_en else self.name


class Coded(Named):
    """Something of a list that the exam file gives, such as a subject or a level."""

    code: Code
    sample: bool = True
