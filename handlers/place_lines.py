"""Addresses, contacts, hours and sources in the reader's language; Chinese alone is marked."""

from __future__ import annotations

from states.exam import Area, Fee, Point, Site
from states.texts import DEFAULT_LOCALE, Text


def address(where: Point | Site | None, locale: str) -> Text | str:
    """Return the address of a place; empty without one."""
    return _known(where.address, where.address_en, locale) if where else ""


def contact(where: Area | Point | Site | None, locale: str) -> Text | str:
    """Return the contact of a place; empty without one."""
    return _known(where.contact, where.contact_en, locale) if where else ""


def hours(where: Point | Site | None, locale: str) -> Text | str:
    """Return the announced hours of a place, or that one has to phone."""
    if where is None or not where.hours:
        return Text("hours-unknown")
    return _known(where.hours, where.hours_en, locale)


def fee_source(fee: Fee, locale: str) -> Text | str:
    """Return the publication that names a fee."""
    return _known(fee.source, fee.source_en, locale)


def _known(chinese: str, english: str, locale: str) -> Text | str:
    if (locale or DEFAULT_LOCALE) == DEFAULT_LOCALE or chinese.isascii():
        return chinese
    return english or Text("in-chinese", {"words": chinese})
