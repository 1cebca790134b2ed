"""Broadcasts: the audience, the text, the plan, and the progress."""
