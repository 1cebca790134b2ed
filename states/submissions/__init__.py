"""Submissions: their content, the application's code, and the verification of a printed form."""
