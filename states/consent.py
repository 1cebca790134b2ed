"""Which text people have agreed to before anything about them is kept."""

VERSION = "2026-11-24"
"""Of the words ``consent-ask``, kept with each agreement. Who agreed to an older text is asked
again before they go on."""
