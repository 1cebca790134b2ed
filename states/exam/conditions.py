"""The conditions of registration as data: clauses, each a way to be eligible."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property

from pydantic import Field

from states.exam.data import ELIGIBILITY_VERSION, Code, Coded, Data
from states.exam.rules import Facts, Rule


class Clause(Coded):
    """One way to be eligible for some specialties; ``name`` and ``name_en`` are its text.

    Attributes:
        categories: whom it is about, with ``levels``; ``specialties`` narrows it, if any are named.
        areas: the areas where it holds; none for all.
        since: the date from which it is in force.
        passes: facts that it accepts, as an example; ``fails``: facts that it does not.
    """

    categories: tuple[Code, ...] = Field(min_length=1)
    levels: tuple[Code, ...] = Field(min_length=1)
    specialties: tuple[str, ...] = ()
    areas: tuple[Code, ...] = ()
    rule: Rule
    since: date
    source: str
    passes: Facts
    fails: Facts


class Eligibility(Data):
    """The clauses of an exam; years count to the ``reference`` day, the last of a month.

    ``year_offset`` is how many years after its reference day an exam is. ``beyond`` and
    ``beyond_en`` say what no answer of the form tells and the authority examines.
    """

    version: str = Field(pattern=ELIGIBILITY_VERSION)
    reference: date
    year_offset: int = 1
    sample: bool = True
    beyond: str
    beyond_en: str
    clauses: tuple[Clause, ...] = Field(min_length=1)

    @cached_property
    def digest(self) -> str:
        """16 hex digits that change with each word of the rules."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:16]
