### Progress and to-dos.

status-title = {$exam}
status-form = <b>You are filling in the form.</b> It is not complete, and not submitted yet.
status-photo = <b>The form is complete; the photo is still missing.</b>
status-materials = <b>Form and photo are complete; the papers are still missing.</b>
status-submit = <b>Everything is filled in, but not submitted yet.</b> Tap “{button-resume}” to look it over once more, then “{button-submit}”.
status-submitted = <b>Submitted</b> on {$at}, waiting to be confirmed.

todo-head =
    <b>Your registration has been submitted</b> on {$at}.
    The registration is not finished yet.
todo-confirm-on-site =
    <b>To do · confirmation on site</b>
    Hours: {$hours}
    Where: {$site}, {$address}
    Bring: {$bring}
    Phone: {$contact}
    <b>A registration not confirmed in time counts as giving up the exam.</b>
todo-bring-form = the form, signed and with your employer’s seal
todo-print-again = <b>This is submission no. {$number}.</b> If you changed anything, earlier prints of the form are void: please print it again and use the new one.
todo-print-void = <b>This is submission no. {$number}, and something changed: earlier prints of the form are void.</b> Please print it again and use the new one.
todo-print-valid = <b>This is submission no. {$number}, and nothing changed: your earlier print of the form is still valid.</b> There is no need to print again.
hours-unknown = please phone first
todo-confirm-online =
    <b>Waiting for online confirmation</b>
    Address: {$address}
    Phone: {$contact}
    <b>If it is refused, upload your papers and submit again before the end, or it counts as giving up the exam.</b>

station-form = Fill in the form
station-photo = Confirm the photo
station-materials = Upload papers
station-submit = Submit
station-confirmation = Confirmation
station-site-review = Review by the site
station-area-review = Review by the area
station-payment = Payment
station-registered = Registered
status-step = Progress: <b>{$step}</b> (step {$number} of {$count})

status-code = Code: <b>{$code}</b> (say it when you ask about your registration)

### Now or next: who does what, and when (states/progress/outlook.py). All times are Beijing time.

status-begin = <b>You have not registered yet.</b>
status-check = <b>All is filled in; only the result of the degree check is missing.</b> Once there is one, update it, then submit.
status-waiting = <b>Registration has not begun yet.</b>
status-missed = <b>You have not submitted your registration.</b>
status-released = <b>Your ID number is not confirmed.</b> Please confirm your own number, then submit.

now-begin-early = You can register from {$opens} until {$closes} (Beijing time).
now-begin-open = Registration is open until {$closes} (Beijing time). Tap “{button-resume}” to begin.
now-begin-over = Registration closed on {$closes} (Beijing time). You cannot register any more this time.
now-draft-early = You can go on and submit from {$opens} until {$closes} (Beijing time). All you entered is still there.
now-draft-open = Please submit it by {$closes} (Beijing time); after that you cannot register.
now-draft-over = Registration closed on {$closes} (Beijing time), so it cannot be submitted any more. All you entered is kept for next year. If there is a special reason, please phone soon.
now-visit-early = Next: please go to <b>{$site}</b> yourself to have it confirmed, from {$opens} to {$last-day}.
now-visit-open = <b>Please go to {$site} yourself now to have it confirmed</b>, until {$last-day}.
now-visit-over = Confirmation closed on {$last-day}, and yours is not recorded here. If you went there in time, please phone at once and ask them to record it.
now-online-early = Next: <b>{$site}</b> checks your papers, from {$opens} to {$last-day}. There is nothing for you to do now; I will tell you the result.
now-online-open = <b>{$site}</b> checks your papers now, until {$last-day}. There is nothing for you to do; I will tell you the result.
now-online-over = The check of papers closed on {$last-day}, and there is no result for you yet. You have done your part, so this does not count as giving up. You can phone and ask.
now-again-early = Next: <b>{$site}</b> checks what you changed, from {$opens} to {$last-day}. There is nothing for you to do now; I will tell you the result.
now-again-open = <b>{$site}</b> is now checking what you changed, until {$last-day}. There is nothing for you to do; I will tell you the result.
now-again-over = The check closed on {$last-day}, and there is no result for you yet. You have done your part, so this does not count as giving up. You can phone and ask.
now-again-visit-early = Next: <b>{$site}</b> confirms it again, from {$opens} to {$last-day}. To ask whether you have to go there once more, please phone {$contact}.
now-again-visit-open = <b>{$site}</b> is now confirming it again, until {$last-day}. To ask whether you have to go there once more, please phone {$contact}.
now-again-visit-over = Confirmation closed on {$last-day}, and there is no result for you yet. You have done your part, so this does not count as giving up. You can phone and ask.
now-site-review-early = Next: <b>{$site} reviews it</b> (the first of two reviews), from {$opens} to {$last-day}. There is nothing for you to do now; I will tell you the result.
now-site-review-open = <b>{$site} reviews it now</b> (the first of two reviews), until {$last-day}. There is nothing for you to do; I will tell you the result.
now-site-review-over = The site’s review closed on {$last-day}, and there is no result for you yet. You have done your part, so this does not count as giving up. You can phone and ask.
now-area-review-early = Next: <b>{$area} reviews it</b> (the second of two reviews), from {$opens} to {$last-day}. There is nothing for you to do now; I will tell you the result.
now-area-review-open = <b>{$area} reviews it now</b> (the second of two reviews), until {$last-day}. There is nothing for you to do; I will tell you the result.
now-area-review-over = The area’s review closed on {$last-day}, and there is no result for you yet. You have done your part, so this does not count as giving up. You can phone and ask.
now-payment-early = Next: please pay the fee, from {$opens} until {$closes} (Beijing time). You cannot pay yet.
now-payment-open = <b>It is your turn: please pay the fee</b> by {$closes} (Beijing time).
now-payment-checking = <b>There is no result of your payment yet.</b> If your phone clearly says that nothing was paid, please pay the fee by {$closes} (Beijing time). Otherwise please wait, and do not pay again.
now-payment-claimed =
    <b>The area is checking the payment that you told of. Please do not pay again.</b> Your registration stays until this is clear, and I tell you the result at once. The payment { $moment ->
        [early] opens {$opens} and closes {$closes} (Beijing time).
       *[other] deadline is {$closes} (Beijing time).
    }
