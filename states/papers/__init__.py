"""Papers: whether they are legible, what was read in them, and how that compares with the form."""
