"""Files of a candidate: the photo, the materials, and uploads in general."""
