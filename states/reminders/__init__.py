"""Reminders: their times, their plan for one candidate, and the calendar file."""
