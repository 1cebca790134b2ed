"""``python -m tests.bench.papers.directions``: pages that lie or stand on their head.

Prints how often the reader turns pages right, beside the classifier of lines that lies in the same
wheel; how often it turns pages that stand upright, faulty ones among them; and what it costs. Then
it prints what a PDF of many pages costs at its upload and in the job that reads it.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import numpy as np
from PIL import Image

from bot.core.exam_files import load
from bot.media.decoding import pdf
from bot.media.decoding.papers import judging, line_finder
from bot.media.decoding.papers.line_finder import FoundLine
from bot.media.decoding.papers.models import TextModels, models
from bot.media.decoding.papers.reader import read
from bot.media.decoding.papers.text_reader import standing
from bot.media.decoding.pictures import turned
from tests.bench.papers.certificates import KINDS, Facts
from tests.bench.papers.variants import FAULTS, pictured

RULE: Final = load("health-2026").papers
RIGHT, TURNED_WRONGLY = 0.95, 0.02
COUNT: Final = 160
LONG: Final = (4, 10, 30)
"""Pages of the PDFs that are measured."""
_LINES: Final = 4
_CLASSIFIER: Final = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"


@dataclass(frozen=True, slots=True)
class Turned:
    """A page that was turned by ``planted`` quarters: what both say, and the CPU seconds of each.

    The classifier knows 0 and 2 only; ``classified`` is None of a page that lies.
    """

    planted: int
    fault: str | None
    found: int
    is_sure: bool
    classified: int | None
    seconds: float
    classifier_seconds: float


class LineClassifier:
    """PaddleOCR's classifier of lines: whether a line stands on its head."""

    def __init__(self) -> None:
        import onnxruntime

        package = importlib.util.find_spec("rapidocr")
        assert package is not None
        assert package.origin is not None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        file = Path(package.origin).with_name("models") / _CLASSIFIER
        self._session: Any = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def is_upside_down(self, page: Image.Image, lines: list[FoundLine]) -> bool:
        """Return whether the longest lines stand on their head, by their mean."""
        longest = sorted(lines, key=lambda one: -one.width)[:_LINES]
        if not longest:
            return False
        answers = [self._session.run(None, {self._input: _cut(page, one)})[0] for one in longest]
        return float(np.mean([one[0, 1] - one[0, 0] for one in answers])) > 0


def _cut(page: Image.Image, line: FoundLine) -> np.ndarray:
    """Return a line as the classifier was trained: 48 by 192 px, from -1 to 1."""
    width = max(8, min(192, round(48 * line.width / max(1.0, line.height))))
    piece = page.resize((width, 48), Image.Resampling.BILINEAR, line.box)
    canvas = np.zeros((1, 3, 48, 192), np.float32)
    pixels = np.asarray(piece, np.float32)[:, :, ::-1] / 127.5 - 1
    canvas[0, :, :, :width] = pixels.transpose(2, 0, 1)
    return canvas


