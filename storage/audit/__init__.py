"""The audit log: entries, the chain of seals, its verification."""
