### Withdrawing, changing, another area.

command-withdraw = Withdraw what you submitted

button-withdraw = Withdraw to change
button-withdraw-yes = Yes, withdraw
button-withdraw-no = Do not withdraw

withdraw-ask =
    <b>Withdraw your application?</b>
    The site then stops working on it, and you can change it.
    <b>You must submit it again by {$closes} (Beijing time). If you do not, you give up the exam.</b>
withdraw-ask-print = Printed form: once you change anything, the old print is void. Print again after you submit. If you change nothing, the old print stays valid.
withdraw-done = <b>Withdrawn. Your application is not submitted now.</b> Change it, then submit it again by {$closes} (Beijing time).
withdraw-withdrawn =
    Your application is withdrawn, and is not submitted now.
    You did not want that: change nothing, tap “{button-resume}”, look it over and submit it again. Submit by {$closes} (Beijing time); otherwise it counts as giving up the exam.
withdraw-draft = Your application is not submitted now. You need not withdraw it: just change it.
withdraw-refused = Your application did not pass. You need not withdraw it: tap “{button-refusal}” to correct it.
withdraw-rejected = Your application was rejected for good. It cannot be changed, and you need not withdraw it.
withdraw-late = Confirmation ended on {$closes} (Beijing time). You can no longer withdraw. Please call and say what is wrong.
withdraw-confirmed = This application can no longer be withdrawn. Please call and say what is wrong.
withdraw-decided = The staff have just decided, so you cannot withdraw now. You will get the result in a moment.
withdraw-often = Not withdrawn: you have withdrawn {$limit} times within 24 hours. Your application is still submitted, and nothing has changed. To change it, please withdraw again later.

status-withdrawn = <b>Not submitted</b>: you withdrew your application on {$at} (Beijing time).
now-withdrawn-early = You can submit it again from {$opens} until {$closes} (Beijing time). Your answers are kept.
now-withdrawn-open = <b>Submit it again by {$closes} (Beijing time), or you give up the exam.</b>
now-withdrawn-over = You did not submit it again by {$closes} (Beijing time), so you have given up the exam. If there was a special reason, please call soon.
summary-withdrawn = <b>Not submitted now. Submit again by {$closes} (Beijing time), or you give up the exam.</b> To change a page, tap its button.

stage-withdrawn = withdrawn, not submitted again

deed-withdrawn = application withdrawn
closed-withdrawn = { $code }: the candidate withdrew the application. You need do nothing. It returns to the queue once submitted again.

### Printing the form.

command-print = Print the form

button-print = Print the form
toast-print = Your form is being made. It comes in a moment
print-waiting = Your form is being made. It comes in a moment.
print-nothing = There is nothing to print yet. Please choose your area and fill in the form first.
print-over = This registration counts as given up. You need not print the form.
print-over-rejected = Your application was rejected for good. You need not print the form.
print-file = form-submission-{$number}
print-file-draft = form-draft
printed-number = <b>Your form, submission no. {$number}.</b>
printed-void = The print of submission no. 1 is void.
printed-void-all = The prints of submissions no. 1 to {$last} are void.
printed-how = Print it on A4 paper, sign it, and have your employer seal it.
printed-draft =
    <b>This is a draft. You cannot use it for the confirmation.</b>
    Print again after you submit: then the form has its code.
printed-boxes = The printer has no shape for: <b>{$characters}</b>. The form shows a box with a code. Please write it beside the box by hand, and tell your site.
problem-print = Your form could not be made this time. Please tap “{button-print}” again in a while. If it is urgent, contact your site.

### Changing the area.

button-change-answer = Change an earlier answer
button-change-area = Another area
change-which = All right. You have not submitted yet, so you can change everything: tap the page below, then the line.
change-later = All right. You have not submitted yet, so you can change everything: go back with “{button-back}”, or tap the line when you check everything at the end.
button-area-undo = Undo the change of area
button-area-move = Change to {$to}
button-area-stay = Stay here
button-area-keep = ✓ Use these
button-area-leave = Fill in all again
area-move-ask = <b>Change the area from {$from} to {$to}?</b>
area-move-goes = <b>The change clears these:</b>
area-move-photo = Photo: you confirm it once more
area-move-files = {$name}: { $count ->
        [one] 1 file
       *[other] { $count } files
    }
area-move-loses = What you entered in the area before that one is lost for good.
area-move-stays = <b>These stay:</b> your account, education records and stored photo. Answers and papers that still hold are offered to you afterwards. You can undo the change until you submit.
area-move-back = What you entered in that area before comes back as it was. You can change again until you submit.
area-kept-ask = <b>You are in {$area} now. These still hold. Use them?</b>
area-kept-what-follows = The site and the rest are asked next. A mistake? Tap “{button-area-undo}”.
area-restored = The change of area is undone. All you had entered is back.
area-nothing = There is no change of area to undo. After you submit, the former area is not kept.
area-withdraw-first = <b>You have submitted. Withdraw first, then change the area.</b> After that, tap “{button-edit-area}”.
deed-area-changed = area changed
deed-area-restored = change of area undone
