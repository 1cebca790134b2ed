### Progress and to-dos.

status-title = {$exam}
status-none = You have not started your registration yet. Tap “Go on” to begin.
status-form = <b>You are filling in the form.</b> It is not complete, and not submitted yet.
status-photo = <b>The form is complete; the photo is still missing.</b>
status-materials = <b>Form and photo are complete; the papers are still missing.</b>
status-submit = <b>Everything is filled in, but not submitted yet.</b> Please look it over and tap “Submit”.
status-draft-until = Please hand it in by {$closes} (Beijing time); after that you cannot register.
status-submitted = <b>Handed in</b> ({$at}), waiting to be confirmed.

todo-head =
    <b>Your registration has been submitted</b> ({$at})
    You are not done yet. What comes next:
todo-confirm-on-site =
    <b>To do · confirmation on site</b>
    When: {$opens} to {$closes}
    Where: {$site}, {$address}
    Bring: the form, your ID, your degree, qualification and practice certificates, and anything else the site asks for
    Phone: {$contact}
    <b>A registration not confirmed in time counts as giving up the exam.</b>
todo-confirm-online =
    <b>Waiting for online confirmation</b>
    {$site} will check your papers between {$opens} and {$closes}; I will tell you the result.
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

status-code = Code: <b>{$code}</b> (say it when you ask about your registration)
