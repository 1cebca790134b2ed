### What the command line says, for operators.

cli-starting = Starting the sandbox and the bot, a few seconds…
cli-running-sandbox =
    The sandbox is ready, please open: {$address}
    (Its people are invented and nothing leaves this computer. Ctrl-C stops it; next time it goes on from there.)
cli-running-telegram = The bot is connected to {$address}. Ctrl-C stops it.
cli-closed = Note: registration for the {$exam} is not open now. The bot says so to candidates, and tells those who asked when it opens.
cli-stopped = Stopped. Nothing is lost.
cli-reset-done = The sandbox is cleared ({$place}).
cli-reset-running = The bot is still running, so nothing was cleared. Press Ctrl-C in its window, then try again.
cli-port-busy = Another program uses port {$port}, so this start takes {$used}. The next one begins with {$used} too, and open pages go on. SANDBOX_PORT sets another port.
cli-port-kept = As last time this start takes port {$used} ({$port} was busy then), so open pages go on. To go back to {$port}, delete {$place}.
cli-sandbox-in-use = Another sandbox uses this data; please stop it first (an earlier make run may still be going).
cli-sandbox-missing =
    The sandbox is not installed. Set BOT_TOKEN to connect to Telegram,
    or install the sandbox in the project's folder: pip install '.[sandbox]' (make run does so by itself).
cli-migrated = The database is at version {$version}.
cli-exam-good = ✓ {$name}: {$areas} areas, {$sites} sites, {$specialties} specialties, {$employers} employers; no mistakes found. { $suspicions ->
    [0] {""}
    [one] One thing looks wrong, see above.
   *[other] {$suspicions} things look wrong, see above.
    }
cli-exam-new =
    {$folder} is ready. Everything in it is a sample: put in what was announced, look through it with “baoming exam check {$folder}”, play it with “baoming exam rehearse {$folder}”,
    and set EXAM={$folder}.
cli-exam-exists = {$folder} exists already; nothing was written. Please name another folder with --to.
cli-dropped-codes =
    Not started: applications for {$exam} refer to areas, sites, points or specialties that its definition has no more: {$codes}
    Please put them back (a code in use must stay; its name, address and rules may change, and a specialty may become discontinued).
cli-bad-exam = The exam definition has mistakes; nothing was started:
cli-bad-settings = Some settings are wrong; nothing was started. Please look at the environment or .env:
setting-bot-token = · BOT_TOKEN: the token from @BotFather, such as 123456:ABC-DEF
setting-bot-api-url = · BOT_API_URL: begins with http:// or https://, such as https://api.telegram.org
setting-telegram-proxy = · TELEGRAM_PROXY: begins with http://, https://, socks5://, socks4a:// or socks4:// and ends with a port, such as socks5://127.0.0.1:1080
setting-http-client = · HTTP_CLIENT: pool or aiohttp
setting-webhook-url = · WEBHOOK_URL: what Telegram calls, such as https://bot.example.org/telegram; letters, digits, - . _ ~ in its path, and not /healthz or /metrics
setting-listen = · LISTEN: host:port, such as 127.0.0.1:8080
setting-data-dir = · DATA_DIR: a folder, such as /var/lib/baoming
setting-database-url = · DATABASE_URL: begins with postgresql:// or sqlite+aiosqlite://, such as postgresql://baoming:…@localhost/baoming
setting-blob-store = · BLOB_STORE: the address of a store, such as s3://bucket/path
setting-secret-keys = · SECRET_KEYS: lookup:<base64>,k1:<base64>, 32 bytes each
setting-exam = · EXAM: the name of a shipped exam, a folder or a file, such as health-2026
setting-health-hosts = · HEALTH_HOSTS: host names with commas between, such as bot.example.org
setting-administrators = · ADMINISTRATORS: numeric Telegram ids with commas between, such as 1001,1002
setting-undo-seconds = · UNDO_SECONDS: seconds from 0 to 3600, such as 60
setting-claim-minutes = · CLAIM_MINUTES: minutes from 1 to 1440, such as 30
setting-news-minutes = · NEWS_MINUTES: minutes from 1 to 1440, such as 10
setting-sandbox-port = · SANDBOX_PORT: a port from 1 to 65535, such as 8017
setting-sandbox-staff = · SANDBOX_STAFF: true or false
setting-invite-hours = · INVITE_HOURS: should be a number of hours from 1 to 720, such as 48
setting-paid-broadcasts = · PAID_BROADCASTS: true or false
setting-log-level = · LOG_LEVEL: DEBUG, INFO, WARNING or ERROR
cli-refused = Not started: {$reason}

