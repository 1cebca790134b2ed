"""What a candidate does, from the account to the status."""
