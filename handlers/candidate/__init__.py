"""Features of a candidate, from the account to the status."""
