"""``python -m tests.bench.papers``: recall and false alarms of the checks of papers, and reading.

Prints a row for each planted fault of a page, one for each planted difference between certificate
and form, and what a page costs in time and memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from bot.core.exam_files import load
from bot.media.decoding.papers import judging
from bot.media.decoding.papers.models import models
from bot.media.decoding.papers.reader import read
from states.papers.checks import PageLook, PaperCheck, findings, is_same_page
from states.papers.comparing import Comparison, Outcome, compare
from states.papers.values import PaperField
from states.records import Application, ApplicationId, Identity, Person, PersonId
from tests.bench.papers.certificates import KINDS, PRINTED, Facts, misprinted
from tests.bench.papers.directions import directions, long_pdfs
from tests.bench.papers.variants import FAULTS, pages, pictured

RULE: Final = load("health-2026").papers
RECALL, FALSE_ALARMS = 0.95, 0.02
FOUND, FALSE_FLAGS, PAGE_SECONDS = 0.95, 0.03, 1.5
GOOD, EACH = 160, 40
DIFFERENCES: Final = {
    "name": PaperField.NAME,
    "id_number": PaperField.ID_NUMBER,
    "school": PaperField.SCHOOL,
    "major": PaperField.MAJOR,
    "level": PaperField.DEGREE,
    "graduated": PaperField.GRADUATED,
    "certificate": PaperField.CERTIFICATE,
    "resident": PaperField.RESIDENT,
}
"""What is planted by the fact that is misprinted."""


def picture(content: bytes) -> Image.Image:
    """Open a page."""
    return Image.open(BytesIO(content)).convert("RGB")


def legibility(good: int, each: int) -> bool:
    """Print recall and false alarms of the checks of a page; return whether they keep the bars."""
    looks: dict[str | None, list[PageLook]] = {}
    seconds = []
    for page in pages(good, each):
        image = picture(page.content)
        began = time.process_time()
        look = judging.look(image, min(image.size))
        seconds.append(time.process_time() - began)
        looks.setdefault(page.fault, []).append(look)
    print("| check | planted | found | false alarms |\n|---|---|---|---|")
    keeps = True
    for name, (_, check) in FAULTS.items():
        planted = looks[name]
        hits = sum(_has(one, check) for one in planted)
        alarms = sum(_has(one, check) for one in looks[None])
        keeps = keeps and hits >= RECALL * len(planted) and alarms <= FALSE_ALARMS * good
        print(f"| {check} | {name} | {hits} of {len(planted)} | {alarms} of {good} |")
    print(f"\na page is judged in {1000 * quantiles(seconds, n=20)[-1]:.0f} ms CPU (p95)")
    return _twice(good, each) and keeps


def _has(look: PageLook, check: PaperCheck) -> bool:
    return any(one.check is check for one in findings((look,), RULE))


def _twice(good: int, each: int) -> bool:
    """Print whether a page that was sent twice is found, and whether others are left alone."""
    marks = []
    for page in pages(each, 0):
        image = picture(page.content)
        again = BytesIO()
        small = image.resize((1280, round(1280 * image.height / image.width)))
        small.save(again, "JPEG", quality=70)
        marks.append((look_of(page.content), look_of(again.getvalue())))
    same = sum(is_same_page(one, other, RULE) for one, other in marks)
    others = [
        is_same_page(one, other, RULE)
        for at, (one, _) in enumerate(marks)
        for place, (other, _) in enumerate(marks)
        if at < place
    ]
    print(f"the same page, compressed again: {same} of {len(marks)} found;", end=" ")
    print(f"two pages of different people: {sum(others)} of {len(others)} taken for one")
    return same >= RECALL * len(marks)


def look_of(content: bytes) -> str:
    """Return the fingerprint of a page."""
    return judging.look(picture(content)).fingerprint


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that was read, and its comparisons with the form."""

    kind: str
    planted: str | None
    comparisons: tuple[Comparison, ...]
    seconds: float
    cpu: float


def readings(good: int, each: int) -> Iterator[Reading]:
    """Read good pages, and pages of which one value is not that of the form."""
    for seed in range(good):
        kind = [*KINDS][seed % len(KINDS)]
        facts = Facts.invented(seed)
        yield _read(kind, facts, facts, seed, None)
    for number, planted in enumerate(DIFFERENCES, start=1):
        kinds = [kind for kind, shown in PRINTED.items() if planted in shown]
        kinds = ["graduation"] if planted == "level" else kinds
        for serial in range(each):
            seed = 100_000 * number + serial
            facts = Facts.invented(seed)
            shown = misprinted(facts, planted, seed)
            yield _read(kinds[serial % len(kinds)], shown, facts, seed, planted)


