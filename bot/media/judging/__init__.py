"""The judge of photos: measures, mended copies and drawn marks; in the media worker alone."""
