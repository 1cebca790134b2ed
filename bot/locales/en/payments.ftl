### Paying the fee: the amount, the payment, the receipt, money that goes back.

button-pay = Pay the fee
button-paid = I have paid
button-not-paid = I have not paid after all
button-paid-proof = Give a proof of payment
button-pay-telegram = Pay in Telegram
button-pay-wechat = Pay by WeChat
button-pay-alipay = Pay by Alipay
button-open-link = Open the payment on this phone

way-telegram = Telegram payment
way-wechat = WeChat Pay
way-alipay = Alipay
way-desktop = the area’s platform

pay-head = <b>Please check this before you pay</b>
pay-bill =
    <b>What for</b>: {$specialty}, {$subjects} ({$count ->
        [one] 1 subject
       *[other] {$count} subjects
    })
    <b>How much</b>: {$yuan} yuan
pay-bill-until = <b>By when</b>: {$closes} (Beijing time)
pay-wrong = <b>Wrong specialty or subjects?</b> Do not pay yet, and please phone your area at once: {$area-contact}
pay-wrong-here = <b>Wrong specialty or subjects?</b> Do not pay yet: tap “{button-late-change}”, or phone the area: {$area-contact}
pay-afterwards = <b>After paying</b>: once the provider confirms it, I tell you at once, and you are registered.
pay-over-here =
    <b>If you have paid</b>: tap “{button-paid}”, and I ask at once. Your registration does not end before it is clear.
    <b>If you have not paid</b>: by the rules it counts as giving up the exam. If there is a special reason, please phone at once.
pay-often = You can choose a way to pay {$limit} times a day. Please try again tomorrow; if the deadline is today, call the area.
pay-other-ends = You still have an open payment by {$way}. I close it first, so that you cannot pay twice.

bill-asked =
    <b>Payment not confirmed yet</b>: {$way}, {$yuan} yuan. If you have paid, do not pay again{ $can-ask ->
        [yes] ; tap “{button-paid}”.
       *[no] .
    }
bill-checking =
    <b>Paid, waiting for confirmation</b>: {$way}, {$yuan} yuan. I am waiting for the provider; please do not pay again. { $can-pay ->
        [yes] Tap “{button-pay}” again only if your phone clearly says that nothing was paid.
       *[no] I will tell you the result.
    }
bill-claimed = <b>The area is checking the payment that you told of. Please do not pay again.</b> I tell you the result at once.
bill-paid = <b>Receipt</b>: {$way}, {$yuan} yuan, {$at} (Beijing time). Transaction: <code>{$charge}</code>
bill-owed = <b>Some money goes back to you</b>: {$way}, {$money}. {$verdict} I tell you when it is sent{ $can-pay ->
        [yes] . So far it does not count as the fee: before you pay again, please phone the area: {$area-contact}.
       *[no] ; do not pay it again.
    }
bill-sent-back = <b>This money was sent back</b>: {$way}, {$money}.

money-amount = {$yuan} yuan
money-foreign = {$units} {$currency} (smallest units, not yuan)
money-why-fee = It is the exam fee.
money-why-accepted = The area counts it as the exam fee.
money-why-unknown-order = It belongs to no registration that I know.
money-why-merchant = It went to another payee.
money-why-currency = The currency is another one.
money-why-amount = The amount differs from the fee.
money-why-payer = It was not paid from the candidate’s own account.
money-why-doubled = The fee had been paid before, so this is too much.
money-why-late = It was paid after the deadline; the area decides whether it counts.
money-why-not-approved = The registration could not be paid at that time.
money-why-expired = The registration had already ended at that time.
money-why-review-undone = The area took back its approval.

invoice-title = Exam fee
invoice-text = {$specialty}, {$subjects} ({$count}): {$yuan} yuan. Please pay by {$closes} (Beijing time).

link-text =
    <b>{$way}: {$yuan} yuan</b>
    { $can-open ->
        [yes] Please scan the code above with {$way}, or tap the button below.
       *[no] Please scan the code above with {$way}. If the code is on the very phone that has to scan it: open this chat on a computer and scan it there, or ask somebody to scan and pay it for you with {$way}; that counts too.
    }
    {$specialty}, {$subjects} ({$count ->
        [one] 1 subject
       *[other] {$count} subjects
    })
    The code expires; then tap “{button-pay}” again. No screenshot is needed: I hear of the result.
