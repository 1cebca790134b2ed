"""Invented people walk through the bot's own router, without a line to Telegram."""
