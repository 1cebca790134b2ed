"""The staff's desks beside the review queue: cases of identity, duplicates, and money."""
