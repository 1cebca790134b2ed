### What is wrong, the limit, how to mend it, an example. No exclamation marks; ID numbers are not repeated.

## Documents

id-type-resident-id = Resident identity card
id-type-hk-macao-permit = Mainland travel permit for Hong Kong and Macao residents
id-type-taiwan-permit = Mainland travel permit for Taiwan residents
id-type-residence-permit = Residence permit for Hong Kong, Macao and Taiwan residents

# $example is an invented number of the right form
id-shape-resident-id = 18 characters, 17 digits and then a digit or the letter X, such as {$example}
id-shape-hk-macao-permit = 9 characters, the letter H or M and 8 digits, such as {$example}
id-shape-taiwan-permit = 8 digits, such as {$example}
id-shape-residence-permit = 18 characters, beginning with 81, 82 or 83 and ending with a digit or the letter X, such as {$example}

## Name

problem-changes-used-up = A registration can be submitted with changes {$limit} times, and these are used up. Please tell the site what else has to change. {$whom}
problem-name-short =
    The name is too short; it needs at least {$limit} characters.
    Please send the full name in one message, as on your document, for example: 刘玲
problem-name-long =
    The name is too long: you sent {$count} characters, at most {$limit} fit.
    Please send the name only, for example: 阿依古丽·买买提
problem-name-character =
    The name has a character that cannot be used: {$char}
    Use Chinese characters or Latin letters, with “·” between the parts. For example: 刘玲, 阿依古丽·买买提
problem-name-unencoded =
    Our system cannot show one character of the name; your keyboard may have made it up.
    Please try another way of typing it, such as handwriting. If that fails, write it in pinyin, for example: 王(suo)
problem-name-dot =
    The “·” belongs inside the name, with characters on both sides.
    Please send the full name in one message, for example: 阿依古丽·买买提
problem-name-shape =
    A sign in the name is in the wrong place.
    Between Chinese characters use only “·”; for a character you cannot type, write its pinyin in brackets. For example: 刘玲, 阿依古丽·买买提, 王(suo), Mary O'Neil

## Document number

problem-id-none = I see no number. Please send just the number, as it is on the document.
problem-id-character =
    Character {$place}, “{$char}”, does not fit.
    Please compare it with the document and send it again.
problem-id-length =
    The length is wrong: you sent {$count} characters, and {$limit} are needed.
    Please compare it with the document and send it again.
problem-id-old =
    This is an old number with 15 digits; the new one with 18 is needed.
    Please send the number on your present card, for example: 99999919900307104X
problem-id-date =
    Digits 7 to 14 are the year, month and day of birth, and the date you sent does not exist.
    Please compare these 8 digits with the document; 7 March 1990, for example, is 19900307.
problem-id-future =
    Digits 7 to 14 are the birth date, and the date you sent has not come yet.
    Please compare these 8 digits with the document; 7 March 1990, for example, is 19900307.
problem-id-young =
    By the birth date in the number you would be under {$limit}, so it is probably mistyped.
    Please compare digits 7 to 14 with the document; 7 March 1990, for example, is 19900307.
problem-id-aged =
    By the birth date in the number you would be over {$limit}, so it is probably mistyped.
    Please compare digits 7 to 14 with the document; 7 March 1990, for example, is 19900307.
problem-id-check =
    The last character does not match the rest: probably one digit is wrong, or two are swapped.
    What you sent ends in {$tail}. Please compare digit by digit with the document and send the full number again.
hint-id-area =
    The first 6 digits are not in our list of area codes.
    The list may be incomplete: if they are as on the document, go on; if they are mistyped, tap “{button-edit-number}” when you check your details.
hint-id-residence-permit =
    This looks like the number of a residence permit for Hong Kong, Macao and Taiwan residents, and you chose the resident identity card.
    If the identity card is right, go on; if not, tap “{button-edit-id-type}” when you check your details.
hint-id-foreigner =
    This looks like the number of a foreigner’s permanent residence card; you chose the resident identity card.
    If that is right, go on; if not, tap “{button-edit-id-type}” when you check your details.

