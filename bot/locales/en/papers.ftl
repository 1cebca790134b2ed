# Automatic checks and reading of papers

paper-pages = { $pages ->
        [one] This file has one page.
       *[other] This file has <b>{$pages}</b> pages.
    }
paper-pages-judged = Checked automatically: pages 1 to {$judged}. Please look through the rest: print sharp, all four corners there, nothing on its side.
paper-doubts-more = ⚠ Further doubtful places in this file: {$count}. Please look at each page.
paper-doubt-side = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } may be too small: the shorter side has {$value} px; {$limit} or more is better.{ $reader ->
        [staff] {""}
       *[candidate] {" "}Send the original as a file, or go closer.
    }
paper-doubt-sharpness = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } looks blurred: {$value} % blur; a sharp page has at most {$limit} %.{ $reader ->
        [staff] {""}
       *[candidate] {" "}Hold the phone still and take it again.
    }
paper-doubt-light = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } is too dark: lightness {$value} of 100; {$limit} or more is better.{ $reader ->
        [staff] {""}
       *[candidate] {" "}Take it again in bright light.
    }
paper-doubt-cut = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } seems to be cut off: print touches the edge (places: {$value}; up to {$limit} is usual).{ $reader ->
        [staff] {""}
       *[candidate] {" "}Take all four corners.
    }
paper-doubt-sideways = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } seems to lie on its side (columns stand out {$value} times as much as rows; above {$limit} I ask).
paper-doubt-slant = ⚠ { $page ->
        [0] This page
       *[other] Page {$page}
    } is tilted by {$value}°; up to {$limit}° is fine.
paper-pdf-turned = Pages of a PDF cannot be turned here. If you can, scan them upright and send the file again; it is taken anyway, and the staff turn it.
paper-page-twice = ⚠ Page {$first} and page {$second} look like one page. If one is there by mistake, please make the PDF anew.
paper-alike = ⚠ This page looks like file {$number} of “{$name}”. If you sent it twice, you can delete one.
paper-lies = <b>This page seems to lie on its side.</b> Which one is upright? It replaces your file; if neither is, keep yours.
paper-leans = <b>This page is tilted.</b> Yours is on the left, the straightened one on the right. Which one do you want?
paper-stands = <b>{$name}, file {$number}: this page seems to stand on its head.</b> Yours is on the left, the straightened one on the right. Which one do you want?
paper-on-side = <b>{$name}, file {$number}: this page seems to lie on its side.</b> Yours is on the left, the straightened one on the right. Which one do you want?
paper-left = turned left
paper-right = turned right
paper-before = yours
paper-after = straightened
button-paper-use-left = Use the left one
button-paper-use-right = Use the right one
button-paper-use-level = Use the straightened one
button-paper-keep = Keep mine
paper-turn-taken = ✓ The turned page replaces yours.
paper-turn-kept = ✓ Your page stays as it is.
paper-over = This paper or this answer has changed since, so the question is over.

paper-field-name = Name
paper-field-id-number = ID number
paper-field-born = Date of birth
paper-field-school = School
paper-field-major = Major
paper-field-degree = Degree
paper-field-enrolled = Enrolled
paper-field-graduated = Graduated
paper-field-certificate = Certificate number
paper-field-resident = Residency training completed
paper-field-issuer = Issued by

paper-differs =
    <b>{$name}, file {$number}: one item differs from your form.</b>{ $more ->
        [0] {""}
       *[other] {" "}{$more} more will follow.
    }
paper-which = {$field}: the certificate says <b>{$read}</b>, the form says <b>{$form}</b>. Which is right?
paper-which-number = {$field}: certificate and form differ (see the picture). Which is right?
paper-machine = A program read this and may be wrong. Compare with the original; the staff look at it, too.
button-paper-paper-right = The certificate
button-paper-form-right = The form
paper-form-stays = ✓ {$field}: the form stays as it is. The staff see both.
paper-closed = This cannot be changed here now. The staff see that you say the certificate is right; ask your site for a change.
paper-type = The certificate says <b>{$value}</b>. Compare with the original, then answer again.
paper-new-record = A record of education is never changed, so this is a new one from the certificate; the rest is as before. Check it, keep it, and choose it in the form.

button-record-paper = Fill in a record from a certificate
record-paper-none = There is no certificate to use: upload a diploma or degree certificate first. It must be readable, and no record may have it yet. You can also fill in a record yourself.
record-paper-head = <b>{$name}, file {$number}</b> (item {$step} of {$count})
record-paper-ask = {$field}: <b>{$value}</b>. Is that right?
button-record-paper-yes = ✓ Yes, fill it in
button-record-paper-no = No, I answer this myself
record-paper-rest = That was all I could read. Now for what is missing.

card-paper-read-none = 👀 {$name}, file {$number}: a program could read nothing of it; please look at it yourself
card-paper-read = 👀 {$name}, file {$number}, as a program reads it: {$same} the same, <b>{$different} different</b>, {$unread} not read
card-paper-doubt = 👀 {$name}, file {$number}
card-paper-different = · <b>{$field}</b>: paper {$read} ≠ form {$form} ({$certainty} % sure){$said}
card-paper-judged = · Checked automatically: pages 1 to {$judged} of {$count}
card-paper-read-part = · Read by a program: pages 1 to {$read} of {$count}
card-paper-turned = · On the side or on the head in the file, shown upright in pictures; the file is unchanged: page {$pages}
button-card-papers = 👀 Papers beside the form
card-paper-beside = {$name}, file {$number}: the paper above, below it what was read and what the form says. A program may be wrong; the original counts.
paper-crop-same = {$field}: read as {$read}, same as the form ({$certainty} % sure)
paper-crop-different = {$field}: read as {$read}, the form says {$form} ({$certainty} % sure)
paper-crop-not-read = {$field}: not read; the form says {$form}
paper-crop-only = {$field}: read as {$read}
paper-crop-said-paper = {" "}The candidate says the paper is right.
paper-crop-said-form = {" "}The candidate says the form is right.
deed-paper-turned = turned a page of a paper upright
deed-paper-said = said whether a paper or the form is right
