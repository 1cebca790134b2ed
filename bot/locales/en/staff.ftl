### The staff: roles, invitations, groups.

role-point-clerk = Point clerk
role-site-reviewer = Site reviewer
role-area-reviewer = Area reviewer
role-administrator = Administrator

scope-everything = all areas

staff-home = <b>Your roles</b>
staff-seat = {$role} ({$scope})
staff-help =
    <b>Help for the staff</b>
    · /staff: your roles, and what you can do.
    · /queue: how much waits for you, and until when.
    · /find: somebody stands at your counter; send a code, a whole name or an ID number, and the card opens. Unless you are registering too, you need not send /find first.
    · /reach: whose registration expires soon without their having seen the notice. /stats: the numbers.
    · /broadcast: writing to many. /list: lists; choose the conditions, then /export. For administrators, area and site reviewers.
    · /payments: payments and refunds; for administrators and area reviewers.
    · /verify: verify a printed form.
    · You only see registrations of the area, site or point that you are responsible for.
    · Look at candidates' details in this private chat only; please never forward them to a group.
    · While you are answering a question about work, whatever you type answers it. To leave it, send /cancel.
    · If you are registering too, you can do so in this same chat. Nobody decides about their own registration.
    · If a role is wrong or somebody takes over, ask the administrator who invited you.
staff-refused = This is for the staff only. If you should have access, ask your administrator for a new invitation link.
staff-not-yours = This is outside your roles, or your roles have changed. Tap “{button-staff}” to see what you can do now. If you need more, ask your administrator.
staff-cancelled = All right, that question is dropped.
staff-unexpected = This question does not need that. Please look below, or send /cancel to leave it:
staff-outdated = This button is from before and no longer works. Please look below:

command-staff = my work here
command-queue = what waits for me
button-staff = My work
button-staff-help = Help for the staff
button-queue = Queue
button-invite = Invite somebody
button-invites = Open invitations
button-seats = List of the staff
button-as-candidate = My own registration

## Invitations

invite-role-ask = <b>Invite somebody to the staff</b>: which role will they have?
scope-ask-role = What will they be responsible for?
scope-ask-group = Which notices is this group for?
scope-area-ask = Please choose the area:
scope-site-ask = Please choose the site:
scope-point-ask = Please choose the point:
scope-part = Below are {$first}–{$last} of {$count}.
button-scope-all-of-areas = All areas
button-scope-all-of-sites = The whole area
button-scope-all-of-points = The whole site
invite-no-points = This site has no points; its site reviewers confirm. Please choose another site, or go back and choose another role.

invite-link =
    <b>The invitation is ready</b>
    Role: {$role}
    For: {$scope}

    Please send this link to that person only:
    {$link}
invite-until =
    The link opens once, until {$until}.
    When it is opened, I will show you the name and account. The role begins when you tap “{button-admit}”.
invite-own = This is your own invitation. Please send the link to the person you want to invite.
invite-bad = This invitation cannot be used: it may have been used already, have expired, or been taken back. Please ask the administrator who sent it for a new one.
invite-wait =
    <b>Thank you, one moment</b>
    This is an invitation to the staff: {$role} ({$scope}).
    The role begins once the administrator who invited you has checked that it is you. I will tell you at once. If you hear nothing, please ask them directly.
invite-who =
    <b>Your invitation was opened</b>
    Role: {$role} ({$scope})
    Name: <b>{$name}</b>
    Telegram account number: <code>{$account}</code>

    People choose these names themselves. Please ask the person whether this is their account before you tap “{button-admit}”.
invite-admitted = All right, the role has begun, and they have been told.
invite-turned-down = All right, this invitation is void. Nobody got a role.
invite-is-over = Nothing can be done about this invitation any more: it was settled, has expired, or is not yours to settle.
invite-ended = This invitation is over.
invite-was =
    Role: {$role} ({$scope})
    Ended {$ended}
invite-was-admitted =
    Role: {$role} ({$scope})
    Name: <b>{$name}</b>
    Ended {$ended}
invite-seat =
    <b>Your role has begun</b>: {$role} ({$scope}).
    Tap “{button-staff}” below to start, or send /staff at any time.
button-admit = That's them
button-turn-down = No, make it void
button-withdraw-link = Take the link back

invites-head = <b>Open invitations ({$count})</b>
invites-line = {$number}. {$role} ({$scope}): not opened by anybody yet, valid until {$until}
invites-line-opened = {$number}. {$role} ({$scope}): opened by <b>{$name}</b>, waiting for your word until {$until}. They wrote the name themselves
invites-none = No invitation of yours waits to be opened or for your word.
button-withdraw-one = Withdraw no. {$number}
button-admit-one = No. {$number}: yes, it is them
button-turn-down-one = No. {$number}: no, end it

## The list

seats-head = <b>The staff</b>, { $count ->
    [one] 1 role
   *[other] {$count} roles
}. Tap a number to look at one or take it back:
seats-line = {$number}. {$name}: {$role} ({$scope})
seats-none = There is nobody of the staff yet in what you are responsible for.
seat-card =
    <b>{$name}</b>
    {$role} ({$scope})
    Telegram account number: <code>{$account}</code>
    since {$since}

    Taking it back works at once; what they have not finished returns to the queue. To give it again, invite them anew.
seat-broadcasts = ⚠️ This account has broadcasts that are not finished: {$count}. They go on after the role is revoked; pause or cancel them under “{button-broadcasts}” first.
seat-revoked = All right, the role is taken back, and they have been told.
seat-taken-told = Your role “{$role} ({$scope})” was taken back by an administrator. If you have questions, please ask your administrator.
button-revoke = Take this role back

## Groups

group-ask =
    <b>Use this group for the staff?</b>
    Only notices that there is work appear there, never a candidate's name or details. Please choose which notices it is for:
group-is-bound = All right, the group is bound to: {$scope}. To undo that, send /unbind in the group.
group-binding = I am sending a greeting to the group ({$scope}). Once it is there, I will tell you.
group-anonymous =
    I cannot see who sent this: a command of an anonymous administrator is of no use to me.
    Please switch off “Remain anonymous” for yourself in the group's administrators, then send /bind under your own name.
    If nobody binds this group within an hour, I will leave.
group-trouble =
    ⚠️ <b>The staff group ({$scope}) does not get my notices</b>
    { $why ->
        [topic-closed] The topic for my notices is closed. Please open it again, or send /bind in another topic.
        [topic-gone] The topic for my notices was deleted. Please send /bind in another topic.
        [no-rights] I may not write in the group. Please allow me to send messages in the group's settings.
       *[gone-group] I am no longer in the group, or it is gone, so it is not bound any more. To go on, add me to it again.
    }
    You need not tell me when it is mended: I will write again with the next new work.
group-greeting =
    This is a group of the staff now. I will say here when there is work.
    Look at candidates' details in the private chat with me only; please do not post them here.
button-bind = Choose what it is for
button-privately = Open the private chat
