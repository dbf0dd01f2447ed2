"""The pictures of numbers, as SVG drawn from small templates. Pure functions, no Sphinx.

Each picture carries its own presentation attributes, so that it stands in the book and without a style sheet; classes only
recolour it on the site. Why no plotting library: none of those tried writes text as text with a title, a description and
colours that follow light, dark and print (see docs/about/contribute.md, "Draw a number").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log, log10
from typing import Literal

from hepatica.meta_analysis import Ratio

PERSON = "a3.3 3.3 0 1 1 0 6.6a3.3 3.3 0 1 1 0-6.6zm-1.6 8h3.2a4 4 0 0 1 4 4v6.2h-2.4v9.4h-6.4v-9.4h-2.4v-6.2a4 4 0 0 1 4-4z"
"""A standing person, drawn from the top of the head, in a box of 16 x 28.

People-like icons were recalled better than blocks (Zikmund-Fisher 2014, doi:10.1177/0272989X13511706).
"""

Denominator = Literal[100, 1000]


@dataclass(frozen=True)
class Words:
    """What a picture says: an id that is its own on the page, a short title, and a text that says the same as the picture."""

    id: str
    title: str
    description: str


def picture(words: Words, width: float, height: float, body: str, kind: str) -> str:
    """Wrap a drawing as a picture with a name and a description that screen readers read."""
    return (
        f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img" aria-labelledby="{words.id}-title {words.id}-desc" focusable="false">'
        f'<title id="{words.id}-title">{escape(words.title)}</title>'
        f'<desc id="{words.id}-desc">{escape(words.description)}</desc>{body}</svg>'
    )


# -- People -------------------------------------------------------------------------------------------------------------


def icon_array(events: int, denominator: Denominator, words: Words) -> str:
    """Draw 100 standing people or 1,000 dots, the first ``events`` of them filled, from top left, row by row.

    Raises:
        ValueError: if there are more events than people, or another number of people.
    """
    if denominator not in (100, 1000) or not 0 <= events <= denominator:
        raise ValueError(f"{events} of {denominator} people cannot be drawn")
    return _people(events, words) if denominator == 100 else _dots(events, words)


def _people(events: int, words: Words) -> str:
    # One path for each of the two groups; five columns and five rows, a gap, and five more, so that one can count.
    def path(numbers: range) -> str:
        parts = []
        for number in numbers:
            row, column = divmod(number, 10)
            x, y = 24 * column + 10 * (column >= 5), 36 * row + 10 * (row >= 5)
            parts.append(f"M{x + 8} {y + 1}{PERSON}")
        return "".join(parts)

    rest = f'<path class="hep-off" fill="none" stroke="currentColor" stroke-width="1.5" d="{path(range(events, 100))}"/>'
    filled = f'<path class="hep-on" fill="currentColor" d="{path(range(events))}"/>'
    return picture(words, 244, 366, (filled if events else "") + (rest if events < 100 else ""), "hep-people")


def _dots(events: int, words: Words) -> str:
    # Ten blocks of 100, five across; each dot is its own line of no length with a round cap: a dash pattern loses dots.
    def path(numbers: range) -> str:
        parts = []
        for number in numbers:
            block, inside = divmod(number, 100)
            row, column = divmod(inside, 10)
            x = 4 + 6.4 * column + 72 * (block % 5)
            y = 4 + 6.4 * row + 72 * (block // 5)
            parts.append(f"M{x:g} {y:g}h.01")
        return "".join(parts)

    line = 'fill="none" stroke="currentColor" stroke-linecap="round"'
    rest = f'<path class="hep-off" {line} stroke-width="2.4" d="{path(range(events, 1000))}"/>'
    filled = f'<path class="hep-on" {line} stroke-width="5.8" d="{path(range(events))}"/>'
    body = (rest if events < 1000 else "") + (filled if events else "")
    return picture(words, 356, 140, body, "hep-dots")


def person(filled: bool) -> str:
    """Draw one person for the key of a picture; a screen reader passes it over."""
    look = (
        'class="hep-on" fill="currentColor"' if filled else 'class="hep-off" fill="none" stroke="currentColor" stroke-width="1.5"'
    )
    return (
        '<svg class="hep-person" xmlns="http://www.w3.org/2000/svg" viewBox="0 -1 16 30" width="16" height="30" aria-hidden="true"'
        f' focusable="false"><path {look} d="M8 0{PERSON}"/></svg>'
    )


def dot(filled: bool) -> str:
    """Draw one dot for the key of a picture of 1,000; a screen reader passes it over."""
    look = ("on", 5) if filled else ("off", 2.2)
    return (
        '<svg class="hep-person" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"'
        f' focusable="false"><circle class="hep-{look[0]}" cx="8" cy="8" r="{look[1]}" fill="currentColor"/></svg>'
    )


# -- Forest plot --------------------------------------------------------------------------------------------------------

PLOT_WIDTH = 300
SCALE = 8.0
"""The plot goes from 1/8 to 8, on a log scale."""

TICKS = (0.25, 0.5, 1, 2, 4)


def plot_x(ratio: float) -> float:
    """Return where a ratio stands in the plot, from 0 to 300; what lies beyond the scale stands at its end."""
    x = PLOT_WIDTH / 2 * (1 + log(max(ratio, 1e-9)) / log(SCALE))
    return max(6.0, min(x, PLOT_WIDTH - 6.0))


def forest_row(ratio: Ratio, weight: float, *, pooled: bool = False) -> str:
    """Draw one study's ratio as a square of the size of its weight (in percent), or the pooled ratio as a diamond.

    The table around it says the same in numbers, so a screen reader passes it over.
    """
    low, middle, high = plot_x(ratio.low), plot_x(ratio.value), plot_x(ratio.high)
    none = '<path d="M150-5V37" stroke="currentColor" stroke-width="1" opacity=".55"/>'
    if pooled:
        shape = f'<path fill="currentColor" d="M{low:.1f} 16L{middle:.1f} 7L{high:.1f} 16L{middle:.1f} 25Z"/>'
    else:
        ends = _end(low, ratio.low < 1 / SCALE, -1) + _end(high, ratio.high > SCALE, 1)
        side = 4 + 0.32 * weight
        shape = (
            f'<path fill="none" stroke="currentColor" stroke-width="1.6" d="M{low:.1f} 16H{high:.1f}{ends}"/>'
            f'<rect class="hep-on" fill="currentColor" x="{middle - side / 2:.1f}" y="{16 - side / 2:.1f}"'
            f' width="{side:.1f}" height="{side:.1f}"/>'
        )
    return _hidden(PLOT_WIDTH, 32, none + shape, "hep-plot")


def _end(x: float, beyond: bool, way: int) -> str:
    """A short bar where the interval ends; an arrow where it goes on beyond the scale."""
    return f"M{x - 6 * way:.1f} 11L{x:.1f} 16L{x - 6 * way:.1f} 21" if beyond else f"M{x:.1f} 11V21"


def forest_axis() -> str:
    """Draw the scale under the plot."""
    ticks = "".join(
        f'<path stroke="currentColor" d="M{plot_x(tick):.1f} 0V6"/>'
        f'<text x="{plot_x(tick):.1f}" y="24" text-anchor="middle" font-size="18" fill="currentColor">{tick:g}</text>'
        for tick in TICKS
    )
    return _hidden(PLOT_WIDTH, 30, f'<path stroke="currentColor" d="M0 .5H300"/>{ticks}', "hep-plot hep-axis")


def _hidden(width: int, height: int, body: str, kind: str) -> str:
    return (
        f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-hidden="true" focusable="false">{body}</svg>'
    )


# -- Lines and bars -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name, and (x, y) in order of x."""

    name: str
    points: tuple[tuple[float, float], ...]


