"""Changes after submission: of the area, of refused items, and late ones."""
