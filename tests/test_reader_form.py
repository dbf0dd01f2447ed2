"""The reader's forms of numbers: "72 of 100", and the proof that such a form follows from its record."""

from __future__ import annotations

import pytest

from hepatica.reader_form import default_forms, natural_frequency, numbers_in, untraceable_numbers


@pytest.mark.parametrize(
    ("percent", "form"),
    [
        (72, "72 of 100"),
        (100, "100 of 100"),
        (0, "0 of 100"),
        (1, "1 of 100"),
        (0.2, "2 of 1,000"),
        (0.1, "1 of 1,000"),
        (0.05, "5 of 10,000"),
        (0.25, "25 of 10,000"),
        (99.8, "998 of 1,000"),
        (99.4, "99 of 100"),
        (12.4, "12 of 100"),
        (12.5, "13 of 100"),
        (2.5, "3 of 100"),
        (1.45, "1 of 100"),
    ],
)
def test_percentage_becomes_people(percent: float, form: str) -> None:
    assert natural_frequency(percent) == form


@pytest.mark.parametrize("percent", [-1, -0.1, 100.1, 250, 0.123, 0.0012, 99.987654])
def test_no_form_where_it_would_not_be_honest(percent: float) -> None:
    assert natural_frequency(percent) is None


@pytest.mark.parametrize(
    ("value", "unit", "forms"),
    [
        (72, "%", {"value": "72 of 100"}),
        (0.2, "% of donors", {"value": "2 of 1,000"}),
        ({"1y": 86, "5y": 72.4}, "% alive", {"1y": "86 of 100", "5y": "72 of 100"}),
        ({"1y": 86, "p": 0.123, "text": "most", "none": None}, "%", {"1y": "86 of 100"}),
        (72, "days", {}),
        (72, None, {}),
        (None, "%", {}),
        ("72", "%", {}),
        (True, "%", {}),
        (140, "%", {}),
        (72, "points of 100%", {}),
    ],
)
def test_forms_without_shown(value: object, unit: str | None, forms: dict[str, str]) -> None:
    assert default_forms(value, unit) == forms


def test_numbers_are_read_with_commas_and_points() -> None:
    assert {str(number) for number in numbers_in("11,553 donors, 0.2%, in 2013; MELD 3.0.")} == {"11553", "0.2", "2013", "3.0"}


@pytest.mark.parametrize(
    ("form", "record"),
    [
        ("86 of 100", "86% alive"),
        ("14 of 100", "86% alive"),  # what 86 leaves of 100
        ("86 of 100", "85.6% alive"),
        ("2 of 1,000", "0.2% of donors"),
        ("23 of 11,553", "23 donors of 11,553 died"),
        ("23 of 11,553", "11553 donors, 23 deaths"),
        ("20 to 40 of 100", "20% to 40%"),
        ("60 to 80 of 100", "20% to 40%"),
        ("about 3 of 4", "75%"),
        ("8 of every 10", "80%"),
        ("5 people of 100", "5%"),
        ("1.5 of 1,000", "0.15%"),
        ("12 weeks", "at 12 weeks"),
        ("10,660", "10660 transplants"),
        ("86 of 100 (95% CI 80 to 92)", "86% (80 to 92)"),
        ("None found", "none was found"),
        ("86 of 100 after 1 year, 72 of 100 after 5", "86% at 1 year, 72% at 5 years"),
    ],
)
def test_form_that_follows(form: str, record: str) -> None:
    assert untraceable_numbers(form, record) == []


@pytest.mark.parametrize(
    ("form", "record", "missing"),
    [
        ("87 of 100", "86% alive", ["87 of 100"]),
        ("16 of 100", "86% alive", ["16 of 100"]),
        ("3 of 1,000", "0.2% of donors", ["3 of 1,000"]),
        ("2 of 100", "0.2% of donors", ["2 of 100"]),
        ("23 of 11,535", "23 donors of 11,553 died", ["23 of 11,535"]),
        ("20 to 45 of 100", "20% to 40%", ["20 to 45 of 100"]),
        ("13 weeks", "at 12 weeks", ["13"]),
        ("86 of 100 after 2 years", "86% at 1 year", ["2"]),
        ("86 of 100, then 70 of 100", "86%, then 72%", ["70 of 100"]),
        ("1,066", "10660 transplants", ["1,066"]),
        ("5 of 0", "5% of 100", ["5 of 0"]),
    ],
)
def test_form_that_does_not_follow(form: str, record: str, missing: list[str]) -> None:
    assert untraceable_numbers(form, record) == missing
