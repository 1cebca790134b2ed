"""The format of a file, by its content and never by its name."""

from __future__ import annotations

from typing import Final

_BEGINNINGS: Final = {
    b"\xff\xd8\xff": "JPG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"Rar!\x1a\x07": "RAR",
}
_HEIC: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
"""ISO/IEC 23008-12 §10: brands of files with HEVC pictures; the last two with any pictures."""
_SEQUENCES: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
_AVIF: Final = frozenset({b"avif", b"avis"})
_OFFICE: Final = {b"word/": "DOCX", b"xl/": "XLSX", b"ppt/": "PPTX", b"OFD.xml": "OFD"}
"""Names of parts inside a ZIP. OFD is China's document format, GB/T 33190."""
_OLD_OFFICE: Final = {"WordDocument": "DOC", "Workbook": "XLS", "PowerPoint Document": "PPT"}
"""Names of streams in a compound file of Microsoft Office or WPS."""
_PDF_WITHIN: Final = 1024
"""The first bytes, in which a PDF's header must begin: ISO 32000-1, annex H.3, note 13."""


def format_of(content: bytes) -> str | None:
    """Return the format as people call it (``JPG``, ``HEIC``, ``DOCX``…), or None.

    The function reads only the beginning, and the names inside a ZIP: the file may be broken.
    """
    for beginning, name in _BEGINNINGS.items():
        if content.startswith(beginning):
            return name
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return "BMP"
    if content[4:8] == b"ftyp":
        return _media(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[:4] == b"PK\3\4":
        return next((name for part, name in _OFFICE.items() if part in content), "ZIP")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        streams = ((part.encode("utf-16-le"), name) for part, name in _OLD_OFFICE.items())
        return next((name for part, name in streams if part in content), None)
    return "PDF" if b"%PDF-" in content[:_PDF_WITHIN] else None


def is_sequence(content: bytes) -> bool:
    """Return whether a HEIC is a sequence, such as a burst or a short film."""
    return content[4:8] == b"ftyp" and content[8:12] in _SEQUENCES


def _media(content: bytes) -> str:
    """Return HEIC, AVIF or a film format: one container, different brands."""
    major = content[8:12]
    end = min(int.from_bytes(content[:4], "big"), 256)
    brands = {major, *(content[start : start + 4] for start in range(16, end, 4))}
    if brands & _AVIF:
        return "AVIF"
    if brands & _HEIC:
        return "HEIC"
    return "MOV" if major == b"qt  " else "MP4"
