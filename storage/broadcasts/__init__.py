"""Broadcasts, their audiences in SQL, and the ledger of their recipients."""
