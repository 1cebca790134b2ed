"""Keys, encryption of documents, and keyed hashes.

An encrypted document is ``key id (8 bytes) ‖ nonce (12) ‖ AES-256-GCM ciphertext``. It is bound to
its place (table and row), so it cannot be moved to another row.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Callable
from itertools import count
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from states.submissions.print_verification import SigningKey
from states.texts import Explained, Text

LOOKUP = "lookup"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12


class WrongKey(Exception):
    """None of the keys decrypts the document, or it was changed."""


class MissingKey(WrongKey):
    """The key that encrypted the document is not here; ``key_id`` is its id."""

    def __init__(self, key_id: str) -> None:
        super().__init__("encrypted with a key that is not here")
        self.key_id = key_id


class BadKeys(Explained):
    """The keys cannot be used; the text names the faulty part, and no key."""


class Keyring:
    """The keys of an installation: the newest encrypts, each decrypts its own documents.

    Args:
        lookup: the key of the hashes; it never changes, or every look-up would fail.
        keys: encryption keys by id (at most 8 ASCII characters), oldest first.
    """

    def __init__(
        self, lookup: bytes, keys: dict[str, bytes], *, random: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._lookup = lookup
        self._random = random
        self._file: Path | None = None
        self._use(keys)

    def _use(self, keys: dict[str, bytes]) -> None:
        if len({_id(name) for name in keys}) != len(keys):
            raise BadKeys(Text("keys-twice", {"name": ", ".join(keys)}))
        self._keys = tuple(keys.values())
        self._ciphers = {_id(name): AESGCM(key) for name, key in keys.items()}
        self.names = tuple(keys)
        self._current = _id(self.names[-1])

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read ``lookup:<base64>,<id>:<base64>,…`` (commas or line ends between).

        Raises:
            BadKeys: a part is missing or is not 32 bytes of base64.
        """
        keys: dict[str, bytes] = {}
        parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
        for number, part in enumerate(parts, start=1):
            name, colon, encoded = (piece.strip() for piece in part.partition(":"))
            if not colon:  # not shown: it may be a key without its id
                raise BadKeys(Text("keys-part", {"number": number}))
            if name in keys:
                raise BadKeys(Text("keys-twice", {"name": name}))
            keys[name] = _decoded(name, encoded)
        lookup = keys.pop(LOOKUP, None)
        if lookup is None or not keys:
            raise BadKeys(Text("keys-few"))
        return cls(lookup, keys)

    @classmethod
    def of_file(cls, path: Path, *, create: bool) -> Keyring:
        """Read the keys from a file of mode 0600; ``create`` it at the first start.

        Raises:
            BadKeys: the file is missing and must not be created, or others can read it.
        """
        if not path.exists():
            if not create:
                raise BadKeys(Text("keys-missing", {"file": str(path)}))
            write_keys(path, generate())
        if path.stat().st_mode & 0o077:
            raise BadKeys(Text("keys-exposed", {"file": str(path)}))
        try:
            keyring = cls.parse(path.read_text(encoding="ascii"))
        except UnicodeDecodeError:
            raise BadKeys(Text("keys-none", {"file": str(path)})) from None
        keyring._file = path
        return keyring

    def read_again(self) -> None:
        """Take up keys that ``baoming keys rotate`` has added to the file of these keys.

        A file with another look-up key, or without one of these keys, changes nothing.
        """
        if self._file is None:
            return
        try:
            found = Keyring.of_file(self._file, create=False)
        except (BadKeys, OSError):
            return
        keys = dict(zip(found.names, found._keys, strict=True))
        own = zip(self.names, self._keys, strict=True)
        if found._lookup == self._lookup and all(keys.get(name) == key for name, key in own):
            self._use(keys)

    @property
    def newest(self) -> str:
        """The id of the key that encrypts."""
        return self.names[-1]

    @property
    def head(self) -> bytes:
        """The first bytes of each document that the newest key encrypts."""
        return self._current

    @property
    def fingerprint(self) -> str:
        """A hash that identifies the look-up key without revealing it."""
        return self.hash("fingerprint", "")

    def encrypt(self, plain: bytes, place: str) -> bytes:
        """Encrypt with the newest key, bound to ``place`` (table and row)."""
        return self._encrypt(self._current, plain, place)

    def _encrypt(self, key: bytes, plain: bytes, place: str) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return key + nonce + self._ciphers[key].encrypt(nonce, plain, place.encode())

    def probe(self, name: str) -> bytes:
        """Return a document that only the key of this id decrypts."""
        return self._encrypt(_id(name), b"", _probe_place(name))

    def opens(self, name: str, probe: bytes) -> bool:
        """Return whether the key of this id is here, and made this probe."""
        try:
            self.decrypt(probe, _probe_place(name))
        except WrongKey:
            return False
        return True

    def decrypt(self, sealed: bytes, place: str) -> bytes:
        """Decrypt a document of the same ``place``.

        Raises:
            WrongKey: none of these keys encrypted it, or it was changed or moved.
        """
        head, nonce = sealed[:ID_BYTES], sealed[ID_BYTES : ID_BYTES + NONCE_BYTES]
        cipher = self._ciphers.get(head)
        if cipher is None:  # perhaps of a key that was made while this process ran
            self.read_again()
            cipher = self._ciphers.get(head)
        if cipher is None:
            if head.isascii():
                raise MissingKey(head.decode("ascii").strip())
            raise WrongKey("damaged")
        try:
            return cipher.decrypt(nonce, sealed[ID_BYTES + NONCE_BYTES :], place.encode())
        except (InvalidTag, ValueError):  # ValueError: the nonce is too short
            raise WrongKey("changed, or moved from its place") from None

    def hash(self, kind: str, *values: str | bytes) -> str:
        """Return a keyed hash (64 hex digits) that is equal for equal values of one kind."""
        parts = [kind.encode()]
        for value in values:
            data = value.encode() if isinstance(value, str) else value
            parts += len(data).to_bytes(8, "big"), data
        return hmac.digest(self._lookup, b"".join(parts), "sha256").hex()

    def signing_keys(self, purpose: str) -> tuple[SigningKey, ...]:
        """Return the keys derived for this purpose, newest first: that one signs, all verify."""
        return tuple(_derived(key, purpose) for key in reversed(self._keys))


