"""The way to Telegram: calls of the Bot API, their connections and their rate limits."""
