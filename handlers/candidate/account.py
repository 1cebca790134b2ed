"""The candidate says who they are, once: name, ID type, ID number typed twice.

The guide locks these items afterwards, so each is checked as it comes and all are shown once more
before they are locked. The first of the two numbers is kept as its hash only, and the messages
that carried them leave the chat. Sex and birth date are asked where the number does not say them.
"""

from dataclasses import replace
from datetime import date

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate import id_conflict
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.update_context import Context
from states.flow import Position
from states.identity import (
    IdNumber,
    IdType,
    Sex,
    check_born,
    check_id_number,
    check_name,
    mask_id_number,
)
from states.records import Identity
from states.state_groups import Account, State
from states.step_result import DeleteMessage, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import people


async def name(_update: Update, context: Context) -> StepResult:
    """The name as on the document."""
    value = check_name(context.text)
    if isinstance(value, Problem):
        return context.refuse(value)
    return _keep(context, replace(context.person.identity, name=value))


async def id_type(_update: Update, context: Context) -> StepResult:
    """The kind of document; another kind wants another number."""
    chosen = context.callback.value
    if chosen not in context.exam.id_types:
        return context.stay(Problem("problem-choice"))
    identity = context.person.identity
    if chosen != identity.id_type:
        identity = replace(identity, id_type=chosen, id_number="", sex="", born="")
    return _keep(context, identity)


async def number(_update: Update, context: Context) -> StepResult:
    """The ID number for the first time: only its hash is kept, to compare the second with."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return context.refuse(checked, effects=_erasing(context))
    first = context.hash_number(replace(context.person.identity, id_number=checked.number))
    return context.ask(Position(Account.number_again, {"first": first}), effects=_erasing(context))


async def number_again(_update: Update, context: Context) -> StepResult:
    """The ID number for the second time; where the two differ, both are asked again."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return context.refuse(checked, effects=_erasing(context))
    identity = context.person.identity
    second = context.hash_number(replace(identity, id_number=checked.number))
    if second != context.position.data.get("first"):
        differs = Problem("problem-number-differs")
        return context.ask(Position(Account.number), differs, effects=_erasing(context))
    hints = (checked.hint,) if checked.hint else ()
    return _keep(context, _with_number(identity, checked), *hints, effects=_erasing(context))


async def sex(_update: Update, context: Context) -> StepResult:
    """As the document says it, where its number does not."""
    chosen = context.callback.value
    if chosen not in list(Sex):
        return context.stay(Problem("problem-choice"))
    return _keep(context, replace(context.person.identity, sex=chosen))


async def born(_update: Update, context: Context) -> StepResult:
    """The birth date, where the number does not say it."""
    value = check_born(context.text, context.exam.today(context.now))
    if isinstance(value, Problem):
        return context.refuse(value)
    return _keep(context, replace(context.person.identity, born=value.isoformat()))


async def confirm(_update: Update, context: Context) -> StepResult:
    """Lock the identity; whoever holds the number already, everybody reads the same words."""
    person = context.person
    hashed = context.hash_number(person.identity)
    if await people.owner_of(context.unit.tx, hashed) not in (None, person.id):
        return await id_conflict.refuse(context)
    context.unit.person = replace(person, number_hash=hashed)
    context.unit.audit(AuditAction.IDENTITY_CONFIRMED)
    return context.onward(Text("account-locked"))


async def edit(_update: Update, context: Context) -> StepResult:
    """One item once more; afterwards back to the look over all."""
    state = _editable(context.person.identity).get(context.callback.value)
    return context.ask(Position(state)) if state else context.stay()


async def back(_update: Update, context: Context) -> StepResult:
    """The item before this one."""
    state, identity = context.position.state, context.person.identity
    if state is Account.confirm and not IdType(identity.id_type).has_sex_and_birth:
        return context.ask(Position(Account.born))
    before = _BEFORE.get(state)
    return context.ask(Position(before)) if before else context.stay(Text("back-nothing"))


def _keep(
    context: Context,
    identity: Identity,
    *header_lines: Text,
    effects: tuple[DeleteMessage, ...] = (),
) -> StepResult:
    context.unit.person = replace(context.person, identity=identity)
    return context.onward(*header_lines, effects=effects)


def _check(context: Context) -> IdNumber | Problem:
    today = context.exam.today(context.now)
    return check_id_number(IdType(context.person.identity.id_type), context.text, today)


def _with_number(identity: Identity, checked: IdNumber) -> Identity:
    return replace(
        identity,
        id_number=checked.number,
        sex=checked.sex or "",
        born=checked.born.isoformat() if checked.born else "",
    )


def _erasing(context: Context) -> tuple[DeleteMessage, ...]:
    return (DeleteMessage(context.message.message_id),)


