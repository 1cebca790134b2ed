"""Invented candidates, one at every place of the way, and the exam that they register for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import exam_files
from handlers.everyone import consent
from states.exam import (
    Area,
    Confirmation,
    Exam,
    Fee,
    FileFormat,
    Material,
    Payment,
    Point,
    Site,
)
from states.flow import MENU, Place
from states.form.pages import FIELDS
from states.groups import Account, Choose, Form, Home, Photo, Welcome
from states.identity import FORMATS, IdType
from states.records import (
    Application,
    ApplicationId,
    Identity,
    Person,
    PersonId,
    Records,
    Stage,
)

BOT = 4242
LING = 1001
LOCALES = ("zh-CN", "en")
PORTRAIT = "0" * 64

ONLINE = Area(
    code="online",
    name="示例线上考区",
    name_en="Example Online",
    confirmation=Confirmation.ONLINE,
    payment=Payment.DESKTOP,
    fee=Fee(per_subject=6500),
    contact="0900-0000000",
    materials=(
        Material(
            code="identity",
            name="示例身份证件",
            required=True,
            formats=(FileFormat.JPG,),
            max_kb=5120,
            max_files=2,
        ),
    ),
    sites=(
        Site(
            code="river",
            name="示例江滨考点",
            name_en="Example Riverside",
            address="示例市示例路 9 号",
            contact="0900-0000009",
            points=(
                Point(code="pier", name="示例码头报名点", address="示例路 8 号", contact="0900-1"),
            ),
        ),
    ),
)

SHIPPED = exam_files.load("health-2026")
EXAM: Exam = SHIPPED.model_copy(
    update={"id_types": tuple(IdType), "areas": (*SHIPPED.areas, ONLINE)}
)
"""The shipped exam, taking every document, with an area that confirms online."""

OPEN = EXAM.windows.registration.opens + timedelta(hours=9)
CLOSED = EXAM.windows.registration.opens - timedelta(days=1)

IDENTITY = Identity(
    name="刘玲",
    id_type=IdType.RESIDENT_ID,
    id_number="99999919900307104X",
    sex="female",
    born="1990-03-07",
    phone="+8613800138000",
)
ANSWERS: Mapping[str, str] = {
    "practice": "clinical",
    "registered": "2019-07",
    "residency": "2022-08",
    "employer": "示例市第一人民医院",
    "department": "内科",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody at a place: what is known of them, and when they act."""

    place: Place
    records: Records = field(default_factory=Records)
    now: datetime = OPEN


def person(locale: str, **known: object) -> Person:
    """Ling, who has agreed and confirmed who she is, unless ``known`` says otherwise."""
    whole = Person(
        id=PersonId(65),
        bot_id=BOT,
        telegram_id=LING,
        locale=locale,
        consent=consent.VERSION,
        consented_at=OPEN.astimezone(UTC),
        identity=IDENTITY,
        number_hash="f" * 64,
    )
    return replace(whole, **known)  # type: ignore[arg-type]


def application(**known: object) -> Application:
    """Ling's application, with every question answered, unless ``known`` says otherwise."""
    whole = Application(
        id=ApplicationId(66),
        person_id=PersonId(65),
        exam=EXAM.key,
        area="qinghai",
        site="xining",
        agreed=EXAM.terms.version,
        agreed_at=OPEN.astimezone(UTC),
        answers=ANSWERS,
    )
    return replace(whole, **known)  # type: ignore[arg-type]


def standings(locale: str) -> dict[str, Standing]:
    """By name, a candidate of this language at every place, in every case that a screen knows."""
    return dict(
        [
            ("stranger", Standing(Place(Welcome.language))),
            *_before_the_form(locale),
            *_in_the_form(locale),
            *_after_the_form(locale),
        ]
    )


