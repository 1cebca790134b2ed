"""What the bot costs, beside bots of the same dialogue that others would write."""
