### The photo.

photo-head = Photo
photo-ask =
    <b>Please send your photo</b>
    · a colour ID photo on a white background, from the front, no hat, both ears visible, hair above the eyebrows
    · {$formats}, at least {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} px and at least {NUMBER($kb, useGrouping: 0)} KB
    · best sent as a file (paperclip, then “File”), so that it is not compressed on its way
photo-confirm =
    <b>This is how it will stand on the form. Please look closely:</b>
    Is it you, on a white background, from the front, no hat, eyes open, with both ears and eyebrows visible?
    (Size and format are right; the site has the last word.)
photo-confirm-known =
    <b>This is the photo that you keep here. Use it this time, too?</b>
    Please look closely: is it a recent photo of you, on a white background, from the front, no hat, eyes open, with both ears and eyebrows visible?
photo-kept = Your photo is saved.
format-photo = What is needed: the original JPG of an ID photo on white, sent with the paper clip as “File”; not forwarded from a chat, not a screenshot.
photo-not-fetched = The photo did not arrive; the network may be slow. Please send it again. What you filled in is safe.
problem-file-large = The file is too large; at most {$limit} MB can be sent. Please send a smaller one, for example the photo from the studio or one page of a certificate, usually a few MB.
problem-files-hour = You have sent {$limit} files within an hour; please wait a little. What you filled in and uploaded is safe; you can look at /status, for example.
problem-files-weight = Your files here come to {$limit} MB, and no more can be kept. Please remove papers that you do not need, for example those that are there twice.

button-photo-good = ✓ Use this one
button-photo-again = Another one

photo-judged =
    { $faults ->
        [0] {$judged} points were checked, and no fault was found.
        [one] {$judged} points were checked. Please look at this one:
       *[other] {$judged} points were checked. Please look at these {$faults}:
    }
photo-more-faults = · Not listed here: {$count}.
photo-not-judged = Not judged: the face, and the head’s size and place (no face model is installed here).
photo-tool = This is advice and stops nothing. The authority’s own “{$tool}” and the site have the last word.
photo-choose =
    <b>We can mend this photo. On the left it is as you sent it, on the right mended. Which one?</b>
    It was only turned, cropped, and an almost white background made white; face, hair and clothes are untouched.
photo-still = <b>Still there after mending:</b>
photo-before = As sent
photo-after = Mended
photo-chin = chin
button-photo-use-mended = ✓ Use the mended one
button-photo-use-first = Use it as sent
photo-fault-faces =
    { $many ->
        [none] · No face was found (1 is needed): please check that it shows your face. If it does, the site will look at it.
       *[other] · There are {$value} faces and only 1 is allowed: please send a photo of you alone.
    }
photo-fault-background =
    · The background looks { $ground ->
        [white] off-white
        [grey] grey
        [black] black
        [red] red
        [yellow] yellow
        [green] green
        [blue] blue
       *[purple] purple
    }, {$value} away from white (at most {$limit}), and white is required: {$remedy}
photo-remedy-background-bot = we can whiten it.
photo-remedy-background-anew = please take it again in front of a white wall, or ask the studio for a white one.
photo-fault-evenness = · The background is uneven by {$value} (at most {$limit}): {$remedy}
photo-remedy-evenness-bot = we can whiten it.
photo-remedy-evenness-anew = please stand away from the wall, in even light, and take it again.
photo-fault-marks = · Something seems to stand in the background ({$value}%, at most {$limit}%), such as text: please use the original; the site will look.
photo-fault-border = · There is a frame, on {$value} of 4 sides (none may have one): please send the original without a frame, not a screenshot.
photo-fault-head = · The head takes {$value}% of the height, and about {$limit}% is asked for: please crop it again, or change the distance.
photo-fault-place = · The head is {$value}% beside the middle (at most {$limit}%): please bring it to the middle.
photo-fault-tilt = · The head leans by {$value}° (at most {$limit}°): {$remedy}
photo-remedy-tilt-bot = we can straighten it.
photo-remedy-tilt-anew = please sit straight and take it again.
photo-fault-turn = · The face seems turned by about {$value}° (at most {$limit}°): please look straight ahead; the site will look.
photo-fault-sharpness =
    { $verdict ->
        [staff] · A little blurred: {$value} (at most {$limit}). Send a sharper one if you have it; the site will look.
       *[mend] · Blurred: {$value} (at most {$limit}). Please hold still, focus and take it again.
    }
photo-fault-exposure =
    { $verdict ->
        [staff] · The face is a little dark: lightness {$value} (at least {$limit}). Send a brighter one if you have it; the site will look.
       *[mend] · The face is too dark: lightness {$value} (at least {$limit}). Please take it again in better light.
    }
photo-fault-highlights =
    { $verdict ->
        [staff] · {$value}% of the face is too bright (at most {$limit}%). Send a better one if you have it; the site will look.
       *[mend] · Over-exposed: {$value}% of the face shows nothing but white (at most {$limit}%). Please take it again away from the lamp.
    }
photo-fault-colour = · It looks black and white: chroma {$value} (at least {$limit}). Please send a colour photo.
photo-fault-screen = · There is a pattern like a screen’s: {$value} dB (at most {$limit}). Please do not photograph a screen; the site will look.
photo-fault-enlarged = · It looks enlarged: {$value}% of its detail (at least {$limit}%). Please send the original, not enlarged; the site will look.
photo-fault-screenshot = · It looks like a screenshot: bars take {$value}% of the height (at most {$limit}%). Please send the original; the site will look.
photo-fault-print = · It looks like a photo of a printed photo: a straight edge along {$value}% of a side (at most {$limit}%). Please send the original; the site will look.
photo-figure-faces = faces {$value} (want {$limit})
photo-figure-background = background {$value} (≤{$limit})
photo-figure-evenness = unevenness {$value} (≤{$limit})
photo-figure-marks = marks {$value}% (≤{$limit}%)
photo-figure-border = frame {$value} ({$limit})
photo-figure-head = head {$value}% (about {$limit}%)
photo-figure-place = off centre {$value}% (≤{$limit}%)
photo-figure-tilt = tilt {$value}° (≤{$limit}°)
photo-figure-turn = turned {$value}° (≤{$limit}°)
photo-figure-sharpness = blur {$value} (≤{$limit})
photo-figure-exposure = lightness {$value} (≥{$limit})
photo-figure-highlights = too bright {$value}% (≤{$limit}%)
photo-figure-colour = chroma {$value} (≥{$limit})
photo-figure-screen = pattern {$value} (≤{$limit})
photo-figure-enlarged = detail {$value}% (≥{$limit}%)
photo-figure-screenshot = bars {$value}% (≤{$limit}%)
photo-figure-print = edge {$value}% (≤{$limit}%)
as-file-title = Three steps to send the photo as a file
as-file-1 = 1. Tap the paper clip beside the text
as-file-2 = 2. Choose “File”, not “Photo”
as-file-3 = 3. Choose this photo and send it
photo-check-faces = faces
photo-check-background = background
photo-check-evenness = evenness
photo-check-marks = marks
photo-check-border = frame
photo-check-head = head size
photo-check-place = head place
photo-check-tilt = tilt
photo-check-turn = turn
photo-check-sharpness = blur
photo-check-exposure = lightness
photo-check-highlights = too bright
photo-check-colour = colour
photo-check-screen = screen
photo-check-enlarged = enlarged
photo-check-screenshot = screenshot
photo-check-print = photo of a print
