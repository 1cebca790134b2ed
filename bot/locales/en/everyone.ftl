### What anybody meets: language, consent, menu, and when something was not understood.

pattern-moment = EEE d MMMM y, HH:mm
pattern-day = EEE d MMMM y

language-ask-zh-cn = 请选择语言：
language-ask-en = Please choose your language:
language-name-zh-cn = 中文
language-name-en = English
language-changed = All right, English from now on.

consent-ask =
    <b>Hello, I am the registration assistant.</b>
    I go through the registration for the “{$exam}” with you, step by step. You can stop at any time and go on later.

    <b>Before we start</b>
    · Who is responsible: the authority that organises this registration. The staff of the site and area that you choose can see your data.
    · What is kept: name, ID, ethnic group, contact, education, employer, application and photo, and your papers where the area confirms online. It is used for the registration only.
    · For how long: account, photo and education until you erase them, so that next year you need not fill them in again. An application can be erased until you submit it; after that site and area keep it as the rules say.
    · How it is protected: it is kept encrypted. Messages with your ID number are removed from this chat once I have them.
    · <b>Your data leaves mainland China</b>: Telegram's servers are elsewhere, and your messages, photos and files pass through them; we cannot delete what Telegram keeps. If you do not want that, please register with the official mini-program.
    · With /profile you can see, export and erase your data at any time.

    Do you agree that we use your data in this way?
consent-declined = All right. Apart from this chat and your language I have saved nothing. Without your agreement you cannot register here; you can come back at any time.
consent-later = All right, nothing is lost. Come back whenever you want to register: tap “{button-consent}”, or type “agree”.
consent-how = I have not had your agreement yet, so we cannot go on. Tap “{button-consent}”, or type “agree”; take your time, you can come back whenever you like.

menu-title = <b>{$exam}</b>
menu-will-tell = I will tell you as soon as it opens.
opening-noted = Noted.
opening-told = Registration for the <b>{$exam}</b> is open. It closes on {$closes} (Beijing time).

start-again = Welcome back. You stopped here:
cancel-submitted = Your application has been submitted; this command does not cancel it.
submitted-withdraw = To change or to cancel it, withdraw it with /withdraw.
submitted-change = It can no longer be withdrawn. To change something, ask for it with /change.
back-menu = This is the menu; no question comes before it.
back-submitted = Your application has been submitted, so you cannot go back to its questions.
cancel-done = All right, we stop here. Everything you filled in is kept; tap “{button-resume}” to continue at any time.
back-nothing = This is already the first step.

unknown-edited = I cannot see changes to messages already sent; your first answer stands. To change this answer, send it again; for an earlier one go /back to it, or tap its line when you look everything over at the end.
unknown-stale = That button belongs to an earlier question and has expired. We are here now:
unknown-early = You sent that before you could see this question, so I did not take it as the answer. Please see here:
unknown-kind = I cannot use that here. This is the present step:
unknown-voice = I cannot listen to voice or video messages. Please type it, or tap a button. This is the present step:
lost-first =
    Sorry, I didn't get that. Do you mean one of these?
    You can also say it in another way, such as “how do I pay”, “change my phone number” or “when is the deadline”.
asked-several = You asked several things. Tap each for its answer:
lost-again = Sorry, I still didn't get that. This is the present step:
lost-often = I am sorry, I have not understood you several times. { $is-named ->
        [yes] Please contact these people directly:
       *[no] Here is how to find somebody to ask:
    }
toast-stale = This button has expired
toast-twice = Already received

trouble-apology = Sorry, your last message could not be handled; our operators have been told. What you filled in before is safe. Please tap “{button-here}” and try again.
trouble-alert = An update failed and was set aside: {$update}
trouble-stuck = A decision of the staff could not take effect and was set aside (no. {$verdict}). The others go on; this one is tried again in 10 minutes and then less often. Please have the log looked at.
trouble-conflict = ⚠️ Another program receives messages with the same bot token: each message reaches only one of the two, and candidates’ answers are split. Please stop the other one at once; if you cannot find it, change the token at @BotFather.
trouble-many = That was too fast: I did not read your last messages; the earlier ones are kept. Please wait a moment, then tap “{button-here}”.
trouble-job = Scheduled work failed again and again and was set aside: {$kind} {$key}. The rest goes on. Please have the log looked at, then run: baoming jobs retry {$kind} {$key}

clock-now = It is {$now}.
clock-format = Write it like this: /clock +30m, /clock +2h or /clock +3d
clock-far = At most {$days} days forward at a time.
clock-refused = This command is for the administrators of the sandbox only.

bot-description =
    Register here for the “{$exam}”: answer question by question, follow the progress, hear the results.
    Everything you fill in is kept. You can stop at any time and go on later.
    Tap “Start” to begin.
bot-short-description = {$exam}: register question by question, with progress and results.
bot-short-description-plain = Register for an exam question by question, with progress and results.
command-start = begin or go on
command-status = progress and what to do
command-help = help
command-back = one step back
command-cancel = stop here, back to the menu
command-language = language / 语言

button-consent = I agree, let's start
button-reread = Read it again
button-decline = I do not agree
button-here = Back to the present step
button-leave = Stop here for now
button-resume = Go on
button-tell-me = Tell me when it opens
button-status = My progress
button-menu = Menu
button-language = Language 语言
button-back = ← Back
button-skip = Skip
button-why = Why?
button-keep = Keep it, go on

value-now = Your answer now: <b>{$value}</b>
value-years = { $years ->
        [one] {$years} year
       *[other] {$years} years
    }
value-skipped = (left blank)
problem-choice = Please choose one of the buttons below, or type the words on it.

### A birth date has no day of the week.

birthday = {$day} { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
 } {$year}
exam-change-told = <b>The exam definition has changed</b>: version {$number} is in force now. Everybody whose deadline moved is told once; nothing that ends within 24 hours is given up by itself. To take it back, run baoming exam revert on the server.
exam-change-refused-told = <b>A change of the exam is not in force</b>: version {$number} has mistakes, or lacks what applications refer to ({$why}). The old definition goes on, and nothing has changed.
