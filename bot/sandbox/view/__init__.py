"""The sandbox's page, part by part: what a person sees of the chat, and what they can do in it."""
