### Choosing exam, area and site, and the terms.

exam-ask =
    <b>{$exam}</b>
    Registration closes on {$closes} (Beijing time). Start now? Tap the exam's name to begin.
area-ask =
    <b>In which area are you registering?</b>
    Choose the area where your employer is; confirmation and review take place there.
    You can also type to find it, such as Qinghai or qh.
search-found = I found these; please choose:
problem-not-found = I could not find that. Please tap one of the buttons, or type again: part of the name, its pinyin or the initials, such as Qinghai or qh
area-chosen = You chose <b>{$area}</b>.
problem-area-online =
    {$area} confirms online and wants papers uploaded, which cannot be done here yet.
    Please register with the official mini-program; if you chose the wrong area, choose again below.
terms-title = <b>Please read the notice, the declaration and the pledge</b>
terms-sample = (This is a sample; the text that counts is the one the authority publishes.)
terms-version = Version: {$version}
site-ask =
    <b>Which site in {$area}?</b>
    Choose the site that your employer belongs to; it confirms your registration. Where you sit the exam is printed on your admission ticket.

button-agree = I have read this and agree
