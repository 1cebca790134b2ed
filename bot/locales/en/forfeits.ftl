### Administrators: registrations whose time is over, and reinstating.

administrators-only = This command is for administrators.
forfeits-none = No overdue registration waits for your decision.
forfeits-head = <b>Overdue registrations wait for your decision.</b> They do not count as given up yet:
forfeits-gap = · {$count}: the deadline fell into a time in which no messages reached us
forfeits-moved = · {$count}: the deadline was changed less than 24 hours before it
forfeits-undecided = · {$count}: the candidate has done everything; the staff have not
forfeits-many = · {$count}: too many at once; please see first whether something went wrong
forfeits-unpaid = · {$count}: the time to pay is over and nobody marked them as paid; they may have paid elsewhere
forfeits-how = If all is right and they are to count as given up, send: /forfeits release
forfeits-released = Good. Within a minute these registrations count as given up, and their candidates are told.
forfeits-ways = What waits for you: /forfeits. To reinstate a registration: /reinstate CODE
forfeits-unpaid-how = Without a payment: please let the sites and areas check and mark them first. To let the rest count as given up, send: /forfeits unpaid
forfeits-mend = Each can be taken back: /reinstate CODE
reinstate-format = Please write: /reinstate CODE, for example /reinstate 2222-454
reinstate-unknown = There is no registration with this code. Please check it and send it again.
reinstate-own = This is your own registration. Please ask another administrator.
reinstate-done = Reinstated at “{$stage}”, and the candidate is told. They have at least 3 days.
