"""Candidates at every place of every state, in every case that a screen knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from functools import cache

from handlers.candidate.case_desk.place_of_case import PROOF
from handlers.candidate.files.material_files import CODE
from handlers.candidate.files.materials import REPLACED
from handlers.candidate.files.unsorted_materials import UNSORTED, asking_one
from handlers.candidate.files.uploads import packed
from handlers.everyone.start import DECLINED
from handlers.questions.answer_lines import AREA, TAKEN
from handlers.questions.answer_lines import IDENTITY as IDENTITY_ITEMS
from handlers.questions.asking import CHOSEN
from handlers.questions.listing import FIRST_SHOWN, FOUND, SHOWN
from handlers.questions.months import YEAR, YEARS
from handlers.rendering import WRONG
from handlers.update_context import ALBUM
from states.changes import area_change
from states.form.education import RECORD
from states.form.fields import Field, FieldKind
from states.form.pages import FORM, lasting
from states.form.questionnaire import Questionnaire
from states.fsm_states import (
    Account,
    Choose,
    Correction,
    Education,
    Form,
    Home,
    IdConflict,
    Materials,
    Paying,
    Photo,
    State,
    Welcome,
)
from states.identity import IdType
from states.photo.checks import Ground, HeadPlace, PhotoMeasures, measures_as_text
from states.progress.next_step import EDITED, MENU, Position
from states.records import CLOSED as CLOSED_ACCOUNT
from states.records import (
    PDF,
    Answers,
    Identity,
    OpenCase,
    Records,
    Stage,
)
from states.staff.cases import CONTESTED, DESK_KINDS, CaseKind
from tests.handlers.fetched_files import scanned
from tests.handlers.people import (
    ANSWERS,
    BACHELOR,
    CLOSED,
    COMPLETE,
    EXAM,
    IDENTITY,
    OPEN,
    PERMIT,
    PORTRAIT,
    WAITING,
    Standing,
    answer_context,
    application,
    longest,
    online,
    papers,
    person,
)
from tests.handlers.status_rows import HERE, status_rows
from tests.handlers.submitted_standings import handed_in

Named = Iterator[tuple[str, Standing]]
HALF = OPEN.astimezone(UTC)


@cache
def standings(locale: str) -> dict[str, Standing]:
    """By name, a candidate of this language at every place, in every case that a screen knows."""
    named: dict[str, Standing] = {"stranger": Standing(Position(Welcome.language))}
    for part in (_account, _claim, _choices, _form, _records, _photo, _materials, _end):
        for name, standing in part(locale):
            assert name not in named, f"{name} stands twice"
            named[name] = standing
    return named


def _account(locale: str) -> Named:
    unclaimed = person(locale, number_hash=None, education=())
    blank = replace(unclaimed, identity=Identity())
    unknown = replace(blank, consent="", locale="")
    yield "language, known", Standing(Position(Welcome.language), Records(unknown))
    yield "consent", Standing(Position(Welcome.consent), Records(replace(blank, consent="")))
    declined = Position(Welcome.consent, {DECLINED: "yes"})
    yield "consent, declined", Standing(declined, Records(replace(blank, consent="")))
    earlier = person(locale, consent="of last year")
    yield "consent, again", Standing(Position(Welcome.consent), Records(earlier, application()))
    yield from _wrong("name", Standing(Position(Account.name), Records(blank)))
    yield "name, again", Standing(Position(Account.name), Records(unclaimed))
    named = Identity(name=IDENTITY.name)
    yield "id type", Standing(Position(Account.id_type), Records(replace(blank, identity=named)))
    for kind in IdType:
        of_kind = Records(replace(blank, identity=replace(named, id_type=kind)))
        yield from _wrong(f"number, {kind}", Standing(Position(Account.number), of_kind))
        twice = Position(Account.number_again, {"first": "e" * 64})
        yield from _wrong(f"number again, {kind}", Standing(twice, of_kind))
    sexless = replace(blank, identity=replace(PERMIT, sex="", born=""))
    yield "sex", Standing(Position(Account.sex), Records(sexless))
    unborn = replace(blank, identity=replace(PERMIT, born=""))
    yield from _wrong("born", Standing(Position(Account.born), Records(unborn)))
    permit = replace(blank, identity=PERMIT)
    yield "born, again", Standing(Position(Account.born), Records(permit))
    yield "confirm", Standing(Position(Account.confirm), Records(unclaimed))
    man = replace(IDENTITY, id_number="999999199003071031", sex="male")
    yield (
        "confirm, a man",
        Standing(Position(Account.confirm), Records(replace(blank, identity=man))),
    )
    yield "confirm, a permit", Standing(Position(Account.confirm), Records(permit))
    said = Position(Account.confirm, {TAKEN: " ".join(sorted(IDENTITY_ITEMS))})
    yield "confirm, said back", Standing(said, Records(permit))


def _claim(locale: str) -> Named:
    unclaimed = Records(person(locale, number_hash=None, education=()))
    yield "taken", Standing(Position(IdConflict.taken), unclaimed)
    yield from _wrong("claim area", Standing(Position(IdConflict.area), unclaimed))
    found = Position(IdConflict.area, {FOUND: "shanxi shaanxi"})
    yield "claim area, found", Standing(found, unclaimed)
    yield "claim site", Standing(Position(IdConflict.site, {"area": "qinghai"}), unclaimed)
    yield from _correction(locale)
    for kind in (*DESK_KINDS, CONTESTED, CLOSED_ACCOUNT):
        case = OpenCase(kind, "qinghai", "xining", HALF)
        known = Records(person(locale, open_case=case), application())
        yield f"menu, case {kind}", Standing(MENU, known)
    case = OpenCase(CaseKind.NUMBER_TAKEN, "qinghai", "xining", HALF)
    waiting = person(locale, number_hash=None, education=(), open_case=case)
    yield "confirm, case open", Standing(Position(Account.confirm), Records(waiting))


def _correction(locale: str) -> Named:
    """Somebody applies for the correction of a locked item."""
    right = replace(IDENTITY, name="刘灵", id_number="999999199003071023")
    applying = Records(person(locale, correction=right), application())
    yield "correction", Standing(Position(Correction.item), applying)
    yield from _wrong("right name", Standing(Position(Correction.name), applying))
    yield from _wrong("right number", Standing(Position(Correction.number), applying))
    twice = Position(Correction.number_again, {"first": "e" * 64})
    yield from _wrong("right number, again", Standing(twice, applying))
    yield from _wrong("proof of it", Standing(Position(Correction.proof), applying))
    yield "correction, seen", Standing(Position(Correction.review), applying)
    scan = Position(Correction.review, {PROOF: f"{'e' * 64}:scan-image:5000"})
    yield "correction, with a scan", Standing(scan, applying)
    none = Records(person(locale), application())
    yield "correction, gone", Standing(Position(Correction.review), none)


def _choices(locale: str) -> Named:
    ling = person(locale)
    yield "exam", Standing(Position(Choose.exam), Records(ling))
    begun = application(area="", agreed="", answers={})
    for name, area in (("area still there", "qinghai"), ("area gone", "")):
        earlier = replace(begun, area=area)
        kept = FORM.normalize(lasting(ANSWERS), answer_context(Records(ling, earlier)))
        again = Records(ling, replace(earlier, answers=kept))
        yield f"again, {name}", Standing(Position(Choose.again), again)
    yield from _wrong("area", Standing(Position(Choose.area), Records(ling, begun)))
    found = Position(Choose.area, {FOUND: "shanxi shaanxi"})
    yield "area, found", Standing(found, Records(ling, begun))
    begun = replace(begun, area="qinghai")
    yield "notice", Standing(Position(Choose.notice), Records(ling, begun))
    yield from _moving(locale)
    said = Position(Choose.notice, {TAKEN: AREA})
    yield "notice, said back", Standing(said, Records(ling, begun))


# --- questions of a sheet ------------------------------------------------------------------------


def _wrong(name: str, standing: Standing) -> Named:
    """Somebody whose answer was right so far, and who was wrong once, twice, three times."""
    yield name, standing
    for times in (1, 2, 3):
        yield f"{name}, wrong {times}", _at(standing, **{WRONG: str(times)})


def _at(standing: Standing, **at: str) -> Standing:
    place = Position(standing.position.state, {**standing.position.data, **at})
    return replace(standing, position=place)


def _asked(standing: Standing, field: Field, name: str, questionnaire: Answers) -> Named:
    """In every case that a kind of question knows."""
    yield from _wrong(name, standing)
    match field.kind:
        case FieldKind.SEARCH:
            options = field.options(questionnaire, answer_context(standing.records))
            for first in range(SHOWN, len(options), SHOWN):
                yield f"{name}, from {first}", _at(standing, **{FIRST_SHOWN: str(first)})
            two = " ".join(option.code for option in options[:2])
            yield f"{name}, found", _at(standing, **{FOUND: two})
        case FieldKind.MONTH:
            yield f"{name}, years", _at(standing, **{YEARS: str(OPEN.year)})
            yield f"{name}, earlier years", _at(standing, **{YEARS: "1998"})
            yield f"{name}, months", _at(standing, **{YEAR: "2019"})
            yield f"{name}, months of this year", _at(standing, **{YEAR: str(OPEN.year)})
        case FieldKind.MULTI:
            yield f"{name}, some ticked", _at(standing, **{CHOSEN: "basic skills"})
            yield f"{name}, nothing ticked", _at(standing, **{CHOSEN: ""})


def _before(questionnaire: Questionnaire, answers: Answers, key: str) -> dict[str, str]:
    """Return the answers given before this question."""
    keys = list(questionnaire.fields)
    return {one: answers[one] for one in keys[: keys.index(key)] if one in answers}


def _form(locale: str) -> Named:
    ling = person(locale)
    for key, field in FORM.fields.items():
        draft = online() if key == "point" else application()
        place = Position(Form.asking, {"field": key})
        before = _before(FORM, draft.answers, key)
        fresh = Standing(place, Records(ling, replace(draft, answers=before)))
        yield from _asked(fresh, field, key, before)
        known = Standing(place, Records(ling, draft))
        yield f"{key}, again", known
        yield f"{key}, edited", _at(known, **{EDITED: "yes"})
        if not field.required:
            skipped = replace(draft, answers={**draft.answers, key: ""})
            yield f"{key}, skipped", Standing(place, Records(ling, skipped))
    place = Position(Form.asking, {"field": "education"})
    begun = application(answers=_before(FORM, ANSWERS, "education"))
    for name, education in {
        "none": (),
        "not usable": (WAITING,),
        "one of each": (BACHELOR, WAITING),
        "five": (BACHELOR,) * 4 + (WAITING,),
    }.items():
        records = Records(replace(ling, education=education), begun)
        yield f"education, {name}", Standing(place, records)
    listed = replace(begun, answers=_before(FORM, ANSWERS, "employer"))
    unlisted = replace(listed, answers={**listed.answers, "employer": "qh-first"})
    place = Position(Form.asking, {"field": "employer"})
    yield "employer, in the list", Standing(place, Records(ling, unlisted))


def _records(locale: str) -> Named:
    unlearned, begun = person(locale, education=()), _before(FORM, ANSWERS, "education")
    draft = application(answers=begun)
    for key, field in RECORD.fields.items():
        place = Position(Education.asking, {"field": key})
        record = _before(RECORD, BACHELOR, key)
        fresh = Standing(place, Records(replace(unlearned, record=record), draft))
        yield from _asked(fresh, field, f"record, {key}", record)
        known = Records(replace(unlearned, record=BACHELOR), draft)
        yield f"record, {key}, again", Standing(place, known)
        if not field.required:
            skipped = replace(unlearned, record={**BACHELOR, key: ""})
            yield f"record, {key}, skipped", Standing(place, Records(skipped, draft))
    first = Position(Education.asking, {"field": "degree"})
    second = person(locale, education=(WAITING,), record={})
    yield "record, second", Standing(first, Records(second, draft))
    yield "record, no form", Standing(first, Records(second))
    for name, education in {
        "none": (),
        "one": (BACHELOR,),
        "one waits": (WAITING,),
        "five": (BACHELOR,) * 4 + (WAITING,),
    }.items():
        known = Records(replace(unlearned, education=education), draft)
        yield f"records, {name}", Standing(Position(Education.records), known)
    confirm = Position(Education.confirm)
    yield "record kept?", Standing(confirm, Records(replace(unlearned, record=BACHELOR), draft))
    yield (
        "record kept?, skipped",
        Standing(confirm, Records(replace(unlearned, record={**WAITING, "enrolled": ""}), draft)),
    )
    twice = replace(unlearned, record=BACHELOR, education=(BACHELOR,))
    yield "record kept?, known", Standing(confirm, Records(twice, draft))
    checked = Position(Education.verifying, {"record": "2"})
    waits = replace(unlearned, education=(BACHELOR, WAITING))
    yield "verifying", Standing(checked, Records(waits, draft))
    yield "verifying, no form", Standing(checked, Records(waits))


# --- photo, materials, and the end ---------------------------------------------------------------


_HEAD = HeadPlace(0.1, 0.75, 0.52, 0.2, (0.42, 0.4), (0.6, 0.43))
_FINE = PhotoMeasures(
    *(5.0, 1.0, 0.0, 0.0, 30.0, 70.0, 0.0, 20.0, 9.0, 30.0, 1, 66.0, 1.0, 1.0, 1.0),
    place_of_head=_HEAD,
)
JUDGED = {
    "fine": _FINE,
    "without a model": PhotoMeasures(*(13.0, 12.0, 0.0, 0.0, 30.0, 70.0, 0.0, 20.0, 9.0, 30.0)),
    "no face": replace(_FINE, faces=0, background=13.0, evenness=12.0, place_of_head=None),
    "all wrong": PhotoMeasures(
        *(64.0, 20.0, 5.0, 3.0, 60.0, 20.0, 40.0, 0.0, 25.0, 12.0, 2, 40.0, 9.0, 12.0, 20.0),
        ground=Ground.BLUE,
        place_of_head=_HEAD,
    ),
    "a frame": replace(_FINE, marks=5.0, border=3.0, head=40.0),
    "a wry head": replace(_FINE, place=9.0, tilt=12.0, turn=20.0),
    "a very wry head": replace(_FINE, tilt=30.0),
    "dark": replace(_FINE, sharpness=48.0, exposure=30.0, highlights=9.0),
    "very dark": replace(_FINE, sharpness=60.0, exposure=20.0, highlights=40.0),
    "a screenshot": replace(_FINE, screenshot=31.0),
    "a print": replace(_FINE, print=97.0),
    "a grey screen": replace(_FINE, colour=0.5, screen=25.0, enlarged=12.0),
}
"""Photos whose measures show each verdict of each check."""


def _photo(locale: str) -> Named:
    ling, draft = person(locale), application()
    ready = replace(ling, photo=PORTRAIT)
    yield from _wrong("photo", Standing(Position(Photo.waiting), Records(ling, draft)))
    yield "photo, again", Standing(Position(Photo.waiting), Records(ready, draft))
    shown = Position(Photo.confirm, {"portrait": PORTRAIT})
    yield "photo, shown", Standing(shown, Records(ling, draft))
    yield "photo, known", Standing(shown, Records(ready, draft))
    for name, measures in JUDGED.items():
        data = {**shown.data, "original": PORTRAIT, "measures": measures_as_text(measures)}
        yield f"photo, {name}", Standing(Position(Photo.confirm, data), Records(ling, draft))
        data |= {"mended": "e" * 64, "mended-measures": measures_as_text(JUDGED["all wrong"])}
        mended = Position(Photo.confirm, data)
        yield f"photo, {name}, mended", Standing(mended, Records(ling, draft))


def _materials(locale: str) -> Named:
    ling, draft = person(locale, photo=PORTRAIT), online(photo=PORTRAIT)
    some = {"identity": papers(2)}
    for name, have in (("nothing", {}), ("some", some), ("complete", COMPLETE)):
        known = Records(ling, replace(draft, materials=have))
        yield f"materials, {name}", Standing(Position(Materials.listing), known)
    two = (scanned(91), scanned(92))
    words = {UNSORTED: " ".join(map(packed, two))}
    for name, data, have in (
        ("offered", words, {}),
        ("unclear", words, some),
        ("one by one", asking_one(two, 1).data, {}),
    ):
        known = Records(ling, replace(draft, materials=have))
        yield f"unsorted, {name}", Standing(Position(Materials.listing, data), known)
    done = Records(ling, replace(draft, materials=COMPLETE, uploaded_at=HALF))
    yield "materials, done", Standing(Position(Materials.listing), done)
    of_identity, of_degree = ({"material": code} for code in ("identity", "degree"))
    for name, at, have in (
        ("none", of_identity, {}),
        ("one", of_identity, {"identity": papers(1)}),
        ("full", of_identity, some),
        ("PDFs", of_degree, {"degree": papers(2, PDF)}),
        ("twenty", of_degree, {"degree": papers(20)}),
        ("replacing", {**of_identity, REPLACED: papers(1)[0].blob[:CODE]}, some),
        ("album", {**of_degree, ALBUM: "7"}, {"degree": papers(1)}),
    ):
        known = Records(ling, replace(draft, materials=have))
        yield from _wrong(f"adding, {name}", Standing(Position(Materials.adding, at), known))


def _end(locale: str) -> Named:
    ling, draft = person(locale), application()
    ready = replace(ling, photo=PORTRAIT)
    whole = {
        "on site": replace(draft, photo=PORTRAIT),
        "online": online(photo=PORTRAIT, materials=COMPLETE, uploaded_at=HALF),
    }
    for name, known in whole.items():
        yield f"summary, {name}", Standing(Position(Form.summary), Records(ready, known))
        yield f"summary, {name}, longest", Standing(Position(Form.summary), longest(locale, known))
        for page in FORM.pages:
            place = Position(Form.page, {"page": page.key})
            yield f"page {page.key}, {name}", Standing(place, Records(ready, known))
            filled = longest(locale, known)
            yield f"page {page.key}, {name}, longest", Standing(place, filled)
        done = Records(ready, replace(known, stage=Stage.SUBMITTED, submitted_at=HALF))
        yield f"menu, submitted {name}", Standing(MENU, done)
        yield f"menu, submitted {name}, later", Standing(MENU, done, CLOSED)
    yield from handed_in(locale)
    yield from status_rows(locale)
    yield from _longest(locale)
    yield "menu, halfway", Standing(MENU, Records(ling, draft))
    yield "menu, closed", Standing(MENU, Records(ling, draft), CLOSED)
    told = Records(replace(ling, wants_opening=True))
    yield "menu, closed, will be told", Standing(MENU, told, CLOSED)
    unclaimed = Records(person(locale, number_hash=None, identity=Identity(), education=()))
    yield "menu, closed, account open", Standing(MENU, unclaimed, CLOSED)
    area = HERE.code
    unpaid = replace(draft, area=area, stage=Stage.APPROVED, revision=1, submitted_at=OPEN)
    paying = Records(ling, unpaid)
    proving = Standing(Position(Paying.proof), paying, EXAM.windows.payment.opens)
    yield "a proof", proving
    yield "menu, account open", Standing(Position(Home.menu), unclaimed)


def _moving(locale: str) -> Iterator[tuple[str, Standing]]:
    """Somebody who changes the area: asked, back again, to a third one; and what still holds."""
    ling = person(locale, photo=PORTRAIT)
    here = online(photo=PORTRAIT, materials=COMPLETE, uploaded_at=OPEN.astimezone(UTC))
    there = area_change.move(here, "qinghai")
    asked = {"item": "qinghai"}
    yield "area, moving", Standing(Position(Choose.moving, asked), Records(ling, here))
    yield "area, kept", Standing(Position(Choose.kept), Records(ling, there))
    filled = replace(there, answers={"ethnicity": "01"})
    for name, to in (("back", here.area), ("third", "shanxi")):
        at = Position(Choose.moving, {"item": to})
        yield f"area, moving {name}", Standing(at, Records(ling, filled))
    asking = Position(Form.asking, {"field": "site"})
    yield "site, moved", Standing(asking, Records(ling, replace(there, agreed=here.agreed)))
    whole = replace(application(photo=PORTRAIT), former=there.former)
    yield "summary, moved", Standing(Position(Form.summary), Records(ling, whole))


def _longest(locale: str) -> Named:
    """Other screens with everything at its limit."""
    known = longest(locale, online(photo=PORTRAIT, materials=COMPLETE))
    record = {**longest(locale).person.education[0], "certificate": "证" * 40}  # type: ignore[union-attr]
    writing = Records(replace(known.person, record=record), known.application)  # type: ignore[type-var]
    places: dict[str, tuple[State, dict[str, str], Records]] = {
        "records": (Education.records, {}, known),
        "record kept?": (Education.confirm, {}, writing),
        "education": (Form.asking, {"field": "education"}, known),
        "employer_name": (Form.asking, {"field": "employer_name"}, known),
        "again": (Choose.again, {}, known),
        "materials": (Materials.listing, {}, known),
    }
    for name, (state, at, records) in places.items():
        yield f"{name}, longest", Standing(Position(state, at), records)