cli-staff-link =
    Send this link to that person only. It opens once, until {$until}:
    {$link}
    When it is opened, the administrators in ADMINISTRATORS are asked; the role begins when one taps “{button-admit}”.
cli-staff-line = {$seat}  {$role}  {$scope}  {$account}  {$name}
cli-staff-named = ADMINISTRATORS  administrator  everywhere  {$account} (named by the settings; to revoke it, change them and restart the bot)
cli-staff-none = There is nobody of the staff yet.
cli-staff-revoked = Role {$seat} is taken back, from now on.
cli-staff-no-seat = There is no active role with the number {$seat}; baoming staff list shows them. An open invitation is taken back by baoming staff withdraw.
cli-staff-offer = {$invite}  invited: {$role}  {$scope}  not opened yet, valid until {$until}
cli-staff-offer-opened = {$invite}  invited: {$role}  {$scope}  {$account}  {$name}  opened, waits for the inviter's word until {$until}
cli-staff-withdrawn = Invitation {$invite} is withdrawn; its link works no more.
cli-staff-no-invite = There is no open invitation number {$invite}; see baoming staff list.
cli-staff-scope = The role {$role} takes these options, and no others: {$options}
cli-staff-place = The exam has no area, site or point with the code {$code}.
cli-staff-never-started = Please start the bot once before you invite anybody.
cli-audit-head-wrong = --head is COUNT:FINGERPRINT with at least 16 digits of the fingerprint, such as 1234:0123456789abcdef; it stands in the message that administrators get each day.
cli-audit-sound = ✓ All sealed entries of the audit ({$count}) are as they were sealed; the head is {$head}
cli-audit-empty = No entry of the audit has been sealed yet.
cli-audit-witnessed = ✓ They agree with the head you gave.
cli-audit-unsealed = · Not sealed yet, so that a change is not seen: {$count} (while the bot runs, an entry of 10 seconds is sealed within half a minute).
cli-audit-broken = ✗ As they were sealed: the entries up to number {$count}. From here on, nothing can be relied on:
cli-audit-broken-next = Please back up the database and keep the logs first, then find out who can log in to the database.
cli-audit-flaw-edited = Entry {$seq} (row {$row}) is not what was sealed there: it was changed, or one before it was taken out and the rest counted anew.
cli-audit-flaw-deleted = Entry {$seq} (row {$row}) was deleted; its seal is still there.
cli-audit-flaw-reordered = In the place of entry {$seq} stands another (row {$row}): the order was changed.
cli-audit-flaw-inserted = Entry {$seq} (row {$row}) was put in later, with a forged seal.
cli-audit-flaw-seal = The seal of entry {$seq} (row {$row}) was changed.
cli-audit-flaw-gap = The seals of entries {$seq} to {$last} are gone, perhaps the entries with them.
cli-audit-flaw-cut = Entries {$seq} to {$last} are missing at the end: a head of them was kept, and they are not there any more.
cli-audit-flaw-head = Entry {$seq} (row {$row}) does not agree with the head that was kept: the head was changed, or somebody made the seals before it anew.
cli-audit-difference = ✗ { $kind ->
    [changed] Row {$row} of the table {$table} was changed without the keys.
    [forged] Entry {$row} of the audit was not written by this program: it is forged.
    [role] Role {$row}: the audit has no grant of it, or has it revoked.
    [role-gone] Role {$row}: the audit has a grant of it, and the data has no row, or a revocation that nobody made.
    [stage] Application {$row}: its stage is not where its last step in the audit led.
    [submissions] Application {$row}: its number of submissions is not that of the audit.
    [application-gone] Application {$row} was submitted and never erased, and it is gone.
    [decisions] Application {$row}: it has more or fewer decisions than the audit.
    [applied] Application {$row}: a decision counts as told to the candidate, or as not told, and by the audit it is the other way round.
    [second-look] Application {$row} was refused for good, and nobody else had agreed.
    [charges] { $row ->
        [0] Money that belongs to nobody came in by the audit, and it is gone.
       *[other] Application {$row}: money that came in by the audit is gone.
    }
    [refunds] Application {$row}: a refund that was asked for by the audit is gone.
    [late-changes] Application {$row}: it has more or fewer requests for a change than the audit.
    [broadcast] Broadcast {$row}: nobody began or resumed it, or it is gone.
    [exam] Version {$row} of the exam: it is not as the audit has it, or it is gone. Run: baoming exam versions
    [released] Overdue applications were released, and no administrator did it.
   *[group] Group {$row}: its scope is not that of the audit.
 }
