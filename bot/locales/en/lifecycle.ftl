### After submitting: who has it, since when, what to do and by when; how to mend what was refused.

status-confirmed = <b>Your registration is confirmed.</b>
status-site-approved = <b>The site has passed it.</b> This is not the final result yet.
status-approved = <b>You have passed the review.</b>
status-registered = <b>You are registered.</b>
status-abandoned = <b>This registration counts as given up.</b>
status-refused-confirmation = <b>Your registration was not confirmed.</b>
status-refused-site-review = <b>The site has not passed your registration.</b>
status-refused-area-review = <b>The area has not passed your registration.</b>
status-rejected-confirmation = <b>Result of the confirmation: rejected for good.</b>
status-rejected-site-review = <b>Result of the site’s review: rejected for good.</b>
status-rejected-area-review = <b>Result of the area’s review: rejected for good.</b>

waits-since =
    { $is-early ->
        [yes] This step has not begun. The one before is done, and it has been waiting for this step to begin since {$since}.
       *[no] It has been waiting for this step since {$since}.
    }
usual = At this step, half of the people waited less than {$half}, and nine in ten less than {$most} (the last {$count}).
usual-unknown = There is no usual waiting time to go by yet.
span-hours = { $count ->
    [one] an hour
   *[other] {$count} hours
 }
span-days = {$count} days

registered-fee = {$area} does not take the fee online. When and how to pay it, please ask the area: {$area-contact}

refused-words = In general: “{$words}”
refused-final = <b>This result cannot be supplemented or changed.</b> If you have questions, please phone and ask.
rejected-final =
    <b>This does not ask you to correct anything: the application cannot be changed or submitted again, and you cannot sit this exam.</b>
    Two members of the staff looked at it separately before they decided. Your personal information, photo and education records stay for later exams.
    If you think it is wrong, take your evidence to the office below; a wrong decision can be put right.
fault-plain = · <b>{$item}</b>: {$reason}
fault-open = ○ <b>{$item}</b>: {$reason}
fault-seen = ✓ <b>{$item}</b>: {$reason}
fault-seen-now = ✓ <b>{$item}</b>: now <b>{$now}</b> (refused as: {$reason})
fault-changed-now = ✓ <b>{$item}</b>: now <b>{$now}</b> ({$reason})
fault-files = { $count ->
        [one] {$count} file
       *[other] {$count} files
    }
fault-words = “{$words}”
reason-follows = Depends on what you changed; please look at it too
reason-other = Please see the staff’s note
mend-how = Open each item with the buttons below, and change it or keep it. When you have looked at all of them, “{button-resubmit}” appears here. What is not listed need not and cannot be changed.
mend-whole = You have looked at everything. <b>It is not submitted yet</b>: please tap “{button-resubmit}”.
mend-not-yet = Something has not been looked at, or a required paper was removed. Please see the items marked “○” first, then submit.
mend-only-these = Only what was refused can be changed. Please choose from these:
button-mend = Change: {$item}
button-resubmit = ✓ Done, submit again
button-reasons = See why
button-refusal = See why, and correct it

abandoned-at-submitted = Why: it was not confirmed in time. It counts as given up since {$since}.
abandoned-at-confirm-refused = Why: its confirmation was refused, and it was not submitted again in time. It counts as given up since {$since}.
abandoned-at-review-refused = Why: its review was refused, and it was not submitted again in time. It counts as given up since {$since}.
abandoned-at-approved = Why: the fee was not paid in time. It counts as given up since {$since}.
abandoned-mend = If you did take this step, or could not for a special reason, please phone soon. An administrator can reinstate your registration; all you entered is still there.
reinstated-until = <b>An administrator has reinstated your registration. Please take this step by {$closes} (Beijing time).</b> If you do not, it counts as giving up the exam again.

told-confirmed = <b>Your registration is confirmed.</b> The review comes next.
told-site-approved = <b>The site has passed it, and the area reviews it next.</b> This is not the final result yet.
told-approved = <b>You have passed the review.</b>
told-registered = <b>You are now registered.</b>
told-abandoned = <b>The deadline is over, and this registration now counts as given up.</b>
told-reinstated = <b>Good news: your registration is reinstated.</b>
told-reminder = <b>A reminder: confirmation ends soon, and you have not been confirmed yet.</b>
told-reopened = <b>An earlier result is being corrected, and your case is examined again.</b> You need not do anything now; I will tell you the new result at once.
told-payment-unmarked = <b>A correction: the staff marked you as registered by mistake.</b> Your payment is not recorded here yet.