now-payment-over = Payment closed on {$closes} (Beijing time), and yours is not recorded here.
now-ticket-early = There is nothing to do now. You can print your admission ticket on the official platform from {$opens}; please watch for the area’s notices.
now-ticket-open = Please print your admission ticket on the official platform by {$closes} (Beijing time).
now-ticket-over = The printing of admission tickets closed on {$closes} (Beijing time).
now-correction-early = Next: please correct it and submit again, from {$opens} until {$closes} (Beijing time). You cannot change it yet.
now-correction-open =
    <b>Please correct it and submit again by {$closes} (Beijing time).</b>
    If you do not, it counts as giving up the exam.
now-correction-over = The time to correct it ended on {$closes} (Beijing time); it cannot be changed any more. Please phone soon.

pay-how =
    <b>Where to pay</b>: this assistant takes no money. Please pay on the official platform, in the way {$area} has announced.
    If you are not sure how, please phone the area: {$area-contact}
pay-computer = <b>Please use a computer</b>: this area takes no payment on a phone.
pay-fee =
    <b>How much</b>: {$yuan} yuan a subject{ $count ->
        [0] {""}
        [one] , {$total} for {$count} subject
       *[other] , {$total} for {$count} subjects
    } ({$source})
pay-fee-here =
    <b>How much</b>: {$yuan} yuan a subject{ $count ->
        [0] {""}
        [one] , {$total} for {$count} subject
       *[other] , {$total} for {$count} subjects
    }
fee-sample = sample; your area’s figure counts
pay-after = <b>After paying</b>: please keep the receipt. The site or the area checks it and marks you as paid here; I will tell you at once.
pay-otherwise = <b>By the rules, a fee not paid in time counts as giving up the exam.</b>
pay-over =
    <b>If you have paid</b>: please phone at once, and ask them to check the receipt and mark it here.
    <b>If you have not paid</b>: please phone at once as well. Your registration is kept for an administrator to settle; it does not end by itself.

## When, where, and with what an application is confirmed.

button-visit = When and where to confirm
visit-when-on-site-early = <b>When</b>: confirmation is from {$opens} to {$last-day}. Hours: {$hours}
visit-when-on-site-open = <b>When</b>: confirmation is under way, until {$last-day}. Hours: {$hours}
visit-when-on-site-over = <b>When</b>: confirmation closed on {$last-day}.
visit-when-online-early = <b>When</b>: online confirmation is from {$opens} to {$last-day}.
visit-when-online-open = <b>When</b>: online confirmation is under way, until {$last-day}.
visit-when-online-over = <b>When</b>: online confirmation closed on {$last-day}.
visit-when-open-choice-early = <b>When</b>: confirmation is from {$opens} to {$last-day}.
visit-when-open-choice-open = <b>When</b>: confirmation is under way, until {$last-day}.
visit-where = <b>Where</b>: {$site}, {$address}
visit-where-no-site = <b>Where</b>: in {$area} you go there yourself. Once you have chosen your site, its address stands here.
visit-where-online = <b>Where</b>: you need not go anywhere. You upload your papers here, and the point that you chose checks them.
visit-where-open = <b>Where</b>: that depends on your area. In some you go to the site yourself, in others it is done online. Once you have chosen area and site, the address stands here.
visit-bring = <b>What to bring</b>: {$bring}
visit-bring-online = <b>What to bring</b>: nothing. You upload here: {$papers}
visit-bring-nothing = <b>What to bring</b>: nothing.
visit-bring-open = <b>What to bring</b>: where it is done on site, {$bring}; where it is done online, you upload your papers here.
visit-done = <b>Your registration is confirmed</b>; there is nothing more to bring, and nowhere to go for it.
visit-not-now = <b>You need not go anywhere now.</b> Please see the step below first.
in-chinese = {$words} (in Chinese)