def pages(count: int, networks: TextModels) -> list[Turned]:
    """Turn good pages by each quarter, and faulty ones not at all."""
    classifier, found = LineClassifier(), []
    for seed in range(count):
        kind = [*KINDS][seed // 4 % len(KINDS)]
        found.append(_page(kind, seed, seed % 4, None, networks, classifier))
    for number, fault in enumerate(FAULTS):
        if fault == "sideways":
            continue
        for serial in range(count // 8):
            seed = 10_000 * (number + 1) + serial
            kind = [*KINDS][serial % len(KINDS)]
            found.append(_page(kind, seed, 0, fault, networks, classifier))
    return found


def _page(
    kind: str,
    seed: int,
    planted: int,
    fault: str | None,
    networks: TextModels,
    classifier: LineClassifier,
) -> Turned:
    sheet = KINDS[kind](Facts.invented(seed), seed)
    image = Image.open(BytesIO(pictured(sheet, seed, fault))).convert("RGB")
    page = turned(image, -planted)
    began = time.process_time()
    stands = standing(page, networks)
    seconds = time.process_time() - began
    classified, classifier_seconds = None, 0.0
    if planted % 2 == 0:
        lines = line_finder.find(page, networks)
        began = time.process_time()
        classified = 2 * classifier.is_upside_down(page, lines)
        classifier_seconds = time.process_time() - began
    return Turned(
        planted, fault, stands.turns, stands.is_sure, classified, seconds, classifier_seconds
    )


def directions(count: int = COUNT) -> bool:
    """Print the figures; return whether the reader keeps the bars."""
    networks = models()
    if networks is None:
        return False
    found = pages(count, networks)
    print("\n| page | pages | turned upright | left, unsure | turned wrongly | classifier right |")
    print("|---|---|---|---|---|---|")
    keeps = True
    for planted, name in enumerate(("upright", "lies, left", "on its head", "lies, right")):
        good = [one for one in found if one.planted == planted and one.fault is None]
        keeps = _row(name, good) and keeps
    for fault in FAULTS:
        bad = [one for one in found if one.fault == fault]
        keeps = not bad or (_row(f"upright, {fault}", bad, least=0.0) and keeps)
    for name, planted in (("upright", 0), ("on its head", 2)):
        seconds = [o.seconds for o in found if o.planted == planted and o.fault is None]
        print(f"\n{name}: lines found and read in {_ms(seconds)} ms CPU (p95)", end="")
    seconds = [o.classifier_seconds for o in found if o.classified is not None]
    print(f"\nthe classifier costs {_ms(seconds)} ms CPU (p95) beyond finding the lines")
    return keeps


def _row(name: str, shown: list[Turned], least: float = RIGHT) -> bool:
    """Print one row; return whether it keeps the bars."""
    total = Counter(
        "unsure" if not one.is_sure else "right" if one.found == one.planted else "wrong"
        for one in shown
    )
    known = [one for one in shown if one.classified is not None]
    right = sum(one.classified == one.planted for one in known)
    classified = f"{right} of {len(known)}" if known else "–"
    print(
        f"| {name} | {len(shown)} | {total['right']} | {total['unsure']} | {total['wrong']} |"
        f" {classified} |"
    )
    is_right = total["right"] >= least * len(shown)
    return is_right and total["wrong"] <= TURNED_WRONGLY * len(shown)


def _ms(seconds: list[float]) -> int:
    return round(1000 * quantiles(seconds, n=20)[-1])


def long_pdfs() -> None:
    """Print what PDFs of scanned pages cost at their upload, and in the job that reads them."""
    print("\n| pages of a PDF | MB | judged in s CPU | read and turned in s CPU | drawn in s CPU |")
    print("|---|---|---|---|---|")
    for count in LONG:
        content = _pdf(count)
        began = time.process_time()
        for page in judging.pdf_pages(content, count):
            judging.look(page)
        judged = time.process_time() - began
        began = time.process_time()
        read(content, RULE.most_read, min(count, RULE.most_pages))
        spent = time.process_time() - began
        began = time.process_time()
        pdf.pictures(content, count)
        drawn = time.process_time() - began
        size = len(content) / 1e6
        print(f"| {count} | {size:.1f} | {judged:.2f} | {spent:.2f} | {drawn:.2f} |")


def _pdf(count: int) -> bytes:
    """Return a PDF of scanned certificates, with 200 dots an inch."""
    kinds = [*KINDS]
    scans = [
        KINDS[kinds[seed % len(kinds)]](Facts.invented(seed), seed).convert("RGB")
        for seed in range(count)
    ]
    out = BytesIO()
    scans[0].save(out, "PDF", resolution=200.0, save_all=True, append_images=scans[1:], quality=70)
    return out.getvalue()


def main() -> int:
    """Print everything; 1 if a bar is missed or the extra is missing."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    keeps = directions(count)
    long_pdfs()
    return int(not keeps)


if __name__ == "__main__":
    sys.exit(main())
