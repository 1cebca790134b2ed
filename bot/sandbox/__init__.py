"""A Telegram of our own on loopback: the Bot API, the people who use it, and a page to be them."""
