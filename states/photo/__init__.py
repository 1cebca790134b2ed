"""The photo: its rule, and the verdicts on what was measured in a picture."""

from states.photo.rule import (
    FORMATS,
    KB,
    EarlierPhotoRule,
    PhotoFacts,
    PhotoRule,
    check_photo,
    meets_rule,
    portrait_box,
    print_px,
)

__all__ = [
    "FORMATS",
    "KB",
    "EarlierPhotoRule",
    "PhotoFacts",
    "PhotoRule",
    "check_photo",
    "meets_rule",
    "portrait_box",
    "print_px",
]
