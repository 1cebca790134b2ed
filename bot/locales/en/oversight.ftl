### Overviews for the staff: whom to call, statistics, lists.

button-seen = 👀 I have seen it
toast-seen = Thank you, now we know

button-reach = Whom to call
command-reach = whom to call
reach-head = <b>A deadline is near, and they have not seen the notice</b>
reach-nobody = No registration expires within the next 7 days, so nobody has to be called.
reach-total = Registrations that expire within 7 days: {$count}
reach-seen = · have tapped “I have seen it”: {$count}
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
stats-area = · {$name}: {$count}, of which {$submitted} were submitted
stats-days = <b>Submitted in the last 7 days</b>
stats-no-days = Nobody has submitted in the last 7 days.
stats-times = <b>Time until a decision</b> (half of them within)
stats-time = · {$desk}: {$hours} hours
stats-refused = <b>Refused most often</b>
stats-item = {$item} ({$reason})
stats-reach = <b>People out of reach</b>

button-list = List of candidates
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
stats-photos = <b>How right the photo checks are</b> ({$count} photos looked at by staff)
stats-photo = · {$name}: {$right} right, {$wrong} were fine
