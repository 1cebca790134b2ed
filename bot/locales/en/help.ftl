### Help: how it works, whom to ask, and what to do about common questions.

button-help = Help

help-text =
    <b>How it works</b>
    · Answer the questions as they come. Tap a button, or type the words on it.
    · You can leave in the middle; when you come back you find the same question.

    <b>At any time</b>
    /status your progress
    /todo what is left to do
    /calendar your dates for the phone's calendar
    /back go back one step
    /cancel stop here, back to the menu
    /language 换语言 (language)
    /print print your form
    /withdraw take back what you submitted
    /change ask for a change after the confirmation
    /reminders set the reminders
    /profile my data: see, export, erase it
    /start go on from where you stopped
help-contact = For anything else, please contact {$site}: {$contact}
help-contact-none =
    { $is-over ->
        [yes] Registration is closed, and you chose no area and site, so I do not know whose number to give you: please call the published number of your employer’s site.
       *[no] Once you have chosen area and site, their phone number stands here. You can stop at any time; all you filled in is kept.
    }
help-topics = Common questions; tap one to see what to do:

## Common questions: what goes wrong in registrations. The rules are those of the official guide and of local notices; where one is not certain, it says that what your area publishes is what counts.

button-help-others = Other topics

button-help-safe = Is it safe here?
help-safe =
    <b>Is it safe here, and how do you know that it is no scam?</b>
    · What you fill in is kept encrypted and used for the registration only. Messages with your ID number are removed from this chat once I have them.
    · Telegram's servers are outside mainland China. If you do not want that, please register with the official mini-program.
    · I never ask for a password, a code, bank details or a transfer; I take the exam fee under “{button-pay}” only. <b>Give these to nobody who asks for them.</b>
    · You are not sure: call your site first, then go on.
    · What is kept, and how to export or erase it: send /profile.

button-help-later = Go on later
help-later =
    <b>Stop now, and go on later</b>
    · Each answer is saved at once. You need not fill in everything at one time, and there is nothing to save. Closing the chat or changing the phone loses nothing, as long as you use this Telegram account.
    · When you are back, send /start: you go on with the same question.
    · You do not have a document with you: where there is “{button-skip}”, you may skip the question; elsewhere stop here and fill it in once you have it. Please do not make something up.
    · { $end ->
        [submit] The registration closes on <b>{$closes}</b> (Beijing time), and you have to submit before that. I remind you when the time is nearly over.
        [again] Correct it and submit again by <b>{$closes}</b> (Beijing time). I remind you when the time is nearly over.
       *[none] For what is still to be done, and by when, see /todo.
    }

button-help-another = Somebody else
help-another =
    <b>Register a colleague or your family, or let somebody register you</b>
    · A Telegram account registers its own person only, and an ID number has one account only. The other person sends me /start from their own account.
    · Somebody may sit beside you and help, with your account. Identity and pledge are read and confirmed by you.
    · Confirmation on site: go there yourself. If you cannot, call the site first and ask whether somebody may go for you; do not just send a colleague.

button-help-account = Password forgotten
help-account =
    <b>The password of the official platform is lost, or the recovery answer</b>
    · On the login page of the official platform (考生管理平台), use password recovery and answer the question that you set when you registered there.
    · The answer is lost too: if your WeChat is bound, log in by scanning the code; or log in by face in the official mini-program and set a new password. These ways may change from year to year; go by the official pages.
    · Nothing works: take your ID to your site and ask for help.
    · Do not register a second account; one ID number can have only one.

    <b>Never tell anybody your password or your recovery answer, and do not send them here.</b> Registering here takes no password, and I will not ask you for one.

button-help-taken = ID number taken
help-taken =
    <b>It says that the ID number is already registered</b>
    One ID number can have only one account, and you use it every year.

    <b>On the official platform</b>
    · First think whether it is your own. Candidates from before 2022 had to register anew, and the nurses' licensing exam uses the same account. If it is yours, log in with it.
    · It is not yours: take your ID to your site and apply to have that account deleted, then register yourself.

    <b>Here</b>
    · You registered with another Telegram account: please go back to that one. If you cannot, see “{button-help-moved}”.
    · You did not: tap “{button-mine}” where you confirm the number, then take your document to the site, which finds out.

    Please see to it early; /status says when registration closes.

