"""The samples that the invented people of a rehearsal type (``samples.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple


class Samples(NamedTuple):
    """Texts of which each text question takes at least one, and how invented people are called."""

    texts: tuple[str, ...]
    candidate: str
    colleague: str


@cache
def load_samples() -> Samples:
    """Return the samples of the package."""
    file = resources.files("bot") / "rehearsal" / "samples.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Samples(tuple(data["texts"]), data["candidate"], data["colleague"])