## Mobile number

problem-phone-character =
    The number has a character that cannot be used: {$char}
    Please send one number only, for example: 138 0013 8000
problem-phone-length =
    { $count ->
        [one] The length is wrong: you sent 1 digit; a mainland mobile number has {$limit}.
       *[other] The length is wrong: you sent {$count} digits; a mainland mobile number has {$limit}.
    }
    For example: 138 0013 8000. With its prefix for Hong Kong, Macao and Taiwan: +852 9123 4567
problem-phone-wrong =
    This is not a valid mobile number.
    Please check it and send it again, for example: 138 0013 8000. With its prefix for Hong Kong, Macao and Taiwan: +852 9123 4567
problem-phone-region =
    Only mobile numbers of the mainland, Hong Kong, Macao and Taiwan can be used.
    Please send another one, for example: 138 0013 8000 or +852 9123 4567
problem-phone-landline =
    This is a landline; the site needs to reach you on a mobile phone.
    Please send a mobile number, for example: 138 0013 8000
problem-phone-hotline =
    This is a hotline, not a mobile number.
    Please send your own mobile number, for example 138 0013 8000

## Photo

photo-remedy-file =
    The messenger may have compressed the photo, or it was small before. Please send the same photo as a file: tap the paper clip, choose “File”, then the photo.
photo-remedy-original =
    Please send the original picture from the photo studio, not a screenshot and not enlarged.

problem-photo-format =
    The photo's format is {$format}; it must be {$allowed}.
    Please save it as {$allowed} in your album or on a computer and send it again; renaming the file does not help.
problem-photo-small =
    The photo has only {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} pixels and {NUMBER($kb, useGrouping: 0)} KB; at least {NUMBER($min_width, useGrouping: 0)}×{NUMBER($min_height, useGrouping: 0)} pixels and {NUMBER($min_kb, useGrouping: 0)} KB are needed.
    {$remedy}
problem-photo-pixels =
    The photo is {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} pixels; it must be at least {NUMBER($min_width, useGrouping: 0)}×{NUMBER($min_height, useGrouping: 0)}.
    {$remedy}
problem-photo-kb =
    The photo has only {NUMBER($kb, useGrouping: 0)} KB; it needs at least {NUMBER($min_kb, useGrouping: 0)} KB.
    {$remedy}
problem-photo-animated =
    This picture moves; it has {$frames} frames.
    Please send a still photo, for example the JPG file from the photo studio.
problem-photo-broken =
    The photo's file is incomplete; perhaps it was cut off on its way.
    Please open it on your phone first, and send it again once you see the whole photo.
problem-photo-not-read =
    We could not process this photo: two tries did not come to its end. What you filled in is safe.
    Please send it once more. If that fails too, try another way, for example the JPG file from the photo studio, or a JPG saved from your album.
problem-photo-unknown =
    This file is not a photo, or we cannot open it.
    Please send your photo as a JPG, for example the file from the photo studio.
problem-photo-heic =
    This is a HEIC picture, the iPhone's own format; registration needs a JPG.
    On an iPhone: Settings → Camera → Formats → Most Compatible, then take the photo again. If you already have one, please convert it to JPG before sending it.
problem-photo-foreign =
    This is a {$format} file, which we cannot read.
    Please send your photo as a JPG, for example the file from the photo studio.
problem-photo-pixels-many =
    The photo is too large: it has more than {$limit} megapixels.
    Please choose a smaller size in the camera and take it again, or shrink it in your album, for example to 3000×4000 pixels.
problem-photo-heavy =
    Fitted to the form this photo has {$kb} KB; at most {$max_kb} KB are allowed, and a smaller one would have too few px.
    Please send a photo with a plain background, for example the one from the studio.
problem-photo-empty =
    This photo is almost blank: fitted to the form it has only {$kb} KB, and at least {$min_kb} KB are needed.
    Please send a clear photo of your face from the front.
