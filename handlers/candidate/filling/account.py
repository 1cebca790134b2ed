"""The account: the candidate enters name, ID type and ID number (twice), and confirms them once.

The guide locks these items afterwards. The bot keeps only the hash of the first number and deletes
the messages with numbers. It asks for sex and birth date where the ID number does not tell them.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.case_desk import duplicate_id_number
from handlers.questions.answer_lines import identity_lines, say_back
from handlers.questions.doubts import NO_OFFER, TYPED, ask_back, doubt, taken
from handlers.questions.listing import choice_routes, choice_screen, spelled, step_back
from handlers.rendering import BACK, WHY, Screen, View, button, rows
from handlers.replies import ask, ask_again, ask_next, reject
from handlers.routing import Feature, Question, Step, pressed, text
from handlers.update_context import Context
from states.form.fields import Option
from states.form.identity_choices import SEXES, id_types
from states.fsm_states import Account, State
from states.identity import (
    IdNumber,
    IdType,
    check_born,
    check_id_number,
    check_name,
)
from states.list_search import find_whole, normalize_name
from states.progress.next_step import Position
from states.records import Identity
from states.step_result import DeleteMessage, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import people


async def name(_update: Update, context: Context) -> StepResult:
    """Take the name as on the document."""
    value = read_name(context)
    return value if isinstance(value, StepResult) else _keep_name(context, value)


async def name_as_typed(_update: Update, context: Context) -> StepResult:
    """Take the name that was asked back."""
    typed = taken(context)
    return _keep_name(context, typed) if typed else ask_again(context)


def _keep_name(context: Context, value: str) -> StepResult:
    return _keep(context, replace(context.person.identity, name=value), "name")


def read_name(context: Context) -> str | StepResult:
    """Return the typed name; a name in a sentence, or a sentence for a name, is asked back."""
    introduced = context.services.replies.introduced("name", context.text)
    inside = check_name(introduced) if introduced else ""
    if isinstance(inside, str) and inside and not doubt(context, inside):
        return ask_back(context, inside)
    value = check_name(context.text)
    if isinstance(value, Problem):
        return reject(context, value)
    offer = doubt(context, context.text)
    if not offer and _is_id_type(context):
        offer = NO_OFFER
    return ask_back(context, value, offer) if offer else value


def _is_id_type(context: Context) -> bool:
    """Return whether the text names a kind of document, which is the next question."""
    named = normalize_name(context.text)
    kinds = [spelled(context, one) for one in id_types(context.exam)]
    return named in context.exam.synonyms_of("id_type") or find_whole(named, kinds) is not None


def _take_id_type(context: Context, chosen: Option) -> StepResult:
    """Take the kind of document; another kind clears the number."""
    identity = context.person.identity
    if chosen.code != identity.id_type:
        identity = replace(identity, id_type=chosen.code, id_number="", sex="", born="")
    return _keep(context, identity, "idtype")


async def number(_update: Update, context: Context) -> StepResult:
    """Take the first ID number; the position keeps only its hash."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return reject(context, checked, effects=_delete_message(context))
    first = context.hash_number(replace(context.person.identity, id_number=checked.number))
    return ask(
        context, Position(Account.number_again, {"first": first}), effects=_delete_message(context)
    )


async def number_again(_update: Update, context: Context) -> StepResult:
    """Take the second ID number; where the two differ, ask for both again."""
    checked = _check(context)
    if isinstance(checked, Problem):
        return reject(context, checked, effects=_delete_message(context))
    identity = context.person.identity
    second = context.hash_number(replace(identity, id_number=checked.number))
    if second != context.position.data.get("first"):
        differs = Problem("problem-number-differs")
        return ask(context, Position(Account.number), differs, effects=_delete_message(context))
    hints = (checked.hint,) if checked.hint else ()
    told = {
        "id_number": checked.number,
        "sex": checked.sex or "",
        "born": checked.born.isoformat() if checked.born else "",
    }
    return _keep(
        context, replace(identity, **told), "number", *hints, effects=_delete_message(context)
    )


def _take_sex(context: Context, chosen: Option) -> StepResult:
    """Take the sex as on the document."""
    return _keep(context, replace(context.person.identity, sex=chosen.code), "sex")


async def born(_update: Update, context: Context) -> StepResult:
    """Take the birth date as on the document."""
    value = check_born(context.text, context.exam.today(context.now))
    if isinstance(value, Problem):
        return reject(context, value)
    return _keep(context, replace(context.person.identity, born=value.isoformat()), "born")


