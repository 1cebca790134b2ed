"""The bench of papers: certificates drawn by a program, and what is found in them."""