cli-audit-no-application = “{$given}” names no application. Write its code as it stands on the card or in /status, such as 2222-454, or the number that the database knows it by, such as 65.
cli-audit-nothing = There are no entries of an application {$application}.
cli-audit-entry = {$at}  {$who}  {$deed}
cli-audit-entry-with = {$at}  {$who}  {$deed} ({$detail})
cli-audit-bot = the bot
cli-audit-account = account {$account}
cli-audit-staff = account {$account} ({$role})
cli-audit-role = { $role ->
        [point-clerk] point clerk
        [site-reviewer] site reviewer
        [area-reviewer] area reviewer
       *[administrator] administrator
    }

doctor-exam = Exam: {$name}
doctor-exam-bad = The exam definition has mistakes: {$reason}
doctor-exam-sample = The exam “{$name}” holds sample data; replace it with what was announced before real use (EXAM)
doctor-media = the process that reads photos and papers starts
doctor-media-bad = the process that reads photos and papers does not start ({$reason}); uploaded files wait. See the error above; mostly a package is missing: run sh .ci/venv requirements.txt
doctor-private = no other account can read the data
doctor-exposed = other accounts of this computer can read the data: {$places}. Run: chmod -R go= {$places}
doctor-disk = { $is-low ->
        [yes] only {$free} GB of disk are free. Free some space, or make the disk larger: a full disk stops the bot's answers until it has space again
       *[no] {$free} GB of disk are free
    }
doctor-keys = The keys fit the database
doctor-keys-bad = The keys cannot be used: {$reason}
doctor-keys-beside = The keys lie beside the data ({$file}); use SECRET_KEYS and keep them elsewhere
doctor-data-bad = The database cannot be used: { $cause ->
        [locked] another program keeps it locked. Find that program (for SQLite with fuser) and end it
        [read-only] it can be read and not written. Check the owner and mode of file and folder, and whether the disk is mounted read-only
        [full] the disk is full. Free some space
        [closed] the file cannot be opened. Check DATA_DIR, DATABASE_URL and the modes of the folders
        [disk] the disk fails, often because it is full: look with df and free some space. If it is not full, look at the system's log (dmesg), back up, then replace the disk
        [unreachable] the server cannot be reached. Check that PostgreSQL runs, and the host and port of DATABASE_URL
        [login] the server does not accept user or password. Check DATABASE_URL
        [no-database] the server has no such database. Check DATABASE_URL, or make it with createdb
        [crowded] the server has no connection left. See what takes them, or raise max_connections
        [restarting] the server is starting or stopping. Wait a moment and try again
       *[other] look at the log of PostgreSQL or of the system
    } ({$reason})
doctor-empty = The database is empty; the first start makes its tables. To use a backup, run baoming restore first
doctor-writable = The database can be written
database-lost = The file of the database is gone: {$file}. A bot has used it, so no empty one is made. Put it back, or restore the last backup (baoming restore). Only to begin anew without the old data, run: rm {$locks}
database-emptied = The database is empty: {$name}. A bot has used it, so nothing begins anew there. See whether the server or the file is the right one, or restore the last backup (baoming restore). Only to begin anew without the old data, run: rm {$note}
database-gone = The bot has stopped: the file of the database disappeared while it ran ({$file}). Put it back, or restore the last backup (baoming restore), then start.
database-replaced = The bot has stopped: the file of the database became another one while it ran ({$file}). Find out which one is right, put it in its place, then start.
running-already = A bot uses these data already (process {$pid}, {$file}). Do not start a second one; to start again, stop that one first.
running-elsewhere = A bot uses this PostgreSQL database already, perhaps on another machine. Stop that one first.
keys-missing = the file of the keys is gone ({$file}). Put your copy of the keys back, or set SECRET_KEYS. Without the keys nobody can read the data
keys-exposed = other accounts can read the file of the keys. Run: chmod 600 '{$file}'
keys-none = there is something else than keys in {$file}. Put your copy of the keys back
keys-few = “lookup” is missing, or there is no key to encrypt with. Put your copy of the keys back
keys-part = part {$number} is not “id:base64”
keys-twice = the id {$name} is there twice
keys-id = the id “{$name}” must be 1 to {$limit} ASCII characters
keys-length = “{$name}” must be {$limit} bytes in base64. Put your copy of the keys back
keys-foreign = This database was made with other keys. Put its keys back (the file of the keys, or SECRET_KEYS).
keys-lacking = The database still needs the key {$name}, which is missing here or is another one. Put your copy of the keys back (the file of the keys, or SECRET_KEYS).
cli-cannot-listen = The address {$address} of LISTEN cannot be used: { $code ->
        [EADDRINUSE] another program uses it. Stop that one, or choose another port
        [EADDRNOTAVAIL] this computer does not have it. Choose one of its own, such as 127.0.0.1:8080
        [EACCES] no permission. Choose a port above 1024
       *[other] {$reason}
    }.
