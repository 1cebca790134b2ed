"""Progress of a candidate: status, open items, and dates for a calendar."""
