### Cases: the ID number, another Telegram account, corrections. Candidates apply, site or area decides.

case-opened-number-taken =
    <b>Noted. {$site} finds out whose number this is.</b>
    Please take your ID document to: {$address}, phone {$contact}. Until then the number cannot be confirmed; all you entered stays.
case-opened-account-moved =
    <b>Noted. {$site} moves your earlier account here once it has seen your ID document.</b>
    Please take it there yourself: {$address}, phone {$contact}. All you entered will be here.
case-opened-identity =
    <b>{$site} has your application.</b>
    { $has-proof ->
        [yes] Your picture of the document is with it. If you have questions, please phone {$contact}.
       *[no] Please take the document to: {$address}, phone {$contact}.
    }
    I will tell you the result at once; /todo shows how far it is.

case-waits-number-taken = <b>{$site} is finding out whose ID number yours is</b> (since {$since}). Please take your ID document to: {$address}, phone {$contact}.
case-waits-account-moved = <b>{$site} is to move your earlier account here</b> (since {$since}). Please take your ID document there yourself: {$address}, phone {$contact}.
case-waits-identity = <b>{$site} is checking your correction</b> (since {$since}). If you have questions, please call {$contact}.
case-waits-contested =
    <b>⚠️ Somebody says that your ID number is theirs</b> ({$since}); {$site} is finding out.
    If this account is yours, please call {$contact} soon.

case-agreed-number-taken = <b>The number is yours, and you can confirm it now.</b> Tap “{button-resume}”, check it and confirm.
case-agreed-account-moved = <b>Your earlier account is here now.</b> All you entered is kept. Use this Telegram account from now on; the old one no longer works.
case-agreed-identity = <b>Corrected.</b> See the new name and number in /profile.
case-print-again = Your form is a new one: earlier prints are void, please print it again.
case-declined-number-taken = <b>The staff did not agree that the ID number is yours.</b>
case-declined-account-moved = <b>The staff did not agree to move the earlier account here.</b>
case-declined-identity = <b>The staff did not agree to your correction. Name and number stay as they were.</b>
case-declined-words = Reason: “{$words}”

contested-number-taken =
    <b>⚠️ Somebody says that your ID number is theirs.</b> The site will look at ID documents.
    If the number is yours, please call soon.
    If you typed it wrong, please call the site and have it corrected.
contested-account-moved =
    <b>⚠️ Somebody wants to move your account to another Telegram account.</b> The site does so only after it has seen the ID document.
    If that is you, there is nothing to do.
    <b>If it is not you, please call at once.</b>
account-left =
    <b>Your registration account has been moved to another Telegram account.</b>
    The site has seen the ID document. This account no longer shows that application.
    <b>If that was not you, please call at once.</b>
number-released =
    <b>Your account is unlocked: the site found that the ID number belongs to somebody else.</b>
    Your application is not submitted any more; all you entered stays. Send /start, confirm your own ID number and submit again.

button-account-moved = It is my earlier account; I changed Telegram
button-correct-identity = Correct name or ID number

correct-item-ask =
    <b>Which item is wrong?</b>
    Name: {$name}
    {$idtype}: {$number}

    It is locked; only the site can correct it after seeing the document.
correct-name-ask = <b>What is the right name?</b> Exactly as on the document, please.
correct-number-ask =
    <b>What is the right ID number?</b>
    {$shape}.
    I delete your message from the chat afterwards.
correct-proof-ask =
    <b>Please send a picture of the document</b>, with name and number readable. Only the staff who check it see it, and it is deleted with the result.
    You can also take the original to the site instead.
correct-proof-kept = Received and saved.
correct-review = <b>Please check your application:</b>
correct-line = {$item}: {$old} → <b>{$new}</b>
correct-with-scan = With a picture of the document.
correct-with-original = Without a picture: please take the original to the site.
correct-until = Until the site agrees, the former name and number count. If you have submitted, the form becomes a new one then, and earlier prints are void.
correct-nothing = There is nothing to correct.
correct-waits = <b>One application of yours is being checked; wait for its result before the next one.</b>
correct-not-locked = Your identity is not locked yet, and you can change it yourself: go on registering, and tap the item when you check it.
problem-correct-same = That is what is registered already. Please look at the document again and send the right one.
button-correct-name = Name
button-correct-number = ID number
button-correct-bring = No picture, I take the original there
button-correct-apply = Send the application

## Staff

command-cases = Identity cases
button-cases = Identity cases
cases-head = <b>Identity cases</b>: { $count ->
        [one] {$count} waits
       *[other] {$count} wait
    } for you
