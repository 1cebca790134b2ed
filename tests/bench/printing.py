"""``python -m tests.bench.printing``: the cost of a printed form, and how often its code is read.

It sets 50 forms, in this process and in the media worker, and prints the median of their CPU time
and their largest size. Then it puts 300
prints through a scanner, a photocopier and a telephone, and counts the codes that were read.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from statistics import median

from bot.documents.printed_form import PrintedForm
from bot.documents.typesetting import pdf
from bot.media.media_worker import MediaWorker
from states.records import ApplicationId
from tests.bot.documents.paper import HARDER, WAYS, page_of, qr_codes
from tests.bot.documents.printed_people import BOT_NAME, PEOPLE, content, form_of, link, portrait

FORMS, CPU_MS, KB = 50, 60, 300
PRINTS, READ = 300, 0.99


def forms(count: int) -> list[PrintedForm]:
    """Return forms of different contents, the fullest among them."""
    others = [make() for make in PEOPLE.values()]
    plain = [content(department=f"内科第{n}病区") for n in range(count - len(others))]
    return [form_of(one) for one in (*plain, *others)]


def cost(count: int = FORMS) -> bool:
    """Print the median of the CPU time and the largest size; return whether both are in budget."""
    picture, spent, sizes = portrait(), [], []
    for form in (form_of(content()), *forms(count)):  # the first one loads the fonts
        begun = time.process_time()
        sizes.append(len(pdf(form, picture)))
        spent.append(time.process_time() - begun)
    ms, kb = 1000 * median(spent[1:]), max(sizes) / 1024
    print(f"first form: {1000 * spent[0]:.0f} ms CPU")
    print(f"median of {count}: {ms:.0f} ms CPU (budget {CPU_MS}); largest: {kb:.0f} KB ({KB})")
    return ms <= CPU_MS and kb <= KB


async def cost_in_worker(count: int = FORMS) -> bool:
    """Print the same of forms that the media worker sets, as the bot has them set; on Linux."""
    picture, spent, sizes = portrait(), [], []
    async with aclosing(MediaWorker()) as worker:
        for form in (form_of(content()), *forms(count)):  # the first one starts the printer
            begun = sum(map(_processor_time, _children(worker)))
            sizes.append(len((await worker.form(form, picture)).content))
            spent.append(sum(map(_processor_time, _children(worker))) - begun)
        resident = max(map(_resident, _children(worker)))
    ms, kb = median(spent[1:]) / 1e6, max(sizes) / 1024
    print(f"in the media worker: first form {spent[0] / 1e6:.0f} ms CPU, {resident} MB resident")
    print(f"in the media worker: median of {count}: {ms:.0f} ms CPU; largest: {kb:.0f} KB")
    return ms <= CPU_MS and kb <= KB


def _children(worker: MediaWorker) -> list[int]:
    if worker.pid is None:
        return []
    listed = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
    return [int(one) for one in listed.split()]


def _processor_time(pid: int) -> int:
    """Return the nanoseconds that the threads of a process have had a processor."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads)


def _resident(pid: int) -> int:
    """Return the memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = [one for one in lines if one.startswith("VmRSS")]
    return int(line.split()[1]) // 1024


def prints(count: int, seed: int = 1) -> Counter[tuple[str, str]]:
    """Return how many codes of each way were read, lost, or read wrong."""
    chance, outcomes = random.Random(seed), Counter[tuple[str, str]]()
    plain, picture = content(), portrait(600, 800)
    for number in range(count):
        application_id = ApplicationId(chance.getrandbits(chance.choice((8, 32, 63))) + 1)
        bot = BOT_NAME[: chance.randint(5, len(BOT_NAME))] if number % 4 else "a" * 29 + "bot"
        address = link(application_id, chance.randint(1, 120), bot)
        page = page_of(pdf(form_of(plain, address=address), picture))
        for name, way in {**WAYS, **HARDER}.items():
            read = qr_codes(way(page, chance))
            outcome = "lost" if not read else "read" if read == [address] else "wrong"
            outcomes[name, outcome] += 1
        if not (number + 1) % 50:
            print(f"{number + 1} prints: {outcomes.total()} pictures", flush=True)
    return outcomes


def report(count: int = PRINTS) -> bool:
    """Print how many codes were read; return whether enough were, and none wrong."""
    outcomes, good = prints(count), True
    for name in (*WAYS, *HARDER):
        read, wrong = outcomes[name, "read"], outcomes[name, "wrong"]
        print(f"{name}: {read} of {count} read ({read / count:.1%}), {wrong} wrong", flush=True)
        good = good and not wrong and (name in HARDER or read >= READ * count)
    return good


if __name__ == "__main__":
    results = [
        cost(),
        asyncio.run(cost_in_worker()),
        report(int(sys.argv[1]) if len(sys.argv) > 1 else PRINTS),
    ]
    sys.exit(not all(results))
