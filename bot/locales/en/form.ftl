### The form: what each question is called, how it is asked, why.

form-position = Page {$page} of {$pages} · {$title}
left-days = { $days ->
        [one] {$days} day of registration left
       *[other] {$days} days of registration left
    }
left-hours = { $hours ->
        [one] {$hours} hour of registration left
       *[other] {$hours} hours of registration left
    }
left-minutes = { $minutes ->
        [one] {$minutes} minute of registration left
       *[other] {$minutes} minutes of registration left
    }

page-place = Your site
page-person = About you
page-contact = Contact
page-applying = Your application
page-education = Education
page-work = Your work

## (1) Site

field-site = Site
field-site-ask =
    <b>Which site?</b>
    Choose the site that your employer belongs to; it confirms your registration. Where you sit the exam is printed on your admission ticket.
field-site-why = The site confirms your registration and reviews it first; with the wrong one you would have to start over.

field-point = Registration point
field-point-ask =
    <b>Which registration point?</b>
    Areas that confirm online want one; it checks the papers that you upload.
field-point-why = Where the area confirms online, the point is required (official guide).

## (2) About you

form-identity =
    Name: {$name}
    {$idtype}: {$number}
    Sex: {$sex}, born {$born}, nationality: {$nationality}
form-locked = These six are locked. If the name or the ID number is wrong, send /profile, then tap “{button-correct-identity}”, and send a picture of the document. The site checks it and corrects it.

field-ethnicity = Ethnic group
field-ethnicity-ask =
    <b>What is your ethnic group?</b>
    As on your document, for example: Hui.
field-ethnicity-why = It stands on the form and is compared with your document.

## (3) Contact

field-mobile = Mobile
field-mobile-ask =
    <b>What is your mobile number?</b>
    The site will call it if there is a question, for example: 138 0013 8000.
field-mobile-why = If a paper or the photo is wrong, the site calls this number; please give the one you use yourself.

field-landline = Landline
field-landline-ask =
    <b>A landline?</b>
    With its area code, for example: 0971-1234567. If you have none, skip this.
field-landline-why = For when your mobile cannot be reached; you may leave it blank.

field-email = E-mail
field-email-ask =
    <b>An e-mail address?</b>
    For example: ling@example.com. If you have none, skip this.
field-email-why = Another way to reach you; you may leave it blank.

field-address = Postal address
field-address-ask =
    <b>Your postal address?</b>
    Where letters reach you, for example: 1 Example Road, Example City. You may skip this.
field-address-why = Another way to reach you; you may leave it blank.

field-postcode = Post code
field-postcode-ask =
    <b>The post code?</b>
    6 digits, for example: 810000. You may skip this.
field-postcode-why = It goes with the postal address; you may leave it blank.

## (4) Application

field-category = Category
field-category-ask = <b>Which category?</b>
field-category-why = Level, specialty and practice category all follow from it (official guide).

field-level = Level
field-level-ask = <b>Which level?</b>
field-level-why = Each level has its own specialties and conditions.

field-specialty = Specialty
field-specialty-ask =
    <b>Which specialty?</b>
    Type the name or the code of three digits, for example: {$example}.
    The English names are ours; what counts are the Chinese name and the code.
field-specialty-why = It has to fit your registered scope and your work, or the review refuses it; passed subjects count within one specialty only.

field-practice = Practice category
field-practice-ask =
    <b>What is your practice category?</b>
    { $has-none ->
        [yes] See your practice certificate. If you have none, choose “{$none}”.
       *[no] See your practice certificate, and choose the category on it.
    }
field-practice-why = The site checks your practice certificate. For anything but “None” you also give the month of first registration.

field-registered = Month of first registration
field-registered-ask =
    <b>In which month were you first registered to practise?</b>
    See your practice certificate: the first registration, not a change or renewal, for example: 2019-07.
field-registered-why = The years of physicians and nurses count from this month; the official guide asks for it unless the practice category is “None”.

field-residency = Residency certificate
field-residency-ask = <b>Do you hold a residency training certificate?</b>
field-residency-why = Who holds one has to give its month (official guide); with it, some specialties ask for fewer years of work.
choice-residency-yes = Yes
choice-residency-no = No

field-residency-month = Month of the residency certificate
field-residency-month-ask =
    <b>In which month was the residency certificate issued?</b>
    Use the date at its foot, for example: 2022-08.
field-residency-month-why = Required of those who hold it (official guide); the date at the foot of the certificate counts.

field-subjects = Subjects
field-subjects-ask =
    <b>Which subjects?</b>
    If this is your first time, take all of them: just tap “{button-ticked}”. If you have passed some before, tap those to take them out.
