"""How bytes come in and go out, and the wiring."""
