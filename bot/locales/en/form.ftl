### The form: what each question is called, how it is asked, why.

form-position = {$page}/{$pages} · {$title} · {$number}/{$count}

page-applying = Your application
page-work = Your work

field-practice = Practice category
field-practice-ask =
    <b>What is your practice category?</b>
    Without a physician's practice certificate choose “None”.
field-practice-why = For medical specialties the site checks the category of your practice certificate. With any but “None”, the month of first registration is asked as well.
choice-practice-none = None
choice-practice-clinical = Clinical
choice-practice-dental = Dental
choice-practice-public = Public health
choice-practice-chinese = Chinese medicine

field-registered = Month of first registration
field-registered-ask =
    <b>In which month were you first registered to practise?</b>
    See the date on your practice certificate, for example: 2019-07.
field-registered-why = Required unless the practice category is “None” (official guide). Your years of work are counted from this month.

field-residency = Month of the residency certificate
field-residency-ask =
    <b>In which month was your residency training certificate issued?</b>
    The date at the foot of the certificate, for example: 2022-08. Without one, tap “Skip”.
field-residency-why = Required of those who hold the certificate (official guide); with it some specialties can be sat earlier.

field-employer = Employer
field-employer-ask =
    <b>What is the full name of your employer?</b>
    As on its seal, for example: 示例市第一人民医院.
field-employer-why = The site checks your eligibility by your employer, and the employer's seal is needed for the confirmation.

field-department = Department
field-department-ask =
    <b>In which department do you work?</b>
    For example: internal medicine. You may skip this.
field-department-why = It helps the site to find you if there is a question; it does not touch your eligibility.

problem-text-short = {$field}: too short, at least {$limit} characters are needed. Please write the full name, for example: 示例市第一人民医院
problem-text-long = {$field}: too long; you sent {$count} characters, at most {$limit} fit. Please write the name only, for example: 示例市第一人民医院
problem-month-format = I could not read this month. {$field}: please write year and month, for example 2019-07, 2019.7 or 2019年7月.
problem-month-future = {$typed} has not come yet. {$field} cannot lie after this month; please look at the certificate, for example: 2019-07.
problem-month-unborn = {$typed} lies before you were born. {$field}: please look at the certificate, for example: 2019-07.
problem-required = {$field} is required and cannot be skipped.

summary-head =
    <b>Please look everything over</b>
    {$exam}
    Area: <b>{$area}</b>
    Site: {$site}
summary-identity =
    Name: {$name}
    {$idtype}: {$number}
    Sex: {$sex}, born {$born}
    Mobile: {$phone}
summary-line = {$field}: <b>{$value}</b>
pledge-again = By handing it in you pledge once more that what you entered and your photo are true and exact.
summary-closes = Registration closes {$closes} (Beijing time). To change a line, tap its button.
submit-not-yet = It cannot be handed in yet; this comes first:
toast-submitted = Handed in

button-edit-line = Change: {$field}
button-edit-site = Change site
button-edit-photo = Change photo
button-submit = Hand in