field-subjects-why = Every one has to be passed within two consecutive years; what you have passed need not be taken or paid for again.

field-title = Present title
field-title-ask =
    <b>What is your present professional title?</b>
    { $has-none ->
        [yes] See your certificate and choose the highest. If you have none yet, choose “{$none}”.
       *[no] See your certificate and choose the highest.
    }
field-title-why = For the intermediate and junior levels it matters which title you have, and since when.

field-years = Years in the title
field-years-ask =
    <b>For how many full years have you had this title?</b>
    Write the whole years only, for example: 5. Less than one year is 0. Or send the year and month on the certificate, for example: 2018-06, and I count.
field-years-why = The conditions go by these years; without a title there is nothing to fill in.

field-titled = Month of the title
field-titled-ask =
    <b>In which month did you get this title?</b>
    See the certificate, for example: 2018-06. If you are not sure, skip this.
field-titled-why = It helps the site to check the years; you may leave it blank.

field-appointed = Month of appointment
field-appointed-ask =
    <b>Since which month has your employer appointed you to it?</b>
    See the letter of appointment, for example: 2019-01. If you have none, skip this.
field-appointed-why = It helps the site to check the years; you may leave it blank.

field-file-number = File number
field-file-number-ask =
    <b>Your earlier file number?</b>
    Only for those whose name or ID number has changed and whose earlier passes should count, for example: 21012345. Everybody else skips this.
field-file-number-why = If name and ID number are the same, the file number is found by itself.

## (5) Education

field-education = Education record
field-education-ask =
    <b>Which qualification are you applying with?</b>
    Choose the one that meets the conditions and fits the specialty.
field-education-why = The years that are asked of you depend on it; it is the one printed on the form.

## (6) Work

field-employer = Employer
field-employer-ask =
    <b>Who is your employer?</b>
    You can type part of the name to find it. If it is not in the list, choose “{choice-employer-other}”.
field-employer-why = The site checks your eligibility by your employer, and the form usually needs the employer's seal.
choice-employer-other = Other

field-employer-name = Full name of the employer
field-employer-name-ask =
    <b>What is its full name?</b>
    As on its seal, for example: {$example}.
field-employer-name-why = This is printed on the form and has to be exactly as on the seal.

field-employer-kind = Kind of employer
field-employer-kind-ask = <b>What kind of institution is it?</b>
field-employer-kind-why = With “Other” as employer its kind is required (official guide).
choice-employer-kind-hospital = Hospital
choice-employer-kind-primary = Primary care institution
choice-employer-kind-public-health = Public health institution
choice-employer-kind-other = Another institution

field-department = Department
field-department-ask =
    <b>In which department do you work?</b>
    For example: {$example}. You may skip this.
field-department-why = It helps the site to find you if there is a question; leaving it blank does not affect your eligibility.

field-ownership = Ownership
field-ownership-ask = <b>Is it public or private?</b> If you do not know, skip this.
field-ownership-why = Private institutions usually also need a copy of their licence at the confirmation; you may leave it blank.
choice-ownership-public = Public
choice-ownership-private = Private
choice-ownership-other = Another form

field-grade = Grade of the employer
field-grade-ask = <b>Which grade does it have?</b> If you do not know, skip this.
field-grade-why = Some areas look at it; you may leave it blank.
choice-grade-third = Grade III
choice-grade-second = Grade II
choice-grade-first = Grade I
choice-grade-none = Not graded

field-field-years = Years in the specialty
field-field-years-ask =
    <b>For how many full years have you worked in this specialty?</b>
    Write the whole years only, for example: 6. If you are not sure, skip this.
field-field-years-why = It helps the site to check the years; you may leave it blank.

field-began-work = First month of work
field-began-work-ask =
    <b>In which month did you begin to work?</b>
    For example: 2015-08. If you are not sure, skip this.
field-began-work-why = It helps the site to check the years; you may leave it blank.

## Education records

record-position = Education record · Item {$number} of {$count}

field-degree = Degree
field-degree-ask =
    <b>Which education or degree is it?</b>
    A diploma and a degree are two records; this one is for one of them.
field-degree-why = The years that are asked of you depend on the education; a degree is a record of its own.
choice-degree-secondary = Secondary (中专)
choice-degree-college = College (大专)
choice-degree-bachelor = Undergraduate (本科)
choice-degree-master = Postgraduate, master
choice-degree-doctor = Postgraduate, doctor
choice-degree-bachelor-degree = Bachelor's degree
choice-degree-master-degree = Master's degree
choice-degree-doctor-degree = Doctor's degree
field-school = School
field-school-ask =
    <b>What is the full name of the school?</b>
    As on the certificate, for example: {$example}.
