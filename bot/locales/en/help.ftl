### Help: how it works, whom to ask, and what to do about common questions.

button-help = Help

help-text =
    <b>How it works</b>
    · Answer the questions as they come. Tap a button, or type the words on it.
    · You can leave in the middle; when you come back you find the same question.

    <b>At any time</b>
    /status your progress and what to do next
    /back go back one step
    /cancel stop here, back to the menu
    /language 换语言 (language)
    /profile my data: see, export, erase it
    /start go on from where you stopped
help-contact = For anything else, please contact {$site}: {$contact}
help-contact-none = Once you have chosen a site, you will find its contact here.
