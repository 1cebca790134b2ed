"""Changes after submission: refused items, identity, and late changes."""
