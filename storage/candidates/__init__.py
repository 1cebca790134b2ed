"""Candidates: people, applications, files, and the data that belongs to them."""