field-school-why = The site compares it with your certificate.

field-major = Major
field-major-ask =
    <b>What was your major?</b>
    As on the certificate, for example: {$example}.
field-major-why = It has to fit the specialty that you take.

field-study = Form of study
field-study-ask =
    <b>Which form of study?</b>
    See the certificate; for a degree, the form in which you earned it.
field-study-why = It stands on the certificate, and the site checks it.
choice-study-full-time = Full time
choice-study-adult = Adult education
choice-study-self = Self-study examination
choice-study-online = Online education
choice-study-other = Another form of study

field-graduated = Month of graduation
field-graduated-ask =
    <b>In which month did you graduate, or get the degree?</b>
    See the foot of the certificate, for example: 2012-07.
field-graduated-why = Years of work are counted from then on.

field-certificate = Certificate number
field-certificate-ask =
    <b>What is the number of the certificate?</b>
    As printed on it, for example: 100001201205000001.
field-certificate-why = The official check goes by this number.

field-verification = Official check
field-verification-ask =
    <b>What is the verification status of this degree?</b>
    See the candidates' platform. College and below, and anything before 2002, usually stays “not checked” and can be used all the same.
field-verification-why = With a bachelor or above from 2002 on you cannot submit while it is “not checked”; you have to wait for the result, so look early.
choice-verification-passed = Passed
choice-verification-pending = Not checked yet
choice-verification-failed = Not passed

field-enrolled = Month of enrolment
field-enrolled-ask =
    <b>In which month did you enrol?</b>
    For example: 2007-09. If you are not sure, skip this.
field-enrolled-why = It helps to check the length of study; you may leave it blank.

record-line = {$degree} · {$school} · {$major} · {$graduated}
record-numbered = {$number}. {$record}
record-numbered-waits = {$number}. {$record} (not checked yet; needs a result before you submit)
records-head =
    <b>Your education records</b>
    They are used every year. Once kept they cannot be changed or removed; at most {$limit}. To correct a mistake, add the right one.
records-none = There are none yet.
record-confirm = <b>Once kept it can be neither changed nor removed. Please look closely:</b>
record-kept = The education record is kept, for every year to come.
record-waits =
    It is kept, and you can go on. But it is “not checked yet”: with a bachelor or above from 2002 on you cannot submit before there is a result.
    Please look on the candidates' platform; once there is one, tap “Update the check of no. {$number}” on the last page.
record-verify-ask =
    <b>Is there a result?</b>
    {$record}
record-waits-still = All right, not checked yet. You can go on with the rest, and come back once there is a result.
submit-unchecked = <b>Your degree is still “not checked”, so you cannot submit yet.</b> All the rest is kept. Please look on the candidates' platform; once there is a result, tap “Update the check of no. {$number}”, then submit.
record-verified = The check is updated.
problem-records-full = There can be at most {$limit} education records, so none can be added. Please choose one of them, for example the highest; if all are wrong, please ask your site.
problem-enrolled-late = The month of enrolment ({$enrolled}) has to be before that of graduation ({$graduated}). Please look at the certificate and change one of them, for example enrolled 2007-09, graduated 2012-07.
problem-record-known = A record with this certificate number is kept already. Please choose it, for example number 1.

button-add-record = + Add an education record
button-record = Apply with no. {$number}
button-keep-record = ✓ All correct, keep it
button-verify = Update the check of no. {$number}
button-education = My education records

## How to write it, what is wrong

format-text = How to write it: {$least} to {$most} characters, in full, without remarks.
format-number = How to write it: one whole number from {$least} to {$most}, for example: 5
format-month = How to write it: four digits of the year, a dash, two of the month, for example: 2019-07. You can also tap “{button-pick-month}”.
format-choice = How to write it: type the words on any button below, or tap it.
format-multi = How to write it: the subjects with commas between, or tick them with the buttons.
format-record = How to write it: tap one of the buttons below, or type its number only, for example: 1
format-mobile = How to write it: 11 digits beginning with 1, for example: 13800138000
format-landline = How to write it: area code, dash, number, for example: 0971-1234567
format-email = How to write it: a name, @ and a site, without blanks, for example: ling@example.com
format-postcode = How to write it: 6 digits, for example: 810000

