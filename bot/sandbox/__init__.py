"""A Telegram on loopback: the Bot API, six invented people, and a page to chat as one of them."""
