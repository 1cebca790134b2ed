"""People's own words: requests, and replies to the bot."""
