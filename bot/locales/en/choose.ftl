### Choosing exam and area, and the terms.

exam-ask =
    <b>{$exam}</b>
    Registration closes on {$closes} (Beijing time). Tap “{button-begin}”; you can stop at any time.
button-begin = Start filling in
area-ask =
    <b>In which area are you registering?</b>
    Choose the area where your employer is; confirmation and review take place there.
search-meant = Did you mean <b>{$name}</b>?
search-found = Which one did you mean?
search-unlisted = It is not in the list.
search-ticked = I ticked what you wrote. Please check it:
button-meant = Yes
button-not-it = No, search again
button-none-of-them = None of these, search again
button-search-again = Search again
button-as-typed = Use what I wrote: {$typed}
button-as-typed-yes = Yes, use this
button-type-again = No, write it again
typed-asked =
    <b>{$field}: is it “{$typed}”?</b>
    I am not sure, so I ask before I keep it.
problem-not-found = I could not find that. Please use the buttons below, or type other words: part of the name, pinyin or its initials, for example {$example}
field-area = Area
search-hint = Typing a part of the name is fastest. Below are {$first}–{$last} of {$count}.
format-search = How to write it: part of the name, its code, pinyin or the initials. For example: Qinghai, qh
again-ask =
    <b>You have registered before. Is this still right?</b>
    If so, one tap is enough. Single lines can still be changed when you look everything over.
again-area = Area: <b>{$area}</b>
again-what-follows = Specialty, subjects and years in the title are chosen anew each year; I will ask for them next.
button-same-again = ✓ Still right, go on
button-anew = Much has changed, start over
photo-too-old = Your earlier photo does not meet this year's rule (at least {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} px); please send a new one when I ask for it.
terms-title = <b>Please read the notice, the declaration and the pledge</b>
terms-sample = (This is a sample; the text that counts is the one the authority publishes.)
terms-version = Version: {$version}

button-agree = I have read this and agree