cli-telegram-refused = { $code ->
        [401] Telegram does not accept BOT_TOKEN (401): it was changed, or is mistyped. Ask @BotFather for the present token, put it into .env as BOT_TOKEN, and start again. The data are untouched.
        [404] Telegram does not know BOT_TOKEN (404): check BOT_TOKEN and BOT_API_URL in .env, then start again. The data are untouched.
       *[other] Telegram refused the bot ({$code} {$reason}). Run baoming doctor.
    }
doctor-data-damaged = The file of the database is damaged, or it is no database ({$reason}). Stop the bot and look at the system's log (dmesg) first: a disk that fails looks the same, and with the disk mended the file may be whole. If baoming doctor then still says so, move the file away without deleting it, and restore the last backup (baoming restore).
doctor-schema = { $age ->
        [older] The database is at version {$present}, the code wants {$wanted} (to upgrade: baoming migrate)
        [newer] The database is at version {$present}, which is newer than this program ({$wanted}). Start the newer program again. Only to go back for good: restore the backup that this program made before the upgrade (baoming restore). Nothing was changed
       *[same] The database is at version {$present}, as the code wants
    }
doctor-server = PostgreSQL {$server_version} answers (synchronous_commit={$synchronous_commit})
doctor-server-unsafe = A power cut costs data: PostgreSQL runs without {$settings}; switch it on in postgresql.conf
doctor-no-database = There is no database yet; the first start makes it: {$file}
doctor-dropped-codes = The exam {$exam} lacks areas, sites, points or specialties that applications use: {$codes} (put them back, or it will not start)
doctor-telegram = Telegram answers; the bot is @{$name}
doctor-clock = The clock of this machine is not Telegram's (difference in minutes: {$minutes}). Deadlines and reminders go by it. Set it right (timedatectl set-ntp true)
doctor-telegram-bad = { $code ->
        [401] Telegram does not accept BOT_TOKEN (401): it was changed, or is mistyped. Ask @BotFather for the present token, put it into .env as BOT_TOKEN, and start again
       *[other] Telegram cannot be reached: {$reason} (check BOT_TOKEN, BOT_API_URL, TELEGRAM_PROXY)
    }
doctor-webhook-set = Telegram still has a webhook ({$host}), but polling is configured; a start removes it. If another bot uses it, stop that one first
doctor-webhook-other = Telegram's webhook is elsewhere ({$host}) and not WEBHOOK_URL; a start sets it. If another bot uses it, stop that one first
doctor-webhook-missing = Telegram has no webhook yet; a start sets it to WEBHOOK_URL
doctor-webhook-error = At {$at} Telegram could not call the webhook: {$reason} (check WEBHOOK_URL, the certificate and the reverse proxy)
doctor-waiting = { $count ->
    [one] 1 update waits
   *[other] {$count} updates wait
} at Telegram (close to 0 while the bot runs)

cli-jobs-line = {$kind}  {$key}  {$state}  {$at}  attempts: {$attempts}  {$error}
cli-jobs-waiting = waiting
cli-jobs-set-aside = set aside
cli-jobs-none = There are no jobs: the bot was never started.
cli-jobs-no-job = No job {$kind} {$key} has failed; baoming jobs list shows them.
cli-jobs-retried = Started again: {$kind} {$key}. A running bot takes it up within half a minute.

