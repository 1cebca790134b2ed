"""The season: many candidates through the whole calendar, and the judge of their reminders."""
