### Staff: queue, claims, the card, decisions, search.

desk-confirmation = Confirmation
desk-site-review = Site review
desk-area-review = Area review

## The queue

queue-head = <b>Queue</b>
queue-line = <b>{$desk}</b> ({$place}): {$waiting} waiting{$held ->
        [0] {""}
       *[other] , {$held} of them with a colleague
    }
queue-since = Oldest: {$how ->
        [confirmation] submitted {$since}
       *[other] here since {$since}
    }
queue-opens = Opens {$opens}
queue-closes = Closes {$closes} (submitted again: see the card)
queue-closes-today = ⏰ <b>Closes today, {$closes}</b> (submitted again: see the card)
queue-closes-tomorrow = ⏰ <b>Closes tomorrow, {$closes}</b> (submitted again: see the card)
queue-closed = Closed on {$closed}; these can still be dealt with until the time on the card
queue-overdue = ⚠️ {$count} not dealt with by {$closed}; they cannot be decided now. Please tell your administrator
queue-ends = At the pace of the last {$days} days ({$count} done) it will be finished around {$ends}
queue-ends-late = ⚠️ At the pace of the last {$days} days ({$count} done) it will be finished around {$ends}, <b>after the deadline</b>. Please tell your administrator
queue-nothing = Nothing is waiting for you now.
queue-returned = {$code} is back in the queue, and colleagues can take it. You get others first.
queue-yours = You are holding {$count ->
        [1] one
       *[other] {$count}
    }: {$codes}
invites-news-head = <b>An invitation ends soon</b>
invites-wait = Your invitations that wait: {$count}; the first one ends {$ends}.
queue-news-head = <b>Registrations are waiting for you</b>
queue-nothing-here = Nothing is waiting now.
group-news-head = <b>Registrations are waiting</b> ({$scope})

toast-queue-empty = There is nothing to take now
toast-decided-last = Decided. There is no next one to take now
toast-lost = You no longer hold this registration

button-queue-next = Take the next one
button-queue-held = Go on with the case in hand
button-queue-held-one = Go on with {$code}
button-take = Take this one
button-take-code = Take {$code}
button-find = Find
button-history = History of {$code}

## The card

card-head =
    <b>{$desk}</b>  code <b>{$code}</b>
    {$place}  submitted {$revision}×  here since {$since}
case-head = Code <b>{$code}</b>  <b>{$name}</b>
card-page-place = Place of registration
card-page-person = Person
card-page-contact = Contact
card-page-applying = Application
card-page-education = Education
card-page-work = Work
card-portrait = <b>Photo</b> (above the card)
card-files = <b>Photo and papers</b> (above the card)
card-files-line = {$name}: {$count ->
        [0] not uploaded
        [one] 1 file
       *[other] {$count} files
    }
card-change = · {$name}: {$old} → <b>{$new}</b>
card-change-files = · {$name}: files changed ({$old} → <b>{$new}</b>)
card-change-files-same =
    { $new ->
        [one] · {$name}: another file
       *[other] · {$name}: other files (still {$new})
    }
card-change-photo = · Photo: another one
card-no-answer = (empty)
card-until = To be decided by {$closes}
card-overdue = ⚠️ Closed on {$closes}: <b>it cannot be decided now</b>. Please tell your administrator
card-decided = <b>Earlier decisions</b>
card-changed = <b>Changed since the last decision</b>
card-unchanged = Nothing
card-notes = <b>Notes of colleagues</b>
card-paper = {$name} ({$number}/{$count})
card-noted = The note is kept. Colleagues who work on this registration see it, and the candidate in an export of their data.
verdict-approved = ✅ {$desk}: approved  {$name}  {$at}
verdict-refused = ❌ {$desk}: refused  {$name}  {$at}
verdict-rejected = ⛔ {$desk}: rejected for good  {$name}  {$at}
second-look-line = ⛔ {$name} asks to reject it for good  {$at}  {$outcome ->
        [agreed] a colleague agreed
        [declined] a colleague did not agree
        [taken-back] taken back
        [withdrawn] ended: the candidate withdrew
        [changing] ended: a late change was approved
        [reopened] ended: an earlier decision was opened again
        [expired] ended: the time was over
        [merged] ended: this account was closed in a merge
        [released] ended: the ID number was somebody else’s
        [corrected] ended: the candidate’s identity was corrected
        [overtaken] no longer needed: it left this desk
       *[open] waits for a second look
    }
second-look-card = <b>⛔ {$name} asks to reject it for good</b> ({$at}). Please take a second look. The reasons:
note-line = {$name} ({$at}): {$words}
note-ask =
    Write a note for your colleagues, at most {$limit} characters, and just send it.

    Candidates see notes when they export their data, so write only what the work needs.
problem-words-long = That is too long: {$count} characters, at most {$limit}. Please send the gist of it. For example: the seal on page 2 cannot be read, please take the picture again.

