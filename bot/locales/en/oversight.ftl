### Overviews for the staff: whom to call, statistics, lists.

button-seen = 👀 I have seen it
toast-seen = Thank you, now we know

button-reach = Whom to call
command-reach = whom to call
reach-head = <b>A deadline is near, and they have not seen the notice</b>
reach-nobody = No registration expires within the next 7 days, so nobody has to be called.
reach-total = Registrations that expire within 7 days: {$count}
reach-seen = · have tapped “{button-seen}”: {$count}
reach-called = · reached by telephone: {$count}
reach-open = · still to be reached: <b>{$count}</b>
reach-kind = – of these, {$why}: {$count}
reach-line =
    <b>{$code}</b> {$name} {$phone}
    {$stage}, expires {$ends}
reach-line-called =
    <b>{$code}</b> {$name} {$phone}
    {$stage}, expires {$ends}; called {$called}, not reached
reach-no-phone = (only their point, site and area see the telephone number)
reach-noted-yes = Noted: {$code} was reached and has left the list.
reach-noted-no = Noted: {$code} was not reached and stays on the list.
reach-sheet-title = People to call ({$at})
button-reach-yes = {$code}: reached
button-reach-no = {$code}: not reached
button-reach-more = More people →
button-reach-pdf = Call sheet (PDF)
button-reach-xlsx = Call sheet (table)

button-stats = Statistics
command-stats = statistics
stats-title = Registrations
stats-head = <b>Registrations</b>: {$count} in your scope
stats-none = Nobody has registered yet.
stats-line = · {$name}: {$count}
stats-day = Submitted {$day}
stats-areas = <b>By area</b>
stats-area = · {$name}: {$count}, submitted: {$submitted}
stats-days = <b>Submitted in the last 7 days</b>
stats-no-days = Nobody has submitted in the last 7 days.
stats-times = <b>Time until a decision</b> (half of them within)
stats-time = · {$desk}: {$hours} h
stats-time-days = · {$desk}: {$days} days
stats-refused = <b>Refused most often</b>
stats-item = {$item} ({$reason})
stats-reach = <b>People out of reach</b>

button-list = List of candidates
command-export-staff = download the list of candidates; your own data
button-list-xlsx = Download the list (XLSX)
button-list-csv = Download the list (CSV)
list-title = Candidates ({$at})
column-name = Name
column-phone = Mobile
column-site = Site
column-stage = Stage
column-ends = Expires
column-reach = Out of reach
column-called = Last call
column-notes = Notes
column-area = Area
column-point = Point
column-specialty = Specialty
column-submitted = Submitted
column-revision = Submissions
stats-photos = <b>How right the photo checks are</b> (looked at by staff: {$count})
stats-photo = · {$name}: right {$right}, wrong {$wrong}

### Spot checks: a part of the decisions is read again by somebody else, and nothing changes

command-checks = Spot checks
button-checks = Spot checks
queue-checks = Spot checks: { $count } { $count ->
        [one] waits
       *[other] wait
    } for you
checks-head = <b>Spot checks</b>: { $count } { $count ->
        [one] waits
       *[other] wait
    } for you
checks-none = <b>Spot checks</b>: none waits for you.
checks-about =
    Some decided registrations are read again, by the usual rules, by somebody who had nothing to do with them. You do not see the first decision. Your answer changes no result, and the candidate does not hear of it.
    Please do not look at the history of such a registration: then you cannot answer any more.
check-head = <b>Spot check</b> · {$desk} · {$place}
check-second-asked = Below is what was submitted then. As if you were the first: would you approve it?
check-third-asked = Two people see it differently. You settle it: should it have been approved? Your answer is kept at once and cannot be undone.
check-first-said = One: <b>{$verdict}</b>
check-second-said = The other: <b>{$verdict}</b>
check-approve = approve
check-refuse = refuse
check-words = “{$words}”
check-ask = <b>Why would you refuse it?</b> Please write one sentence of at most {$limit} characters. The candidate does not see it.
problem-check-words = Please write one sentence of at most {$limit} characters. For example: registered for fewer years than required
check-not-yours = This one is not in your hands: returned, timed out, or you have looked at its history.
check-undo-late = It is too late to undo.
check-undone = Undone. Please read it once more.
check-done-second =
    ✅ Kept. No result changes.

    You can undo it for {$seconds} seconds.
check-done-third = ✅ Kept. If you find the first decision wrong, I tell the desk that made it.
check-wrong-refusal = <b>Spot check: “{$desk}” should not have refused {$code}</b> (a third person would approve it).
check-wrong-approval = <b>Spot check: “{$desk}” should not have approved {$code}</b> (a third person would refuse it).
check-wrong-then = The candidate does not know yet. Please open the history at once and compare: if the decision is wrong, choose “{button-reopen}”. Without that button the time is over: follow the rules of the area, and tell the candidate.
button-check-next = Take a spot check
button-check-approve = ✅ I would approve
button-check-refuse = ❌ I would refuse…
button-check-back = Return it to others
button-check-history = See the history
stats-checks = <b>Spot checks: do two people agree?</b> (κ: 1 is full agreement, 0 that of chance)
stats-check = · {$desk}: {$count} read twice, {$agreed} agree, κ = {$kappa} (95% interval {$low} to {$high})
stats-check-few = · {$desk}: {$count} read twice, {$agreed} agree; κ needs approvals and refusals
stats-check-third = · differ: {$count}; read by a third person: {$settled}; first decision wrong: {$wrong}

deed-spot-check-taken = took a spot check
deed-spot-check-answered = answered a spot check
deed-spot-check-settled = settled a spot check as the third
deed-spot-check-undone = undid the answer to a spot check
