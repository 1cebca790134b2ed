### The sealing of the audit: what administrators are told each day.

audit-head =
    🔏 <b>Record of deeds, sealed · {$day}</b>
    Entries sealed by now: {$count}, since the last time: {$since}.
    Fingerprint: <code>{$short}</code>
audit-head-witness = The whole line (tap it to copy):
    <code>{$head}</code>
audit-head-why =
    Please do not delete this message; there is nothing to answer. Should anybody ever doubt that the record is as it was, give the whole line to whoever runs the bot, to check it: what is in the database could be changed, what stands here cannot.