preparing = I am getting your code for {$way}; it takes a moment. If it does not come, tap “{button-pay}”: you can choose another way.
asking = <b>I am asking the provider.</b> I tell you the result at once. Please do not pay again, so that you do not pay twice.
asked-nothing = I have just asked: {$way} has not received this money from you. If it is on your statement, tap “{button-paid-proof}”.
way-ended = The payment by {$way} is closed: no money came by it. Please do not scan its old code any more. To pay, tap “{button-pay}” again; you can choose another way, too.
way-refused = {$way} does not work at the moment; nothing was charged. Please choose another way, or tap “{button-pay}” again later.

paid-early = <b>The payment has not opened: nobody can take your fee yet.</b> If somebody has taken your money, call the area right away: {$area-contact}
proof-ask =
    <b>You have paid, and it does not show here?</b>
    Please send me the time, the amount and the transaction number (or receipt number), in one message of up to 300 characters.
    For example: 5 February 14:20, 260 yuan, transaction 4200001234
    The area checks it. Your registration does not end before it is clear.
proof-kept = Thank you, the area is checking it now. Your registration does not end before it is clear, and I tell you the result.
claim-taken-back = All right: you have not paid, and the area no longer looks for that payment. Please pay before the deadline.
proof-known = The area is checking your case already; there is no need to send it again. I tell you the result.
proof-often = You can say at most {$limit} times a day that you have paid. If you have, call the area: {$area-contact} If you have not, pay before the deadline.
proof-check =
    <b>Send this to the area, to be checked?</b>
    {$words}
button-proof-send = Yes, send it to the area
problem-proof = Please send one message of up to {$limit} characters. For example: 5 February 14:20, 260 yuan, transaction 4200001234

told-paid = <b>Fee paid: {$yuan} yuan. You are registered.</b>
told-money-owed = <b>I received {$money} that cannot count as the exam fee.</b> {$verdict} The area settles it; what is yours is sent back to you. Transaction: <code>{$charge}</code>
told-money-back = <b>Sent back to you: {$money}.</b> When it arrives depends on your bank or platform. Transaction: <code>{$charge}</code>
told-approval-undone = <b>The area took back its approval.</b> The fee that you paid is sent back to you.
told-case-closed = <b>The area has checked: it found no payment of yours.</b> If you have a question, please phone the area at once.

checkout-unknown = This invoice is no longer valid. Please go back to the chat and tap “{button-pay}”.
checkout-paid = You have paid already. There is nothing more to pay.
checkout-claimed = The area is checking the payment that you told of. Please do not pay again for now. Nothing was charged.
checkout-not-approved = Your registration cannot be paid right now. Please see your status in the chat.
checkout-closed = The time to pay this invoice is over. Please go back to the chat and tap “{button-pay}”.
checkout-amount = The amount has changed. Please do not pay this one; tap “{button-pay}” in the chat.
checkout-payer = Only the registered person can pay this invoice.
checkout-later = It cannot be confirmed right now, and nothing was charged. Please try again in a minute.

## The staff

button-payments = Money and refunds
payments-head = <b>Money and refunds</b> (your scope)
sum-none = No money has come in yet.
sum-fee =
    { $count ->
        [one] Fees: {$count} payment, {$yuan} yuan
       *[other] Fees: {$count} payments, {$yuan} yuan
    }
sum-owed =
    { $count ->
        [one] Owed back: {$count} payment, {$yuan} yuan
       *[other] Owed back: {$count} payments, {$yuan} yuan
    }
sum-sent-back =
    { $count ->
        [one] Sent back: {$count} payment, {$yuan} yuan
       *[other] Sent back: {$count} payments, {$yuan} yuan
    }
