"""The two sentences of the outlook, which status, to-do, notices and menu share.

The first says how far the application is, the second who acts now or next, and when.
"""

from __future__ import annotations

from handlers.rendering import View
from states.exam import Confirmation, last_minute
from states.lifecycle import REFUSED_STAGES
from states.outlook import Matter, Moment, Outlook, outlook
from states.process_steps import stage_reached
from states.records import Stage
from states.staff_roles import DESK_BY_STAGE
from states.texts import Argument, Text


def head(view: View) -> Text:
    """Return the stage in one sentence."""
    seen, application = outlook(view.records, view.exam, view.now), view.records.application
    if seen.is_draft and seen.moment is not Moment.OPEN:
        return Text("status-missed" if seen.moment is Moment.OVER else "status-waiting")
    if application is None or application.stage is Stage.DRAFT:
        return Text(f"status-{seen.matter}")
    if application.stage is Stage.SUBMITTED and application.submitted_at is not None:
        return Text("status-submitted", {"at": application.submitted_at})
    if application.stage in REFUSED_STAGES:
        return Text(f"status-refused-{DESK_BY_STAGE[stage_reached(application)]}")
    return Text(f"status-{application.stage}")


def now_line(view: View) -> Text:
    """Return who acts now or next, from when and until when, in one or two sentences."""
    seen = outlook(view.records, view.exam, view.now)
    args = outlook_args(view, seen)
    match seen.matter:
        case Matter.EXPIRED:
            stage = view.application.expired_from or Stage.SUBMITTED
            since = view.application.since or view.now
            return Text(f"abandoned-at-{stage}", {"since": since})
        case Matter.FINAL:
            return Text("refused-final")
        case Matter.AGAIN if view.area and view.area.confirmation is Confirmation.ON_SITE:
            return Text(f"now-again-visit-{seen.moment}", args)
    matter = "draft" if seen.is_draft else seen.matter
    return Text(f"now-{matter}-{seen.moment}", args)


def outlook_args(view: View, seen: Outlook) -> dict[str, Argument]:
    """Return the times and places that the messages name."""
    area = view.area
    where = (view.point if seen.matter is not Matter.SITE_REVIEW else None) or view.site
    args: dict[str, Argument] = {
        "site": where.display_name(view.locale) if where else "",
        "address": where.address if where else "",
        "contact": where.contact if where else "",
        "hours": (where.hours if where else "") or Text("hours-unknown"),
        "area": area.display_name(view.locale) if area else "",
        "area-contact": area.contact if area else "",
    }
    if seen.time is not None:
        args["opens"] = view.exam.day_or_moment(seen.time.opens)
        args["closes"] = closes = last_minute(seen.time.closes)
        args["last-day"] = view.exam.today(closes)
    return args
