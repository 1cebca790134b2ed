"""The bench of the judge of photos: its pictures, its planted faults, and its figures."""