sum-foreign = Not in these sums: {$count} in other currencies.
owed-head = <b>Money that is owed back ({$count})</b>, the oldest first; tap a number:
owed-none = No money is owed back.
owed-line = {$number}. {$code} · {$money} (due: {$expected}) · {$way} · {$at} · {$verdict} {$state}
owed-is-second-look = <b>Waits for a second person.</b>
owed-is-asked = The provider is being asked.
owed-is-by-hand = <b>The area sends it, then notes the number.</b>
owed-is-refused = The provider cannot send it.
owed-is-sent = Sent back.
claims-head = <b>Say that they have paid ({$count})</b>, the oldest first:
claims-none = Nobody says that they have paid.
claim-line = <b>{$code} says: paid</b>, {$at}: {$words}
button-claim-paid = {$code}: found, mark as paid
button-claim-none = {$code}: not found
button-claims = All {$count} who say: paid
queue-claims = Say that they have paid: {$count} to be checked by the area, the first since {$since}. Until then they are not asked to pay
claim-news = <b>Candidates say that they have paid: please check</b>
claim-sure =
    <b>{$code}: is there no payment in the records of the area?</b>
    The candidate is told at once that none was found. This cannot be undone.
claim-sure-until = This candidate can still pay until {$closes}.
claim-sure-over = ⚠️ The payment is over: without a payment the application is treated as given up.
button-claim-sure = ✅ Yes, no payment was found
claim-is-closed = This case is closed, and the candidate has been told.
charge-card =
    <b>{$money}</b> (due: {$expected} yuan)
    Registration: {$code}
    {$way}, {$at}, transaction: <code>{$charge}</code>
    {$verdict}
button-refund = Send it back…
button-refund-agree = Agree to the refund
button-refund-sent = It was sent; enter the number…
button-accept-money = Count it as the fee
button-undo-approval = {$code}: undo the approval…
refund-ask = Why is it sent back? Send me one sentence of up to {$limit} characters. The colleague who checks it sees it.
refund-receipt-ask = Please send the number of the refund, for example: TK20260220001. The candidate is told at once.
refund-why = Reason: {$words}
refund-second-look = <b>It waits for a second person.</b> The amount is above the limit; another area reviewer or an administrator has to agree.
refund-asked = <b>The provider is asked to send it back.</b> The candidate is told when it is done.
refund-by-hand = <b>Please send it back in the area’s own way.</b> Then enter the number of the refund here.
refund-refused = <b>The provider cannot send it back.</b> Please send it in the area’s own way.
refund-sent = <b>Sent back.</b> The candidate has been told.
refund-known = This money is being sent back, or has been.
refund-not-yours = You cannot agree to your own refund, or somebody has agreed already.
refund-refused-told = The provider did not send a refund ({$code}), number {$number}. The area has to send it in its own way, and then enter the number.
way-refused-told = {$way} cannot take or look up payments; the provider says: {$code}. Please check the merchant account and the keys (baoming doctor); until it works, take it out of the exam file's ways.
money-accepted = <b>Counted as the fee.</b> The candidate is registered and has been told.
money-not-acceptable = This money cannot count as the fee now: there is a fee already, the amount differs, the registration is not waiting for it, or the exam does not allow it.
undo-ask =
    <b>Undo the approval of {$code}</b>
    The candidate reads your reason, and a fee that was paid is owed back. This cannot be undone.
    Please write the reason, up to {$limit} characters:
approval-undone = <b>Undone.</b> The candidate has been told. A fee that was paid is under “{button-payments}”; please send it back.
payments-next = Next:
differences-told = <b>Daily check</b>: still owed back: {$yuan} yuan (payments: {$count}){ $looks ->
        [0] .
       *[other] ; waiting for a second person: {$looks}.
    } Please settle this under “{button-payments}”.
problem-reason = Please write one sentence of up to {$limit} characters. For example: paid twice
payment-is-real = This registration was paid, so the mark cannot be undone. To send the fee back, undo the approval, or use “{button-payments}”.

## The audit

deed-paid = fee received from the provider
deed-money-owed = money received that is not the fee
deed-money-accepted = late money counted as the fee by the area
deed-refund-asked = refund asked for by staff
deed-refund-agreed = refund agreed to by staff
deed-refunded = refund sent
deed-approval-undone = approval undone by the area
deed-case-closed = payment looked for by the area, not found
deed-payments-imported = file of payments imported
case-payment = says that the fee is paid; the area checks it
