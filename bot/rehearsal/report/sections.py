"""The report of a rehearsal: sections of lines, tables and charts, for Markdown and for HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rehearsal.messages import MAX_A_SECOND
from bot.rehearsal.report.charts import DayBar, NamedBar
from bot.rehearsal.report.failures import failures, refused_items
from bot.rehearsal.results import HABITS, Results, reminded
from states.staff_roles import Desk
from states.texts import Argument, Text

Localize = Callable[[Text | str], str]
Cell = Text | str
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayChart:
    """Bars by day with a title; ``limit`` is a line across them."""

    title: Text
    bars: tuple[DayBar, ...]
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class NameChart:
    """Bars by name with a title."""

    title: Text
    bars: tuple[NamedBar, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header; the first column has names, and the others figures."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines, tables and charts below it; ``is_list`` makes its lines items."""

    title: Text
    lines: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[DayChart | NameChart, ...] = ()
    is_list: bool = False


def title_of(results: Results, locale: str) -> Text:
    """Return the title of the report."""
    return Text("rehearsal-title", {"exam": results.exam.display_name(locale)})


def sections(results: Results, localize: Localize) -> Iterator[Section]:
    """Yield the report from top to bottom: first whether the exam can go on like this."""
    yield _verdict(results)
    yield _people(results)
    yield _acts(results, localize)
    yield _forfeited(results)
    yield _failed(results)
    yield _refused(results)
    yield from _desks(results, localize)
    yield _messages(results)


def _text(key: str, **args: Argument) -> Text:
    return Text(key, args)


def _verdict(results: Results) -> Section:
    if not results.findings:
        return Section(_text("rehearsal-green"), (_text("rehearsal-green-why"),))
    lines = tuple(one.text for one in results.findings)
    return Section(_text("rehearsal-red", count=len(lines)), lines, is_list=True)


def _people(results: Results) -> Section:
    count = len(results.candidates)
    rules = results.exam.rehearsal
    return Section(
        _text("rehearsal-people"),
        (
            _text("rehearsal-sample"),
            _text("rehearsal-people-line", count=count, seed=str(results.seed)),
            _text(
                "rehearsal-weight-line",
                candidates=_grouped(max(rules.candidates, count)),
                weight=f"{results.weight:.1f}",
            ),
            _text(
                "rehearsal-registered-line",
                count=results.registered,
                share=f"{100 * results.registered / count:.1f}",
            ),
            _text("rehearsal-walks-line", count=len(results.walks)),
        ),
    )


def _acts(results: Results, localize: Localize) -> Section:
    acts, days = results.acts, results.days
    rows: list[tuple[Cell, ...]] = [
        (_text("rehearsal-row-acts"), f"{acts.middle:.0f}", f"{acts.most:.0f}"),
        (_text("rehearsal-row-days"), f"{days.middle:.1f}", f"{days.most:.1f}"),
    ]
    rows += [
        (
            _text("rehearsal-row-wait", desk=Text(f"desk-{desk}")),
            f"{results.wait_days(desk).middle:.1f}",
            f"{results.wait_days(desk).most:.1f}",
        )
        for desk in Desk
    ]
    refusals = results.people.happenings.refusals
    bars = tuple(NamedBar(localize(Text(f"desk-{desk}")), refusals[desk]) for desk in Desk)
    header = (
        _text("rehearsal-head-what"),
        _text("rehearsal-head-middle"),
        _text("rehearsal-head-most"),
    )
    return Section(
        _text("rehearsal-acts"),
        tables=(Table(header, tuple(rows)),),
        charts=(NameChart(_text("rehearsal-chart-refusals"), bars),),
    )


def _forfeited(results: Results) -> Section:
    forfeited = results.forfeited
    duties = sorted({duty for duty, _ in forfeited})
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_text(f"rehearsal-duty-{duty}"), *(str(forfeited[duty, kind]) for kind in HABITS))
        for duty in duties
    )
    header = (
        _text("rehearsal-head-duty"),
        *(_text(f"rehearsal-diligence-{kind}") for kind in HABITS),
    )
    count = Counter(duty for duty, _ in reminded(results).elements())
    reminders = tuple(
        (_text(f"rehearsal-duty-{duty}"), str(n)) for duty, n in sorted(count.items())
    )
    return Section(
        _text("rehearsal-forfeited"),
        (_text("rehearsal-forfeited-line"),),
        tables=(
            *([Table(header, rows)] if rows else []),
            Table((_text("rehearsal-head-duty"), _text("rehearsal-head-reminders")), reminders),
        ),
    )


