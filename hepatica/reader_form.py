"""Numbers in reader's form: natural frequencies such as "72 of 100" instead of "72%".

Pure functions, no Sphinx. Why frequencies with one denominator: docs/about/how-we-grade-evidence.md.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

Number = int | float
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
FREQUENCY = re.compile(
    r"(?P<low>\d[\d,]*(?:\.\d+)?)(?: to (?P<high>\d[\d,]*(?:\.\d+)?))?(?: parts| people)? of (?:every )?(?P<denominator>\d[\d,]*)"
)
INTERVAL = re.compile(r"95% CI\b")


def natural_frequency(percent: Number) -> str | None:
    """Write a percentage as a natural frequency, or return None where that would not be honest.

    From 1 to 99.5 it is rounded to whole people of 100. Nearer to none or to all, it is people of 1,000 or of 10,000, where
    that is exact: nearly all are not all.
    """
    value = Decimal(str(percent))
    if value < 0 or value > 100:
        return None
    people = value.quantize(Decimal(1), ROUND_HALF_UP)
    if value == people or (value >= 1 and people < 100):
        return f"{people} of 100"
    for denominator in (1_000, 10_000):
        exact = value * denominator / 100
        if exact == exact.to_integral_value():
            return f"{int(exact)} of {denominator:,}"
    return None


def default_forms(value: object, unit: str | None) -> dict[str, str]:
    """Return the reader's forms that follow from a value and its unit alone, by part.

    A plain value has the part ``value``; a mapping has one part for each key. Only percentages have such a form.
    """
    if not (unit or "").startswith("%"):
        return {}
    parts = value if isinstance(value, dict) else {"value": value}
    forms = {}
    for part, number in parts.items():
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            form = natural_frequency(number)
            if form:
                forms[str(part)] = form
    return forms


def share(form: str) -> tuple[int, int] | None:
    """Return (people, of how many) of a reader's form that begins with one, as "27 of 100 people"; None of any other.

    >>> share("2 of 1,000"), share("about 3")
    ((2, 1000), None)
    """
    found = re.match(r"(\d[\d,]*) of (\d[\d,]*)(?![\d.])", form)
    return (int(_number(found[1])), int(_number(found[2]))) if found else None


def numbers_in(text: str) -> set[Decimal]:
    """Return every number written in digits in ``text`` (thousands commas are read as such)."""
    return {_number(found) for found in NUMBER.findall(text)}


def untraceable_numbers(form: str, evidence: str) -> list[str]:
    """Return the numbers of a reader's form that do not follow from the record's own text.

    A number is traceable if it stands in ``evidence``. "a of b" is traceable if both stand there, or if it equals a
    percentage that stands there, or what that percentage leaves of 100, after rounding to whole people.
    """
    known = numbers_in(evidence)
    missing = []
    rest = INTERVAL.sub(" ", form)
    for match in FREQUENCY.finditer(rest):
        denominator = _number(match["denominator"])
        people = [_number(text) for text in (match["low"], match["high"]) if text]
        if not denominator or not all(_follows(number, denominator, known) for number in people):
            missing.append(match.group(0))
    rest = FREQUENCY.sub(" ", rest)
    return missing + [found for found in NUMBER.findall(rest) if _number(found) not in known]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _follows(people: Decimal, denominator: Decimal, known: set[Decimal]) -> bool:
    if {people, denominator} <= known:
        return True
    percent = 100 * people / denominator
    tolerance = Decimal(50) / denominator
    return any(abs(percent - p) <= tolerance or abs(100 - percent - p) <= tolerance for p in known)
