"""What anybody can do from anywhere."""
