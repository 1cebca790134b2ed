"""Eligibility rules: trees of conditions with three values; what is unknown never becomes no.

A condition is a fact and what it must be. ``Group`` joins conditions: at least ``needed`` of them
must hold, so *all* and *any* are groups too. In exam files a group is ``{all = […]}``,
``{any = […]}`` or ``{needed = 2, of = […]}``, its negation ``{not = {…}}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Annotated, Any, Final

from pydantic import Discriminator, Field, Tag, model_validator

from states.exam.data import Data
from states.texts import Mistake

NEVER: Final = "never"
"""The month of an event that has not happened, such as a registration."""

COUNTED: Final[Mapping[str, str]] = {"titled": "years"}
"""The fact of full years that stands in for an unknown month, by the month's fact."""

Facts = Mapping[str, str]
"""Facts about a candidate: a code, a number or a month by fact; an unknown fact is absent."""


class Condition(Data):
    """A condition on one fact. Exactly one of the last three is set.

    Attributes:
        fact: the key of the fact.
        among: codes, of which the fact must be one.
        at_least: the least number.
        years: full years from the fact's month to the reference day; 0 for not after it.
    """

    fact: str
    among: tuple[str, ...] = ()
    at_least: float | None = None
    years: int | None = Field(default=None, ge=0, le=50)

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Condition:
        if sum((bool(self.among), self.at_least is not None, self.years is not None)) != 1:
            raise ValueError(Mistake.of("", "not-one-condition"))
        return self

    def holds(self, facts: Facts, reference: date) -> bool | None:
        """Return whether the condition holds; None if its fact is unknown.

        Counted years decide unless one is missing: it may be full on the reference day.
        """
        value = facts.get(self.fact)
        if value is None:
            has = counted_years(self, facts)
            if self.years is None or has is None or has + 1 == self.years:
                return None
            return has >= self.years
        if self.years is not None:
            return value != NEVER and years_between(value, reference) >= self.years
        if self.at_least is not None:
            return float(value) >= self.at_least
        return value in self.among


class Not(Data):
    """The opposite of a rule."""

    negated: Annotated[Rule, Field(alias="not")]

    def holds(self, facts: Facts, reference: date) -> bool | None:
        """Return whether the rule does not hold; None if that is unknown."""
        held = self.negated.holds(facts, reference)
        return None if held is None else not held


class Group(Data):
    """At least ``needed`` of the rules ``of``."""

    of: tuple[Rule, ...] = Field(min_length=1)
    needed: int = Field(ge=1)

    @model_validator(mode="before")
    @classmethod
    def _all_or_any(cls, data: Any) -> Any:
        match data:
            case {"all": [*rules], **others} if not others:
                return {"of": rules, "needed": len(rules)}
            case {"any": [*rules], **others} if not others:
                return {"of": rules, "needed": 1}
        return data

    @model_validator(mode="after")
    def _can_hold(self) -> Group:
        if self.needed > len(self.of):
            count = str(len(self.of))
            raise ValueError(Mistake.of("needed", "needs-too-many", count=count))
        return self

    def holds(self, facts: Facts, reference: date) -> bool | None:
        """Return whether enough rules hold; None if unknown facts decide it."""
        held = [rule.holds(facts, reference) for rule in self.of]
        if held.count(True) >= self.needed:
            return True
        return None if held.count(True) + held.count(None) >= self.needed else False


def _kind(data: Any) -> str:
    """Return the tag of a rule by the keys that it has, so that a mistake is told once."""
    if isinstance(data, Mapping):
        return _CONDITION if "fact" in data else _NOT if "not" in data else _GROUP
    return _CONDITION if isinstance(data, Condition) else _NOT if isinstance(data, Not) else _GROUP


_CONDITION, _NOT, _GROUP = "a-condition", "a-negation", "a-group"
RULE_TAGS: Final = frozenset({_CONDITION, _NOT, _GROUP})
"""The parts of pydantic's paths that name the kind of a rule."""


