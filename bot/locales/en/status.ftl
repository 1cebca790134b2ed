### Progress and to-dos.

status-title = {$exam}
status-none = You have not started your registration yet. Tap “Go on” to begin.
status-form = <b>You are filling in the form.</b> It is not complete, and not handed in.
status-photo = <b>The form is complete; the photo is missing.</b>
status-materials = <b>The papers are missing.</b>
status-submit = <b>All is filled in, but not handed in.</b> Please look it over and tap “Hand in”.
status-draft-until = Please hand it in before {$closes} (Beijing time); after that you cannot register.
status-submitted = <b>Handed in</b> ({$at}), waiting to be confirmed.

todo-head =
    <b>Your registration is handed in</b> ({$at})
    This is not the end. What comes next:
todo-confirm-on-site =
    <b>To do · confirmation on site</b>
    When: {$opens} to {$closes}
    Where: {$site}, {$address}
    Bring: the form, your ID, degree, qualification and practice certificates, and what else the site asks for
    Phone: {$contact}
    <b>Not confirmed in time counts as giving up the exam.</b>
todo-confirm-online =
    <b>Waiting for online confirmation</b>
    {$site} looks at your papers between {$opens} and {$closes}; I will tell you the result.
    Address: {$address}
    Phone: {$contact}
    <b>If it is refused, upload again and hand in again before the end, or it counts as giving up.</b>

station-form = Fill in the form
station-photo = Confirm the photo
station-materials = Upload papers
station-submit = Hand in
station-confirmation = Confirmation
station-review = Review
station-payment = Payment
station-registered = Registered
