"""Dates in words, the same on every machine (``strftime`` follows the machine's language)."""

from __future__ import annotations

import datetime
import re

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


def in_words(text: str) -> str:
    """Write the dates inside a text in words: "2028-11-29" is "November 2028"."""
    return re.sub(r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?\b", lambda found: month(found[0]), text)
