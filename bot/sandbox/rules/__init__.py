"""The rules of the Bot API: limits, error wording, text entities, photo sizes and pacing."""
