### Late changes: after the time to change, a candidate asks; the site or the area decides, and opens just these answers.

command-change = Ask to change what is fixed
command-changes = Requests for late changes

button-late-change = Ask for a change
button-late-change-drop = Cancel, change nothing
button-late-change-drop-yes = Yes, change nothing
button-change-now = Change it now
button-change-next = Next: papers
button-change-papers-done = Next: the reason
button-change-send = Yes, send the request

change-pick-ask = <b>Which answers do you want to change?</b> They are now:
change-pick-how = Tick them, then tap “{button-change-next}”. <b>{$decider}</b> decides. You can still ask { $left ->
    [one] once
   *[other] {$left} times
    }. Only after approval can you change them, and only those that you ticked.
change-papers-ask = <b>Please send papers that prove it</b>, such as a letter of your new employer. Send one or several.
change-papers-free = <b>If you have papers that prove it, send them here</b>, such as a letter of your new employer. If not, go on.
change-papers-name = Papers of the request
change-paper-alike = ⚠ This page looks like number {$number} that you have just sent. Once is enough.
change-reason-ask =
    <b>Why do you want to change it?</b> Say in one sentence why, and what it should be. For example: I changed my employer in November, please change my employer.
    To be changed: {$fields}; papers: { $count }.
    You then read it once more, <b>and it goes to {$decider} only if you agree.</b> You can cancel it until they decide.
change-reason-check =
    <b>Send this request to {$decider}?</b>
    To be changed: {$fields}; papers: { $count }.
    Reason: “{$words}”
change-sent = <b>Your request is sent.</b> {$decider} decides. I will tell you at once.
change-waits = <b>Late change</b>: {$fields}, asked on {$at} (Beijing time), waits for {$decider}.
change-asked-how = You need do nothing now. I will tell you the result at once. Your application goes on as it is until then.

change-not-nothing = You have no application, so there is nothing to change.
change-not-draft = Your application is not submitted now. You need not ask: just change it.
change-not-withdraw = You need not ask yet. Until {$closes} (Beijing time) you can withdraw, change and submit again yourself.
change-not-confirmation = Your application is not confirmed, so you cannot ask for a change now. Please call and say what is wrong.
change-not-correction = Your application did not pass. Correct what did not pass: tap “{button-refusal}”.
change-not-open = <b>Your request is approved.</b> Tap “{button-change-now}”.
change-not-not-here = This area takes no requests for changes here. Please call and say what is wrong.
change-not-over = Requests for changes ended on {$closes} (Beijing time). If there is a special reason, please call.
change-not-used-up = You can ask at most { $limit ->
    [one] once
   *[other] {$limit} times
    }, and you have. If there is a special reason, please call.
change-not-money = You have paid the fee, or are paying it, so nothing can be changed here now. Please call and say what is wrong.
change-not-expired = This application counts as given up and cannot be changed.
change-last-declined = Your last request ({$at}, Beijing time) was declined: “{$words}”
withdraw-confirmed-change = This application can no longer be withdrawn. <b>If your employer, phone or specialty is different now, you can ask for a change</b>: tap “{button-late-change}”.

change-drop-ask = <b>Change nothing?</b> Your request is cancelled and your answers stay. To change them later you have to ask again, and this request counts.
change-drop-open = <b>Change nothing?</b> What you changed just now does not count. Your application is again as you submitted it and goes on. To change it later you have to ask again.
change-dropped = All right, nothing is changed. Your application is as you submitted it and goes on.

told-change-opened = <b>Your request for a change is approved.</b> You can change only these answers, and must submit again.
change-opened-how = Once you change something, your printed form is void. Print it again after you submit.
told-change-declined = <b>Your request for a change was declined</b>: {$fields}. Your answers stay, and your application goes on.
change-words = Reason: “{$words}”
told-change-over = <b>The time to change is over, and you did not submit again.</b> The change is closed. Your application is again as you submitted it and goes on.
told-change-lapsed = <b>Nobody decided on your request for a change in time.</b> Your answers stay, and your application goes on. If it must be changed, please call soon.
reason-named = you asked to change it

status-changing = <b>Your application is being changed.</b> The review waits until you submit it again.
stage-changing = change approved, candidate is changing
now-change-early = You can change it from {$opens} until {$closes} (Beijing time).
now-change-open =
    <b>Change it and submit again by {$closes} (Beijing time).</b>
    If you do not, the change closes and your application is again as it was.
now-change-over = The time to change ended on {$closes} (Beijing time). Your application will be again as it was in a moment.
calendar-change = Deadline: change and submit again
calendar-else-change = If you do not submit in time, the change closes and your application is again as it was.

problem-change-nothing = Please tick at least one answer that you want to change.
problem-change-papers = Please send at least one paper first.
problem-change-reason = Please say in one sentence why, in at most {$limit} characters. For example: I changed my employer in November
problem-change-words = Please say why, in at most {$limit} characters; the candidate reads it. For example: the letter has no seal of the new employer
illegal-money = The candidate has paid the fee, or is paying it, so nothing can be changed now.

### The staff.

button-changes = Late changes
button-change-open = See { $code }
button-change-paper = Paper { $number }
button-change-approve = ✅ Approve…
button-change-approve-yes = ✅ Approve, open these
button-change-decline = ❌ Decline…
button-change-back = Look again

changes-head = <b>Late changes</b>: { $count ->
    [one] one request waits
   *[other] {$count} requests wait
    } for you, the oldest first.
changes-none = No request for a late change waits now.
changes-line = { $code }: {$fields}, asked on {$at} (Beijing time)
changes-news-head = <b>Candidates ask to change their applications.</b>
changes-next = To the others:
queue-changes = Late changes: { $count }, the oldest since {$since} (Beijing time)
change-card-head = <b>Late change { $code }</b> (request { $number } of at most { $most }), asked on {$at} (Beijing time). Now: {$stage}
change-card-who =
    {$name}, ID number: { $number }
    {$specialty}, {$site}
change-card-fields = <b>To be changed; now it is:</b>
change-card-reason = <b>Reason:</b> “{$reason}”
change-card-follows = If you approve, only these open, until {$until} (Beijing time). Then the application goes to: {$desk}. If it is not submitted, it returns as it was.
change-sure-ask = <b>Approve it?</b> Tap below, and the candidate is told at once.
change-over-card = The request of { $code } has been decided.
change-paper-caption = Papers of { $code }, { $number } of { $count }
change-decline-ask = <b>{ $code }: why do you decline?</b> At most {$limit} characters; the candidate reads it.
change-decided-already = This request has been decided. Nothing was changed.
change-opened = { $code }: <b>approved</b>. The candidate can change it until {$until} (Beijing time). Until then it is in no queue.
change-declined = { $code }: <b>declined</b>. The candidate was told why.
closed-changing = { $code }: the candidate’s late change is approved. You need do nothing. It returns to the queue once it is submitted.

deed-late-change-asked = asked for a late change
deed-late-change-seen = staff looked at a late change
deed-late-change-opened = late change approved, the named answers opened
deed-late-change-declined = late change declined
deed-late-change-ended = request for a late change ended, nothing was opened
deed-late-change-closed = late change not submitted, restored as submitted
