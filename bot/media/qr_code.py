"""A QR code of a payment's link, for another phone to scan."""

from __future__ import annotations

from io import BytesIO

import segno

SCALE = 10
"""Pixels of a module: a telephone reads it from another one's screen."""


def draw(link: str) -> bytes:
    """Return the code as a PNG, with the quiet zone that readers need."""
    content = BytesIO()
    segno.make(link, error="m", micro=False).save(content, kind="png", scale=SCALE, border=4)
    return content.getvalue()
