"""Both sides hear how a case ended, and an account hears that its number is contested.

Guide and domain §1.1 name the office that decides; each message says whom to ask.
"""

from __future__ import annotations

from functools import partial

from handlers.callback_data import go
from handlers.rendering import Screen, View, rows, whom_to_ask
from handlers.routing import Feature
from states.staff.cases import CaseKind
from states.texts import Text

AGREED, DECLINED = "told-case-agreed", "told-case-declined"
ACCOUNT_LEFT, NUMBER_RELEASED = "told-account-left", "told-number-released"
CONTESTED = "told-contested"
ACCOUNT_KEPT, ACCOUNT_CLOSED = "told-account-kept", "told-account-closed"
ACCOUNT_REOPENED = "told-account-reopened"
VOID = "case-void"


def _contact(view: View) -> Text:
    """Return the contact of the site that examined the case."""
    area, site = view.data.get("area", ""), view.data.get("site", "")
    return whom_to_ask(view, view.exam.site(area, site) or view.exam.area(area))


def render_agreed(view: View) -> Screen:
    """Say what was done, and what to do next."""
    kind = view.data.get("kind", "")
    moved_on = go("status") if kind == CaseKind.IDENTITY else go("resume")
    text = (Text(f"case-agreed-{kind}"), *_print_again(view, kind), _contact(view))
    return Screen(text, rows(moved_on, go("profile"), across=2))


def _print_again(view: View, kind: str) -> tuple[Text, ...]:
    """Return that older prints are void, where a submitted form has changed with the identity."""
    application = view.records.application
    is_printed = application is not None and application.submitted_at is not None
    return (Text("case-print-again"),) if kind == CaseKind.IDENTITY and is_printed else ()


def render_declined(view: View) -> Screen:
    """Say that the staff declined, their reason, and whom to ask."""
    head = Text(f"case-declined-{view.data.get('kind', '')}")
    reason = Text("case-declined-words", {"words": view.data.get("words", "")})
    return Screen((head, reason, _contact(view)), rows(go("resume"), go("help"), across=2))


def render_lost(key: str, view: View) -> Screen:
    """Tell the other account what became of it, and whom to ask at once."""
    return Screen((Text(key), _contact(view)))


def render_pair(key: str, view: View) -> Screen:
    """Tell one of two accounts of a person which of them stays, and whom to ask."""
    return Screen((Text(key), _contact(view)), rows(go("status"), go("help"), across=2))


def render_contested(view: View) -> Screen:
    """Warn the account that holds a number: somebody says that it is theirs."""
    kind = view.data.get("kind", "")
    return Screen((Text(f"contested-{kind}"), _contact(view)), rows(go("status")))


FEATURE = Feature(
    screens={
        AGREED: render_agreed,
        DECLINED: render_declined,
        ACCOUNT_LEFT: partial(render_lost, "account-left"),
        NUMBER_RELEASED: partial(render_lost, "number-released"),
        CONTESTED: render_contested,
        ACCOUNT_KEPT: partial(render_pair, "account-kept"),
        ACCOUNT_CLOSED: partial(render_pair, "account-closed"),
        ACCOUNT_REOPENED: partial(render_pair, "account-reopened"),
    },
)
