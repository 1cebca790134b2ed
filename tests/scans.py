"""Invented scans for tests: HEIC pictures and PDFs, whole ones and such that lie."""

from __future__ import annotations

import zlib
from functools import cache
from hashlib import md5
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]  # it comes without types
from PIL import Image
from pillow_heif import from_pillow

from tests import photos

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
"""ISO 32000-1 §7.6.3.3, algorithm 2: what a password is filled up with."""


def heic(image: Image.Image, *more: Image.Image, **options: object) -> bytes:
    """The picture as a HEIC, with others beside it; options go to pillow-heif's ``save``."""
    file = from_pillow(image)
    for other in more:
        file.add_from_pillow(other)
    out = BytesIO()
    file.save(out, quality=80, **options)
    return out.getvalue()


@cache
def small_heic() -> bytes:
    """A HEIC of the drawn face."""
    return heic(photos.face(150, 200))


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages, with a table of where everything stands."""
    kids = b" ".join(b"%d 0 R" % (3 + page) for page in range(pages))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return _assembled([b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * pages])


def pdfium_pdf() -> bytes:
    """A PDF of one page as PDFium writes it."""
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def locked_pdf(password: bytes = b"invented") -> bytes:
    """A PDF that asks for this password: RC4 with 40 bits, security handler of revision 2."""
    identity = md5(b"an invented document").digest()
    padded = (password + _PADDING)[:32]
    owner = _rc4(md5(padded).digest()[:5], padded)
    rights = 0xFFFFFFFC
    seed = padded + owner + rights.to_bytes(4, "little") + identity
    user = _rc4(md5(seed).digest()[:5], _PADDING)
    lock = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>" % (
        owner.hex().encode(),
        user.hex().encode(),
        rights - 2**32,
    )
    body = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        lock,
    ]
    marks = b"/Encrypt 4 0 R/ID[<%s><%s>]" % ((identity.hex().encode(),) * 2)
    return _assembled(body, marks)


@cache
def bomb_pdf() -> bytes:
    """A PDF of few KB whose own table of contents inflates to 3 GB."""
    pressed = zlib.compressobj(9, wbits=-15)
    block = pressed.compress(bytes(1 << 20)) + pressed.flush(zlib.Z_FULL_FLUSH)
    check = ((3000 << 20) % 65_521 << 16) + 1
    once = b"\x78\xda" + block * 3000 + b"\x03\0" + check.to_bytes(4, "big")
    twice = zlib.compress(once, 9)
    written = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    written += b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    table = b"9 0 obj\n<</Type/XRef/W[1 4 1]/Size 10/Root 1 0 R/Length %d" % len(twice)
    table += b"/Filter[/FlateDecode/FlateDecode]>>stream\n" + twice + b"\nendstream\nendobj\n"
    return written + table + b"startxref\n%d\n%%%%EOF" % len(written)


def _assembled(objects: list[bytes], marks: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is its root."""
    written = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, marks)
    return written + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(written)


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
