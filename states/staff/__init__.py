"""Rules of the staff's work: cases, refusals, times, digests, spot checks, and calls."""