button-help-rejected = Rejected?
help-rejected =
    <b>“Refused” and “rejected for good” are not the same</b>
    · <b>Refused</b>: some items are wrong. Tap “{button-refusal}”, correct them and submit again; you still have a chance.
    · <b>Rejected for good</b>: this application is over; it can be neither corrected nor submitted again. It is only for reasons that no correction removes, such as not being eligible, and two members of the staff looked at it separately.

    /status says which it is, and why. If you think it is wrong, take your evidence to the office that decided; a wrong decision can be put right. Your personal information, photo and education records stay for later exams.

button-help-moved = New Telegram
help-moved =
    <b>A new phone, number or Telegram account, and the earlier registration is out of reach</b>
    Your registration belongs to a Telegram account. With a new phone number the account stays: log in to it, and nothing is lost.

    <b>You can never log in to it again</b>
    1. Send me /start from the new account, and enter name and ID number as on your document.
    2. When it says that the number has an account, tap “{button-account-moved}” and choose your employer’s site.
    3. Take your ID document there yourself. The site looks at it and moves the earlier account; all you entered is kept.

    The earlier account is told. /todo shows how far it is. Please do it early: no deadline waits for it.

button-help-identity = Name or ID wrong
help-identity =
    <b>Name or ID number is wrong</b>
    Until you tap “{button-lock}” where you check your identity, you can change them yourself. That tap locks name, ID type, ID number, sex, date of birth and nationality.

    <b>Here</b>
    · Not locked yet: go on to the page where you check your identity, and tap “{button-edit-name}” or “{button-edit-number}” there.
    · Locked: tap “{button-correct-identity}” below and send a picture of the document. The site checks it and corrects it; /todo shows how far it is.

    <b>On the official platform</b>
    · You have not begun any application: you can cancel the account and register again.
    · You have: for name and ID type, apply to your site in writing, with proof of your identity. An ID number cannot be corrected; register anew with the right one.

    This takes time, so please contact your site early.

button-help-binding = WeChat not bound
help-binding =
    <b>The official platform says that WeChat is not bound, or was unbound</b>
    The official platform wants your WeChat bound before you can choose an exam. One WeChat belongs to one candidate, and once it is unbound you cannot register.

    What you can do now:
    · Log in to the official platform (考生管理平台) and bind your own WeChat in the basic info.
    · Follow the WeChat account 中国卫生人才网; official reminders come from there.
    · Do not unbind it between registration and payment.
    · It cannot be bound: please ask your site. For the exact steps go by the official pages.

    Registering here needs no WeChat; I write to you in this chat.

button-help-area = Wrong area
help-area =
    <b>You chose the wrong area</b>
    It should be the area where your employer is; confirmation and review take place there.

    <b>Here</b>
    · Not submitted yet: tap “{button-change-area}” in the summary or at the first question. I name what goes before you change, and you can undo it until you submit. Account and education records stay.
    · Submitted: tap “{button-withdraw}” first, then change the area and <b>submit again</b>.

    <b>On the official platform</b>
    · You can change the area (修改考区) only while the application is not submitted. That clears what you have filled in for this exam, so note it down first. Your account and basic info stay.

    After that, fill it in and submit again. /status says when registration closes.

button-help-point = Choosing a point
help-point =
    <b>What a point is, and which to choose</b>
    A point belongs to a site; it is where your registration is confirmed.
    · In areas that confirm online, the point is required.
    · Whether other areas want one, and which one is yours, is what your area and site publish; it differs from place to place.
    · If you are not sure, or yours is not listed: phone your site before you submit.
    · You chose the wrong one: you can change it until you submit; after that, see “{button-help-changed}”.

    /status says when registration closes.

