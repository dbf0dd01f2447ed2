"""sphinx-design's components as good plain XHTML, for the book.

Stock sphinx-design writes ``<input>`` without an end in tabs, SVG icons without a namespace, and blocks inside inline
elements: all of it fatal in an ePub (its own tests build no ePub). Here, before it makes its HTML, each component becomes
what it means: a tab a headed part, a dropdown an open part under its title, a card or grid its contents.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx_design.icons import fontawesome, sd_icon

logger = logging.getLogger(__name__)

HEADED = {"tab-item", "dropdown", "step-item", "accordion"}
"""Components whose first child, if it is a rubric, is their heading."""

PLAIN = {
    "tab-set",
    "tab-content",
    "div",
    "card",
    "card-header",
    "card-body",
    "card-title",
    "card-footer",
    "card-overlay",
    "card-content",
    "card-carousel",
    "grid-container",
    "grid-row",
    "grid-item",
    "aside",
    "aside-body",
    "steps",
    "step-content",
}
"""Components that group their contents and mean no more than that in a book."""


class BookComponents(SphinxPostTransform):
    """Turn design components into plain containers, before sphinx-design's own transforms (from 199 on)."""

    default_priority = 150
    builders = ("epub",)

    def run(self, **kwargs: object) -> None:
        for icon in list(self.document.findall(_is_any(sd_icon, fontawesome))):
            icon.parent.remove(icon)  # each stands beside its word, so nothing is lost
        for node in list(self.document.findall(nodes.container)):
            name = node.get("design_component")
            if name is None:
                continue
            if name not in HEADED | PLAIN:
                message = (
                    f"the book cannot show the sphinx-design component '{name}'; use another, or teach hepatica/book_components.py"
                )
                logger.warning(message, location=node, type="hepatica", subtype="book")
            if name in HEADED and node.children and isinstance(node[0], nodes.rubric):
                title = node[0]
                heading = nodes.paragraph(
                    "", "", nodes.strong("", "", *title.children), classes=["hep-part-title"], ids=title["ids"]
                )
                node.replace(title, heading)
            plain = nodes.container("", *node.children, classes=["hep-part"] if name in HEADED | {"card"} else [], ids=node["ids"])
            node.replace_self(plain)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            _unwrap_blocks(paragraph)


def _is_any(*kinds: type[nodes.Node]) -> Callable[[nodes.Node], bool]:
    return lambda node: isinstance(node, kinds)


def _unwrap_blocks(paragraph: nodes.paragraph) -> None:
    """Lift a paragraph that stands inside an inline element (a button in a grid) out of it."""
    parent = paragraph.parent
    while isinstance(parent, nodes.inline):
        inline, parent = parent, parent.parent
        parent.replace(inline, inline.children)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform."""
    app.add_post_transform(BookComponents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
