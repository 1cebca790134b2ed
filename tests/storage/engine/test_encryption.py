"""Sealed documents and keyed hashes: who can open what, and which keys are refused."""

from __future__ import annotations

import base64
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine import encryption
from storage.engine.encryption import ID_BYTES, NONCE_BYTES, BadKeys, Keyring, WrongKey
from tests.storage.process import keyring

PLAIN = "刘玲 99999919900307104X".encode()
KEY_A = base64.b64encode(b"a" * 32).decode()
KEY_B = base64.b64encode(b"b" * 32).decode()
SHORT = base64.b64encode(b"c" * 31).decode()


# --- sealing -------------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_is_opened_at_its_place(plain: bytes, place: str) -> None:
    assert keyring().decrypt(keyring().encrypt(plain, place), place) == plain


@given(st.text(max_size=5), st.text(max_size=5))
def test_it_is_opened_nowhere_else(here: str, there: str) -> None:
    sealed = keyring().encrypt(PLAIN, here)
    if here != there:
        with pytest.raises(WrongKey):
            keyring().decrypt(sealed, there)


def test_a_sealed_document_shows_nothing_and_never_looks_the_same() -> None:
    one, other = (keyring().encrypt(PLAIN, "people/1") for _ in range(2))
    assert PLAIN not in one
    assert one[:ID_BYTES] == other[:ID_BYTES] == b"k1      "
    assert one[ID_BYTES:] != other[ID_BYTES:]


def test_the_nonce_comes_from_the_chance_that_was_given() -> None:
    nonces = iter([b"n" * NONCE_BYTES, b"m" * NONCE_BYTES])
    ring = Keyring(b"l" * 32, {"k1": b"k" * 32}, random=lambda size: next(nonces)[:size])
    for nonce in (b"n", b"m"):
        assert ring.encrypt(PLAIN, "x")[ID_BYTES:].startswith(nonce * NONCE_BYTES)


@pytest.mark.parametrize("place", range(ID_BYTES + NONCE_BYTES + len(PLAIN) + 16))
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(keyring().encrypt(PLAIN, "people/1"))
    sealed[place] ^= 1
    with pytest.raises(WrongKey):
        keyring().decrypt(bytes(sealed), "people/1")


@pytest.mark.parametrize("length", [0, 3, ID_BYTES, ID_BYTES + 1, ID_BYTES + NONCE_BYTES, 30])
def test_a_cut_off_document_is_noticed(length: int) -> None:
    with pytest.raises(WrongKey):
        keyring().decrypt(keyring().encrypt(PLAIN, "people/1")[:length], "people/1")


def test_another_key_of_the_same_id_opens_nothing() -> None:
    other = Keyring(b"l" * 32, {"k1": b"x" * 32})
    with pytest.raises(WrongKey):
        other.decrypt(keyring().encrypt(PLAIN, "people/1"), "people/1")


def test_a_new_last_key_seals_and_the_old_one_still_opens() -> None:
    before, after, later = keyring("k1"), keyring("k1", "k2"), keyring("k2")
    old, new = before.encrypt(PLAIN, "x"), after.encrypt(PLAIN, "x")
    assert after.decrypt(old, "x") == after.decrypt(new, "x") == later.decrypt(new, "x") == PLAIN
    with pytest.raises(WrongKey, match="not here"):
        before.decrypt(new, "x")
    with pytest.raises(WrongKey, match="not here"):
        later.decrypt(old, "x")


# --- hashes --------------------------------------------------------------------------------------


def test_a_hash_is_the_same_for_the_same_and_for_nothing_else() -> None:
    hashes = [
        keyring().hash("id", "ab", "c"),
        keyring().hash("id", "a", "bc"),
        keyring().hash("id", "abc"),
        keyring().hash("id", "abc", ""),
        keyring().hash("other", "ab", "c"),
        Keyring(b"m" * 32, {"k1": b"k1" * 16}).hash("id", "ab", "c"),
    ]
    assert len(set(hashes)) == len(hashes)
    assert all(len(value) == 64 for value in hashes)
    assert keyring("k9").hash("id", "ab", b"c") == hashes[0]


