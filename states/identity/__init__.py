"""Who a person says they are: name, document number and telephone, as typed into a chat.

Each ``check_`` function takes what was typed and returns the value to keep, or the ``Problem`` to
say. A problem never carries the number or its date, only the sign that does not fit and its
place: replies are queued in the database, where no personal data may lie. Sources are named by
the sections of ``docs/domain.md``.
"""

from states.identity.age import check_born
from states.identity.document import FORMATS, IdFormat, IdNumber, IdType, Sex, check_id_number
from states.identity.masks import mask_id_number, mask_name, mask_phone
from states.identity.name import check_name
from states.identity.normalization import normalize_number, normalize_text
from states.identity.phone import check_phone, readable_phone

__all__ = [
    "FORMATS",
    "IdFormat",
    "IdNumber",
    "IdType",
    "Sex",
    "check_born",
    "check_id_number",
    "check_name",
    "check_phone",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "normalize_number",
    "normalize_text",
    "readable_phone",
]
