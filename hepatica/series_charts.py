"""``{series}``: yearly numbers as a line chart or as bars, drawn from ``evidence/series``, with the numbers as a table."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html5 import HTML5Translator

from hepatica.charts import LONGEST_NAME, MARKERS, Line, Words, bar, line_chart, unit_note
from hepatica.drawings import disclosure, drawing
from hepatica.evidence import evidence_of
from hepatica.notes import RecordDirective, describe_source, note_citation
from hepatica.record_types import nearest
from hepatica.records import Point
from hepatica.tables import make_row, make_table


class series_chart(nodes.General, nodes.Element):
    """A chart of one or more series."""


def _kind(argument: str) -> str:
    return directives.choice(argument, ("lines", "bars"))


class SeriesDirective(RecordDirective):
    """``:::{series} us_liver_tx_deceased us_liver_tx_living`` with ``:title:``, ``:labels: one, another``, ``:kind: lines``"""

    required_arguments = 1
    optional_arguments = len(MARKERS) - 1
    option_spec: ClassVar[OptionSpec] = {
        "title": directives.unchanged_required,
        "labels": directives.unchanged_required,
        "kind": _kind,
    }

    def run(self) -> list[nodes.Node]:
        series = evidence_of(self.env).series
        title = self.options.get("title")
        labels = [label.strip() for label in self.options.get("labels", "").split(",") if label.strip()]
        for name in self.arguments:
            if name not in series:
                self.warn(f"no series '{name}' in evidence/series{nearest(name, series)}; correct the name or add the series")
                return []
        if not title or len(labels) != len(self.arguments):
            self.warn(
                f"a chart of {len(self.arguments)} series needs ':title:' and as many ':labels:', parted by commas; write them"
            )
            return []
        found = {
            label: sorted(series[name], key=lambda point: point.year) for label, name in zip(labels, self.arguments, strict=True)
        }
        units = {point.unit for points in found.values() for point in points}
        if len(units) > 1:
            self.warn(f"these series have different units ({', '.join(sorted(units))}); chart them apart")
            return []
        bars = self.options.get("kind") == "bars"
        too_long = [label for label in labels if len(label) > LONGEST_NAME]
        if too_long and not bars:
            self.warn(f"'{too_long[0]}' is too long to stand at the end of a line; write at most {LONGEST_NAME} letters")
            return []
        if (bars and len(found) > 1) or (not bars and any(len(points) < 2 for points in found.values())):
            self.warn("bars show one series, and a line needs two points or more; choose the other ':kind:' or other series")
            return []
        for path in sorted((evidence_of(self.env).folder / "series").glob("*.csv")):
            self.env.note_dependency(path)
        self.unit = units.pop()
        return [self.chart(title, found, bars=bars)]

    def chart(self, title: str, found: dict[str, list[Point]], *, bars: bool) -> series_chart:
        """Return the whole figure."""
        years = [point.year for points in found.values() for point in points]
        span = f"{min(years):g} to {max(years):g}"
        highest = max(point.value for points in found.values() for point in points)
        note = "" if bars else unit_note(highest)
        heading = nodes.paragraph("", f"{title}, {span}{note}", classes=["hep-figure-title"])
        figure = series_chart("", heading)
        self.set_source_info(figure)
        if bars:
            figure += self.bars(next(iter(found)), next(iter(found.values())))
        else:
            lines = [Line(label, tuple((point.year, point.value) for point in points)) for label, points in found.items()]
            words = Words(f"series-{'-'.join(self.arguments)}", f"{title}, {span}", self.in_words(found))
            figure += drawing(svg=line_chart(lines, words))
            figure += disclosure("", self.table(found), summary="The numbers as a table")
        figure += self.source(found)
        return figure

    def in_words(self, found: dict[str, list[Point]]) -> str:
        """Say where each line begins and ends."""
        said = []
        for label, points in found.items():
            first, last = points[0], points[-1]
            said.append(f"{label}: {_number(first.value)} {self.unit} in {first.year:g}, {_number(last.value)} in {last.year:g}.")
        return " ".join(said)

    def table(self, found: dict[str, list[Point]]) -> nodes.table:
        """Return all numbers, a year a row; a year that a series lacks is said to be missing."""
        years = sorted({point.year for points in found.values() for point in points})
        values = {label: {point.year: point.value for point in points} for label, points in found.items()}
        rows = [
            [f"{year:g}", *(_number(values[label][year]) if year in values[label] else "not given" for label in found)]
            for year in years
        ]
        return make_table(["Year", *(f"{label} ({self.unit})" for label in found)], list(map(make_row, rows)))

    def bars(self, label: str, points: list[Point]) -> nodes.table:
        """Return a table with a drawn column."""
        longest = max(point.value for point in points)
        rows = [make_row([f"{point.year:g}", drawing(svg=bar(point.value / longest)), _number(point.value)]) for point in points]
        return make_table(["Year", label, "Number"], rows, "hep-bars")

    def source(self, found: dict[str, list[Point]]) -> nodes.paragraph | disclosure:
        """Name the sources of all points; many of them are folded away."""
        evidence = evidence_of(self.env)
        keys = list(dict.fromkeys(point.source for points in found.values() for point in points))
        told: list[nodes.paragraph] = []
        for key in keys:
            note_citation(key, f"series-{self.arguments[0]}-{key}", self.env)
            parts = [nodes.Text(part) if isinstance(part, str) else part for part in describe_source(evidence.sources[key])]
            told.append(nodes.paragraph("", "", *parts, classes=["hep-figure-source"]))
        if len(told) == 1:
            return told[0]
        sources = nodes.bullet_list("", *(nodes.list_item("", line) for line in told))
        return disclosure("", sources, summary=f"The {len(told)} sources")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,g}"


def visit_series_chart(self: HTML5Translator, node: series_chart) -> None:
    self.body.append('<div class="hep-figure hep-series">\n')


def depart_series_chart(self: HTML5Translator, node: series_chart) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its node."""
    app.add_node(series_chart, html=(visit_series_chart, depart_series_chart))
    app.add_directive("series", SeriesDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
