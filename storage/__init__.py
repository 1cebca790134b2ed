"""The data that outlive a process: tables, queries, files, aiogram's storage, inbox and outbox."""
