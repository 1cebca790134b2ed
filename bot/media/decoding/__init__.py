"""Files of strangers, decoded: this package runs in the media worker's process alone."""