button-help-degree = Degree not verified
help-degree =
    <b>Your degree still shows 未核验 (not verified)</b>
    The official platform checks your degree with 学信网, the national registry. That takes a while.
    · Bachelor and above, from 2002 on: while it shows 未核验 you can fill in the form but not submit it, so you have to wait for the result. 核验通过 (passed) and 核验未通过 (not passed) can both be used.
    · Junior college, and bachelor and above from before 2002: it shows 未核验 or 核验未通过, and can be used all the same.
    · Add your degree on the official platform now; do not leave it to the last days.
    · It was entered wrongly: an entry cannot be deleted, but you can add a correct one, up to 5 in all.

    This is the rule of 2023; what your area publishes for this year is what counts. If the end comes near without a result, contact your site at once. /status says when registration closes.

button-help-months = Required items
help-months =
    <b>What is easily left out</b>
    · Month of first registration: required unless the practice category is “None”. It is on your practice certificate: the first registration, not a change or renewal.
    · Month of the residency certificate: required if you hold the certificate; use the date at its foot. If you have none, leave it out.
    · Kind of employer: required if you choose “{choice-employer-other}” (其它) as your employer. Search for the full name first, and choose “{choice-employer-other}” only if it is not there.
    · Practice category: it has to go with the category that you register in.

    Not submitted yet: tap the line when you look everything over at the end. Submitted: see “{button-help-changed}”.

button-help-subjects = Subjects
help-subjects =
    <b>How many subjects there are, and how you pass</b>
    · {$count} in all: {$subjects}.
    · For the first time you register for each of them. If you have passed some, register for the others only, and pay for those only.
    · All of them have to be passed within two consecutive years, in the same specialty. Think of that before you change the specialty.
    · In recent years each subject had 100 points, and 60 were a pass; what is published for this year is what counts.
    · Your ticket says whether you write on a computer or on paper, and which subject is on which day.
    · I have no syllabus and no study material; see what the official platform publishes.

button-help-photo = Photo rules
help-photo =
    <b>What the photo must be like, and what to do when it was refused</b>
    · Background: white, not blue or red. Reviewers often look at this.
    · You: a colour ID photo from the front, no hat, both ears visible, hair above the eyebrows, no uniform, no jewellery.
    · Size: the original file from the photo studio. Do not enlarge a small photo, and do not send a screenshot.
    · Send it here: I check size and format at once, and say what is wrong and how to correct it. You can change the photo until you submit.

    <b>The official platform wants one step more</b>
    The photo has to go through its own tool (照片审核处理工具, for Windows), or it cannot be uploaded there. So a photo that passes here may still be refused there. What is officially published for this year is what counts.

button-help-changed = I changed something
help-changed =
    <b>You changed something after submitting, or your form is refused</b>
    With every change the verification code on the form changes too; a form printed before that cannot be used for the confirmation.

    <b>On the official platform</b>, if you are not confirmed yet and the confirmation is still open:
    1. withdraw, and make the change under 填写信息 (fill in);
    2. <b>submit again</b>;
    3. <b>print the form again</b>, and bring the new one.
    If one step is missing, you cannot be confirmed. If you are confirmed already, please contact your site.

    { $ways ->
        [none] <b>Here</b>: you can neither withdraw nor ask for a change now. /status says what you have to correct; for anything else, please phone at once.
       *[other] <b>Here</b>, once you are confirmed or under review: send /change to ask for a change of what your area allows, with papers and the reason. After approval you can change only that, and must submit again.
    }
    Name, ID, sex, date of birth and nationality cannot be changed this way; see “{button-help-identity}”.{ $ways ->
        [all] {""}

            <b>Submitted here</b>: tap “{button-withdraw}”, change it, submit again, and print again. /status says when confirmation ends.
       *[other] {""}
    }

button-help-history = Registered before
help-history =
    <b>You registered last year, and may be confirmed automatically</b>
    Some areas confirm candidates automatically if their data are those of last year. Whether yours does, and how, is what your area publishes.
    · After that, specialty and subjects can no longer be changed.
    · You want another specialty or other subjects: ask your site and change them <b>before you submit</b>.
    · Before you change the specialty: subjects passed in different specialties do not add up, as a rule.
    · It did not work: have your registration confirmed as everybody else, and do not miss the time. Once you have submitted, /status says when it is.

    It is the area that does this. The result is on the official platform; I cannot see it here.

