"""Documents: made when they are sent, out of what is kept; never stored."""
