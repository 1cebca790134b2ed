### My data: what is kept, how it is corrected, exported and erased.

command-profile = what is kept about me
command-export = export all my data
command-erase = erase all my data

button-profile = My data
button-photo = My photo
button-photo-first = Send my photo
button-export = Export my data
button-erase = Erase my data
button-erase-yes = Yes, erase all my data

profile-head = <b>This is kept about you</b>, besides your application; you can export all of it.
profile-line = {$item}: <b>{$value}</b>
profile-education = { $count }; tap “{button-education}” to see them
profile-photo-kept = kept
profile-consent = {$at}
profile-open = Your identity is not locked yet; you can change it until you confirm it.
profile-locked =
    <b>The identity above is locked.</b>
    If the name or the ID number is wrong, tap “{button-correct-identity}” and send a picture of the document. The site checks it and corrects it.
profile-rights = You can export everything, or erase it:
nothing-kept =
    <b>You have no account and no application here.</b>
    To begin a registration, please choose your language:
only-staff-kept =
    <b>You have no candidate's account and no application here.</b>
    You are of the staff: we keep your role, and which applications you dealt with and when. /staff shows your role; to have it corrected, ask your administrator. For the list of candidates send /list.

export-told =
    <b>This is everything that we keep about you.</b>
    The file holds your whole ID number: please save it, then delete this message from the chat.
export-lists = You are of the staff: for the list of candidates (a table) send /list.
export-often = At most {$limit} exports an hour; your data is all still here. Please try again in an hour.
export-photo-told = Your photo; in the file it is called {$name}.

erase-ask =
    <b>Erase everything about you? This cannot be undone.</b>

    What goes: name, ID, education records, the application that you have not submitted, photo and papers. The files are cleared within an hour or two.
    What stays: the log of what was done, with times and ids only, without name or number.
    Messages in this chat are with Telegram; only you can delete them.

    After that your ID number can be used for a new account.
erase-refused =
    <b>Your registration has been submitted, so it cannot be erased here now.</b>
    Confirmation and review need it. To correct it, to step back or to have it erased, please ask your site; you can still export your data.
erased =
    <b>Erased.</b> But for the log, which has no name or number, nothing is kept about you here any more.
    The files of photo and papers are cleared within an hour or two. To begin anew, send /start.

item-telegram-id = Telegram account id
item-name = Name
item-id-type = Document
item-id-number = ID number
item-sex = Sex
item-born = Date of birth
item-nationality = Nationality
item-confirmed = Identity confirmed
item-education = Education records
item-photo = Photo
item-consent = Consent
item-consented-at = Consent given
item-shown-photo = Photo sent and not agreed to yet
item-typed = Typed and not agreed to yet
item-locale = Language
item-wants-opening = Wants to be told when registration opens
item-blocked-at = Blocked the bot
item-unreachable = why you could not be reached
item-seen-at = when you last tapped “{button-seen}”
item-exam = Exam
item-area = Area
item-stage = Stage
item-agreed = Version of the notice agreed to
item-agreed-at = Notice agreed to
item-form-version = Version of the form
item-revision = Times submitted
item-uploaded-at = Papers complete
item-submitted-at = Submitted
item-since = at this stage since
item-given-up-at = given up at the stage

stage-draft = not submitted
stage-submitted = submitted
stage-confirmed = confirmed
stage-site-approved = passed by the site
stage-approved = passed by the area
stage-registered = registered
stage-confirm-refused = confirmation refused
stage-review-refused = review refused
stage-rejected = rejected for good
stage-abandoned = given up

case-number-taken = the ID number has an account; the site finds out whose it is
case-account-moved = moving the account to this Telegram account; the site checks it
case-identity = a correction of the name or ID number; the site checks it

deed-consented = agreed that data are kept
deed-identity-confirmed = confirmed and locked the identity
deed-terms-agreed = agreed to the notice
deed-photo-confirmed = confirmed the photo
deed-number-taken = confirmed an ID number that has an account
deed-case-opened = asked a site or an area to look into something
deed-record-kept = kept an education record
deed-record-verified = updated the check of an education record
deed-materials-done = finished uploading papers
deed-submitted = submitted the application
deed-invited = invited somebody to the staff
deed-invite-opened = opened an invitation to the staff
deed-invite-refused = turned down an invitation to the staff
deed-seated = gave a role of the staff
deed-seat-revoked = took a role of the staff back
deed-group-bound = bound a group of the staff
deed-group-released = released a group of the staff
deed-denied = tried something without having the right to
deed-marked-paid = marked as paid by the staff
deed-reopened = a decision opened again by the staff
deed-unmarked-paid = the mark of the payment undone by the staff
deed-given-up = given up, the deadline being over
deed-reinstated = reinstated by an administrator
deed-forfeits-released = overdue registrations released by an administrator
deed-clock-moved = moved the sandbox's clock
deed-job-retried = started a job again
deed-broadcast-begun = began a broadcast
deed-broadcast-paused = paused a broadcast
deed-broadcast-resumed = went on with a broadcast
deed-broadcast-cancelled = cancelled a broadcast
deed-broadcast-ended = a broadcast ended
deed-called = called the candidate
deed-list-seen = looked at a list
deed-list-taken = downloaded a list
deed-exported = exported the data
deed-unknown = an unknown action, which may be forged
deed-key-rotated = rotated the encryption key
deed-exam-change-stored = stored a change of the exam definition
deed-exam-changed = put a new exam definition in force
deed-exam-change-refused = refused a change of the exam definition
deed-exam-change-dropped = dropped a change of the exam definition
deed-erased = erased the data
