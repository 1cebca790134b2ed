"""Whether two accounts may be one person's; twins and namesakes are not suspected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.identity import IdType
from states.identity.likeness import (
    Likeness,
    are_two_by_document,
    is_near_name,
    likenesses,
    tidy_name,
)
from states.records import Identity
from tests.factories import IDENTITY

pytestmark = pytest.mark.row("B16")

OTHER_NUMBER = "999999199003071023"
PERMIT = Identity("刘玲", IdType.HK_MACAO_PERMIT, "H12345678", "female", IDENTITY.born)
NAMESAKE = replace(IDENTITY, id_number=OTHER_NUMBER)
TWIN = replace(IDENTITY, name="刘珑", id_number=OTHER_NUMBER)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        pytest.param("刘玲", "刘玲", True, id="equal"),
        pytest.param("刘玲", "劉玲", True, id="traditional"),
        pytest.param("刘玲", "刘灵", True, id="one sound"),
        pytest.param("王索", "王(suo)", True, id="pinyin for a character"),
        pytest.param("阿依古丽·买买提", "阿依古丽买买提", True, id="without the dot"),
        pytest.param("王小明", "王小亮", True, id="one of three characters"),
        pytest.param("Li Ming", "Ming Li", True, id="in another order"),
        pytest.param("Catherine", "Katherine", True, id="one letter"),
        pytest.param("单雄", "善雄", True, id="another reading"),
        pytest.param("刘玲", "刘明", False, id="one of two characters"),
        pytest.param("王小明", "李大明", False, id="two characters"),
        pytest.param("Li", "Lu", False, id="short names"),
        pytest.param("", "", False, id="no names"),
    ],
)
def test_near_names(one: str, other: str, near: bool) -> None:
    assert is_near_name(one, other) is near
    assert is_near_name(other, one) is near


NAMES = st.text("刘玲灵王小明abc·() ", min_size=1, max_size=6)


@given(NAMES, NAMES)
def test_nearness_is_mutual_and_every_name_is_near_itself(one: str, other: str) -> None:
    assert is_near_name(one, other) is is_near_name(other, one)
    assert is_near_name(one, one) is bool(tidy_name(one))


@pytest.mark.parametrize(
    ("other", "more", "found"),
    [
        pytest.param(PERMIT, {}, {Likeness.NAME}, id="with a permit and with an ID card"),
        pytest.param(
            replace(IDENTITY, id_number=OTHER_NUMBER),
            {},
            {Likeness.NAME},
            id="equal name, two numbers",
        ),
        pytest.param(
            replace(PERMIT, id_number=IDENTITY.id_number, name="陈航", born="1980-01-01"),
            {},
            {Likeness.NUMBER},
            id="one number on two documents",
        ),
        pytest.param(TWIN, {}, set(), id="twins"),
        pytest.param(TWIN, {"same_phone": True}, set(), id="twins with their mother's telephone"),
        pytest.param(TWIN, {"same_photo": True}, {Likeness.PHOTO}, id="twins with one photo"),
        pytest.param(
            replace(TWIN, name="刘灵", sex="male"), {}, set(), id="twins of both sexes, one sound"
        ),
        pytest.param(replace(PERMIT, sex="male"), {}, set(), id="a namesake of the other sex"),
        pytest.param(replace(PERMIT, born="1991-03-07"), {}, set(), id="another birth date"),
        pytest.param(
            Identity("陈航", IdType.RESIDENT_ID, OTHER_NUMBER, "male", "1985-02-01"),
            {"same_phone": True},
            {Likeness.PHONE},
            id="one telephone",
        ),
        pytest.param(Identity("陈航"), {}, set(), id="nothing"),
    ],
)
def test_what_is_worth_a_look(other: Identity, more: dict[str, bool], found: set[Likeness]) -> None:
    assert likenesses(IDENTITY, other, **more) == found
    assert likenesses(other, IDENTITY, **more) == found


def test_two_numbers_of_one_kind_are_two_people_by_document() -> None:
    assert are_two_by_document(IDENTITY, TWIN)
    assert not are_two_by_document(IDENTITY, PERMIT)
    assert not are_two_by_document(IDENTITY, IDENTITY)
