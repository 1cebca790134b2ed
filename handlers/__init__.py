"""The steps and screens of the bot: one file is one feature."""
