"""Rules with three values: what is unknown never becomes no, and the reasons are a minimal set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from states.exam.rules import (
    NEVER,
    Condition,
    Facts,
    Group,
    Not,
    Rule,
    conditions_of,
    least_change,
    open_facts,
    years_between,
)
from states.exam.validation import mistakes_of

REFERENCE = date(2025, 12, 31)
RULES: TypeAdapter[Rule] = TypeAdapter(Rule)
FACTS = ("a", "b", "c", "d")
VALUES = ("x", "y", "z")


def _conditions(facts: tuple[str, ...]) -> st.SearchStrategy[Rule]:
    codes = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True)
    return st.builds(Condition, fact=st.sampled_from(facts), among=codes.map(tuple))


def _groups(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    parts = st.lists(rules, min_size=1, max_size=3).map(tuple)
    groups = parts.flatmap(
        lambda of: st.integers(1, len(of)).map(lambda needed: Group(of=of, needed=needed))
    )
    return groups | rules.map(lambda one: Not(**{"not": one}))


TREES = st.recursive(_conditions(FACTS), _groups, max_leaves=8)


def _completions(facts: Facts) -> Iterator[Facts]:
    unknown = [fact for fact in FACTS if fact not in facts]
    for values in product(VALUES, repeat=len(unknown)):
        yield {**facts, **dict(zip(unknown, values, strict=True))}


@settings(max_examples=1000)
@given(TREES, st.dictionaries(st.sampled_from(FACTS), st.sampled_from(VALUES)))
def test_a_verdict_holds_for_every_completion_of_the_facts(rule: Rule, facts: Facts) -> None:
    held = rule.holds(facts, REFERENCE)
    every = {rule.holds(whole, REFERENCE) for whole in _completions(facts)}
    assert None not in every
    if held is not None:
        assert every == {held}
        assert open_facts(rule, facts, REFERENCE) == ()
    else:
        unknown = open_facts(rule, facts, REFERENCE)
        assert unknown
        assert not set(unknown) & facts.keys()


def _distinct(rule: Rule, numbers: Iterator[int]) -> Rule:
    """Return the rule with a fact of its own for each condition, so that each changes alone."""
    match rule:
        case Condition():
            return Condition(fact=f"f{next(numbers)}", among=("x",))
        case Not():
            return Not(**{"not": _distinct(rule.negated, numbers)})
        case Group():
            of = tuple(_distinct(one, numbers) for one in rule.of)
            return Group(of=of, needed=rule.needed)


def _flipped(facts: Facts, changed: tuple[str, ...]) -> Facts:
    return {**facts, **{key: "y" if facts[key] == "x" else "x" for key in changed}}


@settings(max_examples=400, deadline=None)
@given(st.recursive(_conditions(FACTS), _groups, max_leaves=12), st.data())
def test_the_change_is_the_smallest_that_flips_the_rule(tree: Rule, data: st.DataObject) -> None:
    rule = _distinct(tree, iter(range(100)))
    keys = [one.fact for one in conditions_of(rule)]
    facts: Mapping[str, str] = {key: data.draw(st.sampled_from("xy")) for key in keys}
    held = rule.holds(facts, REFERENCE)
    change = least_change(rule, facts, REFERENCE, to=not held)
    named = tuple(one.fact for one in change.conditions)
    assert rule.holds(_flipped(facts, named), REFERENCE) is not held
    assert change.effort.count == len(named)
    fewer = [some for count in range(len(named)) for some in combinations(keys, count)]
    assert all(rule.holds(_flipped(facts, some), REFERENCE) is held for some in fewer)
    assert not least_change(rule, facts, REFERENCE, to=bool(held)).conditions


@pytest.mark.parametrize(
    ("month", "years"),
    [
        pytest.param("2021-12", 4, id="four years to the day"),
        pytest.param("2022-01", 3, id="one month short"),
        pytest.param("2025-12", 0, id="in the last month"),
        pytest.param("2026-01", -1, id="after the reference day"),
    ],
)
def test_years_are_full_years(month: str, years: int) -> None:
    assert years_between(month, REFERENCE) == years


def test_what_never_happened_fails_even_zero_years() -> None:
    rule = Condition(fact="residency_month", years=0)
    assert rule.holds({"residency_month": NEVER}, REFERENCE) is False
    assert rule.holds({"residency_month": "2025-12"}, REFERENCE) is True


def test_of_two_ways_waiting_is_named_before_another_degree() -> None:
    rule = RULES.validate_python(
        {
            "any": [
                {"all": [{"fact": "degree", "among": ["master"]}, {"fact": "since", "years": 2}]},
                {"all": [{"fact": "degree", "among": ["bachelor"]}, {"fact": "since", "years": 4}]},
            ]
        }
    )
    facts = {"degree": "bachelor", "since": "2022-05"}
    (named,) = least_change(rule, facts, REFERENCE).conditions
    assert (named.fact, named.years) == ("since", 4)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param({"fact": "a"}, "not-one-condition", id="asks nothing"),
        pytest.param({"fact": "a", "years": 1, "at_least": 2}, "not-one-condition", id="asks two"),
        pytest.param({"all": []}, "too-few", id="an empty group"),
        pytest.param(
            {"of": [{"fact": "a", "years": 1}], "needed": 2}, "needs-too-many", id="too many"
        ),
        pytest.param(
            {"all": [{"fact": "a", "years": 1}], "any": []}, "unknown-key", id="all and any"
        ),
        pytest.param("yes", "no-table", id="no rule at all"),
    ],
)
def test_a_malformed_rule_is_refused_with_one_reason(data: object, rule: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RULES.validate_python(data)
    assert rule in {one.rule for one in mistakes_of(refused.value)}


def _tree(chance: Random, leaves: int) -> Rule:
    """Return a random tree with so many leaves: groups of all kinds, and negations."""
    if chance.random() < 0.15:
        return Not(**{"not": _tree(chance, leaves)})
    if leaves == 1:
        codes = tuple(chance.sample(VALUES, chance.randint(1, 2)))
        return Condition.model_construct(fact=chance.choice(FACTS), among=codes)
    cuts = sorted(chance.sample(range(1, leaves), chance.randint(1, min(3, leaves - 1))))
    sizes = [end - start for start, end in pairwise((0, *cuts, leaves))]
    of = tuple(_tree(chance, size) for size in sizes)
    return Group.model_construct(of=of, needed=chance.randint(1, len(of)))


def test_100_000_random_trees_with_partial_answers_are_never_surer_than_their_completions() -> None:
    chance, sure = Random(19), {True: 0, False: 0}
    for _ in range(100_000):
        rule = _tree(chance, chance.randint(1, 8))
        facts = {key: chance.choice(VALUES) for key in FACTS if chance.random() < 0.6}
        held = rule.holds(facts, REFERENCE)
        if held is None:
            continue
        sure[held] += 1
        for whole in _completions(facts):
            assert rule.holds(whole, REFERENCE) is held, (rule, facts)
    assert min(sure.values()) > 10_000, "both answers are tried"


def _shapes(leaves: int) -> Iterator[Rule]:
    """Yield every tree of groups of two or three rules with so many leaves, each also negated."""
    if leaves == 1:
        leaf = Condition(fact="f", among=("x",))
        yield leaf
        yield Not(**{"not": leaf})
        return
    for parts in _parts(leaves):
        for of in product(*(tuple(_shapes(one)) for one in parts)):
            for needed in range(1, len(of) + 1):
                yield Group(of=of, needed=needed)


def _parts(leaves: int) -> Iterator[tuple[int, ...]]:
    for first in range(1, leaves):
        yield first, leaves - first
        for second in range(1, leaves - first):
            yield first, second, leaves - first - second


def test_the_reasons_of_every_tree_of_up_to_four_leaves_are_minimal() -> None:
    trees = [tree for leaves in range(1, 5) for tree in _shapes(leaves)]
    assert len(trees) > 1_000
    for tree in trees:
        rule = _distinct(tree, iter(range(100)))
        keys = [one.fact for one in conditions_of(rule)]
        for values in product("xy", repeat=len(keys)):
            _is_minimal(rule, dict(zip(keys, values, strict=True)))


def test_the_reasons_of_random_trees_of_up_to_twelve_leaves_are_minimal() -> None:
    chance = Random(12)
    for _ in range(3_000):
        rule = _distinct(_tree(chance, chance.randint(5, 12)), iter(range(100)))
        _is_minimal(rule, {one.fact: chance.choice("xy") for one in conditions_of(rule)})


def _is_minimal(rule: Rule, facts: Facts) -> None:
    """The named change flips the rule, and by brute force no smaller set of conditions does."""
    held = rule.holds(facts, REFERENCE)
    named = [one.fact for one in least_change(rule, facts, REFERENCE, to=not held).conditions]
    assert rule.holds(_flipped(facts, tuple(named)), REFERENCE) is not held
    for count in range(len(named)):
        for some in combinations(facts, count):
            assert rule.holds(_flipped(facts, some), REFERENCE) is held, (rule, facts)
