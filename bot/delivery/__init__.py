"""The way of a message: queued by chat, rendered in the reader's language, and sent."""
