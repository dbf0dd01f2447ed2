"""The node that puts a drawn picture (SVG) into a page and into the book, and the node for what opens on demand."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


class drawing(nodes.General, nodes.Element):
    """A picture as SVG. Attribute: ``svg``, made by ``charts``."""


class disclosure(nodes.General, nodes.Element):
    """Text that opens on demand; in the book it is open under its heading. Attribute: ``summary``."""


def visit_drawing(self: HTML5Translator, node: drawing) -> None:
    self.body.append(node["svg"])
    raise nodes.SkipNode


def visit_disclosure(self: HTML5Translator, node: disclosure) -> None:
    summary = self.encode(node["summary"])
    if self.builder.name == "epub":
        self.body.append(f'<div class="hep-more">\n<p class="hep-more-title"><strong>{summary}</strong></p>\n')
    else:
        self.body.append(f'<details class="hep-more">\n<summary>{summary}</summary>\n<div class="hep-more-body">\n')


def depart_disclosure(self: HTML5Translator, node: disclosure) -> None:
    self.body.append("</div>\n" if self.builder.name == "epub" else "</div>\n</details>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the nodes."""
    app.add_node(drawing, html=(visit_drawing, None))
    app.add_node(disclosure, html=(visit_disclosure, depart_disclosure))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
