### Reminders, the to-do list and the calendar. All times are Beijing time.

command-todo = What I still have to do
command-reminders = Reminders: on or off
command-calendar = Put the dates into my calendar

remind-scheduled = <b>A reminder: this still waits for you.</b>
remind-withdrawn = <b>A reminder: you withdrew your registration and have not submitted it again.</b>
remind-payment-claimed = <b>The payment closes soon, and the area is still checking the payment that you told of.</b> To ask for the result, call the area.
remind-own = <b>This is the time you chose.</b>
remind-moved = <b>The deadline has changed. Please go by this one.</b>
remind-question = <b>When will you do it?</b> Choose a time, and I will remind you once then.
remind-begin = You have not begun the form yet. <b>Without submitting it in time you cannot register for this exam.</b>
remind-case = Your ID number is not verified yet, and you cannot register before it is. <b>Please have it done by {$closes} (Beijing time); after that you cannot register.</b>
remind-exam-eve = <b>The exam begins tomorrow.</b> Please look at your admission ticket once more today: which day, what time, where.
remind-exam =
    The exam is between {$first} and {$last}; your day and session are on your admission ticket.
    Bring your admission ticket and the ID you registered with, both originals. <b>Without the ticket you cannot sit the exam.</b>
remind-exam-next = <b>You have another session tomorrow.</b>
exam-sessions = <b>Your sessions (Beijing time):</b>
exam-session = · {$begins} to {$ends}: {$subjects}
remind-exam-bring =
    Room and seat are on your admission ticket. If its times differ, go by the ticket.
    Bring your admission ticket and the ID you registered with, both originals. <b>Without the ticket you cannot sit the exam.</b>

gap-head = <b>Still missing:</b>
gap-account = · the ID number is not confirmed
gap-form = · the form is not complete; it stops at “{$page}”
gap-photo = · the photo is not confirmed
gap-material = · {$name} is not uploaded
gap-check = · there is no result of the degree check yet
gap-submit = · the last step: tap “{button-resume}” to look it over, then “{button-submit}”
gap-resubmit = · the last step: tap “{button-resume}” to look it over, then “{button-resubmit}”

button-todo = What is still to do
button-reminders = Reminder settings
button-reminders-off = Turn reminders off
button-reminders-on = Turn reminders on
button-when-tonight = Tonight: {$at}
button-when-tomorrow = Tomorrow: {$at}
button-when-weekend = Weekend: {$at}
button-when-day-before = Day before: {$at}
button-when-last-day = Last day: {$at}

remind-is-on =
    <b>Reminders are on.</b>
    I remind you only while there is something for you to do: at most 3 times a deadline, and once a day. I do not within two hours of anything you did here, nor between 22:00 and 8:00, unless the deadline is that night.
remind-is-off =
    <b>Reminders are off.</b>
    I will not call you before a deadline, so please note the dates yourself. Send /todo at any time to see what is still to do.
remind-own-at = Your own reminder: {$at} (Beijing time)
remind-statutory = Three notices cannot be turned off: the result of a review, a deadline that moves, and a registration that counts as given up. The rules say that you must be told; without them you could lose the exam.
remind-off-done = All right, I will not remind you any more.
remind-on-done = All right, I will remind you again.
remind-promised = Noted: I will remind you once, on <b>{$at}</b> (Beijing time). If it is done by then, I will not.
remind-too-late = That time is over, or after the deadline. Please choose another one.
remind-nothing = There is nothing for you to do now, so there is nothing to remind you of.

button-calendar = Into my calendar
calendar-told = Please open this file to add the dates to the calendar of your phone or computer. <b>When a date has moved or something is done</b>, get it again and open it again: your calendar is updated.
calendar-empty = There are no dates for a calendar now.
calendar-submit = Deadline: submit the registration
calendar-visit = Deadline: confirmation on site
calendar-correction = Deadline: correct it and submit again
calendar-payment = Deadline: pay the fee
calendar-ticket = Print the admission ticket
calendar-exam = Exam
calendar-session = Exam: {$subjects}
calendar-place = {$site}, {$address}, phone {$contact}
calendar-else-submit = If it is not submitted in time, you cannot register this time.
calendar-else-visit = Go yourself, with the form, your ID, and your degree, qualification and practice certificates. A registration not confirmed in time counts as giving up the exam.
calendar-else-correction = Not submitted again in time counts as giving up the exam.
calendar-else-payment = Not paid in time counts as giving up the exam.
calendar-else-ticket = Print it on the official platform. Without the ticket you cannot sit the exam.
calendar-else-exam = Your day and session are on your admission ticket. Bring it with the ID you registered with.
calendar-else-session = Room and seat are on your admission ticket; if its times differ, go by the ticket. Bring it with the ID you registered with.
