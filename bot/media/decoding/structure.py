"""The structure of a file, counted before a decoder sees it.

A decoder spends time and memory on each part of a file, even an empty one: 20 MB hold 5 million
segments. Each count ends at its limit, so it takes milliseconds whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

MAX_SEGMENTS: Final = 4096
"""Segments of a JPEG; a profile and a depth map of 10 MB take about 450."""
MAX_SCANS: Final = 64
"""Scans of a JPEG; encoders make about 10, and each may cost a pass over the whole picture."""
MAX_FILLING: Final = 65_536
"""Bytes between segments; Pillow reads them one by one."""
MAX_CHUNKS: Final = 16_384
"""Chunks of a PNG; libpng writes one for 8 KB."""
MAX_BLOCKS: Final = 131_072
"""Blocks of a GIF of at most 255 bytes: 20 MB have 82,000 full ones."""
MAX_BOXES: Final = 1024
"""Boxes beside each other in a HEIC; a phone writes about 10."""

_MARKER: Final = re.compile(rb"\xff+([\x01-\xfe])")
_NO_RESTART: Final = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
"""ITU T.81, B.1.1.2: in a scan FF00 is a byte of data, and FFD0 to FFD7 are restarts."""
_SCAN: Final = 0xDA
_END: Final = 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def is_sound(content: bytes, kind: str) -> bool:
    """Return whether a file of this format (``format_of``) has as few parts as an honest one."""
    check = _CHECKS.get(kind)
    return check is None or check(content)


def _jpeg(content: bytes) -> bool:
    """Count up to the end of the picture: a motion photo has a film behind it."""
    at, filling, scans = 2, 0, 0
    for _ in range(MAX_SEGMENTS):
        found = (_NO_RESTART if scans else _MARKER).search(content, at)
        if found is None or found[1][0] == _END:
            return True  # a decoder finds whether it is whole
        marker = found[1][0]
        if not scans:
            filling += found.end() - 2 - at
        at = found.end()
        if marker not in _WITHOUT_LENGTH:
            at += int.from_bytes(content[at : at + 2], "big")
        scans += marker == _SCAN
        if filling > MAX_FILLING or scans > MAX_SCANS:
            return False
    return False


def _png(content: bytes) -> bool:
    """Count the chunks: PNG (third edition) §5.3."""
    at = 8
    for _ in range(MAX_CHUNKS):
        if at >= len(content):
            return True
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return False


def _gif(content: bytes) -> bool:
    """Count the blocks of data of all pictures and extensions: GIF89a §15 to §26."""
    at = 13 + _colours(content, 10)
    blocks = 0
    while at < len(content) and blocks < MAX_BLOCKS:
        match content[at]:
            case 0x21:  # an extension
                at += 2
            case 0x2C:  # a picture: its place, its colours, the size of its codes
                at += 11 + _colours(content, at + 9)
            case 0x3B:
                return True
            case _:
                at += 1  # Pillow steps over anything else
                blocks += 1
                continue
        while at < len(content) and (size := content[at]) and blocks < MAX_BLOCKS:
            at += 1 + size
            blocks += 1
        at += 1
        blocks += 1
    return blocks < MAX_BLOCKS


def _colours(content: bytes, flags_at: int) -> int:
    """Return the bytes of the colour table that these flags announce."""
    flags = content[flags_at] if flags_at < len(content) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _heic(content: bytes) -> bool:
    """Count the boxes outside of others; libheif has limits for those inside."""
    return sum(1 for _ in _boxes(content, 0, len(content))) < MAX_BOXES


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, beginning and end of the contents of boxes (ISO 14496-12 §4.2)."""
    for _ in range(MAX_BOXES):
        if at + 8 > end:
            return
        size, start = int.from_bytes(content[at : at + 4], "big"), at + 8
        if size == 1:
            size, start = int.from_bytes(content[at + 8 : at + 16], "big"), at + 16
        stop = min(at + size, end) if size else end
        if stop < start:
            return
        yield content[at + 4 : at + 8], start, stop
        at = stop


def is_one_scene(content: bytes) -> bool:
    """Return whether a HEIC says that its pictures show the same: a stereo pair, or alternatives.

    ISO/IEC 23008-12 §6.8 names the groups. An iPhone's spatial photo is a stereo pair.
    """
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind == b"meta":  # a full box: version and flags come first
            for inner, groups, groups_end in _boxes(content, start + 4, end):
                if inner == b"grpl":
                    found = {group for group, _, _ in _boxes(content, groups, groups_end)}
                    return bool(found & {b"ster", b"altr"})
    return False


_CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "JPG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "HEIC": _heic,
}
