"""The page about the lifecycle says what the table says."""

from __future__ import annotations

from states.process.lifecycle import Event
from states.process.time_rules import Guard
from states.records import Stage
from tests.states.process.lifecycle_page import PAGE, written


def test_the_page_is_made_from_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written(page), "run: make lifecycle"


def test_the_page_explains_every_condition_and_names_every_stage_and_event() -> None:
    page = PAGE.read_text("utf-8")
    for word in (*Guard, *Stage, *Event):
        assert word.value in page
    for when in Guard:
        assert f"- **{when}**" in page
