"""Charts of a report as inline SVG: vertical bars by day, or horizontal bars by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 720
_BLUE, _WASH, _INK = "#1d4e9e", "#eaf1fa", "#16233a"
_HEIGHT: Final = 150
_BASE: Final = 118
_TOP: Final = 16
_LEFT: Final = 70
_ROW: Final = 30
_LABEL: Final = 230
_NUMBER: Final = 80
_LABELS: Final = 6
"""About so many days have their date below."""


@dataclass(frozen=True, slots=True)
class DayBar:
    """The bar of one day."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class NamedBar:
    """A horizontal bar with its label."""

    label: str
    value: float
    shown: str = ""


def days(bars: Sequence[DayBar], title: str, limit: float | None = None) -> str:
    """Return vertical bars; ``limit`` is a dashed line, such as what a desk can do in a day."""
    highest = max((one.value for one in bars), default=0)
    most = max(highest, limit or 0) or 1
    room = (WIDTH - _LEFT - 10) / max(len(bars), 1)
    parts = [_head(_HEIGHT, title)]
    for number, one in enumerate(bars):
        height = (_BASE - _TOP) * one.value / most
        left = _LEFT + number * room
        parts.append(
            f'<rect x="{left:.1f}" y="{_BASE - height:.1f}" width="{max(room - 1.5, 1):.1f}"'
            f' height="{height:.1f}" fill="{_BLUE}"><title>{escape(one.label)}: {one.value:,.0f}'
            "</title></rect>"
        )
        if number % max(len(bars) // _LABELS, 1) == 0 and left < WIDTH - 40:
            parts.append(
                f'<text x="{left:.1f}" y="{_BASE + 18}" font-size="12">{escape(one.label)}</text>'
            )
    if limit is not None:
        top = _BASE - (_BASE - _TOP) * limit / most
        parts.append(
            f'<path d="M{_LEFT} {top:.1f}H{WIDTH - 10}" stroke="{_INK}" stroke-dasharray="5 4"/>'
        )
    parts += [
        f'<path d="M{_LEFT} {_BASE}H{WIDTH - 10}" stroke="{_INK}"/>',
        f'<text x="{_LEFT - 6}" y="{_TOP + 4}" font-size="12" text-anchor="end">{most:,.0f}</text>',
        f'<text x="{_LEFT - 6}" y="{_BASE}" font-size="12" text-anchor="end">0</text></svg>',
    ]
    return "".join(parts)


def named(bars: Sequence[NamedBar], title: str) -> str:
    """Return horizontal bars, each with its label and its figure."""
    most = max((one.value for one in bars), default=0) or 1
    room = WIDTH - _LABEL - _NUMBER
    parts = [_head(_ROW * len(bars) + 10, title)]
    for number, one in enumerate(bars):
        top = 5 + number * _ROW
        length = room * one.value / most
        parts.append(
            f'<text x="{_LABEL - 8}" y="{top + 16}" font-size="14" text-anchor="end">'
            f"{escape(one.label)}</text>"
            f'<rect x="{_LABEL}" y="{top}" width="{room}" height="22" fill="{_WASH}"/>'
            f'<rect x="{_LABEL}" y="{top}" width="{length:.1f}" height="22" fill="{_BLUE}"/>'
            f'<text x="{WIDTH - 4}" y="{top + 16}" font-size="14" text-anchor="end">'
            f"{escape(one.shown or f'{one.value:,.0f}')}</text>"
        )
    return "".join([*parts, "</svg>"])


def _head(height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"'
        f' fill="{_INK}" xmlns="http://www.w3.org/2000/svg">'
    )
