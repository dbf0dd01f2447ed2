"""The pictures: parsed as XML, and held against the numbers that they show."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from hepatica.charts import (
    TICKS,
    Line,
    Words,
    bar,
    dot,
    forest_axis,
    forest_row,
    icon_array,
    line_chart,
    person,
    plot_x,
    round_top,
)
from hepatica.meta_analysis import Ratio

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("x", 'Title & "quotes" <b>', "Description")
LINES = [Line("Deceased", ((2000, 4000), (2001, 5000), (2002, 6500))), Line("Living", ((2000, 300), (2001, 310), (2002, 420)))]


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def drawn(picture: ET.Element, kind: str) -> int:
    """Count the people of a kind: each begins with its own move."""
    paths = [path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("class") == kind]
    return sum(path.count("M") for path in paths)


@pytest.mark.parametrize("denominator", [100, 1000])
@pytest.mark.parametrize("events", [0, 1, 27, 99, 100])
def test_as_many_people_are_filled_as_the_number_says(events: int, denominator: int) -> None:
    picture = parse(icon_array(events, denominator, WORDS))  # type: ignore[arg-type]
    assert drawn(picture, "hep-on") == events
    assert drawn(picture, "hep-off") == denominator - events


@pytest.mark.parametrize(("events", "denominator"), [(101, 100), (-1, 100), (5, 10), (1001, 1000)])
def test_a_number_that_cannot_be_drawn_is_refused(events: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        icon_array(events, denominator, WORDS)  # type: ignore[arg-type]


PICTURES = [icon_array(27, 100, WORDS), icon_array(3, 1000, WORDS), line_chart(LINES, WORDS)]


@pytest.mark.parametrize("svg", PICTURES, ids=["people", "dots", "lines"])
def test_a_picture_has_a_name_and_a_text_and_is_small(svg: str) -> None:
    picture = parse(svg)
    assert picture.get("role") == "img"
    named = [picture.find(f".//*[@id='{name}']") for name in picture.get("aria-labelledby", "").split()]
    assert [element.text for element in named if element is not None] == [WORDS.title, WORDS.description]
    assert len(svg.encode()) < 20_000
    assert not re.search(r"\sstyle=|#[0-9a-f]{3}|url\(|<script|<image", svg), "colours follow the page, and nothing is loaded"


@pytest.mark.parametrize("svg", [person(True), person(False), dot(True), dot(False), forest_axis(), bar(0.5)])
def test_an_ornament_is_passed_over(svg: str) -> None:
    assert parse(svg).get("aria-hidden") == "true"


def test_the_scale_is_logarithmic_and_one_stands_in_the_middle() -> None:
    assert plot_x(1) == 150
    assert plot_x(2) - plot_x(1) == pytest.approx(plot_x(4) - plot_x(2))
    texts = [float(text.text or "") for text in parse(forest_axis()).iter(f"{SVG}text")]
    assert texts == list(TICKS)


def test_a_study_is_drawn_where_its_numbers_are() -> None:
    ratio = Ratio(0.5, 0.2)
    picture = parse(forest_row(ratio, 50))
    square = next(picture.iter(f"{SVG}rect"))
    side = float(square.get("width", ""))
    assert float(square.get("x", "")) + side / 2 == pytest.approx(plot_x(ratio.value), abs=0.1)
    assert side == pytest.approx(4 + 0.32 * 50)
    line = next(path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("stroke-width") == "1.6")
    ends = [float(number) for number in re.findall(r"^M([\d.]+) 16H([\d.]+)", line)[0]]
    assert ends == pytest.approx([plot_x(ratio.low), plot_x(ratio.high)], abs=0.1)


def test_an_interval_beyond_the_scale_ends_in_an_arrow() -> None:
    inside, beyond = forest_row(Ratio(0, 0.3), 10), forest_row(Ratio(0, 3), 10)
    assert inside.count("V21") == 2
    assert beyond.count("V21") == 0
    assert beyond.count("L") == 4


def test_a_line_goes_through_its_points_from_zero() -> None:
    picture = parse(line_chart(LINES, WORDS))
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert "0" in texts
    assert {"2000", "2002", "Deceased", "Living"} <= set(texts)
    path = next(path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("stroke-width") == "2.6")
    heights = [float(y) for _x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    # 4,000 and 6,500 of a scale from zero: the distances from the foot are in the ratio of the values.
    assert (202 - heights[2]) / (202 - heights[0]) == pytest.approx(6500 / 4000, rel=0.01)


def test_no_line_is_told_by_its_colour_alone() -> None:
    four = [Line(f"Line {number}", ((2000, number), (2001, number + 1))) for number in range(1, 5)]
    groups = list(parse(line_chart(four, WORDS)).iter(f"{SVG}g"))
    marks = [list(group)[1].get("d", "") for group in groups]
    shapes = {re.sub(r"[\d. -]+", "", mark) for mark in marks}
    assert len(groups) == len(shapes) == 4


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other() -> None:
    close = [Line("One", ((2000, 10), (2001, 10.1))), Line("Two", ((2000, 10), (2001, 10.2)))]
    picture = parse(line_chart(close, WORDS))
    ys = [float(text.get("y", "")) for text in picture.iter(f"{SVG}text") if text.text in ("One", "Two")]
    assert abs(ys[0] - ys[1]) >= 23


@pytest.mark.parametrize(
    "lines",
    [[], [Line("One", ((2000, 1),))], [Line("x", ((1, 1), (2, 2)))] * 5, [Line("A name of many letters", ((1, 1), (2, 2)))]],
)
def test_lines_that_cannot_be_drawn_are_refused(lines: list[Line]) -> None:
    with pytest.raises(ValueError, match="line"):
        line_chart(lines, WORDS)


@pytest.mark.parametrize(("value", "top"), [(9865, 10_000), (42_497, 50_000), (0.4, 0.4), (130, 150), (1, 1)])
def test_the_top_of_an_axis_is_round(value: float, top: float) -> None:
    assert round_top(value)[0] == pytest.approx(top)


def test_a_bar_is_as_long_as_its_share() -> None:
    widths = [float(next(parse(bar(share)).iter(f"{SVG}rect")).get("width", "")) for share in (0, 0.25, 1)]
    assert widths == [0, 50, 200]
