"""The sandbox's port: that of the last start while it is free, so that open pages go on."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

KEPT: Final = "sandbox-port"
"""The file with the port that was asked for, and the port that was used."""


def preferred(folder: Path, asked: int) -> int:
    """Return the port to begin with: the last one for the same setting if it is free, else it."""
    try:
        kept = [int(word) for word in (folder / KEPT).read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        return asked
    is_same = len(kept) == 2 and kept[0] == asked
    return kept[1] if is_same and 0 < kept[1] <= 65535 and _is_free(kept[1]) else asked


def keep(folder: Path, asked: int, used: int) -> None:
    """Keep the port of this start for the next one; the port that was asked for needs no file."""
    file = folder / KEPT
    if used == asked:
        file.unlink(missing_ok=True)
    else:
        file.write_text(f"{asked} {used}\n", encoding="ascii")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
