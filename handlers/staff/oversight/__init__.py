"""Overviews of a scope: who has to be called, the statistics, and the list of candidates."""