cases-none = <b>Identity cases</b>: none waits for you.
cases-line = {$number}. {$kind}  {$whose}  {$place}  since {$at}
cases-line-pair = {$number}. {$kind}  {$whose}, {$other}: {$what}  {$place}  found {$at}
case-kind-number-taken = number registered by somebody else
case-kind-account-moved = new Telegram account
case-kind-identity = correction of name or number
queue-cases =
    Identity cases: {$count}, the oldest since {$since} (Beijing time). { $blocking ->
        [0] All are hints of the kind “{case-kind-duplicate}”; they keep nobody from registering
       *[other] Candidates who wait for them may be unable to register
    }
case-news = <b>An identity case came</b>: {$kind}  {$place}
case-card-head =
    <b>{$kind}</b>  {$place}  since {$at}
    Applicant: <b>{$name}</b>
    ID number: <code>{$number}</code>
case-with-scan = The picture of the document is above. Please compare it sign by sign.
case-with-original = No picture; the applicant brings the original.
case-proof = The applicant’s document. Only to compare; do not forward it.
case-same-person = Name, sex and birth date of that account <b>agree</b> with the applicant’s.
case-other-person = ⚠️ Name, sex or birth date of that account <b>differ</b> from the applicant’s. Look at the original carefully.
case-stage = That application: {$code}  {$stage}
case-no-form = No application for this exam yet.
case-is-decided = Decided; the undo window is open.
case-closed = This case is settled.
case-gone = <b>Nothing to decide any more</b>: {$kind}  {$place}  The candidate erased all their data.
case-cannot-no-owner = ⚠️ No other account has this number now: the applicant can simply confirm it. Decline and say so.
case-cannot-confirmed = ⚠️ The application with this number has been confirmed, so somebody has seen an ID document. That site goes first: who confirmed it taps “{button-reopen}” in its record, and the other person corrects the number. Then come back here.
case-cannot-number-used = ⚠️ Another account has the number applied for; it cannot be changed to that.
case-cannot-changed = ⚠️ The applicant has gone on with another number since. Tap “{button-case-decline}” and say so.
case-cannot-used-up = ⚠️ Cannot be corrected here: this application was submitted with changed content 99 times, so no new verification code is left. Tap “{button-case-decline}” and tell the candidate to have it corrected on the official platform.
case-decline-ask = <b>Why not?</b> Send one sentence of at most {$limit} characters; the applicant reads it as it is.
problem-case-words = Please write one sentence of at most {$limit} characters; the applicant reads it. For example: the document shows another name
case-decided-agreed =
    ✅ You <b>agreed</b>.

    You can undo this within {$seconds} seconds; then it takes effect and both sides are told.
case-decided-declined =
    ❌ You <b>declined</b>.

    You can undo this within {$seconds} seconds; then it takes effect and the applicant is told.
case-undone = Undone, and nothing was sent.
case-undo-late = The time to undo is over, or you did not decide this one.
case-applied = <b>Settled</b>: {$kind} · {$place} · {$how}
case-how-agreed = ✅ agreed
case-how-declined = ❌ declined
case-how-merged = ✅ merged
case-how-apart = ✅ two different people
case-how-void = ⚠️ without effect, back in the queue
case-void = <b>A case that you agreed to did not take effect</b> and waits again:
button-case = Open no. {$number}
button-case-open = Open it
button-case-next = Open the next one
button-case-agree-number-taken = ✅ Original seen: it is the applicant’s
button-case-agree-account-moved = ✅ Original seen: move the account
button-case-agree-identity = ✅ As on the document: correct it
button-case-decline = ❌ Decline…
toast-case-agreed = Agreed
toast-case-declined = Declined

deed-case-seen = identity case looked at by staff
deed-case-decided = identity case decided by staff
deed-case-undone = decision on an identity case undone
deed-case-applied = decision on an identity case took effect
deed-case-void = decision on an identity case void
deed-identity-corrected = name or ID number corrected, form renewed
deed-number-released = ID number found to be another person’s, account unlocked
deed-account-moved = account moved to another Telegram account

### Two accounts that may be one person's

case-duplicate = two accounts that may be one person's
case-waits-closed =
    <b>This account is closed: you have another one, and that one is kept.</b>
    Please use your other Telegram account. All you entered here is kept; you can export it in /profile.
    <b>If that is wrong, or you lost the other account, please call {$contact} at once.</b>
account-kept =
    <b>You have two accounts; after a check this one is kept.</b>
    Your registration goes on, there is nothing to do. The other account is closed.
    If that one is not yours, please call.
