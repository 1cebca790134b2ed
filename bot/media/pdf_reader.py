"""Counts the pages of a PDF that stands at standard input: a process of its own, with limits.

PDFium inflates whatever a file asks for: a file of 5 KB can take 4 GB, and a flaw in it ends the
process. So it works here, and ``bot.media.pdf`` waits outside. What is found stands at standard
output; a process that ends otherwise has met a limit.
"""

from __future__ import annotations

import resource
import sys
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # it comes without types
from pypdfium2 import raw

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of addresses, of which Python and PDFium take 100 MB."""
SECONDS: Final = 5
"""Of processor time; a phone's scan takes a tenth."""

LOCKED: Final = "locked"
BROKEN: Final = "broken"


def found(content: bytes, most: int) -> str:
    """The number of pages, ``locked`` or ``broken``.

    Up to ``most`` pages are looked at one by one; of more only the number is told. Their content
    is not drawn.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
            for page in range(min(pages, most)):
                document.get_page_size(page)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        return LOCKED if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) else BROKEN
    return str(pages)


def main() -> None:
    """Read, count, say."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold somebody's papers
    try:
        sys.stdout.write(found(sys.stdin.buffer.read(), int(sys.argv[1])))
    except MemoryError:
        sys.stdout.write(BROKEN)


if __name__ == "__main__":
    main()
