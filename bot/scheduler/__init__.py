"""Scheduled work: decisions take effect, deadlines expire, reminders and digests go out."""
