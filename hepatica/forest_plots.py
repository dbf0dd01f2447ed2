"""``{forest}``: one outcome across studies, as a table with one drawn column, so that picture and text are the same thing.

A pooled line stands only where the comparison's plan says that the studies may be pooled. All ratios are computed here,
from the counts in the records, and the plot says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.charts import forest_axis, forest_row
from hepatica.dates import day
from hepatica.drawings import drawing
from hepatica.evidence import evidence_of
from hepatica.meta_analysis import Arms, Pooled, Ratio, figure, interval, pool, risk_ratio, shares
from hepatica.notes import RecordDirective, label_of, note_citation
from hepatica.places import record_link
from hepatica.records import Comparison, Counts, Evidence, Study, nearest

HOW_TO_READ = "Each line is one study. Left of 1: {fewer}. Right of 1: {more}. A line that crosses 1 can mean no difference."


class forest_plot(nodes.General, nodes.Element):
    """A forest plot."""


@dataclass(frozen=True)
class Result:
    """One study's line: its counts, its ratio (None where nobody had the event), and its weight in percent."""

    study: Study
    counts: Counts
    arms: Arms
    ratio: Ratio | None
    weight: float


def results_of(comparison: Comparison, evidence: Evidence) -> tuple[list[Result], Pooled | None]:
    """Compute a comparison from the counts in the records (the loader has checked that they are there)."""
    found = []
    for name in comparison.studies:
        study = evidence.studies[name]
        counts = study.counts_of(comparison.outcome)
        if counts and counts.arms:
            found.append((study, counts, counts.arms, risk_ratio(counts.arms)))
    ratios = [ratio for *_, ratio in found if ratio]
    pooled = pool(ratios) if comparison.pooled and len(ratios) > 1 else None
    weights = iter(pooled.weights if pooled else shares(ratios))
    return [Result(*one, next(weights) if one[3] else 0.0) for one in found], pooled


