### The photo.

photo-head = Photo
photo-ask =
    <b>Please send your photo</b>
    · a colour ID photo on a white background, from the front, no hat, both ears visible, hair above the eyebrows
    · {$formats}, at least {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} px and at least {NUMBER($kb, useGrouping: 0)} KB
    · best sent as a file (paperclip, then “File”), so that it is not compressed on its way
photo-confirm =
    <b>This is how it will stand on the form. Please look closely:</b>
    Is it you, on a white background, from the front, no hat, with both ears and eyebrows visible?
    (Size and format are right; the site has the last word.)
photo-confirm-known =
    <b>This is the photo that you keep here. Use it this time, too?</b>
    Please look closely: is it a recent photo of you, on a white background, from the front, no hat, with both ears and eyebrows visible?
photo-kept = Your photo is saved.
format-photo = What is needed: the original JPG of an ID photo on white, sent with the paper clip as “File”; not forwarded from a chat, not a screenshot.
photo-not-fetched = The photo did not arrive; the network may be slow. Please send it again. What you filled in is safe.
problem-file-large = The file is too large; at most {$limit} MB can be sent. Please send a smaller one, for example the photo from the studio or one page of a certificate, usually a few MB.
problem-files-hour = You have sent {$limit} files within an hour; please wait a little. What you filled in and uploaded is safe; you can look at /status, for example.
problem-files-weight = Your files here come to {$limit} MB, and no more can be kept. Please remove papers that you do not need, for example those that are there twice.

button-photo-good = ✓ Use this one
button-photo-again = Another one
