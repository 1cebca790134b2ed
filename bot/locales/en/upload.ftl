### Uploading papers, in areas that confirm online.

materials-head =
    <b>Please upload your papers</b>
    Your area confirms online: the registration point decides by these papers. Tap a kind first, then send its files; several pictures can go in one album.
materials-sample = (Kinds, formats and sizes are samples; what your area publishes counts.)
material-line-there = ✓ {$material}: <b>{ $count ->
        [one] {$count} file
       *[other] {$count} files
    }</b>
material-line-missing = ○ {$material}: <b>required, not there yet</b>
material-line-optional = ○ {$material}: if you have it ({$count} so far)
material-limits = 　{$formats}, at most {$mb} MB each, at most {$files}
material-ask = <b>Please send: {$material}</b>
material-count = <b>{$count}</b> of at most {$limit} are here. Photograph the whole page, straight and legible; best sent as a file.
material-kept = ✓ Received and kept.
material-replaced = ✓ Received; it has replaced the old one.
material-replace-ask = Please send the new file; it will replace number {$number}.
material-removed = Removed.
material-shown = File number {$number}
materials-which = What kind of paper is this? Please tap its kind below first, then send the file again.
materials-done = ✓ All papers are uploaded.
scan-not-fetched = The file did not arrive; the network may be slow. Please send it again. What you uploaded before is safe.
problem-materials-missing = “{$material}” is still missing, and it is required. Please tap it and send a file, for example a photo of it.
problem-scan-known = This file is here already; it is not needed twice. Please send another one, for example the next page.

button-materials-done = ✓ All papers are here
button-material-enough = This kind is complete
button-file-see = See no. {$number}
button-file-replace = Replace no. {$number}
button-file-remove = Remove no. {$number}
