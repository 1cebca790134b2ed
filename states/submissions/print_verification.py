"""Verification of a printed form: the signed reference in its QR code, and the verdict on it.

The QR code links to ``t.me/<bot>?start=v…``. The rest of the parameter is at most 38 characters of
base64url: version (1 byte), key id (1), number of the submission (2), application id (1 to 8, no
leading zero), and HMAC-SHA-256 cut to 16 bytes. It holds no personal data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from states.records import ApplicationId
from states.submissions.content import SubmissionHistory
from states.texts import Argument, Text

PREFIX: Final = "v"
"""First character of the start parameter; invitations begin otherwise."""
MAX_NUMBER: Final = 2**16 - 1
VERSION: Final = 1
PURPOSE: Final = "printed form"
"""The purpose of the signing keys, for ``Keyring.signing_keys``."""
_HEAD: Final = struct.Struct(">BBH")
_TAG_BYTES: Final = 16
_ID_BYTES: Final = 8


class KeyMissing(LookupError):
    """No key has the id in the code: a key of ours is missing, or the code is forged.

    The two cannot be told apart, so this is an error for the operator and no verdict.
    """


class SigningKey(NamedTuple):
    """A key that signs references; its ``id`` is one byte, which two keys may share."""

    id: int
    secret: bytes


class PrintReference(NamedTuple):
    """The content of a QR code: the printed submission and its application."""

    application_id: ApplicationId
    number: int


class VerdictKind(StrEnum):
    """The five verdicts on a code; the texts are ``verdict-KEY``."""

    CURRENT = "current"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    NOT_OURS = "not-ours"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with the submission and the moment that it names.

    CURRENT names the submission that stands, REPLACED the one that replaced it, WITHDRAWN the
    withdrawn one and the moment of the withdrawal. The other two name none.
    """

    kind: VerdictKind
    number: int | None = None
    at: datetime | None = None

    @property
    def text(self) -> Text:
        """The verdict for people."""
        args: dict[str, Argument] = {}
        if self.number is not None and self.at is not None:
            args = {"number": self.number, "at": self.at}
        return Text(f"verdict-{self.kind}", args)


NOT_OURS: Final = Verdict(VerdictKind.NOT_OURS)
UNREADABLE: Final = Verdict(VerdictKind.UNREADABLE)


def start_parameter(reference: PrintReference, key: SigningKey) -> str:
    """Return the start parameter of the QR code, at most 39 characters with its prefix.

    Raises:
        ValueError: the id is not from 1 to 2⁶⁴ - 1, or the number not from 1 to ``MAX_NUMBER``.
    """
    number, application_id = reference.number, int(reference.application_id)
    if not (0 < number <= MAX_NUMBER and 0 < application_id < 1 << 8 * _ID_BYTES):
        raise ValueError("the reference is out of range")
    body = _HEAD.pack(VERSION, key.id, number)
    body += application_id.to_bytes((application_id.bit_length() + 7) // 8, "big")
    return PREFIX + _encode(body + _tag(body, key))


def read_parameter(parameter: str, keys: Sequence[SigningKey]) -> PrintReference | Verdict:
    """Return the reference of a start parameter, or the verdict NOT_OURS or UNREADABLE.

    Raises:
        KeyMissing: no key has the code's key id.
    """
    content = _decode(parameter.removeprefix(PREFIX)) if parameter.startswith(PREFIX) else None
    if content is None or content[0] != VERSION:
        return UNREADABLE
    body, tag = content[:-_TAG_BYTES], content[-_TAG_BYTES:]
    _version, key_id, number = _HEAD.unpack_from(body)
    raw_id = body[_HEAD.size :]
    if not raw_id[0] or not number:  # one reference has one spelling
        return UNREADABLE
    candidates = [key for key in keys if key.id == key_id]
    if not candidates:
        raise KeyMissing(f"no key has the id {key_id}")
    if not any(hmac.compare_digest(tag, _tag(body, key)) for key in candidates):
        return NOT_OURS
    return PrintReference(ApplicationId(int.from_bytes(raw_id, "big")), number)


def judge_print(number: int, history: SubmissionHistory) -> Verdict:
    """Return the verdict on the print of this submission, as its QR code names it."""
    printed = history.numbered(number)
    return judge_code(printed.changes, history) if printed else NOT_OURS


def judge_code(changes: int, history: SubmissionHistory) -> Verdict:
    """Return the verdict on a code with these last digits.

    A resubmission with unchanged content keeps the print valid, so CURRENT names the last number.
    """
    if all(one.changes != changes for one in history.submissions):
        return NOT_OURS
    later = next((one for one in history.submissions if one.changes > changes), None)
    if later is not None:
        return Verdict(VerdictKind.REPLACED, later.number, later.at)
    last = history.submissions[-1]
    if history.withdrawn_at is not None:
        return Verdict(VerdictKind.WITHDRAWN, last.number, history.withdrawn_at)
    return Verdict(VerdictKind.CURRENT, last.number, last.at)


def _tag(body: bytes, key: SigningKey) -> bytes:
    return hmac.new(key.secret, body, hashlib.sha256).digest()[:_TAG_BYTES]


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes | None:
    """Return the bytes of canonical base64url of a possible length; None for all other texts."""
    shortest = _HEAD.size + 1 + _TAG_BYTES
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    if not shortest <= len(content) < shortest + _ID_BYTES:
        return None
    return content if _encode(content) == text else None
