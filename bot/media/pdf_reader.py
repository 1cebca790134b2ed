"""The reader counts the pages of a PDF from standard input, in its own process with limits.

A PDF of 5 KB can make PDFium allocate 4 GB, and a bug in PDFium ends the process. The reader
prints its answer; a process that ends without one has met a limit.
"""

from __future__ import annotations

import resource
import sys
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from pypdfium2 import raw

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space; Python and PDFium take 100 MB of it."""
SECONDS: Final = 5
"""Seconds of processor time; a phone's scan takes 0.1 s."""

LOCKED: Final = "locked"
BROKEN: Final = "broken"


def count_pages(content: bytes, most: int) -> str:
    """Return the number of pages, ``locked`` or ``broken``.

    The function opens up to ``most`` pages one by one, and renders none.
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
    """Set the limits, read the PDF and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(
        resource.RLIMIT_CORE, (0, 0)
    )  # a core file would contain a candidate's papers
    try:
        sys.stdout.write(count_pages(sys.stdin.buffer.read(), int(sys.argv[1])))
    except MemoryError:
        sys.stdout.write(BROKEN)


if __name__ == "__main__":
    main()