Rule = Annotated[
    Annotated[Condition, Tag(_CONDITION)]
    | Annotated[Not, Tag(_NOT)]
    | Annotated[Group, Tag(_GROUP)],
    Discriminator(_kind),
]
Not.model_rebuild()
Group.model_rebuild()


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Yield the conditions of a rule, from left to right."""
    match rule:
        case Condition():
            yield rule
        case Not():
            yield from conditions_of(rule.negated)
        case Group():
            yield from chain.from_iterable(map(conditions_of, rule.of))


def counted_years(condition: Condition, facts: Facts) -> int | None:
    """Return the full years that somebody counted, where the month of a condition is unknown."""
    has = facts.get(COUNTED.get(condition.fact, ""))
    return int(has) if condition.fact not in facts and has else None


def years_between(month: str, reference: date) -> int:
    """Return the full years from some day of ``month`` (``2021-07``) to the last of ``reference``.

    The reference day ends a month, so the day within ``month`` makes no difference.
    """
    year, number = map(int, month.split("-"))
    return ((reference.year - year) * 12 + reference.month - number) // 12


# --- what would have to change -------------------------------------------------------------------


@dataclass(frozen=True, order=True, slots=True)
class Effort:
    """The effort to change conditions: how many, and how hard; lower is easier."""

    count: int = 0
    hardness: float = 0.0

    def __add__(self, other: Effort) -> Effort:
        """Return the effort of both."""
        return Effort(self.count + other.count, self.hardness + other.hardness)


NO_EFFORT: Final = Effort()


@dataclass(frozen=True, slots=True)
class Change:
    """Conditions that have to become different, and the effort."""

    effort: Effort = NO_EFFORT
    conditions: tuple[Condition, ...] = ()


_STILL_TO_HAPPEN: Final = 100.0
_ANOTHER_ANSWER: Final = 200.0
"""Hardness of an event to come, and of a fact that is otherwise; waiting counts its years."""


def least_change(rule: Rule, facts: Facts, reference: date, *, to: bool = True) -> Change:
    """Return the fewest conditions whose change makes a rule true (or false), the easiest of them.

    A condition with an unknown fact costs nothing, since it may turn out either way.
    """
    match rule:
        case Condition():
            if rule.holds(facts, reference) in (to, None):
                return Change()
            return Change(Effort(1, _hardness(rule, facts, reference)), (rule,))
        case Not():
            return least_change(rule.negated, facts, reference, to=not to)
        case Group():
            # To make the group false, so many rules must fail that too few are left.
            count = rule.needed if to else len(rule.of) - rule.needed + 1
            changes = [least_change(one, facts, reference, to=to) for one in rule.of]
            return _joined(sorted(changes, key=lambda one: one.effort)[:count])


def _joined(changes: Sequence[Change]) -> Change:
    return Change(
        sum((one.effort for one in changes), NO_EFFORT),
        tuple(chain.from_iterable(one.conditions for one in changes)),
    )


def _hardness(condition: Condition, facts: Facts, reference: date) -> float:
    """Return how hard it is to change a condition: the missing years, or more."""
    if comes_by_waiting(condition, facts, reference):
        has = counted_years(condition, facts)
        known = years_between(facts[condition.fact], reference) if has is None else has
        return (condition.years or 0) - known
    return _STILL_TO_HAPPEN if facts.get(condition.fact) == NEVER else _ANOTHER_ANSWER


def comes_by_waiting(condition: Condition, facts: Facts, reference: date) -> bool:
    """Return whether a later reference day alone makes a condition hold that does not."""
    is_waiting = condition.years is not None and facts.get(condition.fact) != NEVER
    return is_waiting and not condition.holds(facts, reference)


def open_facts(rule: Rule, facts: Facts, reference: date) -> tuple[str, ...]:
    """Return the unknown facts that an undecided rule depends on, in the order of the rule."""
    if rule.holds(facts, reference) is not None:
        return ()
    match rule:
        case Condition():
            return (rule.fact,)
        case Not():
            return open_facts(rule.negated, facts, reference)
        case Group():
            every = chain.from_iterable(open_facts(one, facts, reference) for one in rule.of)
            return tuple(dict.fromkeys(every))
