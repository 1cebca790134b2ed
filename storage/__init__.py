"""What is remembered: tables, queries, files, the aiogram storage, inbox and outbox."""
