### Broadcasts: to whom, what, until when, and what came of it.

button-broadcasts = Broadcasts
button-broadcast-new = New broadcast

broadcasts-head = <b>Broadcasts</b>
broadcasts-none = There has been no broadcast yet. Tap “{button-broadcast-new}” to begin: first choose to whom, then write. Nothing goes out before you have seen the preview.
broadcast-listed =
    {$head}, {$at}, {$name}
    “{$words}”
button-broadcast-draft = Go on with the draft
button-broadcast-open = See broadcast {$number}

## To whom

audience-ask = <b>New broadcast: to whom?</b> A line that you leave open takes everybody. Of several choices in a line, one is enough.
audience-list-ask = <b>List of candidates: which ones?</b> A line that you leave open takes everybody. Of several choices in a line, one is enough. Then choose a format below.
audience-any = {$name}: everybody
audience-only =
    { $more ->
        [0] {$name}: <b>{$codes}</b>
       *[other] {$name}: <b>{$codes}</b> and {$more} more
    }
audience-or = {$first}, {$then}
audience-stage = Stage
audience-area = Area
audience-site = Site
audience-specialty = Specialty
audience-missing = Still without
audience-language = Language
audience-seen = Has seen the last notice
audience-stage-ask = People at which stage? You can choose several:
audience-area-ask = People of which areas? You can choose several:
audience-site-ask = People of which sites? You can choose several:
audience-specialty-ask = People of which specialties? You can choose several:
audience-missing-ask = People who still lack what? You can choose several:
audience-language-ask = People of which language?
audience-seen-ask = Does it matter whether they have tapped “{button-seen}”?
button-audience-stage = Stage…
button-audience-area = Area…
button-audience-site = Site…
button-audience-specialty = Specialty…
button-audience-missing = Still without…
button-audience-language = Language…
button-audience-seen = Seen or not…
button-audience-done = ← Done
button-broadcast-write = Next: the text
button-page-before = ← Before
button-page-after = More →
audience-ticked = ✓ {$name}
audience-unticked = ○ {$name}
audience-count = { $count ->
    [one] <b>1</b> person meets this now:
   *[other] <b>{$count}</b> people meet this now:
}
audience-nobody = Nobody meets this now. Please choose fewer conditions.
audience-language-count = · {$name}: {$count}
audience-unreachable = · {$count} of them cannot be reached (bot blocked, account closed) and are left out
audience-unreachable-listed = · {$count} of them cannot be reached (bot blocked, account closed)
audience-to = <b>To those who meet all of this:</b>
audience-to-all = <b>To everybody within your scope</b>: no condition is chosen
stage-none = Not begun
missing-account = no identity entered
missing-application = no registration begun
missing-photo = no photo
missing-materials = papers not complete
missing-submission = not submitted, or withdrawn since
missing-resubmission = sent back, and not submitted again
missing-payment = not paid, and no claim to have paid
seen-yes = seen
seen-no = not seen

## The text

broadcast-text-zh-cn = <b>Please send the Chinese text</b>, at most {$limit} characters. Without an English text, everybody gets this one.
broadcast-text-en = <b>Please send the English text</b>, at most {$limit} characters, or tap “{button-skip}”.
broadcast-written = <b>Written already:</b> “{$words}”. To change it, send the whole text anew; to leave it, tap “{button-broadcast-keep-text}”.
button-broadcast-keep-text = Keep this text →
button-broadcast-drop-text = Without this text
broadcast-may-attach = To add a photo or a file, send it and write the text as its caption (at most 1,024 characters).
broadcast-has-photo = It has a photo. Send another one to replace it.
broadcast-has-document = It has a file. Send another one to replace it.
broadcast-placeholders = Words in braces are replaced by the reader's own:
broadcast-placeholder = {"{"}{$name}{"}"} {$about}
placeholder-name = name
placeholder-code = code
placeholder-area = area
placeholder-site = site
placeholder-specialty = specialty
placeholder-stage = stage
placeholder-deadline = deadline
placeholder-name-about = the reader's name; “candidate” where none is given yet
placeholder-code-about = the code of the registration
placeholder-area-about = the chosen area
placeholder-site-about = the chosen site
placeholder-specialty-about = the chosen specialty
placeholder-stage-about = how far the registration is
placeholder-deadline-about = until when the present step is possible
broadcast-file-kept = All right, the file is here. Now please write the text.
broadcast-file-dropped = All right, without the file.
button-drop-file = Without the file
broadcast-reader = candidate
broadcast-moment = {$at}