def test_the_fingerprint_follows_the_look_up_key_alone() -> None:
    assert keyring("k1").fingerprint == keyring("k1", "k2").fingerprint
    assert keyring().fingerprint != Keyring(b"m" * 32, {"k1": b"k1" * 16}).fingerprint


# --- how keys are given --------------------------------------------------------------------------


def test_generated_keys_are_read_and_are_never_the_same() -> None:
    one, other = Keyring.parse(encryption.generate()), Keyring.parse(encryption.generate())
    assert one.decrypt(one.encrypt(PLAIN, "x"), "x") == PLAIN
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "text",
    [
        f"lookup:{KEY_A},k1:{KEY_B}",
        f"lookup:{KEY_A}\nk1:{KEY_B}\n",
        f" k1 : {KEY_B} , lookup : {KEY_A} ,\n",
    ],
    ids=["commas", "lines", "blanks"],
)
def test_keys_are_read_however_they_are_set(text: str) -> None:
    expected = Keyring(b"a" * 32, {"k1": b"b" * 32})
    assert Keyring.parse(text).decrypt(expected.encrypt(PLAIN, "x"), "x") == PLAIN
    assert Keyring.parse(text).fingerprint == expected.fingerprint


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "keys-few"),
        (f"k1:{KEY_A}", "keys-few"),
        (f"lookup:{KEY_A}", "keys-few"),
        (f"lookup:{KEY_A},k1:{SHORT}", "keys-length k1 32"),
        (f"lookup:{SHORT},k1:{KEY_A}", "keys-length lookup 32"),
        (f"lookup:{KEY_A},k1:not base64", "keys-length k1 32"),
        (f"lookup:{KEY_A},k1:{KEY_B},k1:{KEY_A}", "keys-twice k1"),
        (f"lookup:{KEY_A},far-too-long:{KEY_B}", "keys-id far-too-long 8"),
        (f"lookup:{KEY_A},钥匙:{KEY_B}", "keys-id 钥匙 8"),
        (f"lookup:{KEY_A},:{KEY_B}", "keys-id  8"),
        (f"lookup:{KEY_A},{KEY_B}", "keys-part 2"),
    ],
)
def test_a_wrong_part_is_named_and_no_key_is_shown(text: str, named: str) -> None:
    with pytest.raises(BadKeys) as refused:
        Keyring.parse(text)
    assert named in str(refused.value)
    assert not any(key in str(refused.value) for key in (KEY_A, KEY_B, SHORT))


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"
    first = Keyring.of_file(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    again = Keyring.of_file(path, create=True)
    assert again.decrypt(first.encrypt(PLAIN, "x"), "x") == PLAIN


def test_a_missing_key_file_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(BadKeys, match="keys-missing"):
        Keyring.of_file(tmp_path / "keys", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_key_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    Keyring.of_file(path, create=True)
    path.chmod(mode)
    with pytest.raises(BadKeys, match="keys-exposed"):
        Keyring.of_file(path, create=True)


def spoil(path: Path) -> None:
    path.write_bytes("钥匙".encode())


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [spoil, empty])
def test_a_key_file_that_holds_no_keys_is_refused_and_left(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = tmp_path / "keys"
    Keyring.of_file(path, create=True)
    harm(path)
    content = path.read_bytes()
    with pytest.raises(BadKeys):
        Keyring.of_file(path, create=True)
    assert path.read_bytes() == content


# --- signing -------------------------------------------------------------------------------------


def test_the_newest_key_signs_and_the_older_ones_stay() -> None:
    before = Keyring(b"l" * 32, {"k1": b"a" * 32})
    after = Keyring(b"l" * 32, {"k1": b"a" * 32, "k2": b"b" * 32})
    assert after.signing_keys("printed form")[1:] == before.signing_keys("printed form")
    assert len(set(after.signing_keys("printed form"))) == 2


def test_a_signing_key_serves_one_purpose_and_is_none_of_the_keys() -> None:
    ring = Keyring(b"l" * 32, {"k1": b"a" * 32})
    (key,), (other,) = ring.signing_keys("printed form"), ring.signing_keys("another purpose")
    assert key.secret not in (other.secret, b"a" * 32)
    assert len(key.secret) == 32
    assert 0 <= key.id <= 255