MARKERS = ("circle", "square", "triangle", "diamond")
"""One for each line, so that no line is told by its colour alone."""

CHART = (360, 240)
"""Width and height of a line chart."""

TEXT = 19.2
"""Size of its text: 13 px as shown on the narrowest phone, 16 px on others."""

LEFT, TOP, BOTTOM = 58, 14, 202
LETTER = 11.4
"""Width of a letter of a line's name, in bold: generous, since faces differ."""

LONGEST_NAME = 12
"""Letters in a line's name: longer ones would leave no room for the line."""


def round_top(value: float) -> tuple[float, float]:
    """Return a round number not below ``value`` for the top of an axis, and the step of its grid: 3 to 5 steps."""
    if value <= 0:
        return 1, 1
    size = 10 ** floor(log10(value))
    for step in (0.2, 0.25, 0.5, 1, 2, 2.5):
        if value <= 5 * step * size:
            step *= size
            return ceil(value / step - 1e-9) * step, step
    return 10 * size, 2.5 * size


def line_chart(lines: Sequence[Line], words: Words) -> str:
    """Draw up to four lines over the same years, from zero, each named at its end.

    Raises:
        ValueError: for no line, more than four, one of fewer than two points, or one with too long a name.
    """
    if not 1 <= len(lines) <= len(MARKERS) or any(len(line.points) < 2 for line in lines):
        raise ValueError("a chart has one to four lines, of two points and more")
    if any(len(line.name) > LONGEST_NAME for line in lines):
        raise ValueError(f"the name of a line has at most {LONGEST_NAME} letters")
    xs = [x for line in lines for x, _ in line.points]
    first, last = min(xs), max(xs)
    top, step = round_top(max(y for line in lines for _, y in line.points))
    right = CHART[0] - 14 - LETTER * max(len(line.name) for line in lines)
    unit = 1000 if top >= 10_000 else 1

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + (x - first) / (last - first) * (right - LEFT), BOTTOM - y / top * (BOTTOM - TOP)

    drawn = []
    for number in range(round(top / step) + 1):
        y = at(first, number * step)[1]
        label = f"{number * step / unit:g}"
        drawn.append(f'<path class="hep-grid" stroke="currentColor" opacity=".35" d="M{LEFT} {y:.1f}H{right:.1f}"/>')
        drawn.append(_text(LEFT - 8, y + 6.5, label, "end"))
    for x in sorted({first, last, *((round((first + last) / 2),) if last - first > 3 else ())}):
        drawn.append(_text(at(x, 0)[0], BOTTOM + 27, f"{x:g}", "middle"))
    ends = _spread([at(*line.points[-1])[1] for line in lines])
    for number, (line, end) in enumerate(zip(lines, ends, strict=True)):
        places = [at(*point) for point in line.points]
        path = "".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(places))
        every = 1 if len(places) <= 8 else 2
        marks = "".join(_marker(MARKERS[number], *place) for place in places[::-every])
        name = _text(places[-1][0] + 10, end + 6.5, line.name, "start", "600")
        drawn.append(
            f'<g class="hep-s{number + 1}"><path fill="none" stroke="currentColor" stroke-width="2.6" stroke-linejoin="round"'
            f' d="{path}"/><path fill="currentColor" d="{marks}"/></g>{name}'
        )
    return picture(words, *CHART, "".join(drawn), "hep-chart")


