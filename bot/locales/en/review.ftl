### Why something is refused, and why something cannot be done now.

reason-wrong = Not right
reason-contradicts-papers = Does not agree with the papers
reason-unclear = Not clear; please write it out in full
reason-not-eligible = Does not meet the conditions of the exam
reason-not-uploaded = Not uploaded
reason-blurred = Blurred; it cannot be read
reason-wrong-paper = Not the paper that is asked for
reason-missing-page = A page is missing or cut off
reason-missing-seal = Seal or signature is missing
reason-expired = No longer valid
reason-contradicts-form = Does not agree with the form
reason-false-paper = not a genuine document
reason-background = The background is not white
reason-face = The face is unclear or covered
reason-old-photo = Not a recent photo
reason-edited-photo = The photo was edited or enlarged
reason-not-the-candidate = Does not look like the candidate

illegal-no-such-move = This cannot be done now: the registration is no longer at that step. Please look at its progress.
illegal-not-yours = This step is not yours to do.
illegal-too-early = It is too early for this. Nothing was changed.
illegal-too-late = The time for this is over. Nothing was changed.
illegal-final = This result cannot be supplemented. Nothing was changed.
illegal-paid-online = Here the fee is paid online first. Nothing was changed.