class ForestDirective(RecordDirective):
    """``:::{forest} deaths-infused-cells``"""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        evidence, name = evidence_of(self.env), self.arguments[0]
        comparison = evidence.comparisons.get(name)
        if comparison is None:
            known = nearest(name, evidence.comparisons) or f" (there are {', '.join(evidence.comparisons) or 'none'})"
            self.warn(f"no comparison '{name}' in evidence/comparisons{known}; correct the id or add the comparison")
            return []
        self.env.note_dependency(evidence.places["comparisons", name][0])
        results, pooled = results_of(comparison, evidence)
        how = HOW_TO_READ.format(fewer=comparison.fewer, more=comparison.more)
        plot = forest_plot(
            "",
            nodes.paragraph("", comparison.title, classes=["hep-figure-title"]),
            nodes.paragraph("", how, classes=["hep-figure-how"]),
            self.table(comparison, results, pooled),
            self.foot(comparison, pooled),
        )
        self.set_source_info(plot)
        return [plot]

    def table(self, comparison: Comparison, results: list[Result], pooled: Pooled | None) -> nodes.table:
        """Return the table: study, counts with and without, the drawn column, the ratio."""
        way = nodes.paragraph(
            "",
            "",
            nodes.inline("", f"← {comparison.fewer}", classes=["hep-plot-left"]),
            nodes.Text(" "),
            nodes.inline("", f"{comparison.more} →", classes=["hep-plot-right"]),
        )
        ratio_head = nodes.paragraph("", "Risk ratio, 95% interval")
        heads = [nodes.paragraph("", text) for text in ("Study", _capital(comparison.treated), _capital(comparison.control))]
        head = _row([*heads, way, ratio_head])
        body = nodes.tbody("", *(_row(self.line(result, pooled)) for result in results))
        if pooled:
            body += _row(self.together(results, pooled), "hep-pooled-row")
        scale = nodes.paragraph("", "", nodes.inline("", "Scale", classes=["hep-sub"]))
        body += _row([scale, nodes.paragraph(), nodes.paragraph(), drawing(svg=forest_axis()), nodes.paragraph()], "hep-axis-row")
        columns = [nodes.colspec(colwidth=width, stub=int(number == 0)) for number, width in enumerate((22, 14, 14, 32, 18))]
        group = nodes.tgroup("", *columns, nodes.thead("", head), body, cols=len(columns))
        return nodes.table("", group, classes=["hep-forest"])

    def line(self, result: Result, pooled: Pooled | None) -> list[nodes.Node]:
        """Return the cells of one study."""
        study, arms = result.study, result.arms
        label = label_of(study, evidence_of(self.env))
        when = nodes.inline("", f"{study.design}, {result.counts.timepoint}", classes=["hep-sub"])
        name = nodes.paragraph("", "", record_link("", label, kind="study", record=study.id))
        note_citation(study.source, f"{study.id}-in-plots", self.env)
        self.env.note_dependency(evidence_of(self.env).file_of(study))
        cells: list[nodes.Node] = [nodes.container("", name, nodes.paragraph("", "", when))]
        cells += _counts(arms)
        if result.ratio is None:
            return [*cells, nodes.paragraph("", "nobody in either group"), nodes.paragraph("", "not estimable")]
        weight = f"weight {result.weight:.0f}%" if pooled else ""
        return [*cells, drawing(svg=forest_row(result.ratio, result.weight)), _ratio(result.ratio, weight)]

    def together(self, results: list[Result], pooled: Pooled) -> list[nodes.Node]:
        """Return the cells of the pooled line."""
        arms = [result.arms for result in results]
        total = Arms(
            sum(one.treated_events for one in arms),
            sum(one.treated_total for one in arms),
            sum(one.control_events for one in arms),
            sum(one.control_total for one in arms),
        )
        name = nodes.paragraph("", "Both together" if len(results) == 2 else f"All {len(results)} together")
        return [name, *_counts(total), drawing(svg=forest_row(pooled.ratio, 0, pooled=True)), _ratio(pooled.ratio)]

    def foot(self, comparison: Comparison, pooled: Pooled | None) -> nodes.paragraph:
        """Say who computed it, how, when, and why it is pooled or not."""
        made = f"Risk ratios computed by Hepatica from the counts shown, on {day(comparison.computed)}; not published figures."
        if pooled:
            how = (
                f" Pooled by inverse variance with random effects (DerSimonian and Laird); I² {pooled.i2:.0f}%,"
                f" tau² {pooled.tau2:.2f}. Why pooled: {comparison.plan}"
            )
        else:
            how = f" A bigger square carries more information. Not pooled: {comparison.plan}"
        return nodes.paragraph("", made + how, classes=["hep-figure-source"])


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _counts(arms: Arms) -> list[nodes.Node]:
    return [
        nodes.paragraph("", f"{arms.treated_events} of {arms.treated_total}"),
        nodes.paragraph("", f"{arms.control_events} of {arms.control_total}"),
    ]


def _ratio(ratio: Ratio, weight: str = "") -> nodes.container:
    lines = [
        nodes.Text(figure(ratio.value)),
        *(nodes.inline("", text, classes=["hep-sub"]) for text in (interval(ratio), weight) if text),
    ]
    return nodes.container("", *(nodes.paragraph("", "", line) for line in lines))


def _row(cells: list[nodes.Node], kind: str = "") -> nodes.row:
    return nodes.row("", *(nodes.entry("", cell) for cell in cells), classes=[kind] if kind else [])


def visit_forest_plot(self: HTML5Translator, node: forest_plot) -> None:
    self.body.append('<div class="hep-figure hep-forest-plot">\n')


def depart_forest_plot(self: HTML5Translator, node: forest_plot) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its node."""
    app.add_node(forest_plot, html=(visit_forest_plot, depart_forest_plot))
    app.add_directive("forest", ForestDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
