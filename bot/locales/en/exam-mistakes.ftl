## Mistakes in an exam's definition: first the item, then what is wrong and how to mend it (states/exam/validation.py, states/exam/parsing.py).
exam-mistake = {$path}: {$text}

## A value of the wrong kind.
mistake-missing = this item is missing. Please add it.
mistake-unknown-key = there is no item of this name. Check its spelling, or delete it.
mistake-no-text = text is needed, in quotes, such as "Xining". Now it is {$given}.
mistake-empty-text = it must not be empty: write at least {$limit} character.
mistake-no-code = “{$given}” cannot be a code. Use lower-case letters, digits and hyphens, at most {$limit}, such as xining.
mistake-no-specialty-code = “{$given}” is no code of a specialty. Write {$limit} digits, such as "368".
mistake-no-version = “{$given}” cannot be a version. Use lower-case letters, digits, dots and hyphens, at most {$limit}, such as 2026-1.
mistake-too-few = at least {$limit} needed. Please add what is missing.
mistake-too-many = at most {$limit} allowed. Please take some away.
mistake-no-whole-number = “{$given}” is no whole number. Write one without its unit, such as 50.
mistake-no-number = “{$given}” is no number. Write one without its unit, such as 0.8.
mistake-no-yes-or-no = “{$given}” is neither yes nor no. Write true or false; in a CSV table write yes or no.
mistake-not-above = {$given} is too small: it must be above {$limit}.
mistake-not-at-least = {$given} is too small: at least {$limit}.
mistake-not-at-most = {$given} is too large: at most {$limit}.
mistake-none-of = “{$given}” cannot be used here. Choose from: {$choices}.
mistake-no-moment = “{$given}” is no date with a time. Write 2026-01-31T17:00:00+08:00, without quotes.
mistake-no-offset = “{$given}” has no time zone. Add +08:00 for Beijing time, as in 2026-01-31T17:00:00+08:00.
mistake-no-day = “{$given}” is no date. Write 2026-01-31, without quotes.
mistake-no-hour = “{$given}” is no time of day. Write 09:00:00, without quotes.
mistake-no-list = a list in square brackets is needed, such as ["mobile", "email"]. Now it is {$given}.
mistake-no-table = several items belong here, not one value ({$given}). See how the shipped exam health-2026 writes it.
mistake-other = “{$given}” cannot be used here ({$words}).

## Times.
mistake-unknown-zone = there is no time zone “{$given}”. An example: Asia/Shanghai (Beijing time).
mistake-closes-before-opens = closes must be after opens. Check date and time.
mistake-ends-before-starts = ends must be after starts. Check the times.
mistake-earlier-than = it must not be before {$other}. Check the date, above all its year.
mistake-days-not-rising = write the days from the first to the last, each once.
mistake-hours-incomplete = write both starts and ends, or neither.
mistake-not-an-exam-day = this is no day of the exam. Write one of dates, or add it to dates.
mistake-days-not-falling = write the days before a deadline from most to fewest, each once, such as [7, 3, 1].
mistake-night-reversed = quiet_from is in the evening and quiet_until in the morning, such as 22:00:00 and 08:00:00.
mistake-hour-at-night = this hour lies in the night (quiet_from to quiet_until), when no reminder is sent. Move it into the day, such as 10:00:00.

## Codes and lists.
mistake-key-without-year = it must end with the year of the exam, as in health-{$year}, so that years do not mix.
mistake-duplicate = “{$code}” is the same as {$other}. Change or delete one of them.
mistake-unknown-code = {$list} has no “{$code}”. Check the code.
mistake-reserved-code = “{$code}” is reserved for employers outside the list. Please take another code.
mistake-mode-missing = a specialty that can be chosen needs its mode: computer or paper.
mistake-subject-twice = a subject has two sessions for specialty {$specialty}. It needs one.
mistake-subject-without-session = specialty {$specialty} has no session of subject {$subjects}. If there are sessions, each subject needs one.

## Areas.
mistake-needed-online = the area confirms online (confirmation = "online"), so this must not be empty.
mistake-ways-without-fee = only an area with payment = "mobile" and a fee above 0 has ways of paying. Delete ways, or change payment and fee.
mistake-way-of-the-area = desktop is the area's own platform and no way of paying here. Please delete it.
mistake-no-fraction = “{$given}” is no fraction below 1. An example: "2/3".

## Conditions of registration.
mistake-not-one-condition = write exactly one of among, at_least and years.
mistake-needs-too-many = more conditions must hold than there are ({$count}). Lower the number, or add conditions.
mistake-no-month-or-number = a value of the example is neither a month nor a number. Write a month as "2021-07".
mistake-rule-says-yes = by this rule the example is eligible; fails needs one that is not.
mistake-rule-says-no = by this rule the example is not eligible; passes needs one that is.
mistake-rule-says-unknown = this rule cannot decide about the example. Give each fact that the rule asks for.

## Synonyms, and words about questions.
mistake-means-nothing = this word means no option. Give its code, or delete the line.
mistake-name-already = an option of the list has this name already. Delete the line.
mistake-word-twice = it is the same word as “{$other}”. Make one line of both with all codes, such as ["318", "328"].
mistake-no-such-question = the form has no question “{$given}”. Check its spelling.

## Files.
mistake-in-two-files = it is given in {$first} and in {$second}. Keep one of them.
mistake-not-toml = line {$line}, column {$column}: {$why}
mistake-not-toml-end = not complete at its end: {$why}
mistake-not-utf8 = no text in UTF-8. Please save it as UTF-8 in an editor.
mistake-not-csv = no complete CSV table: quotes come in pairs. Please save it as CSV (UTF-8) in a spreadsheet program.
mistake-not-found = no such file or folder, and no shipped exam.