cli-payments-imported = Lines imported: {$lines}. Fees {$fee}, owed back {$owed}, known before {$known}.
cli-payments-bad-lines = Nothing was imported, not a single line: wrong lines: {$count}. Mend them, then import the whole file again.
cli-payments-unreadable = The file cannot be read: {$reason}
cli-payments-day = {$day}  {$area}: payments {$count}, {$total} yuan; fees {$fee}, owed back {$owed}, sent back {$sent-back}
cli-payments-foreign = not in yuan, not counted  order {$order}  charge {$charge}  {$money}
cli-payments-sum = Total: payments {$count}, {$total} yuan; fees {$fee}, owed back {$owed}, sent back {$sent-back}
cli-payments-owed = owed back  order {$order}  charge {$charge}  {$money}, due {$expected}: {$verdict}
cli-payments-unknown = on the bill, not here  order {$order}  charge {$charge}  {$money}
cli-payments-other-amount = other amount  order {$order}  charge {$charge}  here {$money}, on the bill {$expected}
cli-payments-unbilled = here, not on the bill  order {$order}  charge {$charge}  {$money}
cli-payments-refunded = refunded in the bill, not noted here: order {$order}, transaction {$charge}, {$money}
cli-payments-no-difference = No difference.
line-columns = · Line {$number}: the header needs charge, yuan, paid at, and code or order
line-charge = · Line {$number}: no charge (receipt number), or one of more than 200 characters
line-rounded = · Line {$number}: a number of over 15 digits was rounded by the spreadsheet; format the column as text and export again
line-named = · Line {$number}: neither code nor order
line-amount = · Line {$number}: the amount is in yuan with at most two decimals, such as 260.00
line-time = · Line {$number}: the time is written like 2026-02-05 14:20:00
line-way = · Line {$number}: the way is telegram, wechat, alipay or desktop
line-twice = · Line {$number}: this charge occurs earlier in the file
line-code = · Line {$number}: there is no such code
line-conflict = · Line {$number}: this charge was imported before with another amount

cli-payments-keys = The file of payment keys {$file} cannot be used: {$reason}
cli-payments-extra = The library for payments by {$way} is not installed; run pip install '.[payments]'.
cli-payments-url-missing = WeChat Pay and Alipay need PAYMENTS_URL: an https address that the providers can reach.
setting-payments-url = · PAYMENTS_URL: the address for the providers' notifications, such as https://bot.example.org
setting-wechat-pay = · WECHAT_PAY: the path of the file with the keys of WeChat Pay, such as /etc/baoming/wechat.toml
setting-alipay = · ALIPAY: the path of the file with the keys of Alipay, such as /etc/baoming/alipay.toml
setting-telegram-provider-token = · TELEGRAM_PROVIDER_TOKEN: the payment token of @BotFather, such as 123456:LIVE:abc
doctor-ways = Ways of paying: {$ways}
doctor-ways-unused = Areas take the fee here, but none of their ways is connected: {$areas}. Their candidates can pay elsewhere only.
doctor-ways-sample = Areas take the fee here, but its amount is a sample: {$areas}. Please enter the published one.
## The linter of exam definitions: what looks wrong, and the remedy.
lint-closes-at-night = It closes at night ({$closes}), when there is nobody to ask. Move it to the evening or to office hours.
lint-closes-on-holiday = The last day ({$day}) is no workday, so nothing can be done on site. Move it to a workday.
lint-holidays-unknown = The holidays of {$year} are not published yet, so the last day may be one. Check again when they are.
lint-short-window = Less than {$days} days are easily missed. Make it longer if you can.
lint-no-time-to-confirm = Confirmation ({$closes}) closes before registration ({$other}): the last to register cannot confirm.
lint-no-time-to-correct = Uploading again ({$closes}) closes before confirmation ({$other}): the last to be refused cannot correct.
lint-no-time-to-review = The review ({$closes}) closes before uploading again ({$other}): nobody reviews the last ones.
lint-no-time-to-pay = Payment closes less than {$days} days after the review: the last to be approved cannot pay.
lint-tickets-before-payment = Admission tickets open while people still pay; those who have not will come, too.
lint-tickets-on-exam-day = Admission tickets open no earlier than the first exam day ({$day}).
lint-empty-category = The category {$name} has no specialty that can be chosen: whoever chooses it is stuck.
lint-empty-level = The level {$name} has no specialty that can be chosen: whoever chooses it is stuck.
lint-unused-practice = No category uses the practice category {$name}.
lint-reference-within-month = Years count to {$day}, which ends no month. The form has months only. Use the end of a month.
lint-reference-of-another-year = The years of the conditions do not count to the day of the exam of {$year}.
lint-no-clause = {$category} · {$level} has no conditions: candidates cannot see whether they are eligible. Add some.
lint-small-material = {$name} may have {$limit} KB a file; a legible scan is larger. Allow 1000 KB or more.
lint-materials-on-site = {$name} confirms on site; what it wants uploaded is never asked for.
lint-definite-needless = “{$desk}” of {$name} allows no correction: each refusal is final without a second look, and “definite” does nothing. Remove it, or allow corrections.
lint-no-employers = {$name} has no list of employers: every candidate types the name.
lint-no-telephone = {$name} has no telephone number: candidates in trouble find nobody.
lint-no-fee = {$name} takes a fee of 0.
lint-odd-fee = {$name} takes {$yuan} yuan a subject. Is the number in fen?
lint-fee-without-source = The fee of {$name} is no sample and names no source.
lint-late-change-unanswerable = { $name } takes requests for late changes until {$closes}, but its review ends on {$review}: nobody would look at them. End earlier.
lint-late-change-misses-payment = { $name }: a late change can stay open until {$until}, but the payment ends on {$closes}, and candidates would miss it. End earlier, or open it for fewer days.
lint-late-change-moves-site = { $name }: the site decides, and the site itself can be changed, so one would decide for another. Let the area decide.
lint-late-change-short = { $name }: an approved change is open for { $days } { $days ->
        [one] day
       *[other] days
    } only, which is easily missed. Give more.