def _read(kind: str, shown: Facts, form: Facts, seed: int, planted: str | None) -> Reading:
    content = pictured(KINDS[kind](shown, seed), seed)
    began, spent = time.perf_counter(), time.process_time()
    reading = read(content, 1).reading
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    person, application = records(form, kind)
    found = compare(reading, person, application, RULE.certainty)
    return Reading(kind, planted, found, seconds, cpu)


def records(facts: Facts, kind: str) -> tuple[Person, Application]:
    """Return the form of a person with these facts."""
    is_degree = kind == "degree"
    record = {
        "degree": "bachelor-degree" if is_degree else facts.level,
        "school": facts.school,
        "major": facts.major,
        "graduated": facts.graduated[:7],
        "certificate": facts.certificate,
        "enrolled": facts.enrolled[:7],
        "verification": "passed",
    }
    identity = Identity(facts.name, "resident_id", facts.id_number, "female", facts.born)
    person = Person(PersonId(1), 1, 1, identity=identity, education=(record,))
    answers = {"education": "1", "residency_month": facts.resident[:7]}
    return person, Application(ApplicationId(1), PersonId(1), "health-2026", answers=answers)


def reading(good: int, each: int) -> bool:
    """Print the differences that are found and the false flags; return whether the bars hold."""
    found = [*readings(good, each)]
    print("\n| planted difference | found | not read | called the same |\n|---|---|---|---|")
    total: Counter[Outcome] = Counter()
    for name, field in DIFFERENCES.items():
        outcomes = Counter(_outcome(one, field) for one in found if one.planted == name)
        total += outcomes
        print(
            f"| {field} | {outcomes[Outcome.DIFFERENT]} of {outcomes.total()} |"
            f" {outcomes[Outcome.NOT_READ]} | {outcomes[Outcome.SAME]} |"
        )
    right = [one for reading in found for one in reading.comparisons if _is_right(reading, one)]
    outcomes = Counter(one.outcome for one in right)
    pages_flagged = sum(
        any(one.outcome is Outcome.DIFFERENT for one in reading.comparisons)
        for reading in found
        if reading.planted is None
    )
    share = total[Outcome.DIFFERENT] / total.total()
    print(f"\ndifferences found: {total[Outcome.DIFFERENT]} of {total.total()} ({share:.1%})")
    print(
        f"values that agree: {outcomes.total()}; read so {outcomes[Outcome.SAME]}, not read"
        f" {outcomes[Outcome.NOT_READ]}, flagged {outcomes[Outcome.DIFFERENT]}"
    )
    print(f"good pages with a false flag: {pages_flagged} of {good} ({pages_flagged / good:.1%})")
    p95, cpu = (
        quantiles([getattr(one, name) for one in found], n=20)[-1] for name in ("seconds", "cpu")
    )
    print(f"a page is read in {p95:.2f} s, {cpu:.2f} s of them CPU (p95 each)")
    return share >= FOUND and pages_flagged <= FALSE_FLAGS * good and cpu <= PAGE_SECONDS


def _outcome(reading: Reading, field: PaperField) -> Outcome:
    found = (one.outcome for one in reading.comparisons if one.field is field)
    return next(found, Outcome.NOT_READ)


def _is_right(reading: Reading, one: Comparison) -> bool:
    return reading.planted is None or (
        one.field is not DIFFERENCES[reading.planted]
        and reading.planted not in ("certificate", "level")
    )


COST: Final = """
import json, sys, time
from bot.media.decoding.papers.models import models
from bot.media.decoding.papers.reader import read
content = open(sys.argv[1], "rb").read()
def kb(name):
    return int(open("/proc/self/status").read().split(name + ":")[1].split()[0]) / 1024
models()
before, space = kb("VmHWM"), kb("VmSize")
read(content, 1)
print(json.dumps([before, kb("VmHWM"), space, kb("VmPeak")]))
"""


def cost() -> None:
    """Print what reading a page adds to the worker's memory and to its address space."""
    content = pictured(KINDS["graduation"](Facts.invented(1), 1), 1)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.jpg"
        image = picture(content).resize((3000, 2100))
        image.save(file, "JPEG", quality=88)
        command = [sys.executable, "-c", COST, str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, peak, space, most = json.loads(done.stdout)
    print(
        f"\nwith both networks loaded: {before:.0f} MB; a page of 3000 px adds {peak - before:.0f}"
        f" MB ({most - space:.0f} MB of address space)"
    )


def main() -> int:
    """Print everything; 1 if a bar is missed."""
    if models() is None:
        print("the extra `ocr` is missing")
        return 1
    good, each = (int(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (GOOD, EACH)
    results = [legibility(good, each), reading(good, each), directions(good)]
    long_pdfs()
    cost()
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
