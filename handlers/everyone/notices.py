"""Notices that the bot sends by itself: the opening, a failure, the head of the audit.

What stands in a chat cannot be changed by whoever holds the database: so the daily message with
the head of the audit's chain is the witness that ``python -m bot audit verify --head …`` compares
with.
"""

from datetime import date

from handlers.callback_data import go
from handlers.rendering import Screen, View, rows
from handlers.routing import Feature
from states.texts import Text

OPENING = "opening"
APOLOGY = "apology"
ALERT = "alert"
STUCK = "stuck"
AUDIT_HEAD = "audit-head"
SHORT = 16


def shortened(digest: str) -> str:
    """Enough of a digest to compare by eye, in groups of four.

    >>> shortened("0123456789abcdef" * 4)
    '0123 4567 89ab cdef'
    """
    return " ".join(digest[start : start + 4] for start in range(0, SHORT, 4))


def render_opening(view: View) -> Screen:
    """To those who asked to be told: registration is open, and until when."""
    closes = view.exam.windows.registration.last_minute
    told = Text("opening-told", {"exam": view.exam.display_name(view.locale), "closes": closes})
    return Screen((told,), rows(go("resume")))


def render_apology(_view: View) -> Screen:
    """What was sent last could not be handled; what was answered before is kept."""
    return Screen((Text("trouble-apology"),), rows(go("resume"), go("help"), across=2))


def render_alert(view: View) -> Screen:
    """For administrators: which update was set aside; ids only."""
    return Screen((Text("trouble-alert", {"update": view.data["update"]}),))


def render_stuck(view: View) -> Screen:
    """For administrators: which decision could not take effect."""
    return Screen((Text("trouble-stuck", {"verdict": view.data["verdict"]}),))


def render_audit_head(view: View) -> Screen:
    """For administrators: how far the audit's chain goes, its digest, and what it is for."""
    seq, digest = view.data["seq"], view.data["digest"]
    told = Text(
        "audit-head",
        {
            "day": date.fromisoformat(view.data["day"]),
            "count": seq,
            "since": view.data["since"],
            "short": shortened(digest),
        },
    )
    witness = Text("audit-head-witness", {"head": f"{seq}:{digest}"})
    return Screen((told, witness, Text("audit-head-why")))


FEATURE = Feature(
    screens={
        OPENING: render_opening,
        APOLOGY: render_apology,
        ALERT: render_alert,
        STUCK: render_stuck,
        AUDIT_HEAD: render_audit_head,
    },
)
