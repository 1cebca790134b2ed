### What the command line says, for operators.

cli-starting = Starting the sandbox and the bot, a few seconds…
cli-running-sandbox =
    The sandbox is ready, please open: {$address}
    (Its people are invented and nothing leaves this computer. Ctrl-C stops it; next time it goes on from there.)
cli-running-telegram = The bot is connected to {$address}. Ctrl-C stops it.
cli-closed = Note: registration for the {$exam} is not open now. The bot tells candidates so, and tells them when it opens.
cli-stopped = Stopped. Nothing is lost.
cli-reset-done = The sandbox is cleared ({$place}).
cli-reset-running = The bot is still running; please stop it first.
cli-migrated = The database is at version {$version}.
cli-exam-good = ✓ {$name}: {$areas} areas, no mistakes found.
cli-bad-exam = The exam definition has mistakes; nothing was started:
    {$reason}
cli-bad-settings = The settings have mistakes; nothing was started:
    {$reason}
cli-refused = Not started: {$reason}

doctor-exam = Exam: {$name}
doctor-exam-bad = The exam definition has mistakes: {$reason}
doctor-exam-sample = The exam “{$name}” holds sample data; replace it by what was announced before real use (EXAM)
doctor-disk = {$free} GB of disk are free
doctor-keys = The keys fit the database
doctor-keys-bad = The keys cannot be used: {$reason}
doctor-keys-beside = The keys lie beside the data ({$file}); use SECRET_KEYS and keep them elsewhere
doctor-data-bad = The database cannot be used: {$reason}
doctor-schema = The database is at version {$present}, the code wants {$wanted} (to upgrade: python -m bot migrate)
doctor-telegram = Telegram answers; the bot is @{$name}
doctor-telegram-bad = Telegram cannot be reached: {$reason} (check BOT_TOKEN, BOT_API_URL, TELEGRAM_PROXY)