lint-spot-checks-many = { $percent } % of the approvals of “{$desk}” are read twice, which keeps the desk from its work. Take less, such as 0.02.
lint-spot-checks-one-sided = “{$desk}” has only its approvals or only its refusals read again, so agreement cannot be said. Give both a rate, or none.
lint-still-a-sample = The exam is no sample, and this part still is one. Put in what was published, and sample = false.
lint-no-english = { $count ->
        [one] One item has no English name: {$first}.
       *[other] {$count} items have no English name (the first: {$first}). Who reads English sees Chinese.
    }
cli-exam-difference = { $count ->
        [0] {$path}: {$before} → {$after}
        [one] {$path}: {$before} → {$after} (touches 1 application)
       *[other] {$path}: {$before} → {$after} (touches {$count} applications)
    }
cli-exam-differences = { $count ->
        [one] 1 difference; {$applications} applications in the database.
       *[other] {$count} differences; {$applications} applications in the database.
    }
cli-keys-rotated = The new key {$key} is in the file of the keys. The bot encrypts everything with it in the background while it runs; baoming keys status says how far it is. Back up the file of the keys now, apart from the data, and keep the old key.
cli-keys-setting = The keys are in the setting SECRET_KEYS. Set it to this value with the new key {$key} and start the bot again; it then encrypts everything in the background:
    {$value}
cli-keys-busy = The last rotation is not through: rows under an older key: {$count}. Let the bot run until it is.
cli-keys-left = · Rows under an older key: {$count}; the bot encrypts them with {$key} while it runs.
cli-keys-done = ✓ Everything in the database is encrypted with {$key}. Older keys still verify printed forms: keep them until the exam is over.
cli-backup-made = ✓ The backup is {$file}: rows {$rows}, files {$files}. The keys are not in it; back them up apart.
cli-backup-missing = · No longer in the store, and so not in the backup: files {$count}.
cli-backup-exists = {$file} exists already. Give another name.
cli-restore-done = ✓ Restored: rows {$rows}, files {$files}, backed up at {$at}. Run baoming audit verify, then start the bot.
cli-restore-verified = ✓ The backup is whole: rows {$rows}, files {$files}, made at {$at}; its audit is sound.
cli-restore-not-empty = The database has data already. Restore into an empty database and an empty folder.
cli-restore-broken = The backup cannot be used: {$reason}. Nothing was restored.
cli-restore-audit = ✗ The audit in the backup has faults; restore it and run baoming audit verify to see them.
cli-verify-genuine = Genuine: application { $code }, submission { $number }. There is no database here, so ask the site whether it is still current.
cli-verify-large = The file is too large; at most {$limit} MB.
cli-verify-unreadable = This file cannot be read: it has to be JPG, PNG, HEIC or PDF.
cli-verify-no-code = The file has no QR code. Take a clearer picture, or type the code on the form.
cli-verify-what = “{$given}” is no file, no link of a QR code and no verification code. That code has two digits more than the registration code, for example 2222-454-03.
cli-verify-no-key = The key that signed this form is missing here, or the form is forged: look at SECRET_KEYS or the file of the keys.
cli-file = ✗ {$trouble}
disk-trouble = { $code ->
        [ENOSPC] the disk is full: look with df and free some space, then run the command again
        [EDQUOT] the quota of the disk is used up: free some space, then run the command again
        [EROFS] the disk is mounted read-only: look at the system's log (dmesg), then run the command again
       *[other] the disk fails ({ $reason }): look at the system's log (dmesg)
    }
