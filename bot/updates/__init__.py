"""The way of an update: received, queued by chat, dispatched to a step, committed, completed."""
