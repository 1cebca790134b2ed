"""Lines about two accounts that may be one person's: masked, with the items that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from handlers import place_lines
from handlers.callback_data import Action, Button, staff_button
from handlers.case_lines import place_name
from handlers.rendering import Paragraph
from states.form.fields import joined
from states.identity import IdType, mask_id_number, mask_name, mask_phone
from states.identity.likeness import Likeness, is_near_name, tidy_name
from states.records import Application, Identity, PersonId
from states.staff import cases as rules
from states.staff.cases import CaseOutcome
from states.staff_roles import Scope
from states.submissions.application_codes import code_of
from states.texts import Argument, Text
from storage.candidates import cases
from storage.candidates.cases import Case
from storage.candidates.likeness import MOBILE
from storage.staff import application_search
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.cases.merges import Pair, Side

OPEN: Final = "o"
"""The first letter of the value of a button that opens a case."""


def alike(case: Case) -> Text | str:
    """Return the items that were alike when the pair was found."""
    return joined([Text(f"likeness-{one}") for one in case.words.split()] or [""])


def pair_lines(view: StaffView, case: Case, both: Pair) -> tuple[Paragraph, ...]:
    """Return both accounts, and which of their items are alike and which are not."""
    sides = (_side(view, 1, both.first), _side(view, 2, both.second))
    same, other = _compared(both.first, both.second)
    lines = [Text("duplicate-alike", {"what": alike(case)})]
    lines += [Text("duplicate-same", {"items": joined(same)})] if same else []
    lines += [Text("duplicate-other", {"items": joined(other)})] if other else []
    return (*sides, tuple(lines), Text("duplicate-careful"))


def _side(view: StaffView, number: int, side: Side) -> Text:
    """Return one account: the code only within the reader's scope, and all else masked."""
    identity, application = side.person.identity, side.application
    args: dict[str, Argument] = {
        "number": str(number),
        "name": mask_name(identity.name),
        "idtype": IdType(identity.id_type).label if identity.id_type else "",
        "tail": mask_id_number(identity.id_number),
        "phone": mask_phone(application.answers.get(MOBILE, "")) if application else "",
    }
    if application is None:
        return Text("duplicate-side-empty", args)
    place = Scope(application.area, application.site)
    covers = any(o.revoked_at is None and o.scope.contains(place) for o in view.assignments)
    args["code"] = code_of(application.id) if covers else Text("duplicate-elsewhere")
    args["stage"] = Text(f"stage-{application.stage}")
    args["place"] = place_name(
        view.exam, application.area, application.site if covers else "", view.locale
    )
    args["at"] = application.submitted_at or view.now
    return Text("duplicate-side", args)


def _compared(one: Side, other: Side) -> tuple[list[Text], list[Text]]:
    """Return the names of the items that agree, and of those that differ; empty ones in neither."""
    same: list[Text] = []
    different: list[Text] = []
    for key, first, second in _items(one, other):
        if first and second:
            (same if first == second else different).append(Text(f"field-{key}"))
    names = (one.person.identity.name, other.person.identity.name)
    if tidy_name(names[0]) == tidy_name(names[1]):
        same.insert(0, Text("field-name"))
    else:
        near = Text("duplicate-near-name") if is_near_name(*names) else Text("field-name")
        different.insert(0, near)
    return same, different


def _items(one: Side, other: Side) -> list[tuple[str, str, str]]:
    return [
        *(
            (key, first, second)
            for key, first, second in zip(
                ("born", "sex", "number"),
                _identity(one.person.identity),
                _identity(other.person.identity),
                strict=True,
            )
        ),
        ("mobile", _phone(one.application), _phone(other.application)),
    ]


def _identity(identity: Identity) -> tuple[str, str, str]:
    return identity.born, identity.sex, identity.id_number


def _phone(application: Application | None) -> str:
    return application.answers.get(MOBILE, "") if application else ""


# --- on the card of an application ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints of the card at other accounts that may be this person's.

    A line names the photo of the people ``by_photo``; a button opens the pair of those ``opened``.
    """

    lines: tuple[Text, ...]
    buttons: tuple[Button, ...]
    by_photo: frozenset[PersonId]
    opened: frozenset[PersonId]


async def hints(view: StaffView, person_id: PersonId) -> Hints:
    """Return a line for each other account that may be this person's, and a button to each pair.

    A button stands where the reader decides. There is nothing once the two are told apart.
    """
    lines: list[Text] = []
    buttons: list[Button] = []
    by_photo, opened = set[PersonId](), set[PersonId]()
    known = await cases.duplicates_of(view.connection, view.keyring, person_id)
    for case in (one for one in known if one.closed_at is None):
        other = case.other_id if case.person_id == person_id else case.person_id
        if other is None:
            continue
        code = await code_within(view, other)
        lines.append(Text("card-duplicate", {"code": code, "what": alike(case)}))
        if Likeness.PHOTO in case.words.split():
            by_photo.add(other)
        if rules.can_decide(list(view.assignments), case.area, case.site):
            opened.add(other)
            buttons.append(open_button(Text("button-duplicate", {"code": code}), case.id))
        else:
            lines.append(_whom_to_tell(view, case))
    return Hints(tuple(lines), tuple(buttons), frozenset(by_photo), frozenset(opened))


def _whom_to_tell(view: StaffView, case: Case) -> Text:
    """Return who decides on a pair, and how to reach them, for a reader who does not."""
    where = view.exam.site(case.area, case.site) or view.exam.area(case.area)
    args: dict[str, Argument] = {
        "place": place_name(view.exam, case.area, case.site, view.locale),
        "contact": place_lines.contact(where, view.locale),
    }
    return Text("card-duplicate-whom", args)


async def code_within(staff: StaffAccess, person_id: PersonId) -> Argument:
    """Return the code of a person's application, or that it is outside the reader's scope."""
    found = await application_search.of_person(staff, person_id)
    return code_of(found.id) if found else Text("duplicate-elsewhere")


async def told_apart(staff: StaffAccess, person_id: PersonId) -> frozenset[PersonId | None]:
    """Return the people who were told apart from this one: they are not hinted at again."""
    known = await cases.duplicates_of(staff.connection, staff.keyring, person_id)
    return frozenset(
        number
        for one in known
        if one.outcome is CaseOutcome.DECLINED
        for number in (one.person_id, one.other_id)
    )


def open_button(label: Text, case_id: int) -> Button:
    """Build the button that opens a case of the cases desk."""
    return staff_button(label, Action.CASE, f"{OPEN}{case_id}")
