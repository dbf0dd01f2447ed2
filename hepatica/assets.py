"""Loads a style sheet or a script only on the pages that use what it is for."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from hepatica.forest_plots import forest_plot
from hepatica.risk_pictures import risk_picture
from hepatica.series_charts import series_chart
from hepatica.study_records import study_record

FIGURES = (forest_plot, risk_picture, series_chart, study_record)


def _uses_design(doctree: nodes.document) -> bool:
    return any(
        "design_component" in node or any(name.startswith("sd-") for name in node["classes"])
        for node in doctree.findall(nodes.Element)
    )


def _has_studies(doctree: nodes.document) -> bool:
    return any("hep-studies" in table["classes"] for table in doctree.findall(nodes.table))


def _choose(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if app.builder.name != "html":
        return
    # What is added while a page is made is added to this page alone.
    if doctree is not None:
        if _has_studies(doctree) or any(doctree.findall(lambda node: isinstance(node, FIGURES))):
            app.add_css_file("evidence.css")
        if _has_studies(doctree):
            app.add_js_file("study-table.js", defer="defer")
    if doctree is None or not _uses_design(doctree):
        for kind, unused in (("css_files", "sphinx-design"), ("script_files", "design-tabs")):
            context[kind] = [asset for asset in context.get(kind, []) if unused not in str(getattr(asset, "filename", asset))]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to each page, before the handlers that put new lists of files in the place of the builder's own."""
    app.connect("html-page-context", _choose, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
