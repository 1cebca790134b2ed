"""Notices that the bot sends by itself: the opening, a failure, the head of the audit chain.

A database administrator cannot change messages in a chat. The daily message with the audit head is
therefore evidence for ``python -m bot audit verify --head …``.
"""

from datetime import date

from handlers.callback_data import go
from handlers.rendering import Overtaken, Screen, View, fixed, rows
from handlers.routing import Feature
from states.records import Stage
from states.texts import Text

OPENING = "opening"
APOLOGY = "apology"
ALERT = "alert"
STUCK = "stuck"
JOB_SET_ASIDE = "job-set-aside"
EXAM_CHANGED = "exam-changed"
EXAM_CHANGE_REFUSED = "exam-change-refused"
CONFLICT = "conflict"
TOO_MANY = "too-many"
AUDIT_HEAD = "audit-head"
SHORT = 16


def shortened(digest: str) -> str:
    """Return the first 16 hex digits of a digest in groups of four, to compare by eye.

    >>> shortened("0123456789abcdef" * 4)
    '0123 4567 89ab cdef'
    """
    return " ".join(digest[start : start + 4] for start in range(0, SHORT, 4))


def render_opening(view: View) -> Screen:
    """Announce that registration is open, and until when.

    Raises:
        Overtaken: registration is over, or the person has submitted the application.
    """
    is_open = view.exam.windows.registration.holds(view.now)
    application = view.records.application
    if not is_open or (application is not None and application.stage is not Stage.DRAFT):
        raise Overtaken
    closes = view.exam.windows.registration.last_minute
    opening = Text("opening-told", {"exam": view.exam.display_name(view.locale), "closes": closes})
    return Screen((opening,), rows(go("resume")))


def render_alert(view: View) -> Screen:
    """Tell administrators the id of a rejected update."""
    return Screen((Text("trouble-alert", {"update": view.data["update"]}),))


def render_stuck(view: View) -> Screen:
    """Tell administrators the id of a decision that could not be applied."""
    return Screen((Text("trouble-stuck", {"verdict": view.data["verdict"]}),))


def render_job_set_aside(view: View) -> Screen:
    """Tell administrators the kind and key of a job that keeps failing."""
    return Screen((Text("trouble-job", {"kind": view.data["kind"], "key": view.data["key"]}),))


def render_exam_changed(view: View) -> Screen:
    """Tell administrators the version of the exam that is in force now."""
    return Screen((Text("exam-change-told", {"number": view.data["number"]}),))


def render_exam_change_refused(view: View) -> Screen:
    """Tell administrators which version could not come in force, and why."""
    said = {"number": view.data["number"], "why": view.data["why"]}
    return Screen((Text("exam-change-refused-told", said),))


def render_audit_head(view: View) -> Screen:
    """Tell administrators the length of the audit chain, its digest, and its purpose."""
    seq, digest = view.data["seq"], view.data["digest"]
    head = Text(
        "audit-head",
        {
            "day": date.fromisoformat(view.data["day"]),
            "count": seq,
            "since": view.data["since"],
            "short": shortened(digest),
        },
    )
    witness = Text("audit-head-witness", {"head": f"{seq}:{digest}"})
    return Screen((head, witness, Text("audit-head-why")))


FEATURE = Feature(
    screens={
        OPENING: render_opening,
        # The last update failed; earlier answers are kept.
        APOLOGY: fixed(Text("trouble-apology"), buttons=rows(go("here"), go("help"), across=2)),
        ALERT: render_alert,
        TOO_MANY: fixed(Text("trouble-many"), buttons=rows(go("here"), go("help"), across=2)),
        CONFLICT: fixed(Text("trouble-conflict")),
        STUCK: render_stuck,
        JOB_SET_ASIDE: render_job_set_aside,
        EXAM_CHANGED: render_exam_changed,
        EXAM_CHANGE_REFUSED: render_exam_change_refused,
        AUDIT_HEAD: render_audit_head,
    }
)
