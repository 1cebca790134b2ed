"""Looking over everything, correcting any line of it, and handing in: once, in time, if whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from states.form.pages import FORM
from states.fsm_states import Choose, Form, Home, Materials, Photo
from states.progress.next_step import EDITED, Position
from states.records import Records, Stage
from states.texts import Text
from tests.fakes.router import (
    After,
    OfflineRouter,
    buttons_of,
    presses,
    says,
    screen_of,
)
from tests.handlers.all_screens import texts_of
from tests.handlers.people import (
    COMPLETE,
    EXAM,
    OPEN,
    PORTRAIT,
    Standing,
    application,
    online,
    person,
)
from tests.handlers.possible_updates import STANDINGS, check_reaction, mark

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON_SITE, ONLINE = (STANDINGS[f"zh-CN: summary, {where}"] for where in ("on site", "online"))


async def _does(router: OfflineRouter, standing: Standing, verb: str, value: str = "") -> After:
    data = f"{verb}:{mark(standing)}:{value}"
    after = await router.sends(standing, presses(standing.now, data))
    check_reaction(standing, after)
    return after


@pytest.mark.row("S10", "S11", "S12")
@pytest.mark.parametrize("standing", [ON_SITE, ONLINE], ids=["on site", "online"])
async def test_what_is_whole_is_handed_in_once_with_its_photo_and_moment(
    router: OfflineRouter, standing: Standing
) -> None:
    after = await _does(router, standing, "S")
    done = after.standing.application
    assert (done.stage, done.revision, done.photo) == (Stage.SUBMITTED, 1, PORTRAIT)
    assert done.submitted_at == OPEN
    assert [effect.screen for effect in after.said] == ["todo"]


async def test_after_the_last_minute_nothing_is_handed_in(router: OfflineRouter) -> None:
    closes = EXAM.windows.registration.closes
    last = await _does(router, replace(ON_SITE, now=closes - timedelta(seconds=1)), "S")
    late = await _does(router, replace(ON_SITE, now=closes), "S")
    stages = [one.standing.application.stage for one in (last, late)]
    assert stages == [Stage.SUBMITTED, Stage.DRAFT]
    assert late.standing.position.state is Home.menu
    assert late.header_lines == ["submit-too-late"]


@pytest.mark.parametrize("lacking", ["photo", "answer", "terms", "area", "materials"])
async def test_what_lacks_something_is_not_handed_in_but_asked_for(
    router: OfflineRouter, lacking: str
) -> None:
    ling, draft = person("zh-CN", photo=PORTRAIT), application(photo=PORTRAIT)
    known, state = {
        "photo": (replace(draft, photo=None), Photo.confirm),
        "answer": (replace(draft, answers={"practice": "none"}), Form.asking),
        "terms": (replace(draft, agreed="of last year"), Choose.notice),
        "area": (replace(draft, area=""), Choose.area),
        "materials": (online(photo=PORTRAIT, materials=COMPLETE), Materials.listing),
    }[lacking]
    records = Records(ling, known)
    after = await _does(router, Standing(Position(Form.summary), records), "S")
    assert after.standing.position.state is state
    assert after.standing.records == records
    assert after.header_lines == ["submit-not-yet"]


@pytest.mark.row("S11", "S12")
async def test_the_summary_says_what_there_is_of_papers_and_when_it_closes() -> None:
    said = {
        where: {text.key for text in texts_of(screen_of(where_))}
        for where, where_ in (("on site", ON_SITE), ("online", ONLINE))
    }
    assert "summary-no-materials" in said["on site"]
    assert "summary-materials" in said["online"]
    assert "button-edit-materials" in said["online"] - said["on site"]
    for keys in said.values():
        assert {"summary-closes", "pledge-again", "form-identity", "summary-photo"} <= keys


@pytest.mark.row("S11")
@pytest.mark.parametrize("standing", [ON_SITE, ONLINE], ids=["on site", "online"])
async def test_submitting_and_submitting_again_are_called_by_one_name_each(
    standing: Standing,
) -> None:
    application = standing.records.application
    assert application is not None
    withdrawn = replace(application, revision=1, submitted_at=OPEN)
    again = replace(standing, records=replace(standing.records, application=withdrawn))
    for where, shown, hidden in (
        (standing, "button-submit", "button-resubmit"),
        (again, "button-resubmit", "button-submit"),
    ):
        told = {text.key for text in texts_of(screen_of(where))}
        assert shown in told
        assert hidden not in told


@pytest.mark.parametrize("standing", [ON_SITE, ONLINE], ids=["on site", "online"])
async def test_every_line_of_every_page_leads_to_its_question_and_back(
    router: OfflineRouter, standing: Standing
) -> None:
    met = set()
    for page in FORM.pages:
        opened = await _does(router, standing, "e", page.key)
        assert opened.standing.position == Position(Form.page, {"page": page.key})
        for button in buttons_of(opened.standing):
            if button.callback.value not in FORM.fields:
                continue
            asked = await _does(router, opened.standing, "e", button.callback.value)
            at = {"field": button.callback.value, EDITED: "yes"}
            assert asked.standing.position == Position(Form.asking, at)
            back = await _does(router, asked.standing, "b")
            assert back.standing == standing
            met.add(button.callback.value)
        assert (await _does(router, opened.standing, "b")).standing == standing
    assert met == standing.answers.keys()


async def test_a_corrected_line_and_one_that_is_kept_lead_back_to_the_look_over(
    router: OfflineRouter,
) -> None:
    opened = await _does(router, ON_SITE, "e", "contact")
    asked = await _does(router, opened.standing, "e", "email")
    for body in (says(OPEN, "other@example.com"), says(OPEN, "跳过"), says(OPEN, "不改，继续")):
        after = await router.sends(asked.standing, body)
        assert after.standing.position == Position(Form.summary)


async def test_a_corrected_line_takes_what_depended_on_it_along_and_asks_for_it(
    router: OfflineRouter,
) -> None:
    opened = await _does(router, ON_SITE, "e", "applying")
    asked = await _does(router, opened.standing, "e", "category")
    after = await router.sends(asked.standing, says(OPEN, "护"))
    assert after.standing.position == Position(Form.asking, {"field": "specialty"})
    assert after.standing.answers["practice"] == "nursing"
    assert "residency" not in after.standing.answers
    assert "title" not in after.standing.answers, "a physician's title is no nurse's"
    assert after.standing.answers["level"] == "intermediate"


@pytest.mark.parametrize(
    ("standing", "before"),
    [(ON_SITE, Photo.waiting), (ONLINE, Materials.listing)],
    ids=["on site", "online"],
)
async def test_back_from_the_look_over_and_straight_on_again(
    router: OfflineRouter, standing: Standing, before: object
) -> None:
    back = await _does(router, standing, "b")
    assert back.standing.position.state is before
    again = await _does(router, back.standing, "k")
    assert again.standing.position == Position(Form.summary)


async def test_photo_and_papers_are_changed_from_the_look_over(router: OfflineRouter) -> None:
    assert (await _does(router, ON_SITE, "e", "photo")).standing.position.state is Photo.waiting
    papers = await _does(router, ONLINE, "e", "materials")
    assert papers.standing.position.state is Materials.listing
    assert (await _does(router, ON_SITE, "e", "materials")).standing == ON_SITE


async def test_what_was_left_open_is_no_line() -> None:
    skipped = {**ON_SITE.answers, "landline": ""}
    records = replace(ON_SITE.records, application=application(answers=skipped, photo=PORTRAIT))
    lines = [
        text.args["field"]
        for text in texts_of(screen_of(replace(ON_SITE, records=records)))
        if text.key == "summary-line"
    ]
    assert Text("field-landline") not in lines
    assert Text("field-email") in lines


@pytest.mark.parametrize("where", ["on site", "online"])
async def test_who_withdrew_by_mistake_reads_how_to_submit_again(where: str) -> None:
    withdrawn = STANDINGS[f"zh-CN: menu, withdrawn {where}"]
    late = replace(withdrawn, now=EXAM.windows.confirmation.closes + timedelta(days=1))
    for standing, key in ((withdrawn, "withdraw-withdrawn"), (late, "withdraw-draft")):
        screen = screen_of(standing, "withdraw")
        assert [one.key for one in screen.text if isinstance(one, Text)] == [key]