file-trouble = { $file }: { $code ->
        [ENOENT] there is no such file or folder
        [EACCES] no permission
        [EEXIST] it exists already
        [EISDIR] it is a folder, not a file
        [ENOTDIR] a part of the path is no folder
        [ENOSPC] the disk is full
        [EROFS] nothing can be written here
       *[other] { $reason }
    }
backup-foreign = it is no backup of this program
backup-version = it is of version {$version}; this program has {$wanted}
backup-changed = part {$part} was changed, or the file is not complete
backup-first-part = part {$part} cannot be opened: the keys here are not those of the backup, or the file was changed or is not complete. Check the file of the keys or SECRET_KEYS first
backup-key = part {$part} is encrypted with the key {$key}, which is not here
backup-lookup-key = it was made with another look-up key
backup-incomplete = its numbers do not agree

cli-rehearsal-bad-exam = The exam definition has mistakes; nothing was rehearsed:
cli-rehearsal-begins = Rehearsing {$exam} with {$people} invented candidates. It takes some minutes.
cli-rehearsal-report = Report: {$file}
cli-rehearsal-green = ✓ The rehearsal is green: {$registered} of {$people} invented candidates are registered; the others put it off or gave up by themselves.
cli-rehearsal-failed = ✗ The rehearsal failed: { $count ->
        [one] one problem
       *[other] {$count} problems
    }. {$registered} of {$people} invented candidates are registered.

cli-apply-bad = The changed definition has mistakes, so nothing was changed:
cli-apply-other = The running exam is {$key}, and this definition is of {$other}. Nothing was changed. For another year’s exam change the setting EXAM.
cli-apply-dropped = Nothing was changed: applications refer to areas, sites, points or specialties that the new definition lacks: {$codes}
    Put them back (mark specialties that have ended as discontinued).
cli-apply-same = This definition is the one in force. There is nothing to change.
cli-apply-meanwhile = Somebody else has just changed this exam, so nothing was changed. Run it again and read what changes.
cli-apply-needs-yes = There is no terminal to ask at, so nothing was changed. Read the lines above, then add --yes.
cli-apply-question = Put these changes in force? Type y:
cli-apply-left = Left as it was; nothing was changed.
cli-apply-stored = ✓ Stored as version {$number}. A running bot puts it in force within half a minute and loses no message; otherwise its next start does. See baoming exam versions; baoming exam revert takes it back.
cli-apply-more = { $count ->
        [one] One more difference; see it
       *[other] {$count} more differences; see them
    } with baoming exam diff.
