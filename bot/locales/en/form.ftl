### The form: what each question is called, how it is asked, why.

form-position = {$page}/{$pages} · {$title} · {$number}/{$count}

page-applying = Your application
page-work = Your work

field-practice = Practice category
field-practice-ask =
    <b>What is your practice category?</b>
    If you have no physician's practice certificate (nurses, pharmacists, technicians), choose “None”.
field-practice-why = For medical specialties the site checks the category of your practice certificate. For anything but “None” you also give the month of first registration.
choice-practice-none = None
choice-practice-clinical = Clinical
choice-practice-dental = Dental
choice-practice-public = Public health
choice-practice-chinese = Chinese medicine

field-registered = Month of first registration
field-registered-ask =
    <b>In which month were you first registered to practise?</b>
    See your practice certificate: the first registration, not a change or renewal, for example: 2019-07.
field-registered-why = Required unless the practice category is “None” (official guide). Your years of work are counted from this month.

field-residency = Month of the residency certificate
field-residency-ask =
    <b>In which month was your residency training certificate issued?</b>
    Use the date at the foot of the certificate, for example: 2022-08. If you have none, tap “Skip”.
field-residency-why = Required if you hold the certificate (official guide); with it, some specialties ask for fewer years of work.

field-employer = Employer
field-employer-ask =
    <b>What is the full name of your employer?</b>
    As on its seal, for example: 示例市第一人民医院.
field-employer-why = The site checks your eligibility by your employer, and the form usually needs the employer's seal.

field-department = Department
field-department-ask =
    <b>In which department do you work?</b>
    For example: internal medicine. You may skip this.
field-department-why = It helps the site to find you if there is a question; leaving it blank does not affect your eligibility.

problem-text-short = {$field}: too short, at least {$limit} characters are needed. Please write the full name, not a short form.
problem-text-long = {$field}: too long; you sent {$count} characters and at most {$limit} fit. Please write the name only.
problem-month-format = I could not read this as a month. {$field}: please write year and month, for example 2019-07, 2019.7 or 2019年7月.
problem-month-future = {$typed} has not come yet. {$field}: it cannot be later than this month. Please look at the certificate, for example: 2019-07.
problem-month-unborn = {$typed} is before you were born. {$field}: please look at the certificate, for example: 2019-07.
problem-required = {$field}: this is required and cannot be skipped.

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
pledge-again = By handing it in you pledge once more that your answers and your photo are true and exact.
summary-closes = Registration closes on {$closes} (Beijing time). To change a line, tap its button.
submit-not-yet = It cannot be handed in yet. This comes first:
submit-too-late = Registration has closed, so this cannot be handed in any more. If in doubt, please ask your site.
toast-submitted = Handed in

button-edit-line = Change: {$field}
button-edit-site = Change site
button-edit-photo = Change photo
button-submit = Hand in
