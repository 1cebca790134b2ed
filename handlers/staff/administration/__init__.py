"""Administration: roles, invitations, groups, deadlines."""
