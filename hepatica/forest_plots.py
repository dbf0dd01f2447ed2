"""``{forest}``: one outcome across studies, as a table with one drawn column, so that picture and text are the same thing.

A pooled line stands only where the comparison's plan says that the studies may be pooled. All ratios are computed here,
from the counts in the records, and the plot says so.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.charts import forest_axis, forest_row
from hepatica.comparisons import Result, results_of
from hepatica.data_files import data_file
from hepatica.dates import day
from hepatica.drawings import drawing
from hepatica.evidence import evidence_of
from hepatica.meta_analysis import Arms, Pooled, Ratio, figure, interval
from hepatica.notes import RecordDirective, label_of, note_citation
from hepatica.places import record_link
from hepatica.record_types import nearest
from hepatica.records import Comparison
from hepatica.tables import make_row, make_table

HOW_TO_READ = "Each line is one study. Left of 1: {fewer}. Right of 1: {more}. A line that crosses 1 can mean no difference."


class forest_plot(nodes.General, nodes.Element):
    """A forest plot."""


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
        heads = ("Study", _capital(comparison.treated), _capital(comparison.control), way, "Risk ratio, 95% interval")
        rows = [make_row(self.line(result)) for result in results]
        if pooled:
            rows.append(make_row(self.together(results, pooled), "hep-pooled-row"))
        scale = nodes.paragraph("", "", nodes.inline("", "Scale", classes=["hep-sub"]))
        rows.append(make_row([scale, "", "", drawing(svg=forest_axis()), ""], "hep-axis-row"))
        return make_table(heads, rows, "hep-forest")

    def line(self, result: Result) -> list[nodes.Node | str]:
        """Return the cells of one study."""
        study, arms = result.study, result.arms
        label = label_of(study, evidence_of(self.env))
        when = nodes.inline("", f"{study.design}, {result.counts.timepoint}", classes=["hep-sub"])
        name = nodes.paragraph("", "", record_link("", label, kind="study", record=study.id))
        note_citation(study.source, f"{study.id}-in-plots", self.env)
        self.env.note_dependency(evidence_of(self.env).file_of(study))
        first = nodes.container("", name, nodes.paragraph("", "", when))
        if result.ratio is None:
            return [first, *_counts(arms), "nobody in either group", "not estimable"]
        ratio = _ratio(result.ratio, f"weight {result.weight:.0f}%")
        return [first, *_counts(arms), drawing(svg=forest_row(result.ratio, result.weight)), ratio]

    def together(self, results: list[Result], pooled: Pooled) -> list[nodes.Node | str]:
        """Return the cells of the pooled line."""
        arms = [result.arms for result in results]
        total = Arms(
            sum(one.treated_events for one in arms),
            sum(one.treated_total for one in arms),
            sum(one.control_events for one in arms),
            sum(one.control_total for one in arms),
        )
        name = "Both together" if len(results) == 2 else f"All {len(results)} together"
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
            how = f" A weight is the study's share of the information. Not pooled: {comparison.plan}"
        file = data_file("", "comparisons.csv", path="comparisons.csv")
        return nodes.paragraph("", "", nodes.Text(f"{made}{how} The numbers as data: "), file, classes=["hep-figure-source"])


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _counts(arms: Arms) -> tuple[str, str]:
    return f"{arms.treated_events} of {arms.treated_total}", f"{arms.control_events} of {arms.control_total}"


def _ratio(ratio: Ratio, weight: str = "") -> nodes.container:
    lines = [
        nodes.Text(figure(ratio.value)),
        *(nodes.inline("", text, classes=["hep-sub"]) for text in (interval(ratio), weight) if text),
    ]
    return nodes.container("", *(nodes.paragraph("", "", line) for line in lines))


def visit_forest_plot(self: HTML5Translator, node: forest_plot) -> None:
    self.body.append('<div class="hep-figure hep-forest-plot">\n')


def depart_forest_plot(self: HTML5Translator, node: forest_plot) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its node."""
    app.add_node(forest_plot, html=(visit_forest_plot, depart_forest_plot))
    app.add_directive("forest", ForestDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
