"""Lines of a spot check: the submission that was decided on, and nothing since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.case_lines import place_name
from handlers.eligibility_lines import staff_assessment
from handlers.questions.answer_lines import identity_lines, staff_page_lines
from handlers.rendering import Paragraph, View
from handlers.staff.cases.refused_items import refusal_lines
from states.form.fields import FieldKind
from states.form.pages import APPLYING, CONTACT, EDUCATION, FORM, PERSON, PLACE, WORK
from states.records import Application, Materials, Person, PersonId, Records, Stage
from states.submissions.content import SubmittedContent
from states.texts import Argument, Text
from storage.candidates import blobs, submissions
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import decisions
from storage.staff.cases.spot_checks import SpotCheck


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission as records: as it was handed in, with the files that are still there."""

    person: Person
    application: Application

    def view(self, view: StaffView) -> View:
        """Return the view of the candidate's screens, in the reader's language."""
        person = replace(self.person, locale=view.locale)
        return View(Records(person, self.application), view.exam, view.now, view.data)


async def reading(staff: StaffAccess, check: SpotCheck) -> Reading | None:
    """Return the submission that the first decision was about; None if it is not stored."""
    found = await submissions.contents(
        staff.connection, staff.keyring, check.application_id, [check.revision]
    )
    content = found.get(check.revision)
    if content is None:
        return None
    named = [one.blob for files in content.materials.values() for one in files]
    names = [*named, *([content.photo] if content.photo else [])]
    kept = await blobs.known(staff.connection, names)
    person = Person(PersonId(0), 0, 0, identity=content.identity, education=_education(content))
    application = Application(
        check.application_id,
        PersonId(0),
        content.exam,
        content.area,
        Stage.SUBMITTED,
        answers=content.answers,
        form_version=content.form_version,
        revision=check.revision,
        photo=content.photo if content.photo in kept else None,
        materials=_left(content, kept),
    )
    return Reading(person, application)


def _left(content: SubmittedContent, kept: frozenset[str]) -> Materials:
    """Return the materials that are still stored."""
    found = {
        code: tuple(one for one in files if one.blob in kept)
        for code, files in content.materials.items()
    }
    return {code: files for code, files in found.items() if files}


def _education(content: SubmittedContent) -> tuple[dict[str, str], ...]:
    """Return the records of education up to the one that the form refers to."""
    key = next(one.key for one in FORM.fields.values() if one.kind is FieldKind.RECORD)
    number = content.answers.get(key, "")
    if not number.isdecimal():
        return ()
    return (*({} for _ in range(int(number) - 1)), dict(content.record))


def head(view: StaffView, check: SpotCheck, read: Reading) -> tuple[Paragraph, ...]:
    """Return the desk, the place and the identity: no code, by which the answer could be found."""
    application, identity = read.application, read.person.identity
    place: dict[str, Argument] = {
        "desk": Text(f"desk-{check.desk}"),
        "place": place_name(view.exam, application.area, application.site, view.locale),
    }
    number = {"number": identity.id_number}
    asked = Text("check-third-asked" if check.is_disputed else "check-second-asked")
    return (
        (Text("check-head", place), asked),
        Text("form-identity", {**identity_lines(identity), **number}),
    )


async def pages(view: StaffView, check: SpotCheck, read: Reading) -> tuple[Paragraph, ...]:
    """Return the form, the files that were handed in, and what the conditions said then."""
    candidate = read.view(view)
    then = await submissions.assessment(
        view.connection, view.keyring, check.application_id, check.revision
    )
    titled: list[Paragraph] = []
    for page in (APPLYING, EDUCATION, WORK, CONTACT, PERSON, PLACE):
        lines = (
            Text("summary-page", {"title": page.staff_title}),
            *staff_page_lines(candidate, page),
        )
        titled += [lines] if len(lines) > 1 else []
    files = [
        Text(
            "card-files-line",
            {
                "name": one.display_name(view.locale),
                "count": len(read.application.materials.get(one.code, ())),
            },
        )
        for one in candidate.materials
    ]
    papers: tuple[Paragraph, ...] = ((Text("card-files"), *files),) if files else ()
    return (*staff_assessment(candidate, then), *titled, *papers)


async def both_readings(view: StaffView, check: SpotCheck, read: Reading) -> tuple[Paragraph, ...]:
    """Return what both readers said and why, without their names."""
    made = await decisions.of_applications(view.connection, view.keyring, [check.application_id])
    first = next((one for one in made if one.id == check.id), None)
    reasons = refusal_lines(read.view(view), first.refusal) if first else ()
    words = (Text("check-words", {"words": check.second_words}),) if check.second_words else ()
    return (
        (_said("check-first-said", check.approving), *reasons),
        (_said("check-second-said", bool(check.second_approving)), *words),
    )


def _said(key: str, approving: bool) -> Text:
    return Text(key, {"verdict": Text("check-approve" if approving else "check-refuse")})
