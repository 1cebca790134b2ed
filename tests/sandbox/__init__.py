"""The sandbox: what it refuses, how it delivers, what it remembers."""