def _probe_place(name: str) -> str:
    return f"sealing_keys/{name}"


def _derived(key: bytes, purpose: str) -> SigningKey:
    """Return the signing key of an encryption key; neither part reveals that key."""
    number, secret = (
        hmac.digest(key, f"{part} {purpose}".encode(), "sha256") for part in ("id", "sign")
    )
    return SigningKey(number[0], secret)


def generate() -> str:
    """Return new random keys in the format of ``Keyring.parse``."""
    lookup, first = (base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for _ in "12")
    return f"{LOOKUP}:{lookup}\nk1:{first}\n"


def with_new_key(text: str) -> tuple[str, str]:
    """Return keys in the format of ``Keyring.parse`` with a new newest key, and its id.

    Raises:
        BadKeys: the keys cannot be used.
    """
    known = Keyring.parse(text).names
    name = next(one for number in count(len(known) + 1) if (one := f"k{number}") not in known)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    separator = "\n" if "\n" in text else ","
    return f"{text.rstrip(separator)}{separator}{name}:{key}", name


def write_keys(path: Path, text: str) -> None:
    """Write the file atomically, so that a crash leaves no partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _id(name: str) -> bytes:
    encoded = name.encode("ascii") if name.isascii() else b""
    if not 0 < len(encoded) <= ID_BYTES:
        raise BadKeys(Text("keys-id", {"name": name, "limit": ID_BYTES}))
    return encoded.ljust(ID_BYTES)


def _decoded(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeys(Text("keys-length", {"name": name, "limit": KEY_BYTES}))
    return key
