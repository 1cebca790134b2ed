### The account: name, ID, phone. Locked once confirmed.

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
account-phone-ask =
    <b>What is your mobile number?</b>
    The site will call it if there is a question, for example: 138 0013 8000.
account-confirm-ask =
    <b>Please check carefully. Once confirmed this cannot be changed:</b>

    Name: <b>{$name}</b>
    Document: {$idtype}
    Number: <b>{$number}</b> (typed alike twice)
    Sex: {$sex}
    Date of birth: {$born}
    Mobile: {$phone}

    Sex and date of birth come from the number.
account-locked = Confirmed. Your identity is locked now.
problem-number-differs = The two numbers differ. Please look at the document and type the number twice again.
problem-number-taken =
    This ID number cannot be confirmed here.
    If you registered with another Telegram account before, please go back to that one. If not, please take your document to the site that your employer belongs to.

sex-male = male
sex-female = female

button-lock = ✓ All correct, confirm
button-edit-name = Change name
button-edit-id-type = Change document
button-edit-number = Change number
button-edit-phone = Change mobile
