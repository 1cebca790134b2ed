"""Roles, scopes and groups: which of the staff may read and decide what."""