problem-text-short = {$field}: too short, at least {$limit} characters are needed. Please write it in full, not a short form.
problem-text-long = {$field}: too long; you sent {$count} characters and at most {$limit} fit. Please write it shorter, without remarks.
problem-text-character = {$field} has a sign that cannot be used: {$char}. Please write letters and digits only, for example: 1 Sample Road
problem-number-format = I could not read this as a number. {$field}: please write one whole number from {$least} to {$most}, for example: 5
problem-number-range = {$field}: it has to be from {$least} to {$most}; you wrote {$typed}. Please change it, for example: 5
problem-several = {$field}: I could not read this, or nothing is ticked. Please write the names on the buttons, or tick at least one.
problem-month-format = I could not read this as a month. {$field}: please write year and month, for example 2019-07, 2019.7 or 2019年7月.
problem-month-future = {$typed} has not come yet. {$field}: it cannot be later than this month. Please look at the certificate, for example: 2019-07.
problem-month-unborn = {$typed} is before you were born. {$field}: please look at the certificate, for example: 2019-07.
problem-required = {$field}: this is required and cannot be skipped. Please look at your papers; if they are not at hand, send /cancel to stop here, and all you filled in stays.
problem-email = This does not look like an e-mail address. Please write all of it, for example: ling@example.com
problem-postcode = A post code has 6 digits. Please check it, for example: 810000
problem-landline = This does not look like a landline. Please write it with the area code, for example: 0971-1234567; a mobile number belongs to the question “Mobile”
problem-contact = This is somebody else's contact. Please send your own number; just type it, for example: 138 0013 8000

answer-taken = ✓ {$field}: {$value}
specialty-of-level = {$specialty} ({$level})
answers-skipped = Left out (optional): {$fields}
answered-by-itself = ✓ {$field}: <b>{$value}</b> (the only choice there is)
list-two = {$first}, {$second}

hints-head = 💡 <b>Please look again</b> (a hint only; if it is right, change nothing):
doubt-title-late = The title usually comes before the registration. You got it in {$titled}, after your first registration ({$registered}). If you were an assistant physician before, this is right.
doubt-appointed-early = The title usually comes before the appointment. You were appointed in {$appointed}, before you got the title ({$titled}).
doubt-years = From {$since} to {$until} it is less than {$years} years.
doubt-years-more =
    { $has ->
        [one] From {$since} to {$until} it is {$has} year; you wrote {$years}. Please look at the certificate again.
       *[other] From {$since} to {$until} it is {$has} years; you wrote {$years}. Please look at the certificate again.
    }
doubt-field-years = From your first work ({$since}) to {$until} it is less than {$years} years.
doubt-graduated-young = You graduated in {$graduated}, when you were {$age}.
doubt-certificate = Diplomas since 2002 have numbers of 17 or 18 characters; yours has {$count}.

summary-head =
    <b>Please look everything over</b>
    {$exam}
    Area: <b>{$area}</b>
summary-page = <b>{$title}</b>
summary-page-ask = To change a line, tap its button.
summary-line = {$field}: <b>{$value}</b>
summary-materials = Papers: <b>{ $count ->
        [one] {$count} file
       *[other] {$count} files
    }</b>
summary-no-materials = Your area confirms on site, so <b>nothing has to be uploaded here</b>. After you submit I will tell you when to go where, and what to bring.
pledge-again = By submitting you pledge once more that your answers and your photo are true and exact.
summary-photo = Your photo
summary-closes = If all is right, tap “{button-submit}”; registration closes on {$closes} (Beijing time). To change a page, tap its button.
submit-not-yet = It cannot be submitted yet. This comes first:
submit-too-late = Registration has closed, so this cannot be submitted any more. If in doubt, please ask your site.
toast-submitted = Submitted

button-years-counted = ✓ { $years ->
        [one] {$years} full year
       *[other] {$years} full years
    } (since {$since})
button-pick-month = Pick from a list
button-earlier = Earlier
button-later = Later
button-leaf-back = ← Earlier ones
button-leaf-on = More →
button-ticked-on = ○ {$name}
button-ticked-off = ✓ {$name}
button-ticked = These subjects
button-skip-rest = Skip the rest of this page
button-edit-line = Change: {$field}
button-edit-place = Change site
button-edit-person = Change personal data
button-edit-contact = Change contact
button-edit-applying = Change application
button-edit-education = Change education
button-edit-work = Change employment
button-edit-area = Change area
button-edit-photo = Change photo
button-edit-materials = Change papers
button-submit = Submit

## Examples: those of the exam's file, else these.
# A name in both languages: each language says its own.
named = { $zh ->
       *[other] {$en}
    }
example-school = Sample University
example-major = accounting
example-employer-name = Sample Company
example-department = head office
problem-description = This only says what kind of place it is, not its name. {$field}: please write the full name as on its seal, or a few characters of it.
