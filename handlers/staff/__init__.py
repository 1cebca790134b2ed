"""Features of the staff."""
