"""The report as files: Markdown, and HTML that stands alone, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path

from bot.delivery.i18n import Translations
from bot.rehearsal.report import charts
from bot.rehearsal.report.sections import (
    DayChart,
    Localize,
    NameChart,
    Section,
    Table,
    cells,
    sections,
    title_of,
)
from bot.rehearsal.results import Results


def write(results: Results, folder: Path) -> list[Path]:
    """Write the report into a folder, and return its files, HTML first."""
    folder.mkdir(parents=True, exist_ok=True)
    translations = Translations.load(results.exam.tz)
    files = []
    for locale in sorted(translations.locales, reverse=True):
        localize = partial(translations.label, locale=locale)
        parts = list(sections(results, localize))
        for ending, made in (
            ("html", as_html(results, parts, localize, locale)),
            ("md", as_markdown(results, parts, localize, locale)),
        ):
            file = folder / f"rehearsal.{locale}.{ending}"
            file.write_text(made, encoding="utf-8", newline="\n")
            files.append(file)
    return sorted(files, key=lambda file: (file.suffix, file.name))


# --- Markdown ------------------------------------------------------------------------------------


def as_markdown(results: Results, parts: list[Section], localize: Localize, locale: str) -> str:
    """Return the report in Markdown; a chart is a table of its days."""
    lines = [f"# {localize(title_of(results, locale))}", ""]
    for section in parts:
        lines += [f"## {localize(section.title)}", ""]
        if section.lines:
            marker = "- " if section.is_list else ""
            separator = "\n" if section.is_list else "\n\n"
            lines += [separator.join(f"{marker}{localize(one)}" for one in section.lines), ""]
        for table in section.tables:
            lines += [*_markdown_table(table, localize), ""]
        for chart in section.charts:
            lines += [f"**{localize(chart.title)}**", "", *_markdown_chart(chart), ""]
    return "\n".join(lines).rstrip() + "\n"


def _markdown_table(table: Table, localize: Localize) -> Iterator[str]:
    yield f"| {' | '.join(cells(table.header, localize))} |"
    yield f"|---{'|---:' * (len(table.header) - 1)}|"
    for row in table.rows:
        yield f"| {' | '.join(cells(row, localize))} |"


def _markdown_chart(chart: DayChart | NameChart) -> Iterator[str]:
    """Yield a line a bar, drawn with blocks; days without anything are left out."""
    most = max((one.value for one in chart.bars), default=0) or 1
    yield "```"
    for one in chart.bars:
        if one.value or isinstance(chart, NameChart):
            yield f"{one.label}  {'█' * round(40 * one.value / most):<40}  {one.value:,.0f}"
    yield "```"


# --- HTML ----------------------------------------------------------------------------------------

_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans SC","Noto Sans CJK SC",sans-serif;color:#16233a;
background:#fff;max-width:760px;margin:0 auto;padding:24px 16px}
h1{font-size:26px;line-height:1.3}h2{font-size:20px;margin:36px 0 8px;border-top:1px solid #d5deea;
padding-top:20px}h3{font-size:15px;font-weight:600;margin:18px 0 4px}
.verdict{border:0;border-left:6px solid #1b7f3b;background:#eef7f0;padding:12px 16px;margin:16px 0}
.verdict h2{border:0;margin:0;padding:0}.verdict.red{border-color:#b3261e;background:#fbeceb}
table{border-collapse:collapse;margin:8px 0 16px;width:100%}
th,td{padding:6px 8px;border-bottom:1px solid #d5deea;text-align:right;
font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}th{font-weight:600;background:#eaf1fa}
svg{width:100%;min-width:430px;height:auto;display:block}li{margin:6px 0}.wide{overflow-x:auto}
@media(max-width:600px){h1{font-size:22px}th,td{padding:5px;font-size:14px}}
@media print{body{max-width:none}h2{break-after:avoid}svg{break-inside:avoid}}
"""


def as_html(results: Results, parts: list[Section], localize: Localize, locale: str) -> str:
    """Return the report as one HTML page without any other file."""
    title = escape(localize(title_of(results, locale)))
    head = (
        f'<!doctype html>\n<html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
    )
    verdict, *others = parts
    color = " red" if results.findings else ""
    body = [f'<section class="verdict{color}">{_html_section(verdict, localize)}</section>']
    body += [f"<section>{_html_section(one, localize)}</section>" for one in others]
    return "\n".join([head, *body, "</body></html>"]) + "\n"


def _html_section(section: Section, localize: Localize) -> str:
    parts = [f"<h2>{escape(localize(section.title))}</h2>"]
    lines = [escape(localize(one)) for one in section.lines]
    if section.is_list:
        parts.append(f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>")
    else:
        parts += [f"<p>{line}</p>" for line in lines]
    parts += [_html_table(table, localize) for table in section.tables]
    parts += [_html_chart(chart, localize) for chart in section.charts]
    return "\n".join(parts)


def _html_table(table: Table, localize: Localize) -> str:
    header = "".join(f"<th>{escape(one)}</th>" for one in cells(table.header, localize))
    rows = (
        f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in cells(row, localize))}</tr>"
        for row in table.rows
    )
    body = f"<thead><tr>{header}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="wide"><table>{body}</table></div>'


def _html_chart(chart: DayChart | NameChart, localize: Localize) -> str:
    title = localize(chart.title)
    if isinstance(chart, DayChart):
        drawn = charts.days(chart.bars, title, chart.limit)
    else:
        drawn = charts.named(chart.bars, title)
    return f'<h3>{escape(title)}</h3><div class="wide">{drawn}</div>'
