"""Delivery of messages: queued by chat, rendered in the reader's language, and sent."""
