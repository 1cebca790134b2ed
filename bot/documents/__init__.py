"""Documents: made from the records when the bot sends them, and never stored."""
