### The photo.

photo-ask =
    <b>Please send your photo</b>
    · a colour ID photo on a white background, from the front, no hat, both ears visible, hair above the eyebrows
    · {$formats}, at least {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} px and at least {NUMBER($kb, useGrouping: 0)} KB
    · best sent as a file (paperclip, then “File”), so that it is not compressed on its way
photo-confirm =
    <b>This is how it will stand on the form. Please look closely:</b>
    Is it you, on a white background, from the front, no hat, with both ears and eyebrows visible?
    (Size and format are right; the site has the last word.)
photo-kept = Your photo is saved.
photo-not-fetched = The photo did not arrive; the network may be slow. Please send it again. What you filled in is safe.
problem-file-large = The file is too large; at most {$limit} MB can be sent. Please send the original photo from the studio, usually a few MB.

button-photo-good = ✓ Use this one
button-photo-again = Another one
