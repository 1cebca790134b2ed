"""Updates and their effects: inbox, outbox, aiogram's storage, the unit of work."""
