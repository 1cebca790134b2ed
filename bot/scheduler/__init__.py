"""Work that time brings: decisions take effect, deadlines expire, reminders and digests go out."""