button-help-confirmation = Confirming
help-confirmation =
    <b>Confirmation: what to bring, and what to do when it was missed or refused (确认不通过)</b>
    Submitting is not the end. <b>Not confirmed in time counts as giving up the exam.</b> Once you have submitted, /status says when and where.
    · On site: go there yourself with the form, your ID document, degree, qualification and practice certificates, and whatever else your site asks for. Cannot go? Ask the site first. Originals or copies: what your site publishes counts.
    · Online: the step “Please upload your papers” lists what to upload, and in which format.
    · Online: wait for the result. If it is refused, upload your papers again <b>and submit again</b> by the date that your area sets; to upload without submitting counts as giving up, too. Here each thing that was refused has a button “Change: …”.
    · You do not understand why it was refused: phone your site at once.
    · The time is over: ask your site as soon as you can. Whether anything can still be done is for site and area to decide; I cannot promise it.

button-help-review = How review works
help-review =
    <b>When the review is passed</b>
    It has two stages: the site reviews first, then the area. <b>The site's pass is not the end</b>; the area may still refuse. Only when the area has passed it is the review complete.

    Common reasons for a refusal:
    · the specialty does not go with your studies or your scope of practice
    · not enough years of work
    · a residency certificate is required, and there is none
    · your employer does not qualify, or you are registered with one where you do not work
    · papers are missing

    If you are refused: /status says what is wrong, whether it can be corrected, and by when. Phone your site if you do not understand it. Whether you are eligible is for site and area to decide.
    After the review, areas with online payment still want the fee; see “{button-help-payment}”.
    In the process picture of the official platform, dark blue is done and light blue is under way.

help-payment-here = <b>You are with {$area} and pay here</b>: after the review, from {$opens} to {$closes} (Beijing time). The status then has “{button-pay}”.
help-payment-mobile = <b>You are with {$area} and pay on the official platform</b>: after the review, from {$opens} to {$closes} (Beijing time).
help-payment-desktop = <b>You are with {$area} and pay on the official platform, at a computer</b>: after the review, from {$opens} to {$closes} (Beijing time).
help-payment-none = <b>You are with {$area}, which takes no fee online</b>: once approved you are registered. Ask the area about the fee: {$contact}
help-payment-missed = <b>You did not submit, so there is nothing to pay this time.</b> Registration is over; if there is a special reason, please call your site soon.
help-payment-here-open = <b>You are in {$area} and can pay here now</b>, by {$closes}: tap “{button-pay}” below. If your bank refuses, try another way, or call the area: {$contact}

button-help-payment = Paying the fee
help-payment =
    <b>How to pay, and what if you did not pay in time</b>
    You pay after the review is passed. Your area publishes the time and the amount.
    · Areas where you can pay here: your status has “{button-pay}”. Check specialty, subjects and amount, then pay; I tell you at once.
    · Other areas with online payment: in the process picture of the official platform tap 报名缴费, check everything, then pay. The site or the area marks you as paid here, and I tell you; if they do not, contact them with the receipt. <b>By the rules, not paid in time counts as giving up the exam.</b>
    · Some areas take it from a computer only.
    · Areas without online payment: once the review is passed you are registered; ask your site how the fee is paid.
    · Some areas give no refund; look closely before you pay.
    · You missed it: ask your site soon. The area decides whether you can still pay.
    · Invoice or receipt: ask the area that takes the fee.

    I take the exam fee under “{button-pay}” only. I never ask for a transfer, bank details or a code.

button-help-eligibility = Am I eligible?
help-eligibility =
    <b>May I take the exam?</b>
    Degree, years of work, licence and present title count, and your site and area decide. In general:
    {$rules}
    If you are not sure, ask your site <b>before you submit</b>. It is quickest to go there with your degree and licence.