cli-apply-suspicion = ⚠ {$path}: {$text}
cli-apply-moved-registration = Registration ends: {$before} → {$after}. Not submitted yet: {$count}; each is told once.
cli-apply-moved-confirmation = Confirmation ends: {$before} → {$after}. Waiting for it: {$count}; who has to come in person is told once. What would end within 24 hours of the change is not given up by itself; administrators are asked first.
cli-apply-moved-reupload = Corrections of materials end: {$before} → {$after}. To correct: {$count}; each is told once. What would end within 24 hours of the change is not given up by itself; administrators are asked first.
cli-apply-moved-review = Reviews and their corrections end: {$before} → {$after}. To correct: {$count}; each is told once. What would end within 24 hours of the change is not given up by itself; administrators are asked first.
cli-apply-moved-payment = Payment ends: {$before} → {$after}. To pay: {$count}; each is told once. What would end within 24 hours of the change is not given up by itself; administrators are asked first.
cli-apply-moved-tickets = Admission tickets end: {$before} → {$after}. Registered: {$count}.
cli-revert-nothing = There is no change to take back: the first definition is in force.
cli-revert-dropped = ✓ Version {$number} was not in force yet and is dropped.
cli-revert-again = Taken back by mistake? Version {$number} is kept and can be restored: baoming exam revert --to {$number}
cli-revert-unknown = There is no version {$number}. baoming exam versions lists them.
cli-exam-taken-up = The exam definition has changed; putting it in force…
cli-exam-differs = · In force is a definition that exam apply stored. It differs from the files of the setting EXAM ({$setting}); after a change of the files run baoming exam apply again.
cli-versions-none = Never changed: the files of the setting EXAM are in force.
cli-version = Version {$number}  {$made}  {$state}
cli-version-takes-back = Version {$number}  {$made}  {$state}, takes version {$back} back
cli-version-waiting = waits for the bot
cli-version-in-force = in force
cli-version-replaced = replaced
cli-version-refused = could not come in force: {$why}
cli-version-dropped = dropped before it came in force
doctor-exam-differs = In force is a definition that exam apply stored. It differs from the files of the setting EXAM ({$setting}). To use the files, run baoming exam apply.

## Codes of the audit in words (bot/cli/audit_details.py).
audit-submission = submission {$number}
audit-record = record {$number}
audit-case = case {$number}
audit-request = request {$number}
audit-yuan = {$yuan} yuan
audit-event-submit = submitted
audit-event-withdraw = withdrawn
audit-event-confirm = confirmed
audit-event-refuse-confirmation = confirmation refused
audit-event-approve-site = passed by the site
audit-event-refuse-site = refused by the site
audit-event-approve-area = passed by the area
audit-event-refuse-area = refused by the area
audit-event-reject = rejected for good
audit-event-resubmit = submitted again
audit-event-clear = no payment online
audit-event-pay = paid
audit-event-mark-paid = marked as paid
audit-event-unmark-paid = mark of the payment undone
audit-event-undo-approval = approval undone
audit-event-lapse = given up, the deadline being over
audit-event-reinstate = reinstated
audit-event-reopen = opened again
audit-event-release = ID number released
audit-event-open-change = late change agreed to
audit-event-close-change = late change ended
audit-event-drop-change = late change given up
audit-kind-number-taken = ID number registered by somebody else
audit-kind-account-moved = another Telegram account
audit-kind-identity = a correction of name or number
audit-kind-payment = payment to be found
audit-kind-duplicate = perhaps one person twice
audit-outcome-agreed = agreed
audit-outcome-declined = declined
audit-said-paper = the paper is right
audit-said-form = the form is right
audit-late-change-asked = asked for
audit-late-change-open = agreed to
audit-late-change-done = done
audit-late-change-declined = declined
audit-late-change-expired = its time passed
audit-late-change-dropped = given up by the candidate
audit-photo-fine = the photo is fine
audit-photo-bad = the photo is not fine
audit-called-yes = reached
audit-called-no = not reached
audit-money-fee = the exam fee
audit-money-accepted = taken as the fee by the area
audit-money-unknown-order = no such order
audit-money-merchant = another payee
audit-money-currency = another currency
audit-money-amount = another amount
audit-money-payer = paid by another account
audit-money-doubled = paid twice
audit-money-late = paid late
audit-money-not-approved = not waiting for payment then
audit-money-expired = given up by then
audit-money-review-undone = approval undone

## An exam's file cannot be read: where, and how to mend it (bot/core/toml_mistakes.py).
toml-value = the value after the equals sign is wrong. Text needs quotes, such as name = "Qinghai"; a date is 2026-01-31.
toml-string = a quote is not closed, or a character within is not allowed.
toml-key = the name before the equals sign is wrong, or the sign is missing. Write name = "Qinghai".
toml-twice = the same name or table stands there twice.
toml-header = the square brackets of a table's name do not match. Write [windows.registration] or [[areas]].
toml-array = a square bracket is not closed, or a comma is missing.
toml-table = a curly bracket is not closed, or a comma is missing.
toml-rest = something follows behind the value. One line has one item.
toml-other = this is no TOML ({$words}).
