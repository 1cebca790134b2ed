### After submitting: who has it, since when, what to do and by when; how to mend what was refused.

status-confirmed = <b>Confirmed; the site reviews it next.</b>
status-site-approved = <b>The site has passed it; the area reviews it next.</b> This is not the final result yet.
status-approved = <b>You have passed the review.</b>
status-registered = <b>You are registered.</b>
status-abandoned = <b>This registration counts as given up.</b>
status-refused-confirmation = <b>Your registration was not confirmed.</b>
status-refused-site-review = <b>The site has not passed your registration.</b>
status-refused-area-review = <b>The area has not passed your registration.</b>

status-who = It is with <b>{$who}</b> since {$since}.
who-point = the point ({$where})
who-site = the site ({$where})
who-visit = {$where} (you have to go there yourself)
who-area = the area ({$where})
who-you = you
usual = At this step, half of the people waited less than {$half}, and nine in ten less than {$most} (the last {$count}).
usual-unknown = There is no usual waiting time to go by yet.
span-hours = { $count ->
    [one] an hour
   *[other] {$count} hours
 }
span-days = {$count} days

waits-site-review =
    There are two reviews: <b>first the site’s</b>, then the area’s.
    There is nothing for you to do now; I will tell you the result. Reviews go on until {$closes}.
waits-area-review =
    There are two reviews: the site has passed you, and <b>now it is the area’s turn</b>. Only its result counts.
    There is nothing for you to do now; I will tell you the result. Reviews go on until {$closes}.
waits-payment =
    <b>To do · pay the fee online</b>
    When: {$opens} to {$closes}
    <b>A fee not paid in time counts as giving up the exam.</b>
registered-fee =
    {$area} does not take the fee online, so there is nothing to do now.
    When and how to pay it, please ask the area: {$contact}
registered-next = There is nothing to do now. Admission tickets can be printed from {$opens}; please watch for the area’s notices.

refused-words = In general: “{$words}”
refused-mend =
    <b>Please correct it and submit again by {$closes}.</b>
    If you do not, it counts as giving up the exam.
refused-over = The time to correct it ended at {$closes}. Please phone soon and ask.
refused-final = <b>This result cannot be supplemented or changed.</b> If you have questions, please phone and ask.
fault-open = ○ <b>{$item}</b>: {$reason}
fault-seen = ✓ <b>{$item}</b>: {$reason}
fault-words = “{$words}”
reason-follows = Depends on what you changed; please look at it too
reason-other = Please see the staff’s note
mend-how = Open each item with the buttons below, and change it or keep it. When you have looked at all of them, “{button-resubmit}” appears here. What is not listed need not and cannot be changed.
mend-whole = You have looked at everything. <b>It is not submitted yet</b>: please tap “{button-resubmit}”.
mend-not-yet = Something has not been looked at, or a required paper was removed. Please see the items marked “○” first, then submit.
mend-only-these = Only what was refused can be changed. Please choose from these:
button-mend = Change: {$item}
button-resubmit = ✓ Done, submit again
button-refusal = See why, and correct it
menu-refused = <b>Your registration was refused, but you can correct it and submit again.</b> Tap “{button-resume}” to see what to change.

abandoned-at-submitted = Why: it was not confirmed in time. It counts as given up since {$since}.
abandoned-at-confirm-refused = Why: its confirmation was refused, and it was not submitted again in time. It counts as given up since {$since}.
abandoned-at-review-refused = Why: its review was refused, and it was not submitted again in time. It counts as given up since {$since}.
abandoned-at-approved = Why: the fee was not paid in time. It counts as given up since {$since}.
abandoned-mend = If you did take this step, or could not for a special reason, please phone soon. An administrator can reinstate your registration; all you entered is still there.
reinstated-until = <b>An administrator has reinstated your registration. Please take this step by {$closes}.</b> If you do not, it counts as giving up the exam again.

told-confirmed = <b>Your registration is confirmed.</b> The review comes next.
told-site-approved = <b>The site has passed it, and the area reviews it next.</b> This is not the final result yet.
told-approved = <b>You have passed the review.</b>
told-registered = <b>You are now registered.</b>
told-abandoned = <b>The deadline is over, and this registration now counts as given up.</b>
told-reinstated = <b>Good news: your registration is reinstated.</b>
told-reminder = <b>A reminder: confirmation ends soon, and you have not been confirmed yet.</b>
