"""Loads sphinx-design's style sheet and script only on pages that use one of its components."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def _uses_design(doctree: nodes.document) -> bool:
    return any(
        "design_component" in node or any(name.startswith("sd-") for name in node["classes"])
        for node in doctree.findall(nodes.Element)
    )


def _drop_unused(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is not None and _uses_design(doctree):
        return
    for kind, unused in (("css_files", "sphinx-design"), ("script_files", "design-tabs")):
        context[kind] = [asset for asset in context.get(kind, []) if unused not in str(getattr(asset, "filename", asset))]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to each page."""
    app.connect("html-page-context", _drop_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