def _failed(results: Results) -> Section:
    """Return why people failed: the step or the question, its deadline, and how many."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.text, one.until, str(count)) for one, count in failures(results)
    )
    header = (
        _text("rehearsal-head-why"),
        _text("rehearsal-head-closes"),
        _text("rehearsal-head-people"),
    )
    tables = (Table(header, rows),) if rows else ()
    return Section(_text("rehearsal-failed"), (_text("rehearsal-failed-line"),), tables=tables)


MOST_ITEMS = 15
"""The most refused items that are listed."""


def _refused(results: Results) -> Section:
    """Return which answers and papers were refused, and how often they were mended in time."""
    items = refused_items(results)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, str(one.refused), str(one.mended)) for one in items[:MOST_ITEMS]
    )
    header = (
        _text("rehearsal-head-item"),
        _text("rehearsal-head-refused"),
        _text("rehearsal-head-mended"),
    )
    more = len(items) - len(rows)
    lines: tuple[Text, ...] = (_text("rehearsal-refused-line"),) if items else ()
    lines += (_text("rehearsal-refused-more", more=more),) if more else ()
    tables = (Table(header, rows),) if rows else ()
    return Section(_text("rehearsal-refused"), lines, tables=tables)


def _desks(results: Results, localize: Localize) -> Iterator[Section]:
    """Yield a section a desk: what arrived and was decided each day, and how many waited."""
    weight, desks = results.weight, results.people.desks
    for desk in Desk:
        load = desks.load[desk]
        days = _days_between([day for day, one in load.items() if one.arrived or one.decided])
        if not days:
            continue
        arrived = tuple(_day_bar(day, load[day].arrived * weight) for day in days)
        waiting = tuple(_day_bar(day, load[day].waiting * weight) for day in days)
        busiest = max(days, key=lambda day: load[day].decided)
        name = Text(f"desk-{desk}")
        line = _text(
            "rehearsal-desk-line",
            capacity=_grouped(desks.a_day(desk) * weight),
            busiest=busiest,
            decided=_grouped(load[busiest].decided * weight),
            waiting=_grouped(max(one.value for one in waiting)),
        )
        charts = (
            DayChart(
                _text("rehearsal-chart-arrived", desk=name), arrived, desks.a_day(desk) * weight
            ),
            DayChart(_text("rehearsal-chart-waiting", desk=name), waiting),
        )
        yield Section(_text("rehearsal-desk", desk=name), (line,), charts=charts)


def _messages(results: Results) -> Section:
    count, weight = results.play.messages.count, results.weight
    busiest = max(count.on_day, key=lambda day: count.on_day[day])
    sent = count.on_day[busiest] * weight
    a_person = max(count.to_person.values(), default=0)
    days = _days_between(list(count.on_day))
    lines = (
        _text("rehearsal-longest-line", length=count.longest),
        _text(
            "rehearsal-busiest-line",
            day=busiest,
            count=_grouped(sent),
            minutes=f"{sent / MAX_A_SECOND / 60:.1f}",
            rate=MAX_A_SECOND,
        ),
        _text("rehearsal-person-line", count=a_person),
    )
    bars = tuple(_day_bar(day, count.on_day[day] * weight) for day in days)
    return Section(
        _text("rehearsal-messages"),
        lines,
        charts=(DayChart(_text("rehearsal-chart-messages"), bars),),
        is_list=True,
    )


def _day_bar(day: date, value: float) -> DayBar:
    return DayBar(f"{day:%m-%d}", value)


def _days_between(days: Sequence[date]) -> list[date]:
    """Return all days from the first to the last."""
    if not days:
        return []
    first, last = min(days), max(days)
    return [first + n * DAY for n in range((last - first).days + 1)]


def _grouped(number: float) -> str:
    return f"{number:,.0f}"


def cells(row: Iterable[Cell], localize: Localize) -> list[str]:
    """Return a row in the reader's language."""
    return [localize(one) for one in row]