def _before_the_form(locale: str) -> Iterator[tuple[str, Standing]]:
    nobody = Identity()
    unclaimed = person(locale, number_hash=None)
    blank = person(locale, number_hash=None, identity=nobody)
    yield (
        "language, known",
        Standing(Place(Welcome.language), Records(replace(blank, consent="", locale=""))),
    )
    yield "consent", Standing(Place(Welcome.consent), Records(replace(blank, consent="")))
    yield "name", Standing(Place(Account.name), Records(blank))
    yield "name, again", Standing(Place(Account.name), Records(unclaimed))
    named = replace(blank, identity=Identity(name=IDENTITY.name))
    yield "id type", Standing(Place(Account.id_type), Records(named))
    for kind in IdType:
        of_kind = replace(blank, identity=Identity(name=IDENTITY.name, id_type=kind))
        yield f"number, {kind}", Standing(Place(Account.number), Records(of_kind))
        twice = Place(Account.number_again, {"first": "e" * 64})
        yield f"number again, {kind}", Standing(twice, Records(of_kind))
    unphoned = replace(unclaimed, identity=replace(IDENTITY, phone=""))
    yield "phone", Standing(Place(Account.phone), Records(unphoned))
    yield "phone, again", Standing(Place(Account.phone), Records(unclaimed))
    yield "confirm", Standing(Place(Account.confirm), Records(unclaimed))
    man = replace(IDENTITY, id_number="999999199003071031", sex="male")
    yield (
        "confirm, a man",
        Standing(Place(Account.confirm), Records(replace(unclaimed, identity=man))),
    )
    permit = replace(
        IDENTITY,
        id_type=IdType.TAIWAN_PERMIT,
        id_number=FORMATS[IdType.TAIWAN_PERMIT].example,
        sex="",
        born="",
    )
    yield (
        "confirm, a permit without birth date",
        Standing(Place(Account.confirm), Records(replace(unclaimed, identity=permit))),
    )
    ling = person(locale)
    yield "exam", Standing(Place(Choose.exam), Records(ling))
    begun = application(area="", site="", agreed="", answers={})
    yield "area", Standing(Place(Choose.area), Records(ling, begun))
    begun = replace(begun, area="qinghai")
    yield "notice", Standing(Place(Choose.notice), Records(ling, begun))
    begun = replace(begun, agreed=EXAM.terms.version)
    yield "site", Standing(Place(Choose.site), Records(ling, begun))


def _in_the_form(locale: str) -> Iterator[tuple[str, Standing]]:
    ling = person(locale)
    before: dict[str, str] = {}
    for key in FIELDS:
        place = Place(Form.asking, {"field": key})
        yield key, Standing(place, Records(ling, application(answers=dict(before))))
        yield f"{key}, again", Standing(place, Records(ling, application()))
        if not FIELDS[key].required:
            skipped = application(answers={**ANSWERS, key: ""})
            yield f"{key}, skipped", Standing(place, Records(ling, skipped))
        before[key] = ANSWERS[key]


def _after_the_form(locale: str) -> Iterator[tuple[str, Standing]]:
    ling, draft = person(locale), application()
    ready = replace(ling, photo=PORTRAIT)
    yield "photo", Standing(Place(Photo.waiting), Records(ling, draft))
    yield "photo, again", Standing(Place(Photo.waiting), Records(ready, draft))
    shown = Place(Photo.confirm, {"portrait": PORTRAIT})
    yield "photo, shown", Standing(shown, Records(ling, draft))
    yield "summary", Standing(Place(Form.summary), Records(ready, draft))
    yield "summary, longest", Standing(Place(Form.summary), longest(locale))
    online = replace(draft, area="online", site="river")
    for name, known in (("on site", draft), ("online", online)):
        done = replace(
            known, stage=Stage.SUBMITTED, submitted_at=OPEN.astimezone(UTC), photo=PORTRAIT
        )
        yield f"menu, submitted {name}", Standing(MENU, Records(ready, done))
        yield f"menu, submitted {name}, later", Standing(MENU, Records(ready, done), CLOSED)
    yield "menu, halfway", Standing(MENU, Records(ling, draft))
    yield "menu, closed", Standing(MENU, Records(ling, draft), CLOSED)
    yield (
        "menu, closed, will be told",
        Standing(MENU, Records(replace(ling, wants_opening=True)), CLOSED),
    )
    unclaimed = replace(ling, number_hash=None, identity=Identity())
    yield "menu, closed, account open", Standing(MENU, Records(unclaimed), CLOSED)
    yield "menu, account open", Standing(Place(Home.menu), Records(unclaimed))


def longest(locale: str) -> Records:
    """The longest that a candidate can enter: name, employer and department at their limits."""
    identity = replace(IDENTITY, name="阿" * 14 + "·" + "伊" * 15, phone="+85291234567")
    answers = {
        **ANSWERS,
        "employer": "示" * FIELDS["employer"].longest,
        "department": "科" * FIELDS["department"].longest,
    }
    return Records(person(locale, identity=identity, photo=PORTRAIT), application(answers=answers))
