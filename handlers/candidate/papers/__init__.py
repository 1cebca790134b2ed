"""Papers beside the form: comparisons, and records filled in from a certificate."""
