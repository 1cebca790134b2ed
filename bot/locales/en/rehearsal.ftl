### The report of a rehearsal (baoming exam rehearse), for the people of the exam centre.

rehearsal-title = Rehearsal: {$exam}
rehearsal-green = ✓ The rehearsal is green: this exam definition works
rehearsal-green-why = Nobody got stuck, nobody who did everything in time was given up, and each desk finished in its time.
rehearsal-red = ✗ The rehearsal failed: { $count ->
        [one] one problem
       *[other] {$count} problems
    }
rehearsal-people = What was rehearsed
rehearsal-sample = All candidates and staff are invented (a sample). They test the definition; the figures predict nothing.
rehearsal-people-line = Invented candidates: {$count}, with the seed {$seed}. The same seed and definition make the same rehearsal.
rehearsal-weight-line = Expected candidates: {$candidates} ([rehearsal] of the definition). Each invented one stands for {$weight}; loads and messages below are scaled by that.
rehearsal-registered-line = Registered at the end: {$count} ({$share}%). Some invented candidates put things off or forget them, so it is never 100%.
rehearsal-walks-line = Invented candidates who also went through the real dialogue: {$count}. One is confirmed on site, one online, one is refused and mends it; each from the choice of the exam to the submission, and the answers are compared.
rehearsal-acts = Acts and waits
rehearsal-head-what = What
rehearsal-head-middle = Median
rehearsal-head-most = Most
rehearsal-row-acts = Acts of one person
rehearsal-row-days = Days from submission to registration
rehearsal-row-wait = Days of waiting, also before it opens: {$desk}
rehearsal-chart-refusals = Refusals by desk (invented candidates)
rehearsal-forfeited = Who did not act in time
rehearsal-forfeited-line = Missed duties, by the habits of these people (invented candidates). The columns “prompt” and “last day” should be 0: these people were always in time.
rehearsal-failed = Why people did not register
rehearsal-failed-line = Everybody counts once; these are invented candidates, not scaled. Deadlines are in the exam’s time zone.
rehearsal-head-why = Why
rehearsal-head-closes = Deadline
rehearsal-head-people = Invented candidates
rehearsal-until = {$closes}
rehearsal-why-missed = not done in time: {$what}
rehearsal-why-uncorrected = refused, and not mended in time: {$what}
rehearsal-why-stuck = the form could not be filled in: {$what}
rehearsal-why-final = refused for good: {$what}
rehearsal-why-waiting = no decision came: {$what}
rehearsal-refused = What was refused, and whether it was mended
rehearsal-refused-line = A review refuses one answer or paper by chance (invented candidates, not scaled).
rehearsal-refused-more = Rarer items that are not listed: {$more}.
rehearsal-head-item = Answer or paper
rehearsal-head-refused = Refused
rehearsal-head-mended = Mended in time
rehearsal-path-on-site = confirmed on site
rehearsal-path-online = confirmed online
rehearsal-path-corrected = refused and mended
rehearsal-head-duty = Duty
rehearsal-head-reminders = Reminders sent (invented candidates)
rehearsal-diligence-prompt = prompt
rehearsal-diligence-late = last day
rehearsal-diligence-reminded = reminded
rehearsal-diligence-never = never
rehearsal-diligence-withdrawn = withdrew themselves
rehearsal-diligence-muted = reminders off
rehearsal-duty-begin = begin to register
rehearsal-duty-case = have the ID number verified
rehearsal-duty-draft = submit the registration
rehearsal-duty-withdrawn = submit again after a withdrawal
rehearsal-duty-visit = confirm at the site
rehearsal-duty-correction = correct and submit again
rehearsal-duty-change = change information
rehearsal-duty-payment = pay
rehearsal-duty-payment-claimed = have the payment checked
rehearsal-duty-ticket = print the admission ticket
rehearsal-duty-waiting = wait for the review
rehearsal-desk = Load: {$desk}
rehearsal-desk-line = All the staff can decide {$capacity} a workday. The busiest day was {$busiest} with {$decided}; at most {$waiting} waited.
rehearsal-chart-arrived = {$desk}: arrivals a day (dashed: what can be decided in a day)
rehearsal-chart-waiting = {$desk}: waiting at the end of the day
rehearsal-messages = Messages and Telegram’s limits
rehearsal-longest-line = The longest message has {$length} characters; Telegram takes 4096.
rehearsal-busiest-line = The busiest day is {$day}: messages {$count}, which take {$minutes} min at {$rate} a second.
rehearsal-person-line = One person got at most this many messages a day: {$count}. Most are replies in the form.
rehearsal-chart-messages = Messages a day

rehearsal-dialogue = The real dialogue does not get through: {$path}, at “{$question}”. It does not take an answer that the form’s rules take, or asks one question more. Check the options and names of this question.
rehearsal-stuck = { $count ->
        [one] One invented candidate
       *[other] {$count} invented candidates
    } could not go on at “{$question}”: there is no answer to give. Check the options of this question.
rehearsal-unfit = Category “{$category}”, level “{$level}”: not one invented candidate fits the conditions. Check years and degrees in eligibility.toml.
rehearsal-unreachable = “{$field}” has { $count ->
        [one] one row
       *[other] {$count} rows
    } that nobody can choose (the first: {$first}). Check category, level or area of these rows.
rehearsal-unfinished = {$desk} cannot finish: { $count ->
        [one] one invented candidate
       *[other] {$count} invented candidates
    } ({$share}%) got no decision in time. Give it more time or staff, or put the real numbers into [rehearsal].
rehearsal-short-correction = {$desk}: { $count ->
        [one] one refused candidate (invented)
       *[other] {$count} refused candidates (invented)
    } had less than 24 hours to correct (at least {$hours} h). Let the corrections end later.
rehearsal-lost = { $count ->
        [one] One invented candidate
       *[other] {$count} invented candidates
    } ({$share}%) did everything in time and still lost the exam: {$duty}. Check the dates of this step.
rehearsal-long-message = A message is too long ({$length} characters, screen {$screen}): Telegram refuses it and candidates never see it. Shorten the text in the definition.
rehearsal-too-many-messages = On the busiest day the messages are {$percent}% of Telegram’s 30 a second over 8 hours, so they queue up. Spread the openings and deadlines.
rehearsal-reminders = Reminders broke a rule: {$kind} ({$count}×). Check [reminders].
rehearsal-fault-night = one came by night
rehearsal-fault-beside-act = one came within two hours of an act
rehearsal-fault-finished = one was about what is finished
rehearsal-fault-muted = one came although they were off
rehearsal-fault-never = somebody missed a deadline and was never reminded
rehearsal-fault-promise = an own reminder did not come
rehearsal-fault-many = there were too many
