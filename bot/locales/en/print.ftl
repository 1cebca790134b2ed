### The printed form, and the verdicts on it.

print-heading = Registration form
print-code = Verification code
print-void = The code changes with every change; earlier prints are void
print-photo = Registration photo
print-no-photo = Photo
print-qr = QR code: the staff scan it to verify this form
print-no-qr = Code and QR code come with the submission
print-draft = Draft
print-state-draft = Draft, not submitted, not valid for confirmation · {$at}
print-state-first = Submission 1 · {$at}
print-state-again = Submission {$number} · {$at}

print-materials = Materials
print-files = { $count ->
        [one] {$count} file
       *[other] {$count} files
    }

print-signature = Candidate
print-pledge = I have checked this form. What I entered and submitted is true and exact, and I will keep the rules of the exam; otherwise I accept the consequences.
print-signed-by = Signature:
print-employer = Employer
print-true-copy = The above has been checked and is true.
print-seal = (official seal)
print-responsible = Signature of the person in charge:
print-day = Date:

print-confirm-on-site = Confirmation on site
print-confirm-online = Confirmation online
print-when = When
print-days = {$opens} to {$closes}; not confirmed in time means given up
print-where = Where
print-address = Address
print-contact = Telephone
print-bring = Please bring
print-bring-form = this form, signed and with your employer's seal
print-bring-identity = your ID document and a copy
print-bring-education = diploma and degree certificates
print-bring-title = the certificate of your present title
print-bring-practice = your practice certificate
print-bring-residency = your residency certificate
print-bring-licence = a copy of your employer's licence
print-bring-others = whatever else the site asks for

## Verification

verdict-current =
    <b>Valid</b>: this is the current form.
    Submission {$number}, {$at}. Please compare it with the lines below.
verdict-replaced =
    <b>Void</b>: submission {$number} of {$at} replaced it.
    Please ask the candidate for a print of the newest form.
verdict-withdrawn =
    <b>Withdrawn</b>: the candidate withdrew submission {$number} on {$at}.
    They have to submit again, then print.
verdict-not-ours =
    <b>Not a form of ours</b>: its signature or number does not match.
    Please do not accept it, and tell the head of the site.
verdict-unreadable =
    <b>The QR code could not be read.</b>
    Lay the paper flat in good light and scan again, or type the verification code on it, for example: 2222-454-03

verdict-how =
    <b>Verify a printed form</b>
    <b>Take a photo of the QR code</b> on the form and send it here (a photo, a scan or a PDF), or type the code on it, for example: 2222-454-03
    Scanning it with the phone's camera opens this chat, too.
verdict-no-code =
    <b>There is no QR code in this picture.</b>
    Take it closer, flat and without glare, and send it again; or type the code on the form, for example: 2222-454-03
verdict-for-staff =
    Please scan the QR code on the form. Only the staff can look up typed codes.
verdict-no-key =
    <b>This cannot be verified now</b>: the key for this form is missing here, or the form is forged.
    Please do not accept it yet, and pass this sentence on to the operator.
verify-genuine =
    <b>This form was made here.</b>
    Whether it is still valid, and whose it is, only its site and area can see.
verify-not-genuine =
    <b>This form was not made here</b>: its signature or number does not match.
verify-retype = The code may also be mistyped. Please compare each character with the paper and send it again; scan the QR code where you can.
verify-name = Name: {$name}
verify-number = ID number: {$number}
verify-specialty = Specialty: {$specialty}
verify-site = Site: {$site}
verify-submission = This is a print of submission {$count}, {$at}
verify-stage = This application is now: {$stage}
verify-compare = Compare each line with the paper, then look at the ID document.
command-verify = Verify a printed form
