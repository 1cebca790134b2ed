"""Broadcasts: who is meant, what they read, when the last message goes out, what came of each."""
