"""Dates in words, the same on every machine (``strftime`` follows the machine's language)."""

from __future__ import annotations

import datetime

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(date: datetime.date) -> str:
    """Return "23 November 2026"."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def month(iso: str) -> str:
    """Return "November 2026" for "2026-11" or "2026-11-23"."""
    year, number, *_ = iso.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
