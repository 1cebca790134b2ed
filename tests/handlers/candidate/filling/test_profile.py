"""The profile: what is kept about a person, in words that mislead nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.progress.next_step import MENU
from states.records import CONSENT_VERSION, Records
from tests.fakes.router import screen_of
from tests.handlers.people import LOCALES, PORTRAIT, Standing, person
from tests.handlers.status_page import words

pytestmark = pytest.mark.row("B21")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_consent_stands_with_its_time_and_without_the_date_of_its_text(locale: str) -> None:
    """The text may be newer than the day on which somebody agreed: a date of its own misleads."""
    said = words(Standing(MENU, Records(person(locale))), "profile", locale)
    assert CONSENT_VERSION not in said
    assert "2026" not in said.split("—")[0]
    assert {"zh-CN": "知情同意：2025年12月", "en": "Consent: "}[locale] in said


def test_without_a_photo_the_button_sends_one_and_shows_none() -> None:
    """A button to a photo that is not there would be a dead one."""
    for portrait, label in ((None, "button-photo-first"), (PORTRAIT, "button-photo")):
        standing = Standing(MENU, Records(replace(person("zh-CN"), photo=portrait)))
        keys = {
            one.label.key if not isinstance(one.label, str) else ""
            for row in screen_of(standing, "profile").buttons
            for one in row
        }
        assert {"button-photo-first", "button-photo"} & keys == {label}
