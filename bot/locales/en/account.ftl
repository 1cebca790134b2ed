### The account: name and ID. Locked once confirmed.

account-step = Account · Step {$number} of {$count}
account-name-ask =
    <b>What is your name?</b>
    Exactly as on your document. The parts of a minority name are joined by “·”, as in 阿依古丽·买买提.
    For a character that you cannot type, write its pinyin in brackets, as in 王(suo).
account-id-type-ask = <b>Which document are you registering with?</b>
account-number-ask =
    <b>What is the number of the document?</b>
    {$shape}.
    I will remove your message from this chat once I have it, so that nobody else sees it.
account-number-again-ask =
    <b>Please type the number once more.</b>
    It cannot be changed once it is locked, so we compare the two. Please type it from the document; do not copy it.
account-sex-ask = <b>Which sex does the document say?</b>
account-born-ask =
    <b>Which date of birth does the document say?</b>
    For example: 1990-03-07.
account-confirm-ask =
    <b>Please check carefully. Once confirmed this cannot be changed:</b>

    Name: <b>{$name}</b>
    Document: {$idtype}
    Number: <b>{$number}</b> (entered twice, both match)
    Sex: {$sex}
    Date of birth: {$born}
    Nationality: {$nationality}

    For identity cards and residence permits, sex and date of birth come from the number.
account-locked = Confirmed. Your identity is locked now.
why-name = It is printed on the form and on the admission ticket, so it must be exactly as on your document.
why-id-type = The kind of document says how long the number is and how it is checked. Your site looks at this document when you are confirmed.
why-number = One number has one account. Your site checks by it that you are you, and the form shows it. It is kept encrypted, and I delete your message with it from the chat.
why-number-again = The number cannot be changed once it is locked. Typing it twice from the document finds wrong digits.
why-sex = Your ID number does not tell your sex, and the form asks for it.
why-born = Your ID number does not tell your date of birth, and the form asks for it.
why-area = Area and site confirm and review your registration, so I must know first where your employer is.
why-terms = The rules of the registration want you to read this and agree. I keep the version and the time.
why-photo = The form and the admission ticket show this photo, and you are recognised by it at the exam.
why-materials = In your area you need not come in person: the registration point decides by these papers alone.

problem-number-differs = The two numbers differ. Please look at the document and type the number twice again.
problem-number-tries =
    You have confirmed {$limit} ID numbers within 24 hours; please try again tomorrow. Your entries are kept.
    If the number is right, nothing is lost; if it is urgent, please take your document to the site that your employer belongs to.

claim-taken =
    <b>This ID number has an account already and cannot be confirmed again.</b>
    · You registered with another Telegram account: please go back to that one. If you cannot, tap “{button-account-moved}”; the site moves it after seeing your ID.
    · The number is mistyped: just change it.
    · You have never registered: tap “{button-mine}”, and I will note it for the site, which looks into it.
claim-area-ask =
    <b>In which area is your employer?</b>
    A site there will look into it. You can also type to find it, such as Qinghai or qh.
claim-site-ask = <b>Which site should look into it?</b> Choose the one that your employer belongs to.
claim-known =
    <b>This number has been noted before; there is no need to do it again.</b>
    {$site} is looking into it. Please take your document there: {$address}, phone {$contact}.
button-mine = This is my number

sex-male = male
sex-female = female
nationality-cn = Chinese

button-lock = ✓ All correct, confirm
button-edit-name = Change name
button-edit-id-type = Change document
button-edit-number = Change number
button-edit-sex = Change sex
button-edit-born = Change date of birth

format-name = How to write it: 2 to 30 Chinese characters with nothing but “·” between them, or Latin letters. For example: 刘玲, 阿依古丽·买买提, 王(suo)
format-id-number = How to write it: {$shape}
format-born = How to write it: year, month and day with dashes between. For example: 1990-03-07
problem-born-format = I could not read this as a date. Please write year, month and day, for example: 1990-03-07
problem-born-date = There is no such day. Please look at the document, for example: 1990-03-07
problem-born-future = This day has not come yet. Please look at the document, for example: 1990-03-07
problem-born-young = By this date you would be under {$limit}, so it is probably mistyped. Please look at the document, for example: 1990-03-07
problem-born-aged = By this date you would be over {$limit}, so it is probably mistyped. Please look at the document, for example: 1990-03-07

field-name = Name
field-idtype = Kind of document
field-number = ID number
field-sex = Sex
field-born = Date of birth
