"""Staff: roles, invitations, the review queue, claims and decisions."""