async def confirm(_update: Update, context: Context) -> StepResult:
    """Lock the identity; a number with an account leads to the ID conflict."""
    if (refused := await duplicate_id_number.too_often(context)) is not None:
        return refused
    person = context.person
    hashed = context.hash_number(person.identity)
    if await people.owner_of(context.unit.tx, hashed) not in (None, person.id):
        return await duplicate_id_number.report(context)
    context.unit.person = replace(person, number_hash=hashed)
    context.unit.audit(AuditAction.IDENTITY_CONFIRMED)
    return ask_next(context, Text("account-locked"))


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for one item again; its answer leads back to the confirmation."""
    state = _editable(context.person.identity).get(context.callback.value)
    return ask(context, Position(state)) if state else ask_again(context)


async def back(_update: Update, context: Context) -> StepResult:
    """Ask for the item before this one."""
    state, identity = context.position.state, context.person.identity
    if state is Account.confirm and not IdType(identity.id_type).has_sex_and_birth:
        return ask(context, Position(Account.born))
    return await _back(_update, context)


REASONS: dict[State, Text] = {
    Account.name: Text("why-name"),
    Account.id_type: Text("why-id-type"),
    Account.number: Text("why-number"),
    Account.number_again: Text("why-number-again"),
    Account.sex: Text("why-sex"),
    Account.born: Text("why-born"),
}
"""Why each item is asked."""


async def why(_update: Update, context: Context) -> StepResult:
    """Explain the purpose of the question, and ask it again."""
    return ask_again(context, REASONS[context.position.state])


def step_with_account(position: Position) -> Step:
    """Build a step that asks the question of a position, for a person with an account only."""

    async def step(_update: Update, context: Context) -> StepResult:
        has_account = context.person.number_hash is not None
        return ask(context, position) if has_account else ask_next(context)

    return step


def _keep(
    context: Context,
    identity: Identity,
    key: str,
    *header_lines: Text,
    effects: tuple[DeleteMessage, ...] = (),
) -> StepResult:
    """Store the identity, and say the item of this key back."""
    context.unit.person = replace(context.person, identity=identity)
    return say_back(ask_next(context, *header_lines, effects=effects), key)


def _check(context: Context) -> IdNumber | Problem:
    today = context.exam.today(context.now)
    return check_id_number(IdType(context.person.identity.id_type), context.text, today)


def _delete_message(context: Context) -> tuple[DeleteMessage, ...]:
    return (DeleteMessage(context.message.message_id),)


_EDITABLE: dict[str, State] = {
    "name": Account.name,
    "id_type": Account.id_type,
    "number": Account.number,
    "sex": Account.sex,
    "born": Account.born,
}
_SAID = frozenset({"sex", "born"})
"""Items that some ID numbers tell; the candidate cannot change them then."""
_BEFORE: dict[State, State] = {
    Account.id_type: Account.name,
    Account.number: Account.id_type,
    Account.number_again: Account.number,
    Account.sex: Account.number,
    Account.born: Account.sex,
    Account.confirm: Account.number,
}
_back = step_back(_BEFORE)


def render_name(view: View) -> Screen:
    """Ask for the name."""
    asked = (_step_line(view, 1), Text("account-name-ask"), *_now(view.person.identity.name))
    return Screen(asked, ((WHY,),), format=Text("format-name"))


def render_id_type(view: View) -> Screen:
    """Ask for the kind of document, of those that the exam takes."""
    head, asked = (_step_line(view, 2),), Text("account-id-type-ask")
    return choice_screen(view, head, asked, id_types(view.exam), BACK, WHY)


def render_number(view: View) -> Screen:
    """Ask for the number, and describe its shape."""
    shape = IdType(view.person.identity.id_type).shape
    asked = Text("account-number-ask", {"shape": shape})
    return Screen((_step_line(view, 3), asked), ((BACK, WHY),))


def render_number_again(view: View) -> Screen:
    """Ask for the number once more."""
    spelled = Text("format-id-number", {"shape": IdType(view.person.identity.id_type).shape})
    asked = (_step_line(view, 4), Text("account-number-again-ask"))
    return Screen(asked, ((BACK, WHY),), format=spelled)


def render_sex(view: View) -> Screen:
    """Ask for the sex as on the document."""
    head, asked = (_step_line(view, 5),), Text("account-sex-ask")
    return choice_screen(view, head, asked, SEXES, BACK, WHY, across=2)


def render_born(view: View) -> Screen:
    """Ask for the birth date on the document."""
    known = view.person.identity.born
    asked = (_step_line(view, 6), Text("account-born-ask"), *_now(known))
    return Screen(asked, ((BACK, WHY),), format=Text("format-born"))


def render_confirm(view: View) -> Screen:
    """Show all items before they are locked, and the consequences."""
    identity = view.person.identity
    lines = Text("account-confirm-ask", identity_lines(identity))
    edits = [
        button(f"edit-{key.replace('_', '-')}", Action.EDIT, key) for key in _editable(identity)
    ]
    asked = (_step_line(view, _steps(view)), lines)
    return Screen(asked, (*rows(button("lock", Action.CONFIRM)), *rows(*edits, across=2)))


def _editable(identity: Identity) -> dict[str, State]:
    says_all = IdType(identity.id_type).has_sex_and_birth
    return {key: state for key, state in _EDITABLE.items() if not (says_all and key in _SAID)}


def _step_line(view: View, number: int) -> Text:
    return Text("account-step", {"number": str(number), "count": str(_steps(view))})


def _steps(view: View) -> int:
    """Return the number of steps; two more where the ID number tells less."""
    kind = view.person.identity.id_type
    return 5 if not kind or IdType(kind).has_sex_and_birth else 7


def _now(value: str) -> tuple[Text, ...]:
    return (Text("value-now", {"value": value}),) if value else ()


FEATURE = Feature(
    questions={
        Account.name: Question(
            render_name,
            pressed(Action.BACK, back),
            pressed(Action.WHY, why),
            pressed(Action.CHOOSE, name_as_typed, TYPED),
            text(name),
        ),
        Account.id_type: Question(
            render_id_type,
            pressed(Action.BACK, back),
            pressed(Action.WHY, why),
            *choice_routes("id_type", lambda context: id_types(context.exam), _take_id_type),
        ),
        Account.number: Question(
            render_number, pressed(Action.BACK, back), pressed(Action.WHY, why), text(number)
        ),
        Account.number_again: Question(
            render_number_again,
            pressed(Action.BACK, back),
            pressed(Action.WHY, why),
            text(number_again),
        ),
        Account.sex: Question(
            render_sex,
            pressed(Action.BACK, back),
            pressed(Action.WHY, why),
            *choice_routes("sex", lambda _context: SEXES, _take_sex),
        ),
        Account.born: Question(
            render_born, pressed(Action.BACK, back), pressed(Action.WHY, why), text(born)
        ),
        Account.confirm: Question(
            render_confirm,
            pressed(Action.CONFIRM, confirm, exclusive=True),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, back),
            stays=True,
        ),
    },
)
