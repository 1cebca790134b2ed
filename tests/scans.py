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


def grouped_heic(content: bytes, group: bytes) -> bytes:
    """The HEIC whose pictures stand in a group of this type (ISO/IEC 23008-12 §6.8).

    The box with the data stays where it was, since others say its place: the old ``meta`` becomes
    free room, and the new one follows at the end.
    """
    start = int.from_bytes(content[:4], "big")
    size = int.from_bytes(content[start : start + 4], "big")
    assert content[start + 4 : start + 8] == b"meta"
    entities = bytes(4) + (99).to_bytes(4, "big") + (2).to_bytes(4, "big")
    entities += (1).to_bytes(4, "big") + (2).to_bytes(4, "big")
    groups = _box(b"grpl", _box(group, entities))
    free = _box(b"free", bytes(size - 8))
    meta = _box(b"meta", content[start + 8 : start + size] + groups)
    return content[:start] + free + content[start + size :] + meta


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


RUNNING = (
    "script",
    "script of the page",
    "script in codes",
    "program",
    "attachment",
    "remark with a file",
    "field",
    "compressed",
)
"""PDFs in which something runs, or that carry a file; each shows one red square."""


def running_pdf(name: str) -> bytes:
    """A PDF of one page with a red square, and what its name says."""
    script = b"<</S/JavaScript/JS(calc.exe)>>"
    program = b"<</S/Launch/F(calc.exe)>>"
    carried = b"<</Type/Filespec/F(calc.exe)/EF<</F 6 0 R>>>>"
    root, page, more = b"", b"", b"<<>>"
    if name == "script":
        root = b"/OpenAction" + script
    elif name == "script of the page":
        page = b"/AA<</O" + script + b">>"
    elif name == "script in codes":
        root = b"/Names<</Java#53cript<</Names[(a)" + script.replace(b"/JS", b"/#4a#53") + b"]>>>>"
    elif name == "program":
        page = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]/A%s>>]" % program
    elif name == "attachment":
        root = b"/Names<</EmbeddedFiles<</Names[(a)%s]>>>>" % carried
        more = b"<</Type/EmbeddedFile/Length 8>>stream\ncalc.exe\nendstream"
    elif name == "remark with a file":
        page = b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 0 0]/FS%s>>]" % carried
        more = b"<</Type/EmbeddedFile/Length 8>>stream\ncalc.exe\nendstream"
    elif name == "field":
        root = b"/AcroForm<</Fields[5 0 R]>>"
        page = b"/Annots[5 0 R]"
    elif name == "compressed":
        hidden = zlib.compress(b"7 0 " + script)
        more = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
            len(hidden),
            hidden,
        )
    drawn = b"1 0 0 rg 50 60 99 99 re f"
    field = b"<</Type/Annot/Subtype/Widget/FT/Btn/Rect[0 0 0 0]/AA<</U%s>>>>" % script
    return _assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[10 20 305 442]/Rotate 90/Contents 4 0 R%s>>"
            % page,
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
            field if name == "field" else b"<<>>",
            more,
        ]
    )


def xfa_pdf() -> bytes:
    """A form whose pages only Adobe's programs draw: a dynamic XFA, which needs rendering."""
    form = b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>"
    return _assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA 4 0 R>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(form), form),
        ]
    )


def looks_of(content: bytes) -> bytes:
    """The pixels of a PDF's first page."""
    with pypdfium2.PdfDocument(content) as document:
        image: Image.Image = document[0].render(scale=1).to_pil().convert("RGB")
        return image.tobytes()
