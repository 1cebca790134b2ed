"""What the staff do."""