def unit_note(highest: float) -> str:
    """Say in words what the numbers of the axis mean, where they are not plain: " (thousands)"."""
    return " (thousands)" if round_top(highest)[0] >= 10_000 else ""


def _spread(ys: list[float], gap: float = 23.5) -> list[float]:
    """Move the names at the lines' ends apart, so that none lies on another."""
    placed: dict[int, float] = {}
    lowest = float("-inf")
    for index in sorted(range(len(ys)), key=lambda index: ys[index]):
        placed[index] = lowest = max(ys[index], lowest + gap)
    return [placed[index] for index in range(len(ys))]


def _marker(kind: str, x: float, y: float) -> str:
    shapes = {
        "circle": f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        "square": f"M{x - 3.6:.1f} {y - 3.6:.1f}h7.2v7.2h-7.2z",
        "triangle": f"M{x:.1f} {y - 5:.1f}l4.8 8.4h-9.6z",
        "diamond": f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z",
    }
    return shapes[kind]


def _text(x: float, y: float, text: str, anchor: str, weight: str = "400") -> str:
    look = f'font-size="{TEXT}"' + (f' font-weight="{weight}"' if weight != "400" else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {look} fill="currentColor">{escape(text)}</text>'


def bar(share_of_longest: float) -> str:
    """Draw one bar of a table of bars, from zero; ``share_of_longest`` is from 0 to 1. The table says the number."""
    width = max(0.0, min(share_of_longest, 1.0)) * 200
    body = f'<rect class="hep-on" fill="currentColor" x="0" y="0" width="{width:.1f}" height="16"/>'
    return _hidden(200, 16, body, "hep-bar")