button-card-more = More pages →
button-card-portrait = Send the photo again
button-card-pictures = Send photo and papers again
button-card-files = Send photo and papers again (original PDFs)
button-card-approve-next = ✅ Approve and take the next one
button-card-approve = ✅ Approve
button-card-refuse = ❌ Refuse…
button-card-whole = ← Back to the card
button-card-note = Write a note
button-card-return = Return to the queue

lost-returned = {$code} was left alone for too long and is back in the queue. To go on, take it again.
lost-taken = A colleague is working on {$code}.
lost-decided = {$code} has been decided and cannot be changed now.
lost-gone = {$code} is not yours to decide now: its candidate may have withdrawn it, or it has moved on.
closed-decided = {$code} is done.
closed-returned = {$code} is back in the queue.
closed-reopened = {$code}: an earlier decision was opened again. You need do nothing now. It returns to your queue when it is here again.
closed-expired = {$code}: the time was over before it was decided, and the application counts as given up. You need do nothing.
closed-merged = {$code}: its candidate had two accounts, and this one was closed in a merge. You need do nothing.
closed-released = {$code}: its ID number was somebody else’s, and it went back to its candidate. You need do nothing. It returns to the queue once submitted again.
closed-corrected = {$code}: the candidate’s identity was corrected, and it is back in the queue. Please look at it again with the corrected items.
closed-as-decided = <b>Your decision is void</b>, and was not sent to the candidate.
closed-as-asked = <b>Your request to reject it for good has ended</b>, and was not sent to the candidate.
closed-gone = {$code} does not need you any more.

## Refusing

refusing-head =
    <b>What is wrong?</b>
    Tap a page, a paper or the photo, then choose why. The candidate has to correct only what you tap.
refusing-nothing = Nothing is marked yet.
refusing-needs-item = Words about the whole are not enough. Please mark at least one item as well: the candidate can correct only what you mark.
refusing-clause = By its answers it does not meet: {$clause}. Tap “{button-cite-clause}” to name it as the reason; you decide what the papers prove.
refusing-words = About the whole: {$words}
picking-head = <b>{$title}</b>: which line is wrong?
picking-line = {$field}: {$value}
reasoning-ask =
    <b>{$item}</b>
    Why is it refused? Tap a reason. You can also send a sentence of at most {$limit} characters; the candidate reads it as it is.
wording-ask = Send a sentence about the whole, at most {$limit} characters. The candidate reads it as it is.
flaw-reason = · {$item}: {$reason}
flaw-words = · {$item}: {$words}
flaw-both = · {$item}: {$reason}. {$words}
problem-faults-many = At most {$limit} items can be marked. Please mark what matters most first, for example an ID document that cannot be read; the rest can be marked when it is submitted again.
sending-head = <b>Please read it once more. The candidate will see:</b>
sending-until = The candidate can correct it and submit again by {$until}; it then waits for “{$desk}” again.
sending-final = ⚠️ This refusal is <b>final</b>: the candidate cannot supplement anything.

button-cite-clause = Refuse by this clause
button-refusing-words = Say something about the whole
button-look-over = Read it before sending
button-send-refusal-next = ❌ Refuse and take the next one
button-send-refusal = ❌ Refuse
button-reject = ⛔ Reject for good (no correction)…
second-look-reasons = After a rejection for good the candidate can neither correct nor submit again. It is only for reasons that no correction removes: {$reason1}, {$reason2}, {$reason3}. For others please refuse, so that the candidate can correct them.
second-look-nobody = Somebody else has to take a second look before a rejection for good, and nobody else can do so here now. Please ask your administrator to invite one more, or refuse as usual.
second-look-asked =
    ⛔ {$code}: you asked to <b>reject it for good</b>. Your colleagues were asked for a second look.

    It counts only when one of them agrees, and the candidate does not know of it. I will tell you the result.
second-look-declined = You do not agree to reject it for good, and the colleague who asked was told. Please decide it as usual.
second-look-over = This request has been answered and cannot be taken back.
second-look-taken-back = The request is taken back, and nothing was sent to the candidate. You hold the case again; the reasons are kept in the refusal.
second-look-news = <b>A case waits for your second look</b>: {$code}. A colleague asks to reject it for good.
second-look-place = {$desk} ({$place})
second-look-told-agreed = {$code}: a colleague agreed to <b>reject it for good</b>.
second-look-told-declined = {$code}: a colleague did <b>not</b> agree to reject it for good, and decides it as usual.
second-look-told-undone = {$code}: a colleague took the agreement back; it needs a second look again.

button-second-look-agree = ⛔ Agree: reject for good
button-second-look-decline = Do not agree, decide as usual
button-second-look-back = Take the request back
toast-second-look = A colleague is asked to look
toast-rejected = Decided: rejected for good
button-let-pass = This one is all right
button-item = {$item}
button-refused-item = ❌ {$item}

