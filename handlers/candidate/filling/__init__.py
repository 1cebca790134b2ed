"""Filling in: account, form, education, summary and submission."""
