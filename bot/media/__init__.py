"""Pictures: measured when they come in, drawn when they go out; always off the event loop."""