## Decisions

decided-approved =
    ✅ {$code}: you <b>approved</b> it.

    You can undo this for {$seconds} seconds; then it takes effect and the candidate is told.
decided-refused =
    ❌ {$code}: you <b>refused</b> it.

    You can undo this for {$seconds} seconds; then it takes effect and the candidate is told.
decided-rejected =
    ⛔ {$code}: you and a colleague decided to <b>reject it for good</b>.

    You can undo this for {$seconds} seconds; then it takes effect and the candidate is told.
decision-taken-back = Undone; nothing was sent to the candidate. You are holding this registration again.
toast-approved = Decided: approved
toast-refused = Decided: refused

button-undo = Undo this decision

## Finding

find-ask =
    Which registration? Send its <b>code</b> (such as 2222-454), the candidate's <b>whole name</b>, or the <b>whole ID number</b>.
    The only one found is taken and its card opens at once, if it waits for you.

    You find only what is in your scope. Every search is recorded.
find-nothing = Nothing was found in your scope. Please check the code, the whole name or the whole ID number and send it again.
found-head = <b>Found</b>
found-line = {$code}  {$stage}{$held ->
        [yes] {"  with a colleague"}
       *[no] {""}
    }
history-undecided = No decision has taken effect yet.
history-line = {$at}  {$deed}

deed-case-taken = taken by staff
deed-case-returned = returned to the queue by staff
deed-case-noted = note written by staff
deed-decided = decided by staff
deed-taken-back = decision undone by staff
deed-second-look-asked = rejection for good asked for by staff
deed-second-look-declined = rejection for good declined by staff
deed-second-look-taken-back = request to reject for good taken back by staff
deed-decision-applied = decision took effect
deed-decision-void = decision void (the application left the desk before it took effect)
deed-searched = search by staff
deed-history-seen = history looked at by staff
deed-print-verified = printed form verified by staff

## Payment: the candidate paid elsewhere

button-mark-paid = {$code}: paid elsewhere
button-confirm-paid = ✅ Yes, it is paid
button-unmark-paid = Undo: not paid yet
paying-ask =
    <b>Code {$code}: has the candidate paid?</b>
    Please check the payment records of {$area} first. When you confirm, the candidate is registered and told at once.
paying-no-receipt = If there is a receipt number, send it first, then confirm. If not, just confirm.
paying-receipt = Receipt number: {$number} (if it is wrong, send it again)
problem-receipt = This is not a receipt number: it needs a letter or digit, and at most {$limit} characters. Please send it again, such as 20260204001.
payment-receipt = Receipt number {$number}
payment-marked =
    ✅ Code {$code}: marked as paid. The candidate is registered, and has been told.

    If this was a mistake, you can undo it within {$seconds} seconds.
payment-undone = Code {$code}: undone. It waits for the payment again, and the candidate has been told.
payment-undo-late = The time to undo it is over; nothing was changed. Please tell the administrator.
payment-next = You can search for the next one.

button-reopen = The decision was wrong: reopen…
reopen-ask =
    <b>{$code}: why does it have to be examined again?</b>
    Please send me the reason, for example: papers of somebody else were taken for these.
    The case then returns to the queue of your desk, and I tell the candidate that a correction is under way. Only colleagues see the reason.
reopen-nothing = There is no decision of this desk to open again; nothing was changed.
reopened-done = {$code} is back in the queue of “{$desk}”, and the candidate was told.
reopened-next = Please tap “{button-take}” and decide again.
card-photo-judged =
    { $faults ->
        [0] <b>Photo, checked by program</b>: {$fine} fine{ $left ->
            [0] {""}
           *[other] , {$left} not judged
        }
       *[other] <b>Photo, checked by program</b> (advice only): {$fine} fine{ $left ->
            [0] {""}
           *[other] , {$left} not judged
        }, {$faults} to look at
    }
card-photo-mended = The candidate chose the mended photo (turned, cropped or whitened).
card-photo-compressed = It came as a picture, compressed by the messenger.
card-photo-was-fine = A colleague said: the photo is fine.
card-photo-was-bad = A colleague said: the photo is not fine.
card-photo-said = Noted. It only counts how good the checks are, and does not touch your decision.
card-photo-same = ⚠️ <b>The same photo as on another application</b>: {$code}. Please check who it is.
card-photo-same-elsewhere = ⚠️ <b>The same photo as a candidate’s elsewhere</b>. Please check who it is.
card-photo-same-ask = The photos of both applications; the other one is {$code}. Only almost equal pixels are pointed out: neither twins with photos of their own nor a person’s own retakes. Please compare the ID; you judge.
card-photo-this = This one
card-photo-other = The other one
button-card-photo-fine = 👌 Photo is fine
button-card-photo-bad = 👎 Photo is not fine
button-card-photo-compare = See both photos
deed-photo-opinion = said whether a check of the photo was right
