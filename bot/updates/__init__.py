"""The way of an update: received, committed, queued by person, routed, committed."""