problem-audience-empty = There is nobody to write to, so this cannot go on. Please choose fewer conditions, or wait until somebody meets them.
problem-broadcast-empty = There is no text yet. Please write a few words, such as: Hello {"{"}name{"}"}, please submit before {"{"}deadline{"}"}.
problem-broadcast-unknown = I do not know these words: {$names}. Please use those listed below, or leave the braces out.
problem-broadcast-brace = A brace has no partner, near “{$near}”. Please write it like {"{"}name{"}"}, or leave it out.
problem-broadcast-long = The text is too long: with each reader's own words it may have {$length} characters, and {$limit} is the limit. Please take out at least {$over}.
problem-broadcast-cut = The text is too long: Telegram cut it into several messages, so none of them was used. Please shorten it to at most {$limit} characters and send it again.
problem-broadcast-caption = With a photo or a file the limit is {$limit} characters. With each reader's own words this may have {$length}. Please take out at least {$over}, or tap “{button-drop-file}”.
problem-broadcast-start = Please write the start like this: {$example}. It has to lie ahead, by 90 days at most.
problem-broadcast-late = Too late: the last message would go out {$last}, and the deadline is {$deadline}. Please start before {$start}, or write to fewer people.
problem-broadcast-never = Too late: started now, of {$count}, only {$reached} would get it before {$deadline}. Please write to fewer people, the most urgent first.

## The plan

broadcast-plan = <b>Please look once more, then confirm</b>
broadcast-starts-now = Starts as soon as you confirm
broadcast-starts = Starts {$at}
broadcast-start-how = To start later, tap a time below or send one, for example {$example}
broadcast-last = The last message goes out about {$at} (within {$minutes} min); there is room for replies
broadcast-deadline = Must arrive before {$at}
broadcast-beside = Other broadcasts go out at the same time (messages: {$count}). They take turns, so this one is slower
broadcast-price = Paid and fast: it costs <b>{$stars}</b> Telegram Stars of the bot's balance (messages: {$count})
broadcast-night = Please note: some of it goes out between 22:00 and 8:00. Daytime may be better.
broadcast-gaps = Please note: sample {$samples} has a gap, it reads “{value-skipped}”. Please word it differently, or send it to fewer people.
broadcast-sample = <b>Sample {$number}</b> (name and code are hidden)
broadcast-tested =
    { $count ->
        [1] Here you are: the message above is the test.
       *[other] Here you are: the {$count} messages above are the test, one in each language.
    }
button-broadcast-confirm = ✅ Confirm and send
button-broadcast-try = Send it to me first
button-broadcast-deadline = Change the deadline
button-broadcast-paid = Paid and fast: on / off
button-broadcast-audience = Change to whom
button-start-at = Start {$at}
button-start-now = Start at once instead
broadcast-same = {$name} has sent the same text to the same people, {$at}. So it is not sent again. To send more, please change the text.
broadcast-same-own = You have sent the same text to the same people, {$at}. So it is not sent again. To send more, please change the text.

## The progress

broadcast-head = <b>Broadcast {$number}</b>: {$state}
broadcast-report-below = It has ended; the result is in the message below.
broadcast-state-draft = not sent
broadcast-state-planning = listing the people
broadcast-state-scheduled = waiting for its time
broadcast-state-running = being sent
broadcast-state-paused = paused
broadcast-state-cancelling = being cancelled
broadcast-state-cancelled = cancelled
broadcast-state-finished = finished
broadcast-total = { $count ->
    [one] 1 person
   *[other] {$count} people
}, {$done} of them done
broadcast-outcome = · {$outcome}: {$count}
broadcast-why = – {$why}: {$count}
broadcast-ends = At this pace it ends about {$at}
outcome-planned = waiting
outcome-claimed = about to be sent
outcome-sent = sent
outcome-refused = not delivered
outcome-overtaken = no longer concerned, not sent
outcome-cancelled = cancelled, not sent
outcome-unknown = unknown whether it arrived
why-forbidden = has blocked the bot
why-deactivated = account closed
why-never-answered = has never written to the bot
why-gone = chat not found
why-erased = has erased their data
why-late = after the deadline
why-code = refused by Telegram ({$code})
broadcast-unknown = Unknown whether it arrived: {$count}. The connection broke at that moment. I do not send it again, since nobody should get it twice. If it matters, please call: {$codes}
broadcast-cancel-ask = <b>Cancel this broadcast?</b> Sent already: {$sent}. Will not get it any more: {$left}. A cancelled broadcast cannot go on.
broadcast-list-title = People who did not get the broadcast
button-broadcast-pause = ⏸ Pause
button-broadcast-rest = ▶️ Send the rest
button-broadcast-failed = Try again where it failed
button-broadcast-ask = Cancel…
button-broadcast-cancel = Yes, cancel it
button-broadcast-show = No, show the progress
button-broadcast-file = Who did not get it (table)
toast-broadcast-pause = Paused
toast-broadcast-rest = Going on
toast-broadcast-failed = Trying again
toast-broadcast-cancel = Cancelled
toast-broadcast-over = It has changed meanwhile; please see the progress
column-code = Code
column-outcome = Outcome
column-why = Why