account-closed =
    <b>This account is closed: you have another one, and that one is kept.</b>
    The registration here was returned and its printed form is void; all you entered is kept. Please use your other Telegram account.
    <b>If that is wrong, or you lost the other account, please call at once.</b>
account-reopened =
    <b>Your account is open again: you and the other account are two people.</b>
    Send /status to see what is left to do. A returned registration has to be submitted again in time.
problem-account-closed =
    <b>Not submitted: this account is closed.</b> You have another one; please use that Telegram account.
    If that is wrong: {$whom}

case-kind-duplicate = perhaps one person
likeness-number = same ID number
likeness-name = similar name and same birth date
likeness-photo = same photo
likeness-phone = same mobile number
duplicate-head = <b>Two accounts that may be one person's</b> · {$place} · found {$at}
duplicate-side =
    <b>{$number}.</b> {$code} · {$stage} · {$place}
    {$name} · {$idtype} {$tail} · mobile {$phone} · submitted {$at}
duplicate-side-empty = <b>{$number}.</b> {$name} · {$idtype} {$tail} · no registration for this exam
duplicate-elsewhere = a registration outside your scope
duplicate-alike = When found: {$what}
duplicate-same = The same now: {$items}
duplicate-other = Different now: {$items}
duplicate-near-name = name (similar)
duplicate-careful = Twins, family, colleagues and namesakes look like this, too. If in doubt, call first, or see the ID document.
duplicate-ask = The account that is closed gets its unconfirmed registration back; everything is kept, and it can be opened again.
duplicate-is-asked = <b>{$name} says that they are one person</b>: keep {$kept}, close {$closed}. It counts once a second person agrees.
duplicate-nobody = Closing an account with a registration takes two people, and there is no second one here. Please ask the area reviewer.
duplicate-taken-back = Taken back. Nothing was sent.
duplicate-refused = You do not agree to merge; the case is back in the queue.
duplicate-reopened = The account is open again and its candidate was told. You will not be asked about this pair any more.
duplicate-closed-agreed = This case is done: merged, and one account was closed.
duplicate-closed-declined = This case is done: two people, not asked again.
duplicate-cannot-confirmed = ⚠️ The registration to be closed is confirmed; somebody has seen the document. Let its desk open it again first, or keep that one.
duplicate-cannot-other-case = ⚠️ The account to be closed has another identity case. Please settle that one first.
duplicate-cannot-kept-not-filed = ⚠️ The one to be kept was not submitted, or has ended. Keep the other one, or the candidate has none.
duplicate-photo = account {$number}
duplicate-photos = The photos of both accounts (1: {$first}; 2: {$second}): are they one person? They are not masked; do not forward them.
duplicate-decided-agreed =
    ✅ You decided to <b>merge</b>.

    You can undo it for {$seconds} seconds; then it takes effect and both accounts are told.
duplicate-decided-declined =
    ✅ You decided: <b>two people</b>. You will not be asked again.

    You can undo it for {$seconds} seconds. Neither of them gets a message.
duplicate-news-asked = <b>A colleague says that two accounts are one person; it needs your agreement</b>: {$place}
duplicate-news-refused = <b>The second person does not agree to merge the two accounts</b>; the case is back in the queue: {$place}
duplicate-news-agreed = <b>The second person agreed, and the two accounts are merged</b>: {$place}
duplicate-news-void = <b>The merge that you asked for did not take effect</b>; the case is back in the queue: {$place}
button-duplicate = Compare the two accounts: {$code}
button-duplicate-merge = One person: keep {$kept}, close {$closed}
button-duplicate-apart = Two people, do not ask again
button-duplicate-agree = ✅ Agree, close {$closed}
button-duplicate-disagree = Do not agree to merge
button-duplicate-back = Take the request back
button-duplicate-photos = Compare the two photos
button-account-reopen = Closed by mistake, open the account again
toast-duplicate-agreed = merging
toast-duplicate-declined = two people
card-duplicate = 👥 May be the same person as another account ({$code}): {$what}
card-duplicate-whom =   The reviewers of {$place} decide; deal with this one as usual. If you see in person that it is one, or clearly two, tell them: {$contact}
case-cannot-other-case = ⚠️ The account to be closed has another identity case. Please settle that one first.
case-cannot-kept-not-filed = ⚠️ The one to be kept was not submitted, or has ended.

deed-merge-asked = asked to merge two accounts
deed-merge-declined = did not agree to merge
deed-merge-taken-back = took back the request to merge
deed-account-closed = account closed, the person keeps another one
deed-account-reopened = opened a closed account again
