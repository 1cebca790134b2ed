"""The rules of identity items: name, document number and telephone, as typed into a chat.

Each ``check_`` function returns the value to store, or the ``Problem``. A problem contains at most
the invalid character and its place: the outbox stores replies, and may not hold personal data.
The sources are sections of ``docs/domain.md``.
"""

from states.identity.age import check_born
from states.identity.document import (
    FORMATS,
    IdFormat,
    IdNumber,
    IdType,
    Sex,
    check_id_number,
    holds_id_number,
    mask_id_number,
)
from states.identity.name import check_name, mask_name
from states.identity.normalization import (
    bare_digits,
    normalize_number,
    tidy_code,
    visible_name,
    without_label,
)
from states.identity.phone import check_phone, mask_phone, readable_phone

__all__ = [
    "FORMATS",
    "IdFormat",
    "IdNumber",
    "IdType",
    "Sex",
    "bare_digits",
    "check_born",
    "check_id_number",
    "check_name",
    "check_phone",
    "holds_id_number",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "normalize_number",
    "readable_phone",
    "tidy_code",
    "visible_name",
    "without_label",
]