button-help-print = How to print
help-print =
    <b>Printing the application form</b>
    After you submit, tap “{button-print}”. You get a PDF: print it on A4 paper, sign it, and have your employer seal it.
    · Ask again as often as you like. Before you submit you get a draft, which does not count.
    · You withdraw and change something: the verification code changes and earlier prints are void. Submit and print again.
    · Your site says where your employer's seal goes.

button-help-exam = Exam and ticket
help-exam =
    <b>Admission ticket, exam and results</b>
    · Ticket: print it on the official platform from {$tickets} on. It names the room, the time and your seat. No tickets are issued here.
    · Exam: between {$first} and {$last}; your ticket says which day and session.
    · What you may take into the room, and until when you are let in: it is on your ticket.
    · Results and certificate: on the official platform after the exam. Your area says when and where to collect the certificate.

button-help-give-up = I am giving up
help-give-up =
    <b>You no longer want to register or sit the exam</b>
    · Not submitted: do nothing; the draft lapses. To delete your data as well, send /erase.
    · Submitted: if you do not confirm (or do not pay), the application is given up at the deadline. Until confirmation ends you can also tap “{button-withdraw}” and not submit again.
    · Paid: your area's rules say whether you get the money back. Many areas do not refund.
    · Ill, pregnant or on duty that day: I cannot move the exam. Ask your site and your area whether it can be moved or the fee be refunded.

button-help-reminders = Will you remind me?
help-reminders =
    <b>What I remind you of</b>
    · Registration opens: on that day, if you tapped “{button-tell-me}”.
    · Something waits for you: in the morning 7, 3 and 1 days before it closes; not once it is done.
    · The result of each review, as soon as there is one, and a deadline that moves.
    Send /reminders to turn reminders off. Results and moved deadlines cannot be muted, because missing one costs you the exam. Keep notifications on for this chat, and send /calendar to put the dates into your calendar.

button-help-human = Talk to somebody
help-human =
    <b>You want to ask a person</b>
    I answer automatically. For anything that I cannot settle, ask your site or area. /status shows your application number: say it first on the phone.
    If nobody answers, try again during their working hours. With less than two days left, do not wait for a call back: go there.

eligibility-rules = · What the authority has published counts, and provinces add rules of their own.

# Eligibility: by the conditions of the exam file; it warns and never decides.
eligibility-yes = ✅ The published conditions <b>seem to be met</b>. The rule: {$clause}
eligibility-no = ⚠️ The published conditions <b>do not seem to be met yet</b>. The nearest one: {$clause}
eligibility-lacks-years = · {$fact}: years needed: {$years}; by {$reference}: {$has}
eligibility-lacks-event = · {$fact}: not yet
eligibility-open = ❔ I cannot tell yet whether the conditions are met, because this is not answered: {$facts}.
eligibility-close = · {$fact}: {$years} needed, {$has} given. Less than a year may be missing, so the month decides.
eligibility-lacks-number = · {$fact}: at least {$least}; the answer was {$has}
eligibility-lacks-answer = · {$fact}: {$wanted} is needed; the answer was {$has}
eligibility-earliest = With all else as it is, the first possible exam is that of {$year}.
eligibility-warns = This is advice, and you can submit all the same. Whether you are eligible is decided by the site and the area.
eligibility-staff = Reckoned from the form alone; the papers decide.
eligibility-then = <b>Assessment at the submission</b> (conditions of version {$version}):
eligibility-fact = {$fact} {$has}
eligibility-facts = From the answers: {$facts}
eligibility-never = never
eligibility-still = The conditions have changed since (now version {$version}) and say the same.
eligibility-differs = ⚠️ The conditions have changed since; version {$version} says:
eligibility-whom = <b>Want to see the conditions first?</b> Choose a category:
eligibility-head = <b>Am I eligible?</b> · {$chosen}
eligibility-which = Choose: {$fact}
eligibility-ways =
    Years count up to {$reference}. { $count ->
        [1] The published condition is:
       *[other] Any one of these will do:
    }
eligibility-way = · {$clause}
eligibility-beyond = {$beyond}. These are the general rules; areas may differ.
eligibility-no-way = The published conditions have no such case. Ask the site before you decide.
