"""The networks of PP-OCRv6, if the extra ``ocr`` is installed.

The weights are read out of the package ``rapidocr``, which is not imported: its own needs (OpenCV
among them) are heavy, and the networks need none of them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_FINDS: Final = "PP-OCRv6_det_small.onnx"
_READS: Final = "PP-OCRv6_rec_small.onnx"


class TextModels:
    """The network that finds lines, the one that reads a line, and the characters that it knows.

    The sessions have no threads, so that a child of the media worker can use them.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3

        def opened(name: str) -> Any:
            return onnxruntime.InferenceSession(
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )

        self._finds, self._reads = opened(_FINDS), opened(_READS)
        known = self._reads.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.characters: Sequence[str] = ("", *known, " ")

        self._numbers = {char: number for number, char in enumerate(self.characters)}

    def number(self, char: str) -> int | None:
        """Return the number of a character in the answers of ``read``."""
        return self._numbers.get(char)

    def heat(self, picture: Bytes) -> Floats:
        """Return for each px of a picture (height, width, BGR) how surely it belongs to text."""
        found: Floats = self._finds.run(None, {"x": _scaled(picture)[None]})[0][0, 0]
        return found

    def read(self, lines: Bytes) -> Floats:
        """Return how sure each character is at each place of lines of 48 px (n, 48, w, BGR)."""
        found: Floats = self._reads.run(None, {"x": _scaled(lines)})[0]
        return found


def _scaled(pixels: Bytes) -> Floats:
    """Return channels first, from -1 to 1, as the networks were trained."""
    axes = (2, 0, 1) if pixels.ndim == 3 else (0, 3, 1, 2)
    return np.ascontiguousarray(pixels.transpose(axes), np.float32) / 127.5 - 1


@cache
def models() -> TextModels | None:
    """Return the networks; None without the extra."""
    package = importlib.util.find_spec("rapidocr")
    if package is None or package.origin is None or not importlib.util.find_spec("onnxruntime"):
        return None
    folder = Path(package.origin).with_name("models")
    return TextModels(folder) if all((folder / one).is_file() for one in (_FINDS, _READS)) else None
