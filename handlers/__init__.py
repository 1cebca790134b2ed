"""What a person did and what they see next: one file is one feature."""
