### The staff: roles, invitations, groups.

role-point-clerk = Point clerk
role-site-reviewer = Site reviewer
role-area-reviewer = Area reviewer
role-administrator = Administrator

scope-everything = all areas

staff-home = <b>What you are here</b>
staff-seat = {$role} ({$scope})
staff-help =
    <b>Help for the staff</b>
    · /staff: your roles, and what you can do.
    · You only see registrations of the area, site or point that you are responsible for.
    · Look at candidates' details in this private chat only; please never forward them to a group.
    · While you are answering a question about work, whatever you type answers it. To leave it, send /cancel.
    · If you are registering too, you can do so in this same chat. Nobody decides about their own registration.
    · If a role is wrong or somebody takes over, ask the administrator who invited you.
staff-refused = This is for the staff only. If you should have access, ask your administrator for a new invitation link.
staff-cancelled = All right, that question is dropped.
staff-unexpected = This question does not need that. Please look below, or send /cancel to leave it:

button-staff = My work
button-staff-help = Help for the staff
button-queue = Queue
button-invite = Invite somebody
button-seats = List of the staff
button-as-candidate = My own registration