_EDITABLE: dict[str, State] = {
    "name": Account.name,
    "id_type": Account.id_type,
    "number": Account.number,
    "sex": Account.sex,
    "born": Account.born,
}
_SAID = frozenset({"sex", "born"})
"""What some documents' numbers say; nobody can say otherwise then."""
_BEFORE: dict[State, State] = {
    Account.id_type: Account.name,
    Account.number: Account.id_type,
    Account.number_again: Account.number,
    Account.sex: Account.number,
    Account.born: Account.sex,
    Account.confirm: Account.number,
}


def render_name(view: View) -> Screen:
    """Asks for the name."""
    asked = (_step(view, 1), Text("account-name-ask"), *_now(view.person.identity.name))
    return Screen(asked, format=Text("format-name"))


def render_id_type(view: View) -> Screen:
    """Asks for the kind of document, of those that the exam takes."""
    types = [
        Button(IdType(code).label, CallbackData(Action.CHOOSE, code)) for code in view.exam.id_types
    ]
    return Screen((_step(view, 2), Text("account-id-type-ask")), (*rows(*types), (BACK,)))


def render_number(view: View) -> Screen:
    """Asks for the number, with the shape of this document's."""
    shape = IdType(view.person.identity.id_type).shape
    asked = Text("account-number-ask", {"shape": shape})
    spelled = Text("format-id-number", {"shape": shape})
    return Screen((_step(view, 3), asked), ((BACK,),), format=spelled)


def render_number_again(view: View) -> Screen:
    """Asks for the number once more."""
    spelled = Text("format-id-number", {"shape": IdType(view.person.identity.id_type).shape})
    asked = (_step(view, 4), Text("account-number-again-ask"))
    return Screen(asked, ((BACK,),), format=spelled)


def render_sex(view: View) -> Screen:
    """Asks for the sex that the document says."""
    sexes = [Button(Text(f"sex-{one}"), CallbackData(Action.CHOOSE, one)) for one in Sex]
    asked = (_step(view, 5), Text("account-sex-ask"))
    return Screen(asked, (*rows(*sexes, across=2), (BACK,)))


def render_born(view: View) -> Screen:
    """Asks for the birth date on the document."""
    known = view.person.identity.born
    asked = (_step(view, 6), Text("account-born-ask"), *_now(known))
    return Screen(asked, ((BACK,),), format=Text("format-born"))


def render_confirm(view: View) -> Screen:
    """All items, what follows from them, and that they will be locked."""
    identity = view.person.identity
    lines = Text("account-confirm-ask", identity_lines(identity))
    edits = [
        button(f"edit-{key.replace('_', '-')}", Action.EDIT, key) for key in _editable(identity)
    ]
    asked = (_step(view, _steps(view)), lines)
    return Screen(asked, (*rows(button("lock", Action.CONFIRM)), *rows(*edits, across=2)))


def _editable(identity: Identity) -> dict[str, State]:
    has_sex_and_birth = IdType(identity.id_type).has_sex_and_birth
    return {
        key: state for key, state in _EDITABLE.items() if not (has_sex_and_birth and key in _SAID)
    }


def identity_lines(identity: Identity) -> dict[str, Text | str | date]:
    """The items of the identity as arguments of a message.

    The number is masked: it was typed twice and compared, and in full it would stay in the chat.
    """
    return {
        "name": identity.name,
        "idtype": IdType(identity.id_type).label,
        "number": mask_id_number(identity.id_number),
        "sex": Text(f"sex-{identity.sex}") if identity.sex else "",
        "born": date.fromisoformat(identity.born) if identity.born else "",
        "nationality": IdType(identity.id_type).nationality,
    }


def _step(view: View, number: int) -> Text:
    return Text("account-step", {"number": str(number), "count": str(_steps(view))})


def _steps(view: View) -> int:
    """Questions of the account, the look over it included; two more where the number says less."""
    kind = view.person.identity.id_type
    return 5 if not kind or IdType(kind).has_sex_and_birth else 7


def _now(value: str) -> tuple[Text, ...]:
    return (Text("value-now", {"value": value}),) if value else ()


FEATURE = Feature(
    routes={
        Account.name: (pressed(Action.BACK, back), text(name)),
        Account.id_type: (pressed(Action.CHOOSE, id_type), pressed(Action.BACK, back)),
        Account.number: (pressed(Action.BACK, back), text(number)),
        Account.number_again: (pressed(Action.BACK, back), text(number_again)),
        Account.sex: (pressed(Action.CHOOSE, sex), pressed(Action.BACK, back)),
        Account.born: (pressed(Action.BACK, back), text(born)),
        Account.confirm: (
            pressed(Action.CONFIRM, confirm, alone=True),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, back),
        ),
    },
    screens={
        Account.name: render_name,
        Account.id_type: render_id_type,
        Account.number: render_number,
        Account.number_again: render_number_again,
        Account.sex: render_sex,
        Account.born: render_born,
        Account.confirm: render_confirm,
    },
)
