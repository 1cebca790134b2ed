### Uploading papers, in areas that confirm online.

materials-head =
    <b>Please upload your papers</b>
    Your area confirms online: the registration point decides by these papers.
materials-how = Tap a kind first, then send its files; several pictures can go in one album.
materials-how-at-once = <b>You can select all required ones in the order below and send them at once</b>; I will then ask you which is which. Or tap a kind first, then send its files.
materials-complete = <b>All that is required is here.</b> If you have nothing more to send, tap “{button-materials-done}”; otherwise tap a kind first.
materials-sample = (Kinds, formats and sizes are samples; what your area publishes counts.)
material-line-there = ✓ {$material}: <b>{ $count ->
        [one] {$count} file
       *[other] {$count} files
    }</b>
material-line-missing = ○ {$material}: <b>required, not there yet</b>
material-line-optional = ○ {$material}: if you have it
material-limits = {$formats}, at most {$mb} MB each, at most {$files}
material-ask = <b>Please send: {$material}</b>
material-count = <b>{$count} of {$limit} uploaded</b>. Photograph the whole page, straight and legible; best sent as a file.
material-kept = ✓ Received and kept.
material-album-refused = Not every file of this album could be taken. Please send the missing one again by itself, and I will say what is wrong with it.
material-replaced = ✓ Received; it has replaced the old one.
material-replace-ask = Please send the new file; it will replace number {$number}.
material-removed = Removed.
material-gone = This kind of paper is not asked for any more. Please go back to see what is.
material-shown = File number {$number}
materials-which = What kind of paper is this? Please tap its kind below. A file that arrived need not be sent again.
materials-received = <b>{ $count ->
        [one] {$count} file has
       *[other] {$count} files have
    } arrived. What kind of paper is it?</b> Please tap its kind below; you need not send it again.
materials-which-one = <b>What kind of paper is file number {$number} ({$file})?</b>
materials-offered = <b>{$count} files have arrived. In the order you sent them, is this right?</b>
materials-offered-line = Number {$number} ({$file}) → {$material}
materials-or-all = If all of them are of one kind, please tap that kind.
file-is-picture = picture
file-is-pdf = { $pages ->
        [one] PDF, {$pages} page
       *[other] PDF, {$pages} pages
    }
material-kept-as = ✓ Received and kept: {$material}
material-refused-as = ⚠️ This one was not taken: {$material}
materials-done = ✓ All papers are uploaded.
scan-not-fetched = The file did not arrive; the network may be slow. Please send it again. What you uploaded before is safe.
problem-materials-missing = “{$material}” is still missing, and it is required. Please tap it and send a file, for example a photo of it.
problem-scan-known = This file is here already; it is not needed twice. Please send another one, for example the next page.

button-materials-done = ✓ I've uploaded everything
button-materials-all-in-order = ✓ Yes, and that is all
button-materials-in-order = ✓ Yes, and more will follow
button-materials-each = They differ; I'll say each one
button-materials-one-by-one = No, I'll say each one
button-material-enough = Done with this document
button-file-see = See no. {$number}
button-file-replace = Replace no. {$number}
button-file-remove = Remove no. {$number}

## Scans of papers. What is wrong, the limit, how to mend it, an example.

## Files that cannot be opened

problem-scan-empty =
    This file is empty; there is nothing in it (0 KB). Perhaps it was not saved properly.
    Please open it on your phone first and send it again once you see the content; for example, take the photo once more.
problem-scan-unknown =
    We cannot open this file; it can be a JPG, PNG, PDF or HEIC.
    Please photograph or scan the paper again; for example, take a photo of it with your phone.
problem-scan-foreign =
    This is a {$format} file, which we cannot read; it can be a JPG, PNG, PDF or HEIC.
    Please save a picture as a JPG in your album, and a document as a PDF, for example with “Export” or “Print”; renaming the file does not help.
problem-scan-broken =
    This picture is incomplete or damaged; perhaps it was cut off on its way. All of it must be visible.
    Please open it on your phone first. If it looks right, send it again; if not, take it once more, for example with the phone's own camera.
problem-scan-not-read =
    We could not process this picture: two tries did not come to its end. What you uploaded before is safe.
    Please send it once more. If that fails too, try another way, for example take a new photo of the paper, or save it as a JPG in your album.
problem-scan-several =
    There is more than one picture in this file, perhaps an animation or a burst; a file can have only one.
    Please send a picture that does not move, for example a new photo of the paper; if it has several pages, send them one by one or as one PDF.
problem-scan-pixels-many =
    The picture is too large: it has more than {$limit} megapixels.
    Please choose a smaller size in the camera and take it again, or shrink it in your album, for example to 3000×4000 pixels.
problem-scan-pdf-broken =
    This PDF cannot be opened: it may be incomplete or damaged, or have no page. It must open as a whole and have at least 1 page.
    Please open it on your phone first and export it again, for example with “Print” to a new PDF. You can also photograph the paper and send pictures.
problem-scan-pdf-form =
    This PDF is an electronic form (XFA) that only Adobe's programs show; the reviewers would see nothing of it.
    Please open it in Adobe Reader and “Print” it to a new PDF. You can also send pictures, for example photos of the printed pages.
problem-scan-pdf-locked =
    This PDF has a password, so neither we nor the reviewers can open it; only one without a password can be used.
    Please open it with the password and save it without one, for example with “Print” to a new PDF. You can also photograph the paper and send pictures.
problem-scan-pdf-pages =
    This PDF has {NUMBER($pages, useGrouping: 0)} pages; a file can have at most {$limit}.
    Please keep only the pages that are asked for, for example by printing pages “1-2” to a new PDF.

## Files that do not meet the rule

problem-scan-format =
    This file is a {$format}; this paper must be {$allowed}.
    Please save it anew with a scanning app or a computer, for example by choosing {$example} on export; renaming the file does not help.
problem-scan-size =
    This file has {$size}; at most {$limit} are allowed.
    {$remedy}
scan-remedy-picture =
    Please choose a smaller size in the camera and take it again, or shrink it in your album, for example to 1500×2000 pixels.
scan-remedy-pdf =
    Please export a smaller PDF, for example in black and white or in standard quality, with only the pages that are asked for.
problem-scan-pixels =
    The picture is too small to be read: {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} pixels; the shorter side needs at least {$limit}.
    Please take it again so that the paper fills the frame; no screenshot and no thumbnail. A phone's photo, for example, usually has 3000×4000 pixels.
problem-scan-full =
    Files that this paper can have: {$limit}. They are all there already.
    Please delete or replace one of them first, for example the one that is hardest to read.
