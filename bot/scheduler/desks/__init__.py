"""Jobs of the desks: decisions that take effect, idle claims, digests, likely duplicates."""
