"""The bot accepts the page's sample documents."""

from datetime import date
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image

from bot.core import exam_files
from bot.media.decoding import paper_scan, photo
from bot.media.decoding.judging.fingerprint import fingerprint
from bot.media.decoding.papers import legibility
from bot.sandbox import samples
from bot.sandbox.world.people import PEOPLE, Person
from states import materials
from states import photo as photo_rule
from states.identity.document import IdNumber, IdType, check_id_number
from states.papers.checks import is_same_page
from states.photo import checks
from states.photo.checks import Check, PhotoVerdict, Remedy
from states.photo.fingerprints import SAME, differing_bits

EXAM = exam_files.load("health-2026")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.slug)
def test_the_number_of_each_passes_the_check(person: Person) -> None:
    number = samples.id_number(person)
    checked = check_id_number(IdType.RESIDENT_ID, number, date(2025, 12, 2))
    assert isinstance(checked, IdNumber)


def test_the_numbers_are_all_different_and_nobodys() -> None:
    numbers = {samples.id_number(person) for person in PEOPLE}
    assert len(numbers) == len(PEOPLE)
    assert all(number.startswith("999999") for number in numbers)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.slug)
def test_the_portrait_passes_the_exams_rule(person: Person) -> None:
    file = samples.draw(person, samples.PORTRAIT, "报名照片")
    facts = photo.measure(file.content)
    assert photo_rule.check_photo(facts, EXAM.photo, compressed=False) == ()
    assert photo.portrait(file.content, EXAM.photo)


@pytest.mark.row("B5")
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.slug)
@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        (samples.PORTRAIT, {}),
        ("portrait-blue", {Check.BACKGROUND: Remedy.ANEW}),
        ("portrait-small", {Check.HEAD: Remedy.BOT}),
    ],
)
def test_a_portrait_is_judged_as_its_name_says(
    person: Person, kind: str, faults: dict[Check, Remedy]
) -> None:
    file = samples.draw(person, kind, "报名照片")
    made = photo.prepare(file.content, EXAM.photo)
    found = checks.judge(made.measures, EXAM.photo)
    assert {one.check: one.remedy for one in found if one.is_fault} == faults
    assert not [one.check for one in found if one.verdict is PhotoVerdict.NOT_JUDGED]
    assert (made.mended is not None) is (Remedy.BOT in faults.values())


def test_no_two_portraits_are_one_photo_to_the_bot() -> None:
    """Else a newcomer's first card says that somebody else has the same photo."""
    prints = [
        fingerprint(Image.open(BytesIO(samples.draw(one, samples.PORTRAIT, "报名照片").content)))
        for one in PEOPLE
    ]
    for one, other in combinations(prints, 2):
        assert differing_bits(one, other) > SAME


@pytest.mark.parametrize("kind", samples.PAPERS)
@pytest.mark.parametrize("title", ["学历学位证书", "Education certificate"])
def test_a_paper_passes_the_rule_of_every_area_that_asks_for_it(kind: str, title: str) -> None:
    file = samples.draw(PEOPLE[0], kind, title)
    assert file.name == f"{title}.{samples.ending(kind).lower()}"
    facts = paper_scan.prepare(file.content).facts
    asked = [
        material
        for area in EXAM.areas
        for material in area.materials
        if material.code.partition("-")[0] == kind
    ]
    assert asked
    for material in asked:
        assert materials.check_scan(facts, material, have=0) == ()


def test_no_two_kinds_of_papers_look_like_one_page() -> None:
    """The bot warns of a page sent twice: nobody who tries it out meets that without a reason."""
    drawn = [samples.draw(PEOPLE[0], kind, "证明材料") for kind in samples.PAPERS]
    # Pillow puts the picture into a PDF as a JPEG, so both kinds of files hold one.
    held = [file.content[file.content.index(b"\xff\xd8") :] for file in drawn]
    prints = [legibility.fingerprint(Image.open(BytesIO(one))) for one in held]
    for one, other in combinations(prints, 2):
        assert not is_same_page(one, other, EXAM.papers)
