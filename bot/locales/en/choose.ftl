### Choosing exam, area and site, and the terms.

exam-ask =
    <b>{$exam}</b>
    Registration closes {$closes} (Beijing time). Start now?
area-ask =
    <b>In which area do you register?</b>
    Choose the area your employer belongs to. Changing it later means filling in this form again.
area-chosen = You chose <b>{$area}</b>.
terms-title = <b>Please read the notice, the declaration and the pledge</b>
terms-sample = (Sample wording; the text that counts is the authority's.)
terms-version = Version: {$version}
site-ask =
    <b>Which site in {$area}?</b>
    You confirm your registration and sit the exam there.

button-agree = I have read this and agree
