"""The way of an application as the picture shows it: its nodes by area, and how far it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.exam import Area, Confirmation, Payment
from states.lifecycle import Station, current, marks, stations
from states.progress import Mark
from states.records import Records
from tests.states.health import EMPTY, EXAM, KNOWN, PICTURED, READY, STRANGER, SUBMITTED, WHOLE

pytestmark = pytest.mark.row("S20")

ON_SITE = EXAM.areas[0]
FREE = ON_SITE.model_copy(update={"payment": Payment.NONE})
ONLINE = ON_SITE.model_copy(
    update={"confirmation": Confirmation.ONLINE, "payment": Payment.DESKTOP}
)
SHARED = ["form", "photo", "submit", "confirmation", "review", "registered"]
AREAS = pytest.mark.parametrize(
    "area", [None, ON_SITE, FREE, ONLINE], ids=["none", "on-site", "free", "online"]
)


@pytest.mark.parametrize(
    ("area", "nodes"),
    [
        (None, SHARED),
        (FREE, SHARED),
        (ON_SITE, [*SHARED[:-1], "payment", "registered"]),
        (
            ONLINE,
            [
                "form",
                "photo",
                "materials",
                "submit",
                "confirmation",
                "review",
                "payment",
                "registered",
            ],
        ),
    ],
    ids=["none", "free", "on-site", "online"],
)
def test_the_nodes_follow_from_the_area(area: Area | None, nodes: list[str]) -> None:
    assert list(stations(area)) == nodes


@pytest.mark.parametrize(
    ("records", "station"),
    [
        (Records(), Station.FORM),
        (Records(STRANGER), Station.FORM),
        (Records(KNOWN, EMPTY), Station.FORM),
        (Records(PICTURED, replace(WHOLE, site="")), Station.FORM),
        (Records(PICTURED, replace(WHOLE, answers={})), Station.FORM),
        (Records(KNOWN, WHOLE), Station.PHOTO),
        (READY, Station.SUBMIT),
        (SUBMITTED, Station.CONFIRMATION),
    ],
)
def test_the_current_node_waits_for_somebodys_act(records: Records, station: Station) -> None:
    assert current(records, ON_SITE) is station


def test_nothing_is_further_than_the_form_before_an_area_is_chosen() -> None:
    assert current(READY, None) is Station.FORM


@AREAS
@pytest.mark.parametrize("records", [Records(), Records(KNOWN, EMPTY), READY, SUBMITTED])
def test_what_lies_before_is_done_and_what_follows_is_ahead(
    records: Records, area: Area | None
) -> None:
    shown = marks(records, area)
    assert tuple(station for station, _ in shown) == stations(area)
    order = [mark for _, mark in shown]
    at = order.index(Mark.CURRENT)
    assert order == [Mark.DONE] * at + [Mark.CURRENT] + [Mark.AHEAD] * (len(order) - at - 1)
    assert shown[at][0] is current(records, area)
